/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/alert_rules.h"
#include "libpromo/ops/alerts.h"
#include "libpromo/ops/setting_change.h"
#include "libpromo/ops/setting_check.h"

/* Tries the rules out: the statements of the watch about everybody, with the limits of today or others. */

enum {
	DAY_MS = 24 * 60 * 60 * 1000,
	ALL_MS = 10 * 1000,
	REDEMPTIONS_MAX = 1000 * 1000, /* about what is looked through in that time */
};

#define BASE "/settings"

/* Of the settings that there are, what the request wants otherwise. */
static int plan_limits(struct promo_ctx *ctx, const char *json, struct promo_setting_plan *plan)
{
	const struct promo_decode_env env = {
		.country_code = promo_settings_text(ctx->settings, PROMO_SETTING_COUNTRY_CODE),
	};
	struct promo_settings_of_alerts values;
	int r;

	if (!json)
		return 0;
	r = promo_decode_object(&promo_settings_schemas[PROMO_SETTINGS_alerts], json, BASE, &env,
		ctx->arena, &ctx->problem, &values);
	if (!r)
		r = promo_setting_check(ctx, PROMO_SETTINGS_alerts, &values, BASE);
	return r ? r : promo_setting_plan_take(plan, PROMO_SETTINGS_alerts, &values, ctx->arena);
}

static int read_limits(struct promo_ctx *ctx, const char *json, struct promo_settings **ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *now = NULL;
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *then = NULL;
	struct promo_setting_plan *plan = promo_arena_alloc(ctx->arena, sizeof(*plan));
	struct promo_objects rows, planned;
	int r;

	if (!plan)
		return promo_fault(-ENOMEM, "could not try out rules");
	*plan = (struct promo_setting_plan){ 0 };
	r = plan_limits(ctx, json, plan);
	if (!r)
		r = promo_setting_read(ctx, &rows, &now);
	if (!r)
		r = promo_setting_plan_rows(plan, &rows, ctx->arena, &planned);
	if (!r)
		r = promo_settings_new(&then);
	if (!r)
		r = promo_settings_take(then, &planned, 1);
	if (!r)
		r = promo_setting_check_together(ctx, PROMO_SETTINGS_alerts, then, BASE);
	if (!r && ctx->problem.field_count > 0)
		r = PROMO_E_INVALID_INPUT;
	if (!r)
		*ret = TAKE_PTR(then);
	return r;
}

static void add_up(const struct promo_objects *found, struct promo_alert_trial *trial)
{
	const struct promo_alert_hit_row *hits = found->items;

	trial->subjects = (int64_t)found->count;
	for (size_t i = 0; i < found->count; i++) {
		trial->fired += hits[i].fired;
		if (!trial->first_at || hits[i].first_at < trial->first_at)
			trial->first_at = hits[i].first_at;
		if (hits[i].last_at > trial->last_at)
			trial->last_at = hits[i].last_at;
	}
}

static int take_days(void *context, int columns, const char *const *values)
{
	int64_t *days = context;

	if (columns != 1)
		return promo_fault(-EPROTO, "how many days can be tried is no number");
	if (values[0])
		*days = strtoll(values[0], NULL, 10);
	return 0;
}

static int refuse_days(struct promo_ctx *ctx, int64_t days, int64_t instead)
{
	if (days <= 1)
		return promo_ctx_refuse_field(ctx, "/days", "out_of_range",
			"more was redeemed in a day than can be looked through in %d seconds: try "
			"again when less is going on",
			ALL_MS / 1000);
	return promo_ctx_refuse_field(ctx, "/days", "out_of_range",
		"more was redeemed in %lld days than can be looked through in %d seconds: ask for "
		"%lld",
		(long long)days, ALL_MS / 1000, (long long)(instead > 1 ? instead : 1));
}

/* The totals say at once what would take too long. */
static int check_days(struct promo_ctx *ctx, int64_t days)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t fit = PROMO_ALERT_TRY_DAYS_MAX;
	int r;

	promo_param_int(&params, days);
	promo_param_int(&params, REDEMPTIONS_MAX);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_each(ctx->store, PROMO_Q_ALERT_DAYS, &params, take_days, &fit);
	if (!r && days > 1 && days > fit)
		r = refuse_days(ctx, days, fit);
	return r;
}

static int try_rule(struct promo_ctx *ctx, const struct promo_settings *settings,
	const struct promo_alert_rule *rule, struct promo_alert_span span, int64_t until_ms,
	struct promo_alert_trial *trial)
{
	const int64_t left_ms = until_ms - promo_monotonic_ms();
	struct promo_objects found;
	int64_t window_s;
	bool in_time;
	int r;

	*trial = (struct promo_alert_trial){ .kind = (int)rule->kind };
	trial->enabled = promo_alert_rule_limits(rule, settings, &trial->threshold, &window_s);
	trial->minutes = window_s / 60;
	r = promo_alert_rule_ask_within(ctx->store, ctx->arena, settings, rule, span,
		left_ms > 1 ? left_ms : 1, &found, &in_time);
	if (!r && !in_time) {
		const int64_t days = (span.to - span.from) / DAY_MS;

		return refuse_days(ctx, days, days / 4);
	}
	if (!r)
		add_up(&found, trial);
	return r;
}

int promo_alert_try(
	struct promo_ctx *ctx, const struct promo_alert_try_in *in, struct promo_alert_trials *ret)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	const int64_t days = in->days == PROMO_NULL_INT ? PROMO_ALERT_TRY_DAYS : in->days;
	const struct promo_alert_span span = { ctx->now_ms - days * DAY_MS,
		ctx->now_ms + 1 }; /* times of the database are finer than ours */
	struct promo_alert_trial *trials =
		promo_arena_alloc_array(ctx->arena, PROMO_ALERT_RULES, sizeof(*trials));
	int64_t until_ms;
	int r;

	if (!trials)
		return promo_fault(-ENOMEM, "could not try out rules");
	r = read_limits(ctx, in->settings, &settings);
	if (!r)
		r = check_days(ctx, days);
	until_ms = promo_monotonic_ms() + ALL_MS;
	for (size_t i = 0; !r && i < PROMO_ALERT_RULES; i++)
		r = try_rule(ctx, settings, &promo_alert_rules[i], span, until_ms, &trials[i]);
	if (r)
		return r;
	ret->from = span.from;
	ret->to = ctx->now_ms;
	ret->rules = (struct promo_objects){ .items = trials, .count = PROMO_ALERT_RULES };
	return 0;
}
