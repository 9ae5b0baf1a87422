/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/batch_change.h"
#include "libpromo/ops/chunk.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/batch_name.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_codes.h"

enum {
	CURRENCY_SIZE = 4
};

/* The input in its final form, defaults filled in. */
struct plan {
	char name[PROMO_BATCH_NAME_SIZE];
	char currency[CURRENCY_SIZE];
	const char *day, *code_format, *time_zone;
};

static int check_name(struct promo_ctx *ctx, const char *name, struct plan *plan)
{
	const char *why;

	if (promo_batch_name_normalize(name, plan->name, &why))
		return promo_ctx_refuse_field(ctx, "/batch_name", "invalid_value", "%s", why);
	return 0;
}

/* ISO 4217: three letters. Which of them exist changes every year, so any three will do. */
static int check_currency(struct promo_ctx *ctx, const char *currency, struct plan *plan)
{
	if (!currency)
		currency = promo_settings_text(ctx->settings, PROMO_SETTING_CURRENCY);
	if (strlen(currency) != CURRENCY_SIZE - 1)
		return promo_ctx_refuse_field(ctx, "/currency", "invalid_value",
			"has to be the three letters of a currency, such as RWF");
	for (int i = 0; i < CURRENCY_SIZE - 1; i++) {
		char c = currency[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c < 'A' || c > 'Z')
			return promo_ctx_refuse_field(ctx, "/currency", "invalid_value",
				"has to be the three letters of a currency, such as RWF");
		plan->currency[i] = c;
	}
	return 0;
}

static int check_format(struct promo_ctx *ctx, const char *format, struct plan *plan)
{
	struct promo_code_pattern pattern;
	const char *why;

	plan->code_format =
		format ? format : promo_settings_text(ctx->settings, PROMO_SETTING_CODES_FORMAT);
	if (promo_code_pattern_parse(plan->code_format, &pattern, &why))
		return promo_ctx_refuse_field(ctx, "/code_format", "invalid_value", "%s", why);
	return 0;
}

static int check_count(struct promo_ctx *ctx, int64_t count)
{
	int64_t most = promo_settings_int(ctx->settings, PROMO_SETTING_CODES_MAX_PER_JOB);

	if (count > most)
		return promo_ctx_refuse_field(ctx, "/total_codes", "out_of_range",
			"is more than the %lld codes that one job may generate", (long long)most);
	return 0;
}

/* Sums of a batch stand in numeric(18,2), and in minor units in an int64_t. */
static int check_worth(struct promo_ctx *ctx, int64_t count, int64_t amount)
{
	const int64_t most = INT64_C(999999999999999999);
	int64_t worth;

	if (__builtin_mul_overflow(count, amount, &worth) || worth > most)
		return promo_ctx_refuse_field(ctx, "/total_codes", "out_of_range",
			"is so many that they are worth more than 9999999999999999.99 together");
	return 0;
}

/* The last good day: today is one, yesterday is not, and the shop's clock decides which is which. */
int promo_batch_check_day(
	struct promo_ctx *ctx, const char *day, const char *zone, const char **ret_day)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_day_row row;
	int r;

	promo_param_text(&params, day);
	promo_param_text(&params, zone);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_DAY, &params, &row);
	if (r)
		return r;
	if (row.past)
		return promo_ctx_refuse_field(
			ctx, "/expiration_date", "in_past", "lies in the past");
	if (row.beyond)
		return promo_ctx_refuse_field(
			ctx, "/expiration_date", "out_of_range", "has to end within the year 9999");
	*ret_day = row.day;
	return 0;
}

int promo_batch_check_assignee(struct promo_ctx *ctx, const char *user_id, const char *pointer)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row row;
	bool found;
	int r;

	if (!user_id)
		return 0;
	promo_param_text(&params, user_id);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_USER_ASSIGNABLE, &params, &row, &found);
	if (r)
		return r;
	if (!found)
		return promo_ctx_refuse_field(ctx, pointer, "invalid_value", "is no active user");
	return 0;
}

/* Every bad field is named at once; only a fault ends the checks early. What has to be given is
 * not there only where its form was bad. */
static int make_plan(
	struct promo_ctx *ctx, const struct promo_batch_create_in *in, struct plan *plan)
{
	int r = 0;

