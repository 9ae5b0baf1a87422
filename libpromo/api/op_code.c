/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_code.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_code_verify_in
static const struct promo_field code_verify_in[] = {
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_REQUIRED | PROMO_POSITIONAL, "the code as printed"),
};
#undef T
static const struct promo_schema code_verify_in_schema =
	PROMO_INPUT(struct promo_code_verify_in, "code_verify_in", code_verify_in);

#define T struct promo_redemption_create_in
static const struct promo_field redemption_create_in[] = {
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_REQUIRED | PROMO_POSITIONAL, "the code as printed"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_REQUIRED, "the customer's phone number"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 100, PROMO_NULLABLE, "the customer's first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 100, PROMO_NULLABLE, "the customer's last name"),
	PROMO_F_TEXT(T, note, TEXT, 0, 500, PROMO_NULLABLE, "a note"),
};
#undef T
const struct promo_schema promo_redemption_create_in_schema = PROMO_INPUT(
	struct promo_redemption_create_in, "redemption_create_in", redemption_create_in);

#define T struct promo_fraud_report_create_in
static const struct promo_field fraud_report_create_in[] = {
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_REQUIRED | PROMO_POSITIONAL, "the code as printed"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_REQUIRED, "phone of who came second"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 100, PROMO_NULLABLE, "first name of who came second"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 100, PROMO_NULLABLE, "last name of who came second"),
	PROMO_F_ENUM(T, type, promo_fraud_type_words, 0, "duplicate_redemption unless said"),
	PROMO_F_TEXT(T, description, TEXT, 0, 1000, PROMO_NULLABLE, "what happened"),
};
#undef T
static const struct promo_schema fraud_report_create_in_schema = PROMO_INPUT(
	struct promo_fraud_report_create_in, "fraud_report_create_in", fraud_report_create_in);

#define T struct promo_code_list_in
static const struct promo_words code_sorts = PROMO_SORTS("serial", "-serial");
static const struct promo_field code_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_ENUM(T, sort, code_sorts, PROMO_IN_QUERY,
		"with batch_id: by their places in the batch, with - in front from the last to the "
		"first; newest first unless said"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_IN_QUERY, "codes of this batch"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_code_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more effective statuses"),
	PROMO_F_TEXT(T, q, TEXT, 1, 12, PROMO_IN_QUERY, "part of a code, at most 12 characters"),
	PROMO_F_TIME(T, created_after, PROMO_IN_QUERY, "generated at or after"),
	PROMO_F_TIME(T, created_before, PROMO_IN_QUERY, "generated before"),
};
#undef T
static const struct promo_schema code_list_in_schema =
	PROMO_INPUT(struct promo_code_list_in, "code_list_in", code_list_in);

#define T struct promo_redemption_list_in
static const struct promo_field redemption_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY,
		"part of a customer's name or phone, or 4 to 12 characters that a code begins "
		"with"),
	PROMO_F_TEXT(T, code_id, ID, 0, 0, PROMO_IN_QUERY, "redemptions of this code"),
	PROMO_F_TEXT(T, customer_id, ID, 0, 0, PROMO_IN_QUERY, "redemptions of this customer"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_IN_QUERY, "redemptions of this phone"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_IN_QUERY, "redemptions of this batch"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_IN_QUERY, "redemptions by this user"),
	PROMO_F_TEXTS(T, status, 0, 3, &promo_redemption_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "at or after"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "before"),
};
#undef T
static const struct promo_schema redemption_list_in_schema =
	PROMO_INPUT(struct promo_redemption_list_in, "redemption_list_in", redemption_list_in);

#define T struct promo_me_redemptions_in
static const struct promo_field me_redemptions_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXT(T, from, DAY, 0, 0, PROMO_IN_QUERY,
		"from this day on, as the shop counts days; a time names its day"),
	PROMO_F_TEXT(T, to, DAY, 0, 0, PROMO_IN_QUERY, "up to the end of this day"),
	PROMO_F_TEXTS(T, status, 0, 3, &promo_redemption_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses; the totals count what was completed"),
};
#undef T
static const struct promo_schema me_redemptions_in_schema =
	PROMO_INPUT(struct promo_me_redemptions_in, "me_redemptions_in", me_redemptions_in);

#define T struct promo_fraud_report_list_in
static const struct promo_field fraud_report_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXTS(T, status, 0, 4, &promo_fraud_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TEXTS(T, priority, 0, 3, &promo_priority_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more priorities"),
	PROMO_F_TEXT(
		T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of the number, description or claimant"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "at or after"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "before"),
};
#undef T
static const struct promo_schema fraud_report_list_in_schema = PROMO_INPUT(
	struct promo_fraud_report_list_in, "fraud_report_list_in", fraud_report_list_in);

#define T struct promo_customer_list_in
static const struct promo_field customer_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of a name, phone, e-mail, or an id"),
};
#undef T
static const struct promo_schema customer_list_in_schema =
	PROMO_INPUT(struct promo_customer_list_in, "customer_list_in", customer_list_in);

const struct promo_op promo_op_code_list = {
	.name = "code.list",
	.summary = "List codes, newest first",
	.method = PROMO_GET,
	.path = "/codes",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_READ } },
	.in = &code_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_code_schema,
	.status = 200,
};

