/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/customer.h"

/* What is done with one customer: his redemptions, his data for himself, his erasure. */

PROMO_BEGIN_DECLS

struct promo_customer_redemptions_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *id;
};

struct promo_customer_erase_in {
	struct promo_set set;
	const char *id, *reason;
};

struct promo_redemption_search_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *code;
};

extern const struct promo_schema promo_customer_erase_in_schema;

extern const struct promo_op promo_op_redemption_search, promo_op_customer_redemptions,
	promo_op_customer_data_export, promo_op_customer_erase;

PROMO_END_DECLS
