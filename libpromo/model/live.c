/* SPDX-License-Identifier: MIT */
#include "libpromo/model/live.h"

#include <string.h>

static const struct promo_live_row rows[PROMO_LIVE_COUNT] = {
#define PROMO_LIVE(name, topic, permission, help)                                                  \
	[PROMO_LIVE_##name] = { topic, help, PROMO_P_##permission },
#include "libpromo/model/live.def"
#undef PROMO_LIVE
};

const struct promo_live_row *promo_live_row(enum promo_live_kind kind)
{
	return kind > PROMO_LIVE_NONE && kind < PROMO_LIVE_COUNT ? &rows[kind] : &rows[0];
}

unsigned promo_live_topic(const char *topic)
{
	const size_t length = strlen(topic);
	unsigned kinds = 0;

	for (int kind = PROMO_LIVE_NONE + 1; length > 0 && kind < PROMO_LIVE_COUNT; kind++) {
		const char *name = rows[kind].topic;

		if (strncmp(name, topic, length) == 0 &&
			(name[length] == '\0' || name[length] == '.'))
			kinds |= 1U << kind;
	}
	return kinds;
}

#define T struct promo_live_head
static const struct promo_field live_head_fields[] = {
	PROMO_F_TIME(T, at, 0, "when"),
	PROMO_F_OBJECT(T, actor, struct promo_audit_actor, promo_audit_actor_schema, PROMO_NULLABLE,
		"who"),
};
#undef T
const struct promo_schema promo_live_head_schema =
	PROMO_SCHEMA(struct promo_live_head, "live_head", live_head_fields);

static const struct promo_field live_settings_fields[] = {
	PROMO_F_TEXT(struct promo_live_settings, category, TEXT, 0, 0, PROMO_NULLABLE,
		"the category; null: several"),
};
const struct promo_schema promo_live_settings_schema =
	PROMO_SCHEMA(struct promo_live_settings, "live_settings", live_settings_fields);

#define T struct promo_permissions_changed
static const struct promo_field permissions_changed_fields[] = {
	PROMO_F_OBJECT(T, user, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"whose rights changed"),
	PROMO_F_OBJECT(T, role, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"the role that changed"),
	PROMO_F_TEXTS(T, concerned, 0, 0, NULL, PROMO_INTERNAL, "users whom it concerns"),
};
#undef T
const struct promo_schema promo_permissions_changed_schema = PROMO_SCHEMA(
	struct promo_permissions_changed, "permissions_changed", permissions_changed_fields);
