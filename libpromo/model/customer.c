/* SPDX-License-Identifier: MIT */
#include "libpromo/model/customer.h"

#define T struct promo_customer_claim
static const struct promo_field claim_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the case's id"),
	PROMO_F_TEXT(T, number, TEXT, 0, 0, PROMO_COLUMN, "what people call it"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was reported"),
	PROMO_F_ENUM(T, type, promo_fraud_type_words, PROMO_COLUMN, "what it looked like"),
	PROMO_F_ENUM(T, status, promo_fraud_status_words, PROMO_COLUMN, "how it stands"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_NULLABLE, "what was written down"),
	PROMO_F_OBJECT(T, claimant, struct promo_claimant, promo_claimant_schema, PROMO_NULLABLE,
		"the customer, as he named himself then"),
};
#undef T
const struct promo_schema promo_customer_claim_schema =
	PROMO_SCHEMA(struct promo_customer_claim, "customer_claim", claim_fields);

#define T struct promo_customer_data
static const struct promo_field data_fields[] = {
	PROMO_F_TIME(T, exported_at, 0, "when this was read"),
	PROMO_F_OBJECT(
		T, customer, struct promo_customer, promo_customer_schema, 0, "the customer"),
	PROMO_F_OBJECTS(T, redemptions, promo_redemption_schema, 0,
		"the newest 10000 codes that were redeemed for him, with every attempt"),
	PROMO_F_INT(T, redemptions_left, 0, 0, 0,
		"how many older ones there are: GET /redemptions.csv?customer_id= has them all"),
	PROMO_F_OBJECTS(T, claims, promo_customer_claim_schema, 0,
		"cases in which he brought a code that was redeemed before, newest first"),
};
#undef T
const struct promo_schema promo_customer_data_schema =
	PROMO_SCHEMA(struct promo_customer_data, "customer_data", data_fields);
