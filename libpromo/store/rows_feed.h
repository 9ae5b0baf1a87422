/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows of whoever reads the audit trail as it grows (ops/feed.h); see rows.h. */

PROMO_BEGIN_DECLS

/* A writer, as a position has to know it. */
struct promo_feed_writer_row {
	int64_t writer_id;
	int64_t after; /* up to where it was read */
	int64_t seq;   /* up to where it wrote */
	int64_t first; /* the first row behind `after`; 0: there is none, -1: nobody knows any more */
	int64_t created_at; /* when it was registered */
	bool ended;         /* it writes no more, and need not be remembered when it was read */
	int64_t settled;    /* writers up to here are all known by now */
};
extern const struct promo_schema promo_feed_writer_row_schema;

/* A row of the audit trail. */
struct promo_feed_row {
	int64_t writer_id, seq;
	const char *id;
	int64_t at;
	int actor_kind; /* enum promo_actor_kind */
	const char *actor_id, *actor_name, *session_id;
	const char *action;
	const char *entity_kind, *entity_id;
	int outcome; /* enum promo_outcome */
	const char *error;
	const char *changes;    /* JSON: [{field, before, after}] */
	const char *phone_hash; /* keyed */
	int64_t count;
};
extern const struct promo_schema promo_feed_row_schema;

/* A notification and whose it is. */
struct promo_live_notification_row {
	const char *id, *kind, *title, *body, *link;
	int64_t read_at, created_at;
	const char *user_id; /* not told */
};
extern const struct promo_schema promo_live_notification_row_schema;

PROMO_END_DECLS
