/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/audit.h"
#include "libpromo/model/permission.h"
#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* The kinds of live events (live.def), and what the data of each has beside its noun. */

PROMO_BEGIN_DECLS

enum promo_live_kind {
	PROMO_LIVE_NONE = 0,
#define PROMO_LIVE(name, topic, permission, help) PROMO_LIVE_##name,
#include "libpromo/model/live.def"
#undef PROMO_LIVE
	PROMO_LIVE_COUNT
};

struct promo_live_row {
	const char *topic, *help;
	enum promo_permission permission;
};

/* The row of a kind. */
const struct promo_live_row *promo_live_row(enum promo_live_kind kind);

/* The kinds that a topic means, a bit each (1 << kind): one ("batch.created"), or all below a prefix
 * ("batch"). 0: there is no such topic. */
unsigned promo_live_topic(const char *topic);

/* What stands beside the noun. */
struct promo_live_head {
	int64_t at;
	const struct promo_audit_actor *actor; /* NULL: nobody in particular */
};
extern const struct promo_schema promo_live_head_schema;

/* The noun of settings.changed: who wants the values reads the category. */
struct promo_live_settings {
	const char *category; /* NULL: more than one */
};
extern const struct promo_schema promo_live_settings_schema;

/* The noun of permissions.changed. */
struct promo_permissions_changed {
	const struct promo_ref *user; /* NULL: a role's */
	const struct promo_ref *role; /* NULL: a user's */
	/* Not told: users whom it concerns. */
	struct promo_texts concerned;
};
extern const struct promo_schema promo_permissions_changed_schema;

PROMO_END_DECLS
