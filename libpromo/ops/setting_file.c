/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/setting_change.h"
#include "libpromo/ops/setting_check.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * Settings as a whole: exported as a file, imported from one, kept as a snapshot and put back.
 *
 * A file has every value, also those that nobody set. Importing one sets what differs and leaves
 * alone what the file does not name, so that a file of an older version imports: what is newer keeps
 * its value. A snapshot holds only what somebody set; putting it back resets everything else.
 */

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not gather settings");
}

int promo_settings_export(struct promo_ctx *ctx, struct promo_settings_file *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_settings_of_all all;
	int r;

	r = promo_setting_read(ctx, NULL, &settings);
	if (!r)
		r = promo_setting_values_all(settings, NULL, ctx->arena, &all);
	if (!r)
		r = promo_encode(&promo_settings_of_all_schema, &all, ctx->arena, &ret->settings);
	ret->format = PROMO_SETTINGS_FORMAT;
	ret->made_by = ctx->config->version;
	ret->exported_at = ctx->now_ms;
	return r;
}

/*
 * Reading a file.
 */

/* "/settings/branding/theme/colour" as "branding.theme.colour". */
static const char *name_of(const char *pointer, const char *base, struct promo_arena *arena)
{
	char *name = promo_arena_strdup(arena, pointer + strlen(base) + 1);

	for (char *at = name; at && *at; at++)
		if (*at == '/')
			*at = '.';
	return name;
}

/* Takes what this version does not know out of the problem, into a list of names. */
static int forgive_unknown(struct promo_ctx *ctx, const char *base, struct promo_texts *ret)
{
	struct promo_problem *problem = &ctx->problem;
	const char **names =
		promo_arena_alloc_array(ctx->arena, problem->field_count + 1, sizeof(*names));
	size_t kept = 0, count = 0;

	if (!names)
		return no_memory();
	for (size_t i = 0; i < problem->field_count; i++) {
		if (strcmp(problem->fields[i].code, "unknown_field") != 0) {
			problem->fields[kept++] = problem->fields[i];
			continue;
		}
		names[count] = name_of(problem->fields[i].pointer, base, ctx->arena);
		if (!names[count++])
			return no_memory();
	}
	problem->field_count = kept;
	if (kept == 0)
		problem->error = 0;
	*ret = (struct promo_texts){ .items = names, .count = count };
	return 0;
}

static int check_all(
	struct promo_ctx *ctx, const struct promo_settings_of_all *all, const char *base)
{
	int r = 0;

	for (enum promo_setting_category i = 0; r >= 0 && i < PROMO_SETTINGS_CATEGORIES; i++) {
		const struct promo_field *field = &promo_settings_of_all_schema.fields[i];
		const void *values =
			*(const void *const *)(const void *)((const char *)all + field->offset);
		const char *at = promo_arena_printf(ctx->arena, "%s/%s", base, field->name);

		if (!at)
			return no_memory();
		if (values)
			r = promo_setting_check(ctx, i, values, at);
	}
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

/* Settings as JSON into a struct of all. What is unknown is bad, or only told where the text is of
 * another version, which may have settings that this one has not. */
static int read_all(struct promo_ctx *ctx, const char *json, const char *base, bool forgiving,
	struct promo_settings_of_all *ret, struct promo_texts *ret_unknown)
{
	const struct promo_decode_env env = {
		.country_code = promo_settings_text(ctx->settings, PROMO_SETTING_COUNTRY_CODE),
	};
	int r;