	*plan = (struct plan){ .time_zone = promo_settings_text(
				       ctx->settings, PROMO_SETTING_TIME_ZONE) };
	if (in->batch_name)
		r = check_name(ctx, in->batch_name, plan);
	if (r >= 0)
		r = check_count(ctx, in->total_codes);
	if (r >= 0 && in->total_codes > 0 && in->amount_per_code > 0)
		r = check_worth(ctx, in->total_codes, in->amount_per_code);
	if (r >= 0)
		r = check_currency(ctx, in->currency, plan);
	if (r >= 0)
		r = check_format(ctx, in->code_format, plan);
	if (r >= 0 && in->expiration_date)
		r = promo_batch_check_day(ctx, in->expiration_date, plan->time_zone, &plan->day);
	if (r >= 0)
		r = promo_batch_check_assignee(ctx, in->assigned_user_id, "/assigned_user_id");
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

int promo_batch_create_check(struct promo_ctx *ctx, const struct promo_batch_create_in *in)
{
	struct plan plan;

	return make_plan(ctx, in, &plan);
}

static int insert_batch(struct promo_ctx *ctx, const struct promo_batch_create_in *in,
	const struct plan *plan, const char *id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_text(&params, plan->name);
	promo_param_text(&params, in->description);
	promo_param_int(&params, in->total_codes);
	promo_param_money(&params, in->amount_per_code);
	promo_param_text(&params, plan->currency);
	promo_param_text(&params, plan->day);
	promo_param_text(&params, plan->time_zone);
	promo_param_text(&params, plan->code_format);
	promo_param_text(&params, in->assigned_user_id);
	promo_param_text(&params,
		promo_word(&promo_batch_status_words,
			in->total_codes > 0 ? PROMO_BATCH_GENERATING : PROMO_BATCH_ACTIVE));
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_exec(ctx->store, PROMO_Q_BATCH_INSERT, &params, NULL);
}

/* The codes of the new batch are made by a job, which is queued in the same transaction: there is
 * never the one without the other. */
static int queue_job(struct promo_ctx *ctx, const struct promo_batch_create_in *in,
	const struct plan *plan, const char *batch_id, const struct promo_job **ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_job_answer queued;
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, batch_id);
	promo_param_int(&params, in->total_codes);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_int(&params, 1);
	promo_param_bool(&params, true);
	promo_param_text(&params, plan->time_zone);
	promo_param_bool(&params, false);
	promo_run_params(&params);
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTGENERATE, &params, NULL);
	if (!r)
		r = promo_job_answer(ctx, id, &queued);
	if (!r)
		*ret = queued.job;
	return r;
}

static int get_batch(struct promo_ctx *ctx, const char *id, struct promo_batch *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_GET, &params, ret);
}

static int note_new_batch(struct promo_ctx *ctx, const struct promo_batch *batch)
{
	static const char *const fields[] = { "batch_name", "total_codes", "amount_per_code",
		"currency", "expiration_date", "code_format", "assigned_user" };
	int r;

	promo_audit_entity(ctx, "batch", batch->id);
	for (size_t i = 0; i < PROMO_COUNT(fields); i++) {
		r = promo_audit_change(ctx, &promo_batch_schema, fields[i], NULL, batch);
		if (r)
			return r;
	}
	return 0;
}

int promo_batch_create(struct promo_ctx *ctx, const struct promo_batch_create_in *in,
	struct promo_batch_created *ret)
{
	struct promo_batch *batch = promo_arena_alloc(ctx->arena, sizeof(*batch));
	char id[PROMO_UUID_SIZE];
	struct plan plan;
	int r;

	if (!batch)
		return promo_fault(-ENOMEM, "could not make a batch");
	r = make_plan(ctx, in, &plan);
	if (r)
		return r;
	promo_uuid_new(id);
	r = insert_batch(ctx, in, &plan, id);
	if (r)
		return r;
	if (in->total_codes > 0) {
		r = queue_job(ctx, in, &plan, id, &ret->job);
		if (r)
			return r;
	}
	r = get_batch(ctx, id, batch);
	if (r)
		return r;
	ret->batch = batch;
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/batches/%s", id);
	if (!ctx->location)
		return promo_fault(-ENOMEM, "could not name a new batch");
	r = promo_batch_tell_created(ctx, batch);
	return r ? r : note_new_batch(ctx, batch);
}

int promo_batch_list(
	struct promo_ctx *ctx, const struct promo_batch_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->q);
	promo_param_texts_or_null(&params, in->status);
	promo_param_text(&params, in->assigned_user_id);
	promo_param_text(&params, in->expires_before);
	promo_param_text(&params, in->expires_after);
	return promo_list_read(ctx,
		PROMO_LISTING_SORTED(in, PROMO_Q_BATCH_LIST, PROMO_Q_BATCH_COUNT), &params, ret);
}

int promo_batch_show(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_batch *ret)
{
	promo_audit_entity(ctx, "batch", in->id);
	return get_batch(ctx, in->id, ret);
}
