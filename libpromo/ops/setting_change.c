/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/setting_change.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/setting_check.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not change settings");
}

static int lock(
	struct promo_ctx *ctx, const char *const *names, size_t count, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "settings_category", NULL);
	promo_param_texts(&params, (struct promo_texts){ .items = names, .count = count });
	return promo_store_all(ctx->store, ctx->arena, PROMO_Q_SETTINGS_LOCK, &params, ret);
}

int promo_setting_lock(struct promo_ctx *ctx, enum promo_setting_category category)
{
	const char *name = promo_setting_category_name(category);
	const struct promo_settings_version_row *row;
	struct promo_objects rows;
	int r = lock(ctx, &name, 1, &rows);

	if (r)
		return r;
	row = rows.items;
	if (rows.count != 1)
		return promo_fault(-EIO, "the category %s of settings is gone", name);
	if ((ctx->op->flags & PROMO_OP_IF_MATCH) && row->version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	return 0;
}

int promo_setting_lock_all(struct promo_ctx *ctx)
{
	const char *names[PROMO_SETTINGS_CATEGORIES];
	struct promo_objects rows;

	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		names[i] = promo_setting_category_name(i);
	return lock(ctx, names, PROMO_SETTINGS_CATEGORIES, &rows);
}

static int settings_of(const struct promo_objects *rows, struct promo_settings **ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	int r = promo_settings_new(&settings);

	if (!r)
		r = promo_settings_take(settings, rows, 1);
	if (!r)
		*ret = TAKE_PTR(settings);
	return r;
}

int promo_setting_read(
	struct promo_ctx *ctx, struct promo_objects *ret_rows, struct promo_settings **ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects rows;
	int r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_SETTING_LIST, &params, &rows);

	if (!r)
		r = settings_of(&rows, ret);
	if (!r && ret_rows)
		*ret_rows = rows;
	return r;
}

/*
 * What is another value by that.
 */

static int json_of(const struct promo_settings_of_all *all, enum promo_setting setting,
	struct promo_arena *arena, const char **ret)
{
	const struct promo_field *category =
		&promo_settings_of_all_schema.fields[promo_setting_info(setting)->category];
	const void *values =
		*(const void *const *)(const void *)((const char *)all + category->offset);
	struct promo_setting_place place = { NULL };

	(void)promo_setting_place(setting, values, &place);
	return promo_encode_value(place.field, place.object, arena, ret);
}

static int compare(struct promo_ctx *ctx, struct promo_setting_changing *changing)
{
	struct promo_setting_change *changes =
		promo_arena_alloc_array(ctx->arena, PROMO_SETTING_COUNT, sizeof(*changes));
	struct promo_settings_of_all before, after;
	size_t count = 0;
	int r;

	if (!changes)
		return no_memory();
	r = promo_setting_values_all(changing->before, NULL, ctx->arena, &before);
	if (!r)
		r = promo_setting_values_all(changing->after, NULL, ctx->arena, &after);
	for (enum promo_setting i = 0; !r && i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info(i);
		struct promo_setting_change change = { NULL };

		if (changing->plan.of[i].said == PROMO_SETTING_KEPT)
			continue;
		change.setting =
			promo_arena_printf(ctx->arena, "%s.%s", row->category_name, row->key);
		r = json_of(&before, i, ctx->arena, &change.before);
		if (!r)
			r = json_of(&after, i, ctx->arena, &change.after);
		if (!r && !change.setting)
			r = no_memory();
		if (!r && strcmp(change.before, change.after) != 0)
			changes[count++] = change;
		else if (!r && changing->plan.of[i].said == PROMO_SETTING_SET)
			changing->plan.of[i].said = PROMO_SETTING_KEPT;
	}
	changing->changes = (struct promo_objects){ .items = changes, .count = count };
	return r;
}