	*ret_unknown = (struct promo_texts){ NULL, 0 };
	r = promo_decode_object(
		&promo_settings_of_all_schema, json, base, &env, ctx->arena, &ctx->problem, ret);
	if (r < 0 || (r && ctx->problem.field_count == PROMO_FIELD_ERRORS_MAX))
		return r;
	if (r && forgiving)
		r = forgive_unknown(ctx, base, ret_unknown);
	return r < 0 ? r : check_all(ctx, ret, base);
}

/*
 * Snapshots.
 */

/* What somebody set, and nothing else. */
static int encode_set(struct promo_ctx *ctx, const struct promo_objects *rows,
	const struct promo_settings *settings, const char **ret)
{
	const struct promo_setting_row *row = rows->items;
	struct promo_settings_of_all all;
	bool is_set[PROMO_SETTING_COUNT + 1] = { false };
	int r;

	for (size_t i = 0; i < rows->count; i++)
		is_set[promo_setting_find(row[i].category, row[i].key)] = true;
	r = promo_setting_values_all(settings, is_set, ctx->arena, &all);
	return r ? r : promo_encode(&promo_settings_of_all_schema, &all, ctx->arena, ret);
}

static int keep(struct promo_ctx *ctx, const char *note, bool automatic,
	const struct promo_objects *rows, const struct promo_settings *settings, char *ret_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const char *json;
	int r = encode_set(ctx, rows, settings, &json);

	if (r)
		return r;
	promo_uuid_new(ret_id);
	promo_param_text(&params, ret_id);
	promo_param_text(&params, note);
	promo_param_bool(&params, automatic);
	promo_param_text(&params, ctx->config->version);
	promo_param_text(&params, json);
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_exec(ctx->store, PROMO_Q_SETTINGS_KEEP, &params, NULL);
}

int promo_settings_snapshot(struct promo_ctx *ctx, const struct promo_settings_snapshot_in *in,
	struct promo_settings_snapshot *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects rows;
	char id[PROMO_UUID_SIZE];
	int r;

	r = promo_setting_lock_all(ctx);
	if (!r)
		r = promo_setting_read(ctx, &rows, &settings);
	if (!r)
		r = keep(ctx, in->note, false, &rows, settings, id);
	if (r)
		return r;
	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SETTINGS_SNAPSHOT, &params, ret);
	if (!r)
		promo_audit_entity(ctx, "settings_snapshot", ret->id);
	return r;
}

int promo_settings_snapshots(
	struct promo_ctx *ctx, const struct promo_settings_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_SETTINGS_SNAPSHOTS, PROMO_Q_SETTINGS_COUNTSNAPSHOTS),
		&params, ret);
}

/*
 * Importing, and putting back.
 */

/* What was there before is kept: whoever imports the wrong file puts it back. */
static int change(struct promo_ctx *ctx, struct promo_setting_changing *changing, const char *note,
	struct promo_settings_changed *ret)
{
	char id[PROMO_UUID_SIZE];
	int r = promo_setting_change(ctx, changing);

	if (!r && !changing->dry_run && changing->changes.count > 0)
		r = keep(ctx, note, true, &changing->rows, changing->before, id);
	promo_setting_changing_free(changing);
	ret->applied = !changing->dry_run;
	ret->changes = changing->changes;
	return r;
}

int promo_settings_import(struct promo_ctx *ctx, const struct promo_settings_import_in *in,
	struct promo_settings_changed *ret)
{
	struct promo_setting_changing changing = { .base = "/settings", .dry_run = in->dry_run };
	struct promo_settings_of_all all;
	int r;

	if (strcmp(in->format, PROMO_SETTINGS_FORMAT) != 0)
		return promo_ctx_refuse_field(ctx, "/format", "invalid_value",
			"is not %s: this is no file of settings", PROMO_SETTINGS_FORMAT);
	r = read_all(ctx, in->settings, "/settings",
		in->made_by && strcmp(in->made_by, ctx->config->version) != 0, &all, &ret->unknown);
	if (!r)
		r = promo_setting_lock_all(ctx);
	if (!r)
		r = promo_setting_plan_take_all(&changing.plan, &all, ctx->arena);
	return r ? r : change(ctx, &changing, "before an import", ret);
}

int promo_settings_restore(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_settings_changed *ret)
{
	struct promo_setting_changing changing = { .base = "/settings" };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_settings_kept_row kept;
	struct promo_settings_of_all all;
	int r;

	promo_param_text(&params, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_SETTINGS_KEPT, &params, &kept);
	if (!r)
		r = read_all(ctx, kept.settings, "/settings", true, &all, &ret->unknown);
	if (!r)
		r = promo_setting_lock_all(ctx);
	promo_audit_entity(ctx, "settings_snapshot", in->id);
	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		promo_setting_plan_reset(&changing.plan, i);
	if (!r)
		r = promo_setting_plan_take_all(&changing.plan, &all, ctx->arena);
	return r ? r : change(ctx, &changing, "before a restore", ret);
}
