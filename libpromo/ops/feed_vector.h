/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * A position in the audit trail (feed.h) taken apart: up to where each writer was read. Writers up to
 * `settled` that are not listed have come to their end and were read to it; others that are not listed
 * were not read at all. Not installed.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_FEED_WRITERS_MAX = 2048,   /* connections that write at the same time */
	PROMO_FEED_TEXT_MAX = 24 * 1024, /* of the longest position */
};

struct promo_feed_place {
	int64_t writer, seq;
};

struct promo_feed_vector {
	int64_t settled;
	/* The newest writer that was seen, and when it was registered: another database has another. */
	int64_t newest, newest_at;
	size_t count;
	struct promo_feed_place *places; /* by writer; room for PROMO_FEED_WRITERS_MAX */
};

/* An empty one. */
int promo_feed_vector_new(struct promo_arena *arena, struct promo_feed_vector **ret) PROMO_CHECK;
/* PROMO_E_INVALID_INPUT for what is none, or was damaged. */
int promo_feed_vector_parse(
	const char *text, struct promo_arena *arena, struct promo_feed_vector **ret) PROMO_CHECK;
int promo_feed_vector_format(const struct promo_feed_vector *vector, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

/* The place of a writer, NULL where it is not listed. */
struct promo_feed_place *promo_feed_vector_find(
	const struct promo_feed_vector *vector, int64_t writer);
/* Lists a writer, or moves it. A fault where there are too many. */
int promo_feed_vector_put(
	struct promo_feed_vector *vector, int64_t writer, int64_t seq) PROMO_CHECK;
void promo_feed_vector_drop(struct promo_feed_vector *vector, int64_t writer);

PROMO_END_DECLS
