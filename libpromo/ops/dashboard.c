/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/dashboard.h"

#include <errno.h>

#include "libpromo/ops/alert.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * The sums come from totals, which the statement that redeems raises: exact, and as many rows as
 * there are batches and days and lanes, not as many as there are redemptions. What was done last is
 * read behind audit_search and in the rows of each writer that it does not know yet, as code_explain.c
 * does (docs/decisions/0038-people.md).
 */

enum {
	ACTIVITY_MAX = 20,
	/* Newest rows that are looked through for it: reads stand among them. */
	ACTIVITY_DEPTH = 5000,
};

static const int days_of[] = {
	[PROMO_PERIOD_TODAY] = 1,
	[PROMO_PERIOD_7D] = 7,
	[PROMO_PERIOD_30D] = 30,
	[PROMO_PERIOD_90D] = 90,
	[PROMO_PERIOD_365D] = 365,
};

static int check(struct promo_ctx *ctx, const struct promo_dashboard_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_day_range_row range;
	int r;

	if (in->period && (in->from || in->to))
		return promo_ctx_refuse_field(
			ctx, "?period", "invalid_value", "give a period or days, not both");
	if (in->to && !in->from)
		return promo_ctx_refuse_field(
			ctx, "?from", "required", "say from which day on, as well as up to which");
	if (!in->to)
		return 0;
	promo_param_text(&params, in->from);
	promo_param_text(&params, in->to);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_DAY_RANGE, &params, &range);
	if (!r && range.begins_at >= range.ends_at)
		return promo_ctx_refuse_field(ctx, "?to", "too_early", "lies before from");
	return r;
}

/* What only reads, and what the feed leaves out with it. */
static int list_reads(struct promo_ctx *ctx, struct promo_texts *ret)
{
	const char **names;
	size_t count = 0;

	for (size_t i = 0; promo_ops[i]; i++)
		count++;
	names = promo_arena_alloc_array(ctx->arena, count, sizeof(*names));
	if (!names)
		return promo_fault(-ENOMEM, "could not list what only reads");
	count = 0;
	for (size_t i = 0; promo_ops[i]; i++)
		if (!(promo_ops[i]->flags & PROMO_OP_WRITES))
			names[count++] = promo_ops[i]->name;
	*ret = (struct promo_texts){ names, count };
	return 0;
}

static int read_activity(struct promo_ctx *ctx, struct promo_objects *ret)
{
	const bool sees_all = promo_permissions_has(ctx->actor->permissions, PROMO_P_AUDIT_READ);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_texts reads;
	int r;

	r = list_reads(ctx, &reads);
	if (r)
		return r;
	promo_param_texts(&params, reads);
	promo_param_text(&params, sees_all ? NULL : ctx->actor->user_id);
	promo_param_int(&params, ACTIVITY_DEPTH);
	promo_param_int(&params, ACTIVITY_MAX);
	return promo_store_all(ctx->store, ctx->arena, PROMO_Q_DASHBOARD_ACTIVITY, &params, ret);
}

int promo_dashboard_show(
	struct promo_ctx *ctx, const struct promo_dashboard_in *in, struct promo_dashboard *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	r = check(ctx, in);
	if (r)
		return r;
	promo_param_int(&params, days_of[in->period ? in->period : PROMO_PERIOD_TODAY]);
	promo_param_text(&params, in->from);
	promo_param_text(&params, in->to);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_texts_or_null(&params, promo_alert_hidden(ctx));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_DASHBOARD_SHOW, &params, ret);
	if (r)
		return r;
	return read_activity(ctx, &ret->recent_activity);
}
