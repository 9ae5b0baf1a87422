/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/setting_schema.h"

/* What the operations on settings answer: a category, a file of all, what a change did, a snapshot. */

PROMO_BEGIN_DECLS

struct promo_settings_category {
	const char *category;
	const char *values, *defaults; /* JSON objects of the category's schema */
	int64_t version;
	const struct promo_ref *updated_by; /* NULL: nobody ever did, or the program itself */
	int64_t updated_at;
};
extern const struct promo_schema promo_settings_category_schema;

/* All settings as a file that imports again, also into another version of the program. */
#define PROMO_SETTINGS_FORMAT "promo-settings"
struct promo_settings_file {
	const char *format, *made_by; /* PROMO_SETTINGS_FORMAT, version of the program */
	int64_t exported_at;
	const char *settings; /* JSON object of categories */
};
extern const struct promo_schema promo_settings_file_schema;

struct promo_setting_change {
	const char *setting;        /* "branding.theme.primary_color" */
	const char *before, *after; /* JSON */
};
extern const struct promo_schema promo_setting_change_schema;

struct promo_settings_changed {
	bool applied;                 /* false: it was only asked what would change */
	struct promo_objects changes; /* of struct promo_setting_change */
	struct promo_texts unknown;   /* settings that this version does not know */
};
extern const struct promo_schema promo_settings_changed_schema;

struct promo_settings_snapshot {
	const char *id, *note; /* note: NULL without one */
	bool automatic;        /* made before an import or a restore */
	const struct promo_ref *created_by;
	int64_t created_at;
};
extern const struct promo_schema promo_settings_snapshot_schema;

PROMO_END_DECLS
