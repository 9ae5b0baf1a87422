/* SPDX-License-Identifier: MIT */
#include "libpromo/model/audit.h"

#define T struct promo_audit_actor
static const struct promo_field actor_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_NULLABLE, "the user's id"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_NULLABLE, "the user's name"),
	PROMO_F_ENUM(T, kind, promo_actor_kind_words, 0, "what acted"),
};
#undef T
const struct promo_schema promo_audit_actor_schema =
	PROMO_SCHEMA(struct promo_audit_actor, "audit_actor", actor_fields);

#define T struct promo_audit_entity
static const struct promo_field entity_fields[] = {
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, 0, "the noun"),
	PROMO_F_TEXT(T, id, TEXT, 0, 0, PROMO_NULLABLE, "its id"),
};
#undef T
const struct promo_schema promo_audit_entity_schema =
	PROMO_SCHEMA(struct promo_audit_entity, "audit_entity", entity_fields);

#define T struct promo_audit_entry
static const struct promo_field entry_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the entry's id"),
	PROMO_F_TIME(T, at, PROMO_COLUMN, "when"),
	PROMO_F_OBJECT(
		T, actor, struct promo_audit_actor, promo_audit_actor_schema, PROMO_COLUMN, "who"),
	PROMO_F_TEXT(
		T, session_id, ID, 0, 0, PROMO_NULLABLE, "in which session, or with which API key"),
	PROMO_F_TEXT(T, ip, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "from where"),
	PROMO_F_TEXT(T, user_agent, TEXT, 0, 0, PROMO_NULLABLE, "with what"),
	PROMO_F_TEXT(T, action, TEXT, 0, 0, PROMO_COLUMN, "which operation"),
	PROMO_F_TEXT(T, permission, TEXT, 0, 0, PROMO_NULLABLE, "the permission needed or missing"),
	PROMO_F_OBJECT(T, entity, struct promo_audit_entity, promo_audit_entity_schema,
		PROMO_COLUMN | PROMO_NULLABLE, "on what"),
	PROMO_F_ENUM(T, outcome, promo_outcome_words, PROMO_COLUMN, "how it ended"),
	PROMO_F_TEXT(T, error, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "why it was refused"),
	PROMO_F_TEXT(T, changes, JSON, 0, 0, 0, "fields with their values before and after"),
	PROMO_F_INT(T, count, 0, 0, PROMO_COLUMN, "how many equal entries this one stands for"),
	PROMO_F_TEXT(T, request_id, TEXT, 0, 0, PROMO_NULLABLE, "X-Request-Id"),
	PROMO_F_INT(T, place, 0, 0, PROMO_INTERNAL, "its time in microseconds, for cursors"),
};
#undef T
const struct promo_schema promo_audit_entry_schema =
	PROMO_SCHEMA(struct promo_audit_entry, "audit_entry", entry_fields);
