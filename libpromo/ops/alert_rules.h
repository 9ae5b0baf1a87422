/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/alert.h"
#include "libpromo/model/setting.h"
#include "libpromo/store/rows_tell.h"
#include "libpromo/store/store.h"

/* The rules that raise alerts (design section 5), a row each: the statement that counts, the settings
 * that say how much is too much, and what it is about. The watch asks it about those whom new rows of
 * the trail concern, the dry run about everybody: what the one says is what the other would do. For the
 * files of this folder; not installed. */

struct promo_settings;

struct promo_alert_rule {
	enum promo_alert_kind kind;
	enum promo_query query;
	enum promo_setting threshold; /* 0, false: never */
	enum promo_setting window;    /* PROMO_SETTING_COUNT: none of the settings */
	int64_t unit_s;               /* of the window; without a setting the window itself */
	const char *about, *of;       /* what subject and ids of a hit are: "customer" */
};
enum {
	PROMO_ALERT_RULES = 7,
	PROMO_ALERT_RATE_DAYS = 30, /* of which a clerk's share of reports is taken */
};
/* The first is that about customers. */
extern const struct promo_alert_rule promo_alert_rules[PROMO_ALERT_RULES];

struct promo_alert_span {
	int64_t from, to; /* both included */
};

/* What the settings say of it; false: it is switched off. */
bool promo_alert_rule_limits(const struct promo_alert_rule *rule,
	const struct promo_settings *settings, int64_t *ret_threshold, int64_t *ret_window_s);

/* Who reached the limit within the span (struct promo_alert_hit_row), of these subjects; of all, if
 * there are none: then what was resolved counts as well. A rule that is off has no hits. */
int promo_alert_rule_ask(struct promo_store *store, struct promo_arena *arena,
	const struct promo_settings *settings, const struct promo_alert_rule *rule,
	struct promo_texts subjects, struct promo_alert_span span,
	struct promo_objects *ret) PROMO_CHECK;
/* The same of all within so long, in a transaction: *ret is set where it was in time. */
int promo_alert_rule_ask_within(struct promo_store *store, struct promo_arena *arena,
	const struct promo_settings *settings, const struct promo_alert_rule *rule,
	struct promo_alert_span span, int64_t ms, struct promo_objects *ret,
	bool *ret_in_time) PROMO_CHECK;
