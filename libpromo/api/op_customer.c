/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_customer.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_redemption_search_in
static const struct promo_field redemption_search_in[] = {
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_REQUIRED | PROMO_POSITIONAL, "the code as printed"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema redemption_search_in_schema = PROMO_INPUT(
	struct promo_redemption_search_in, "redemption_search_in", redemption_search_in);

#define T struct promo_customer_redemptions_in
static const struct promo_field customer_redemptions_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_IN_PATH | PROMO_REQUIRED | PROMO_POSITIONAL,
		"the customer's id"),
};
#undef T
static const struct promo_schema customer_redemptions_in_schema = PROMO_INPUT(
	struct promo_customer_redemptions_in, "customer_redemptions_in", customer_redemptions_in);

#define T struct promo_customer_erase_in
static const struct promo_field customer_erase_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_IN_PATH | PROMO_REQUIRED | PROMO_POSITIONAL,
		"the customer's id"),
	PROMO_F_TEXT(T, reason, TEXT, 1, 500, PROMO_REQUIRED,
		"why, for the audit trail, which keeps it: name nobody in it"),
};
#undef T
const struct promo_schema promo_customer_erase_in_schema =
	PROMO_INPUT(struct promo_customer_erase_in, "customer_erase_in", customer_erase_in);

const struct promo_op promo_op_redemption_search = {
	.name = "redemption.search",
	.summary = "List what became of one code at the counter, newest first",
	.method = PROMO_POST,
	.path = "/redemptions/search",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_READ }, { PROMO_P_REDEMPTIONS_SEARCH } },
	.flags = PROMO_OP_GUESSABLE,
	.in = &redemption_search_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_redemption_schema,
	.status = 200,
	.errors = { { PROMO_E_CODE_NOT_FOUND } },
	.examples = "promo redemption search A1U2-C325-5X09-6E21",
};

const struct promo_op promo_op_customer_redemptions = {
	.name = "customer.redemptions",
	.summary = "List the redemptions of a customer, newest first",
	.method = PROMO_GET,
	.path = "/customers/{id}/redemptions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_READ } },
	.in = &customer_redemptions_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_redemption_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_customer_data_export = {
	.name = "customer.data-export",
	.summary = "Give out all that is known of a customer, for him to have",
	.method = PROMO_GET,
	.path = "/customers/{id}/data-export",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_PRIVACY_MANAGE } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_customer_data_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo customer data-export 0190a1b2-... --json",
};

const struct promo_op promo_op_customer_erase = {
	.name = "customer.erase",
	.summary = "Erase what names a customer; what was redeemed stays, without him",
	.method = PROMO_POST,
	.path = "/customers/{id}/erase",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_PRIVACY_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_customer_erase_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_customer_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo customer erase 0190a1b2-... --reason 'asked for by letter'",
};
