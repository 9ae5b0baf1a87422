/* SPDX-License-Identifier: MIT */
#include "libpromo/model/dashboard.h"

#define T struct promo_dashboard
static const struct promo_field dashboard_fields[] = {
	PROMO_F_TEXT(T, from, DATE, 0, 0, PROMO_COLUMN, "the first day, as the shop counts days"),
	PROMO_F_TEXT(T, to, DATE, 0, 0, PROMO_COLUMN, "the last day"),
	PROMO_F_INT(T, redeemed_codes, 0, 0, PROMO_COLUMN,
		"codes that were redeemed, those among them that were reported later too"),
	PROMO_F_OBJECTS(T, redeemed_amount, promo_sum_schema, PROMO_COLUMN,
		"what was paid for them, by currency"),
	PROMO_F_INT(T, reported_codes, 0, 0, PROMO_COLUMN, "codes that were reported"),
	PROMO_F_INT(T, active_batches, 0, 0, PROMO_COLUMN, "batches that can be redeemed now"),
	PROMO_F_INT(T, open_alerts, 0, 0, PROMO_COLUMN, "alerts that nobody looks after yet"),
	PROMO_F_OBJECTS(T, recent_activity, promo_audit_entry_schema, PROMO_ONLY_WIRE,
		"what was done last, newest first: by all, or without audit.read by oneself"),
};
#undef T
const struct promo_schema promo_dashboard_schema =
	PROMO_SCHEMA(struct promo_dashboard, "dashboard", dashboard_fields);
