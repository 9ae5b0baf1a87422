/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/audit.h"
#include "libpromo/model/ref.h"

/* What the shop looks like over some days: sums of what was redeemed, what is open now, and what was
 * done last. A code that was reported stays redeemed here: it was paid. */

PROMO_BEGIN_DECLS

struct promo_dashboard {
	const char *from, *to; /* days of the shop, both included */
	int64_t redeemed_codes;
	struct promo_objects redeemed_amount; /* of struct promo_sum */
	int64_t reported_codes, active_batches, open_alerts;
	struct promo_objects recent_activity; /* of struct promo_audit_entry, newest first */
};
extern const struct promo_schema promo_dashboard_schema;

PROMO_END_DECLS