static int check_together(struct promo_ctx *ctx, const struct promo_setting_changing *changing)
{
	bool concerned[PROMO_SETTINGS_CATEGORIES] = { false };
	int r = 0;

	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		if (changing->plan.of[i].said != PROMO_SETTING_KEPT)
			concerned[promo_setting_info(i)->category] = true;
	for (enum promo_setting_category i = 0; r >= 0 && i < PROMO_SETTINGS_CATEGORIES; i++) {
		const char *base = "";

		if (!concerned[i])
			continue;
		if (*changing->base)
			base = promo_arena_printf(ctx->arena, "%s/%s", changing->base,
				promo_setting_category_name(i));
		r = base ? promo_setting_check_together(ctx, i, changing->after, base)
			 : no_memory();
	}
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

/*
 * Writing.
 */

struct columns {
	const char *ids[PROMO_SETTING_COUNT], *categories[PROMO_SETTING_COUNT];
	const char *keys[PROMO_SETTING_COUNT], *values[PROMO_SETTING_COUNT];
	size_t count;
};

static int gather(struct promo_ctx *ctx, const struct promo_setting_plan *plan,
	enum promo_setting_said said, struct columns *ret)
{
	ret->count = 0;
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info(i);
		char id[PROMO_UUID_SIZE];

		if (plan->of[i].said != said)
			continue;
		promo_uuid_new(id);
		ret->ids[ret->count] = promo_arena_strdup(ctx->arena, id);
		if (!ret->ids[ret->count])
			return no_memory();
		ret->categories[ret->count] = row->category_name;
		ret->keys[ret->count] = row->key;
		ret->values[ret->count++] = plan->of[i].json;
	}
	return 0;
}

static struct promo_texts texts(const char *const *items, const struct columns *columns)
{
	return (struct promo_texts){ .items = items, .count = columns->count };
}

static int write_rows(struct promo_ctx *ctx, const struct promo_setting_plan *plan)
{
	struct promo_params set = PROMO_PARAMS(ctx->arena), drop = PROMO_PARAMS(ctx->arena);
	struct columns columns;
	int r;

	r = gather(ctx, plan, PROMO_SETTING_SET, &columns);
	promo_param_texts(&set, texts(columns.ids, &columns));
	promo_param_texts(&set, texts(columns.categories, &columns));
	promo_param_texts(&set, texts(columns.keys, &columns));
	promo_param_texts(&set, texts(columns.values, &columns));
	promo_param_text(&set, ctx->actor->user_id);
	if (!r && columns.count > 0)
		r = promo_store_exec(ctx->store, PROMO_Q_SETTING_WRITE, &set, NULL);
	if (!r)
		r = gather(ctx, plan, PROMO_SETTING_RESET, &columns);
	promo_param_texts(&drop, texts(columns.categories, &columns));
	promo_param_texts(&drop, texts(columns.keys, &columns));
	if (!r && columns.count > 0)
		r = promo_store_exec(ctx->store, PROMO_Q_SETTING_DROP, &drop, NULL);
	return r;
}

static int raise_versions(struct promo_ctx *ctx, const struct promo_setting_changing *changing)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const struct promo_setting_change *change = changing->changes.items;
	const char *names[PROMO_SETTINGS_CATEGORIES];
	size_t count = 0;

	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++) {
		const char *name = promo_setting_category_name(i);
		const size_t length = strlen(name);

		for (size_t k = 0; k < changing->changes.count; k++)
			if (strncmp(change[k].setting, name, length) == 0 &&
				change[k].setting[length] == '.') {
				names[count++] = name;
				break;
			}
	}
	if (count == 0)
		return 0;
	promo_param_texts(&params, (struct promo_texts){ .items = names, .count = count });
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_bool(
		&params, promo_settings_bool(changing->after, PROMO_SETTING_MAINTENANCE_ENABLED));
	return promo_store_exec(ctx->store, PROMO_Q_SETTINGS_RAISE, &params, NULL);
}

static int note_changes(struct promo_ctx *ctx, const struct promo_objects *changes)
{
	const struct promo_setting_change *change = changes->items;
	int r = 0;

	for (size_t i = 0; !r && i < changes->count; i++)
		r = promo_audit_change_json(
			ctx, change[i].setting, change[i].before, change[i].after);
	return r;
}

int promo_setting_change(struct promo_ctx *ctx, struct promo_setting_changing *changing)
{
	struct promo_objects rows;
	int r;

	r = promo_setting_read(ctx, &changing->rows, &changing->before);
	if (!r)
		r = promo_setting_plan_rows(&changing->plan, &changing->rows, ctx->arena, &rows);
	if (!r)
		r = settings_of(&rows, &changing->after);
	if (!r)
		r = check_together(ctx, changing);
	if (!r)
		r = compare(ctx, changing);
	if (r || changing->dry_run)
		return r;
	r = write_rows(ctx, &changing->plan);
	if (!r)
		r = raise_versions(ctx, changing);
	/* Jobs that rested go on. */
	ctx->wake_jobs = promo_settings_bool(changing->before, PROMO_SETTING_MAINTENANCE_ENABLED);
	return r ? r : note_changes(ctx, &changing->changes);
}

void promo_setting_changing_free(struct promo_setting_changing *changing)
{
	promo_settings_freep(&changing->before);
	promo_settings_freep(&changing->after);
}
