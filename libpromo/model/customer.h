/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/code.h"

/* All that the shop knows of one customer, for him to have (GDPR article 15 and 20). */

PROMO_BEGIN_DECLS

/* A case in which he brought a code that somebody else had redeemed. Of that other one nothing is
 * said here. */
struct promo_customer_claim {
	const char *id, *number;
	int64_t created_at;
	int type;   /* enum promo_fraud_type */
	int status; /* enum promo_fraud_status */
	const char *description;
	const struct promo_claimant *claimant;
};
extern const struct promo_schema promo_customer_claim_schema;

struct promo_customer_data {
	int64_t exported_at;
	const struct promo_customer *customer;
	struct promo_objects redemptions; /* of struct promo_redemption, newest first */
	int64_t redemptions_left;         /* older ones, beyond what one answer holds */
	struct promo_objects claims;      /* of struct promo_customer_claim, newest first */
};
extern const struct promo_schema promo_customer_data_schema;

PROMO_END_DECLS
