/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* One row of the audit trail. It holds ids and hashes, never phone numbers, names or codes. */

PROMO_BEGIN_DECLS

struct promo_audit_actor {
	const char *id, *name;
	int kind; /* enum promo_actor_kind */
};
extern const struct promo_schema promo_audit_actor_schema;

struct promo_audit_entity {
	const char *kind, *id;
};
extern const struct promo_schema promo_audit_entity_schema;

struct promo_audit_entry {
	const char *id;
	int64_t at;
	const struct promo_audit_actor *actor;
	const char *session_id, *ip, *user_agent;
	const char *action;     /* name of the operation */
	const char *permission; /* the one that was needed, or the one that was missing */
	const struct promo_audit_entity *entity;
	int outcome;         /* enum promo_outcome */
	const char *error;   /* the wire code of a refusal */
	const char *changes; /* JSON: [{field, before, after}] */
	int64_t count;       /* above 1 where equal entries were folded into one */
	const char *request_id;
	int64_t place; /* its time in microseconds, for cursors */
};
extern const struct promo_schema promo_audit_entry_schema;

PROMO_END_DECLS
