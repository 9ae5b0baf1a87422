/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/dashboard.h"

/* The overview of the shop. */

PROMO_BEGIN_DECLS

enum promo_period {
	PROMO_PERIOD_TODAY = 1,
	PROMO_PERIOD_7D,
	PROMO_PERIOD_30D,
	PROMO_PERIOD_90D,
	PROMO_PERIOD_365D,
};

/* Today, unless a period or days are given, of which there may be one only. */
struct promo_dashboard_in {
	struct promo_set set;
	int period;            /* enum promo_period: so many days, up to today */
	const char *from, *to; /* a day of the shop, or a time that lies in it */
};

extern const struct promo_op promo_op_dashboard_show;

PROMO_END_DECLS
