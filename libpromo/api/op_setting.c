/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_setting.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_settings_list_in
static const struct promo_field list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema list_in_schema =
	PROMO_INPUT(struct promo_settings_list_in, "settings_list_in", list_in);

#define T struct promo_settings_show_in
static const struct promo_field show_in[] = {
	PROMO_F_TEXT(T, category, TEXT, 1, 50, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the category, such as branding"),
};
#undef T
static const struct promo_schema show_in_schema =
	PROMO_INPUT(struct promo_settings_show_in, "settings_show_in", show_in);

#define T struct promo_settings_import_in
static const struct promo_field import_in[] = {
	PROMO_F_BOOL(T, dry_run, PROMO_IN_QUERY, "only say what would change"),
	PROMO_F_TEXT(T, format, TEXT, 1, 50, PROMO_REQUIRED, "promo-settings"),
	PROMO_F_TEXT(T, made_by, TEXT, 0, 50, PROMO_NULLABLE, "the version that made the file"),
	PROMO_F_TIME(T, exported_at, PROMO_NULLABLE, "when it was made"),
	PROMO_F_TEXT(T, settings, JSON, 0, 0, PROMO_REQUIRED,
		"the settings by category; those that are not there stay as they are, null is the "
		"default"),
};
#undef T
static const struct promo_schema import_in_schema =
	PROMO_INPUT(struct promo_settings_import_in, "settings_import_in", import_in);

#define T struct promo_settings_snapshot_in
static const struct promo_field snapshot_in[] = {
	PROMO_F_TEXT(T, note, TEXT, 0, 200, PROMO_NULLABLE, "what for"),
};
#undef T
static const struct promo_schema snapshot_in_schema =
	PROMO_INPUT(struct promo_settings_snapshot_in, "settings_snapshot_in", snapshot_in);

const struct promo_op promo_op_settings_list = {
	.name = "settings.list",
	.summary = "List the categories of settings with their values",
	.method = PROMO_GET,
	.path = "/settings",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_READ } },
	.in = &list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_settings_category_schema,
	.status = 200,
	.examples = "promo settings list",
};

const struct promo_op promo_op_settings_show = {
	.name = "settings.show",
	.summary = "Show the settings of a category",
	.method = PROMO_GET,
	.path = "/settings/{category}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_READ } },
	.flags = PROMO_OP_ETAG,
	.in = &show_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_settings_category_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_settings_update[PROMO_SETTINGS_CATEGORIES] = {
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	[PROMO_SETTINGS_##category] = {                                                            \
		.name = "settings.update-" #category,                                              \
		.summary = "Change settings of the category " #category                            \
			   "; null puts one back to its default",                                  \
		.method = PROMO_PATCH,                                                             \
		.path = "/settings/" #category,                                                    \
		.access = PROMO_ACCESS_PERMISSION,                                                 \
		.required = { { PROMO_P_##permission } },                                          \
		.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,                      \
		.in = &promo_settings_schemas[PROMO_SETTINGS_##category],                          \
		.shape = PROMO_SHAPE_ONE,                                                          \
		.out = &promo_settings_category_schema,                                            \
		.status = 200,                                                                     \
	},
#include "libpromo/model/settings.def"
};

const struct promo_op promo_op_settings_reset[PROMO_SETTINGS_CATEGORIES] = {
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	[PROMO_SETTINGS_##category] = {                                                            \
		.name = "settings.reset-" #category,                                               \
		.summary =                                                                         \
			"Put the settings of the category " #category " back to their defaults",   \
		.method = PROMO_POST,                                                              \
		.path = "/settings/" #category "/reset",                                           \
		.access = PROMO_ACCESS_PERMISSION,                                                 \
		.required = { { PROMO_P_##permission } },                                          \
		.flags = PROMO_OP_WRITES | PROMO_OP_ETAG,                                          \
		.shape = PROMO_SHAPE_ONE,                                                          \
		.out = &promo_settings_category_schema,                                            \
		.status = 200,                                                                     \
	},
#include "libpromo/model/settings.def"
};

const struct promo_op promo_op_settings_export = {
	.name = "settings.export",
	.summary = "Export all settings as a file that can be imported again",
	.method = PROMO_GET,
	.path = "/settings/export",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_EXPORT } },
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_settings_file_schema,
	.status = 200,
};

const struct promo_op promo_op_settings_import = {
	.name = "settings.import",
	.summary = "Import settings from a file, or see what that would change",
	.method = PROMO_POST,
	.path = "/settings/import",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_IMPORT } },
	.flags = PROMO_OP_WRITES,
	.in = &import_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_settings_changed_schema,
	.status = 200,
};

const struct promo_op promo_op_settings_snapshot = {
	.name = "settings.snapshot",
	.summary = "Keep the settings as they are now, to be put back later",
	.method = PROMO_POST,
	.path = "/settings/snapshots",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_BACKUP } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &snapshot_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_settings_snapshot_schema,
	.status = 201,
	.examples = "promo settings snapshot --note 'before the new mail server'",
};

const struct promo_op promo_op_settings_snapshots = {
	.name = "settings.snapshots",
	.summary = "List the snapshots of settings, newest first",
	.method = PROMO_GET,
	.path = "/settings/snapshots",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_BACKUP } },
	.in = &list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_settings_snapshot_schema,
	.status = 200,
	.examples = "promo settings snapshots",
};

const struct promo_op promo_op_settings_restore = {
	.name = "settings.restore",
	.summary = "Put all settings back to what they were when a snapshot was made",
	.method = PROMO_POST,
	.path = "/settings/snapshots/{id}/restore",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_SETTINGS_RESTORE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_settings_changed_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo settings restore 0190a1b2-...",
};