const struct promo_op promo_op_code_show = {
	.name = "code.show",
	.summary = "Show a code by its id",
	.method = PROMO_GET,
	.path = "/codes/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_READ } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_code_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_code_verify = {
	.name = "code.verify",
	.summary = "Look a code up: what it is worth and whether it can be redeemed",
	.method = PROMO_POST,
	.path = "/verify",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_SEARCH } },
	.flags = PROMO_OP_GUESSABLE,
	.in = &code_verify_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_verification_schema,
	.status = 200,
	.errors = { { PROMO_E_CODE_NOT_FOUND } },
	.examples = "promo code verify A1U2-C325-5X09-6E21",
};

const struct promo_op promo_op_redemption_create = {
	.name = "redemption.create",
	.summary = "Redeem an active code for a customer",
	.method = PROMO_POST,
	.path = "/redemptions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_CREATE_MANUAL } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_KEY_REQUIRED | PROMO_OP_GUESSABLE,
	.in = &promo_redemption_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_redemption_schema,
	.status = 201,
	.errors = { { PROMO_E_CODE_NOT_FOUND },
		{ PROMO_E_CODE_ALREADY_REDEEMED, &promo_redeemed_member_schema },
		{ PROMO_E_CODE_EXPIRED }, { PROMO_E_CODE_BLOCKED }, { PROMO_E_CODE_REPORTED },
		{ PROMO_E_BATCH_NOT_ACTIVE } },
	.examples = "promo redemption create A1U2-C325-5X09-6E21 --phone-number 0788123456",
};

const struct promo_op promo_op_redemption_list = {
	.name = "redemption.list",
	.summary = "List redemptions, newest first",
	.method = PROMO_GET,
	.path = "/redemptions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_READ },
		{ PROMO_P_REDEMPTIONS_SEARCH, PROMO_WHEN_FILTERED } },
	.in = &redemption_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_redemption_schema,
	.status = 200,
};

const struct promo_op promo_op_redemption_show = {
	.name = "redemption.show",
	.summary = "Show a redemption",
	.method = PROMO_GET,
	.path = "/redemptions/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_READ } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_redemption_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_me_redemptions = {
	.name = "me.redemptions",
	.summary = "List what you redeemed yourself, newest first, and what it comes to",
	.method = PROMO_GET,
	.path = "/me/redemptions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_CREATE_MANUAL } },
	.in = &me_redemptions_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_redemption_schema,
	.totals = &promo_redemption_totals_schema,
	.status = 200,
	.examples = "promo me redemptions --from 2026-11-22 --to 2026-11-22",
};

const struct promo_op promo_op_fraud_report_create = {
	.name = "fraud-report.create",
	.summary = "Report a redeemed code that somebody else now brings",
	.method = PROMO_POST,
	.path = "/fraud-reports",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_FRAUD_REPORT } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_GUESSABLE,
	.in = &fraud_report_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_fraud_report_schema,
	.status = 201,
	.errors = { { PROMO_E_CODE_NOT_FOUND }, { PROMO_E_CODE_NOT_REDEEMED },
		{ PROMO_E_CODE_ALREADY_REPORTED, &promo_id_member_schema } },
	.examples = "promo fraud-report create A1U2-C325-5X09-6E21 --phone-number 0788000111",
};

const struct promo_op promo_op_fraud_report_list = {
	.name = "fraud-report.list",
	.summary = "List fraud reports, newest first",
	.method = PROMO_GET,
	.path = "/fraud-reports",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_ALERTS_VIEW } },
	.in = &fraud_report_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_fraud_report_schema,
	.status = 200,
};

const struct promo_op promo_op_fraud_report_show = {
	.name = "fraud-report.show",
	.summary = "Show a fraud report",
	.method = PROMO_GET,
	.path = "/fraud-reports/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_ALERTS_VIEW } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_fraud_report_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_customer_list = {
	.name = "customer.list",
	.summary = "List customers, newest first",
	.method = PROMO_GET,
	.path = "/customers",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_READ, PROMO_WHEN_WITHOUT, "q" },
		{ PROMO_P_CUSTOMERS_SEARCH, PROMO_WHEN_WITH, "q" } },
	.in = &customer_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_customer_schema,
	.status = 200,
};

const struct promo_op promo_op_customer_show = {
	.name = "customer.show",
	.summary = "Show a customer",
	.method = PROMO_GET,
	.path = "/customers/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_READ } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_customer_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};
