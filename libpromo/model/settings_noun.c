/* SPDX-License-Identifier: MIT */
#include "libpromo/model/settings_noun.h"

#define T struct promo_settings_category
static const struct promo_field category_fields[] = {
	PROMO_F_TEXT(T, category, TEXT, 0, 0, PROMO_COLUMN, "the category"),
	PROMO_F_TEXT(T, values, JSON, 0, 0, PROMO_ONLY_WIRE, "what its settings are"),
	PROMO_F_TEXT(
		T, defaults, JSON, 0, 0, PROMO_ONLY_WIRE, "what they are where nobody set them"),
	PROMO_F_INT(T, version, 0, 0, PROMO_COLUMN, "for If-Match"),
	PROMO_F_OBJECT(T, updated_by, struct promo_ref, promo_ref_schema,
		PROMO_NULLABLE | PROMO_COLUMN, "who changed it last"),
	PROMO_F_TIME(T, updated_at, PROMO_NULLABLE | PROMO_COLUMN, "when"),
};
#undef T
const struct promo_schema promo_settings_category_schema =
	PROMO_SCHEMA(struct promo_settings_category, "settings_category", category_fields);

#define T struct promo_settings_file
static const struct promo_field file_fields[] = {
	PROMO_F_TEXT(T, format, TEXT, 0, 0, 0, "promo-settings"),
	PROMO_F_TEXT(T, made_by, TEXT, 0, 0, 0, "the version that made it"),
	PROMO_F_TIME(T, exported_at, 0, "when"),
	PROMO_F_TEXT(T, settings, JSON, 0, 0, 0, "the settings by category"),
};
#undef T
const struct promo_schema promo_settings_file_schema =
	PROMO_SCHEMA(struct promo_settings_file, "settings_file", file_fields);

#define T struct promo_setting_change
static const struct promo_field change_fields[] = {
	PROMO_F_TEXT(T, setting, TEXT, 0, 0, PROMO_COLUMN, "the setting, with its category"),
	PROMO_F_TEXT(T, before, JSON, 0, 0, PROMO_COLUMN, "what it was"),
	PROMO_F_TEXT(T, after, JSON, 0, 0, PROMO_COLUMN, "what it is"),
};
#undef T
const struct promo_schema promo_setting_change_schema =
	PROMO_SCHEMA(struct promo_setting_change, "setting_change", change_fields);

#define T struct promo_settings_changed
static const struct promo_field changed_fields[] = {
	PROMO_F_BOOL(T, applied, 0, "whether it was done, and not only asked what would change"),
	PROMO_F_OBJECTS(T, changes, promo_setting_change_schema, 0, "what is another value now"),
	PROMO_F_TEXTS(T, unknown, 0, 0, NULL, 0,
		"settings of the file that this version does not know, which were left out"),
};
#undef T
const struct promo_schema promo_settings_changed_schema =
	PROMO_SCHEMA(struct promo_settings_changed, "settings_changed", changed_fields);

#define T struct promo_settings_snapshot
static const struct promo_field snapshot_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the snapshot's id"),
	PROMO_F_TEXT(T, note, TEXT, 0, 0, PROMO_NULLABLE | PROMO_COLUMN, "what for"),
	PROMO_F_BOOL(T, automatic, PROMO_COLUMN, "whether an import or a restore made it"),
	PROMO_F_OBJECT(T, created_by, struct promo_ref, promo_ref_schema,
		PROMO_NULLABLE | PROMO_COLUMN, "who made it"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when"),
};
#undef T
const struct promo_schema promo_settings_snapshot_schema =
	PROMO_SCHEMA(struct promo_settings_snapshot, "settings_snapshot", snapshot_fields);
