/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/settings_noun.h"

/* The settings of the shop: by category, as a file, and as snapshots. Changing a category is an
 * operation of its own for each, since each has its own fields and permission; all of them are made
 * from settings.def. */

PROMO_BEGIN_DECLS

struct promo_settings_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

struct promo_settings_show_in {
	struct promo_set set;
	const char *category;
};

struct promo_settings_import_in {
	struct promo_set set;
	bool dry_run;
	const char *format, *made_by;
	int64_t exported_at;
	const char *settings; /* JSON */
};

struct promo_settings_snapshot_in {
	struct promo_set set;
	const char *note;
};

extern const struct promo_op promo_op_settings_list, promo_op_settings_show,
	promo_op_settings_export, promo_op_settings_import, promo_op_settings_snapshot,
	promo_op_settings_snapshots, promo_op_settings_restore;

/* PATCH /settings/branding and POST /settings/branding/reset, by enum promo_setting_category. */
extern const struct promo_op promo_op_settings_update[PROMO_SETTINGS_CATEGORIES],
	promo_op_settings_reset[PROMO_SETTINGS_CATEGORIES];

PROMO_END_DECLS
