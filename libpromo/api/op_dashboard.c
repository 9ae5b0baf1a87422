/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_dashboard.h"

static const char *const period_words[] = {
	[PROMO_PERIOD_TODAY] = "today",
	[PROMO_PERIOD_7D] = "7d",
	[PROMO_PERIOD_30D] = "30d",
	[PROMO_PERIOD_90D] = "90d",
	[PROMO_PERIOD_365D] = "365d",
};
static const struct promo_words periods = { "period", period_words, PROMO_COUNT(period_words) };

#define T struct promo_dashboard_in
static const struct promo_field dashboard_in[] = {
	PROMO_F_ENUM(T, period, periods, PROMO_IN_QUERY,
		"so many days up to today, today alone unless said"),
	PROMO_F_TEXT(T, from, DAY, 0, 0, PROMO_IN_QUERY,
		"from this day on, as the shop counts days; a time names its day"),
	PROMO_F_TEXT(
		T, to, DAY, 0, 0, PROMO_IN_QUERY, "up to the end of this day, today unless said"),
};
#undef T
static const struct promo_schema dashboard_in_schema =
	PROMO_INPUT(struct promo_dashboard_in, "dashboard_in", dashboard_in);

const struct promo_op promo_op_dashboard_show = {
	.name = "dashboard.show",
	.summary = "Show what was redeemed and reported, what is open, and what was done last",
	.method = PROMO_GET,
	.path = "/dashboard",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_DASHBOARD_READ } },
	.in = &dashboard_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_dashboard_schema,
	.status = 200,
	.examples = "promo dashboard show --period 30d",
};
