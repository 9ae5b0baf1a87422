/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_setting.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/ops/setting_values.h"

/*
 * Changes settings: all of it in the transaction of the request. The categories concerned are locked
 * in the order of the alphabet, what would be is made in memory and checked as a whole, and only
 * values that are others by that are written, audited and raise versions: that of the category, and
 * settings_version in auth_state, by which every daemon reads settings anew with its next request.
 */

PROMO_BEGIN_DECLS

struct promo_setting_changing {
	struct promo_setting_plan plan;
	const char *base; /* of pointers; a category's name follows where it is not "" */
	bool dry_run;
	/* What came of it. */
	struct promo_settings *before, *after; /* the caller frees: promo_setting_changing_free() */
	struct promo_objects rows;             /* of struct promo_setting_row, as they were */
	struct promo_objects changes;          /* of struct promo_setting_change */
};

/* Locks a category and compares its version with If-Match, where the row asks for it. */
int promo_setting_lock(struct promo_ctx *ctx, enum promo_setting_category category) PROMO_CHECK;
/* Locks all of them. */
int promo_setting_lock_all(struct promo_ctx *ctx) PROMO_CHECK;

/* Does what the plan says with categories that are locked. Zeroed but for the plan before. */
int promo_setting_change(
	struct promo_ctx *ctx, struct promo_setting_changing *changing) PROMO_CHECK;
void promo_setting_changing_free(struct promo_setting_changing *changing);

/* The settings as they stand in the database, and the rows of it; the caller frees. */
int promo_setting_read(struct promo_ctx *ctx, struct promo_objects *ret_rows,
	struct promo_settings **ret) PROMO_CHECK;

/* The operations. */
int promo_settings_show_list(struct promo_ctx *ctx, const struct promo_settings_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_settings_show(struct promo_ctx *ctx, const struct promo_settings_show_in *in,
	struct promo_settings_category *ret) PROMO_CHECK;
/* `values` is a struct of the category. */
int promo_settings_update(struct promo_ctx *ctx, enum promo_setting_category category,
	const void *values, struct promo_settings_category *ret) PROMO_CHECK;
int promo_settings_reset(struct promo_ctx *ctx, struct promo_settings_category *ret) PROMO_CHECK;
int promo_settings_export(struct promo_ctx *ctx, struct promo_settings_file *ret) PROMO_CHECK;
int promo_settings_import(struct promo_ctx *ctx, const struct promo_settings_import_in *in,
	struct promo_settings_changed *ret) PROMO_CHECK;
int promo_settings_snapshot(struct promo_ctx *ctx, const struct promo_settings_snapshot_in *in,
	struct promo_settings_snapshot *ret) PROMO_CHECK;
int promo_settings_snapshots(struct promo_ctx *ctx, const struct promo_settings_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_settings_restore(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_settings_changed *ret) PROMO_CHECK;

PROMO_END_DECLS
