/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_code_change.h"

#include "libpromo/api/op_batch.h"

#define T struct promo_code_status_in
static const struct promo_field code_status_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the code's id"),
	PROMO_F_ENUM(T, status, promo_code_target_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"what it becomes: active, blocked, or reported where it was redeemed"),
	PROMO_F_TEXT(T, reason, TEXT, 1, 500, 0, "why, for the audit trail"),
};
#undef T
const struct promo_schema promo_code_status_in_schema =
	PROMO_INPUT(struct promo_code_status_in, "code_status_in", code_status_in);

#define T struct promo_code_bulk_in
static const struct promo_field code_bulk_in[] = {
	PROMO_F_ENUM(T, action, promo_code_action_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"block, unblock or delete"),
	PROMO_F_TEXTS(T, ids, 0, PROMO_BULK_ITEMS_MAX, NULL, 0, "the codes of these ids, or"),
	PROMO_F_TEXTS(T, codes, 0, PROMO_BULK_ITEMS_MAX, NULL, 0, "these codes, or"),
	PROMO_F_OBJECT(T, filter, struct promo_code_filter, promo_code_filter_schema, 0,
		"every code that fits: batch_id, status, q, created_after, created_before"),
	PROMO_F_INT(T, expected_count, 0, PROMO_CODES_MAX, PROMO_REQUIRED,
		"how many codes that is; if it is another number, nothing is changed"),
	PROMO_F_TEXT(T, reason, TEXT, 1, 500, 0, "why, for the audit trail"),
};
#undef T
const struct promo_schema promo_code_bulk_in_schema =
	PROMO_INPUT(struct promo_code_bulk_in, "code_bulk_in", code_bulk_in);

#define T struct promo_code_validate_in
static const struct promo_field code_validate_in[] = {
	PROMO_F_TEXTS(T, codes, 0, PROMO_VALIDATE_MAX, NULL, PROMO_REQUIRED | PROMO_POSITIONAL,
		"texts that may be codes, at most 1000"),
};
#undef T
static const struct promo_schema code_validate_in_schema =
	PROMO_INPUT(struct promo_code_validate_in, "code_validate_in", code_validate_in);

#define T struct promo_code_explain_in
static const struct promo_field code_explain_in[] = {
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_REQUIRED | PROMO_POSITIONAL, "the code as printed"),
};
#undef T
static const struct promo_schema code_explain_in_schema =
	PROMO_INPUT(struct promo_code_explain_in, "code_explain_in", code_explain_in);

const struct promo_op promo_op_code_status = {
	.name = "code.status",
	.summary = "Block or unblock a code, or report one that was redeemed",
	.method = PROMO_POST,
	.path = "/codes/{id}/status",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_STATUS_CHANGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_code_status_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_code_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples =
		"promo code status 0199c3a2-5b1e-7cc3-9f57-0a7d5f5a1b2c blocked --reason stolen",
};

const struct promo_op promo_op_code_bulk = {
	.name = "code.bulk",
	.summary = "Block, unblock or delete many codes; over 10,000 of them as a job",
	.method = PROMO_POST,
	.path = "/codes/bulk",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_BULK_OPERATIONS } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_code_bulk_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_bulk_answer_schema,
	.status = 200,
	.other_status = 202,
	.other_out = &promo_job_answer_schema,
	.errors = { { PROMO_E_COUNT_MISMATCH, &promo_count_member_schema } },
	.examples = "promo code bulk block --codes A1U2-C325-5X09-6E21 --expected-count 1 --reason "
		    "stolen",
};

const struct promo_op promo_op_code_validate = {
	.name = "code.validate",
	.summary = "Say of up to 1000 texts whether they are codes",
	.method = PROMO_POST,
	.path = "/codes/validate",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_VALIDATE } },
	.flags = PROMO_OP_GUESSABLE,
	.in = &code_validate_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_code_checks_schema,
	.status = 200,
	.examples = "promo code validate A1U2-C325-5X09-6E21 A1U2-C325-5X09-6E22",
};

const struct promo_op promo_op_code_explain = {
	.name = "code.explain",
	.summary = "Tell the whole life of a code",
	.method = PROMO_POST,
	.path = "/codes/explain",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_READ } },
	.flags = PROMO_OP_GUESSABLE,
	.in = &code_explain_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_code_life_schema,
	.status = 200,
	.errors = { { PROMO_E_CODE_NOT_FOUND } },
	.examples = "promo code explain A1U2-C325-5X09-6E21",
};
