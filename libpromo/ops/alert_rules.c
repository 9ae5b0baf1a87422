/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alert_rules.h"

#include "libpromo/ops/settings.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 60 * MINUTE_S,
	DAY_S = 24 * HOUR_S,
};

const struct promo_alert_rule promo_alert_rules[PROMO_ALERT_RULES] = {
	{ PROMO_ALERT_SAME_PHONE, PROMO_Q_ALERT_SAMEPHONE, PROMO_SETTING_ALERT_PHONE_COUNT,
		PROMO_SETTING_ALERT_PHONE_HOURS, HOUR_S, "customer", "redemption" },
	{ PROMO_ALERT_GUESSING, PROMO_Q_ALERT_SIGHTED, PROMO_SETTING_ALERT_MISSES_COUNT,
		PROMO_SETTING_ALERT_MISSES_HOURS, HOUR_S, "user", "user" },
	{ PROMO_ALERT_UNISSUED_CODES, PROMO_Q_ALERT_SIGHTED, PROMO_SETTING_ALERT_UNISSUED_COUNT,
		PROMO_SETTING_ALERT_UNISSUED_HOURS, HOUR_S, "shop", "user" },
	{ PROMO_ALERT_NEIGHBOURS, PROMO_Q_ALERT_NEIGHBOURS, PROMO_SETTING_ALERT_NEIGHBOURS_COUNT,
		PROMO_SETTING_ALERT_NEIGHBOURS_MINUTES, MINUTE_S, "user", "code" },
	{ PROMO_ALERT_USED_CODES, PROMO_Q_ALERT_SIGHTED, PROMO_SETTING_ALERT_USED_COUNT,
		PROMO_SETTING_ALERT_USED_HOURS, HOUR_S, "code", "code" },
	{ PROMO_ALERT_OFF_HOURS, PROMO_Q_ALERT_OFFHOURS, PROMO_SETTING_ALERT_OFF_HOURS,
		PROMO_SETTING_COUNT, 0, "user", "redemption" },
	{ PROMO_ALERT_REPORT_RATE, PROMO_Q_ALERT_REPORTRATE, PROMO_SETTING_ALERT_RATE_PERCENT,
		PROMO_SETTING_COUNT, PROMO_ALERT_RATE_DAYS *(int64_t)DAY_S, "user",
		"fraud_report" },
};

bool promo_alert_rule_limits(const struct promo_alert_rule *rule,
	const struct promo_settings *settings, int64_t *ret_threshold, int64_t *ret_window_s)
{
	*ret_window_s = rule->window == PROMO_SETTING_COUNT
				? rule->unit_s
				: promo_settings_int(settings, rule->window) * rule->unit_s;
	*ret_threshold = rule->kind == PROMO_ALERT_OFF_HOURS
				 ? promo_settings_bool(settings, rule->threshold)
				 : promo_settings_int(settings, rule->threshold);
	return *ret_threshold > 0;
}

/* What the statement of a rule takes behind subjects and span. */
static void add_limits(struct promo_params *params, const struct promo_settings *settings,
	const struct promo_alert_rule *rule, int64_t threshold, int64_t window_s)
{
	if (rule->kind == PROMO_ALERT_OFF_HOURS) {
		promo_param_text(params, promo_settings_text(settings, PROMO_SETTING_ALERT_OPENS));
		promo_param_text(params, promo_settings_text(settings, PROMO_SETTING_ALERT_CLOSES));
		promo_param_text(params, promo_settings_text(settings, PROMO_SETTING_TIME_ZONE));
		return;
	}
	promo_param_int(params, threshold);
	promo_param_int(params, window_s);
	if (rule->kind == PROMO_ALERT_REPORT_RATE)
		promo_param_int(
			params, promo_settings_int(settings, PROMO_SETTING_ALERT_RATE_LEAST));
	if (rule->query != PROMO_Q_ALERT_SIGHTED)
		return;
	promo_param_text(params, promo_alert_kind_row(rule->kind)->word);
	promo_param_text(params, rule->kind == PROMO_ALERT_USED_CODES ? "used" : "miss");
	promo_param_bool(params, rule->kind == PROMO_ALERT_UNISSUED_CODES);
}

/* False: it is off. */
static bool set_params(struct promo_params *params, const struct promo_settings *settings,
	const struct promo_alert_rule *rule, struct promo_texts subjects,
	struct promo_alert_span span)
{
	int64_t threshold, window_s;

	if (!promo_alert_rule_limits(rule, settings, &threshold, &window_s))
		return false;
	promo_param_texts_or_null(params, subjects);
	promo_param_time(params, span.from);
	promo_param_time(params, span.to);
	add_limits(params, settings, rule, threshold, window_s);
	return true;
}

int promo_alert_rule_ask(struct promo_store *store, struct promo_arena *arena,
	const struct promo_settings *settings, const struct promo_alert_rule *rule,
	struct promo_texts subjects, struct promo_alert_span span, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);

	if (!set_params(&params, settings, rule, subjects, span)) {
		*ret = (struct promo_objects){ 0 };
		return 0;
	}
	return promo_store_all(store, arena, rule->query, &params, ret);
}

int promo_alert_rule_ask_within(struct promo_store *store, struct promo_arena *arena,
	const struct promo_settings *settings, const struct promo_alert_rule *rule,
	struct promo_alert_span span, int64_t ms, struct promo_objects *ret, bool *ret_in_time)
{
	struct promo_params params = PROMO_PARAMS(arena);

	if (!set_params(&params, settings, rule, (struct promo_texts){ 0 }, span)) {
		*ret = (struct promo_objects){ 0 };
		*ret_in_time = true;
		return 0;
	}
	return promo_store_all_within(store, arena, rule->query, &params, ms, ret, ret_in_time);
}
