/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/setting_change.h"
#include "libpromo/ops/setting_check.h"

/* The settings of one category: shown, changed, and put back. */

/* What nobody sets stands among the values too. */
static int add_last_backup(struct promo_ctx *ctx, const struct promo_settings *settings,
	struct promo_settings_category *category)
{
	static const struct promo_schema *const schema =
		&promo_settings_schemas[PROMO_SETTINGS_backup];
	const struct promo_field *group = promo_schema_field(schema, "manual_backups");
	struct promo_settings_of_backup_manual_backups last;
	struct promo_settings_of_backup shown;
	const void *values;
	int r;

	r = promo_setting_values(settings, PROMO_SETTINGS_backup, NULL, ctx->arena, &values);
	if (r)
		return r;
	shown = *(const struct promo_settings_of_backup *)values;
	promo_set_nulls(group->schema, &last);
	r = promo_backup_last(ctx->store, ctx->arena, &last.last_backup_date);
	if (r)
		return r;
	last.set.present = 1;
	shown.manual_backups = &last;
	shown.set.present |= UINT64_C(1) << (group - schema->fields);
	return promo_encode(schema, &shown, ctx->arena, &category->values);
}

static int fill(struct promo_ctx *ctx, const struct promo_settings *settings,
	const struct promo_settings *defaults, struct promo_settings_category *category)
{
	const enum promo_setting_category which = promo_setting_category_find(category->category);
	int r;

	if (which == PROMO_SETTINGS_CATEGORIES)
		return promo_fault(-EIO, "%s is no category of settings", category->category);
	r = which == PROMO_SETTINGS_backup
		    ? add_last_backup(ctx, settings, category)
		    : promo_setting_values_json(settings, which, ctx->arena, &category->values);
	return r ? r : promo_setting_values_json(defaults, which, ctx->arena, &category->defaults);
}

/* Gives rows of categories their values. */
static int fill_all(struct promo_ctx *ctx, const struct promo_settings *settings, const void *rows,
	size_t count, struct promo_settings_category **ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *defaults = NULL;
	struct promo_settings_category *items =
		promo_arena_alloc_array(ctx->arena, count + 1, sizeof(*items));
	int r = promo_settings_new(&defaults);

	if (!items)
		return promo_fault(-ENOMEM, "could not read settings");
	if (count > 0)
		memcpy(items, rows, count * sizeof(*items));
	for (size_t i = 0; !r && i < count; i++)
		r = fill(ctx, settings, defaults, &items[i]);
	*ret = items;
	return r;
}

static int read_one(struct promo_ctx *ctx, const char *name, const struct promo_settings *settings,
	struct promo_settings_category *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_settings_category row, *filled;
	int r;

	promo_param_text(&params, name);
	promo_param_null(&params);
	promo_param_int(&params, 1);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SETTINGS_LIST, &params, &row);
	if (!r)
		r = fill_all(ctx, settings, &row, 1, &filled);
	if (!r)
		*ret = filled[0];
	return r;
}

int promo_settings_show_list(
	struct promo_ctx *ctx, const struct promo_settings_list_in *in, struct promo_list *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_settings_category *filled;
	int r;

	promo_param_null(&params);
	r = promo_list_read(ctx,
		PROMO_LISTING_BY(in, "category", PROMO_Q_SETTINGS_LIST, PROMO_Q_SETTINGS_COUNT),
		&params, ret);
	if (!r)
		r = promo_setting_read(ctx, NULL, &settings);
	if (!r)
		r = fill_all(ctx, settings, ret->items, ret->count, &filled);
	if (!r)
		ret->items = filled;
	return r;
}

int promo_settings_show(struct promo_ctx *ctx, const struct promo_settings_show_in *in,
	struct promo_settings_category *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	int r = promo_setting_read(ctx, NULL, &settings);

	return r ? r : read_one(ctx, in->category, settings, ret);
}

static int change(struct promo_ctx *ctx, enum promo_setting_category category,
	struct promo_setting_changing *changing, struct promo_settings_category *ret)
{
	int r = promo_setting_change(ctx, changing);

	if (!r)
		r = read_one(ctx, promo_setting_category_name(category), changing->after, ret);
	promo_setting_changing_free(changing);
	return r;
}

int promo_settings_update(struct promo_ctx *ctx, enum promo_setting_category category,
	const void *values, struct promo_settings_category *ret)
{
	struct promo_setting_changing changing = { .base = "" };
	int r;

	r = promo_setting_lock(ctx, category);
	if (!r)
		r = promo_setting_check(ctx, category, values, "");
	if (!r)
		r = promo_setting_plan_take(&changing.plan, category, values, ctx->arena);
	return r ? r : change(ctx, category, &changing, ret);
}

int promo_settings_reset(struct promo_ctx *ctx, struct promo_settings_category *ret)
{
	const enum promo_setting_category category =
		(enum promo_setting_category)(ctx->op - promo_op_settings_reset);
	struct promo_setting_changing changing = { .base = "" };
	int r = promo_setting_lock(ctx, category);

	promo_setting_plan_reset(&changing.plan, category);
	return r ? r : change(ctx, category, &changing, ret);
}
