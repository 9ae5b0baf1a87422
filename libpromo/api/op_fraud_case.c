/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_fraud_case.h"

#define T struct promo_fraud_report_update_in
static const struct promo_field fraud_report_update_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the report's id"),
	PROMO_F_ENUM(T, status, promo_fraud_status_words, 0,
		"how far it is; rejected gives the code back to its redemption"),
	PROMO_F_ENUM(T, priority, promo_priority_words, 0, "how urgent it is"),
	PROMO_F_TEXT(T, assignee_id, ID, 0, 0, PROMO_NULLABLE,
		"who works on it, somebody who may work on cases; null: nobody"),
	PROMO_F_TEXT(T, resolution, TEXT, 0, 1000, PROMO_NULLABLE, "how it ended, or is to end"),
};
#undef T
static const struct promo_schema fraud_report_update_in_schema = PROMO_INPUT(
	struct promo_fraud_report_update_in, "fraud_report_update_in", fraud_report_update_in);

#define T struct promo_fraud_report_note_in
static const struct promo_field fraud_report_note_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the report's id"),
	PROMO_F_TEXT(T, text, TEXT, 1, 2000, PROMO_REQUIRED | PROMO_POSITIONAL, "the note"),
};
#undef T
static const struct promo_schema fraud_report_note_in_schema = PROMO_INPUT(
	struct promo_fraud_report_note_in, "fraud_report_note_in", fraud_report_note_in);

#define T struct promo_fraud_report_bulk_in
static const struct promo_field fraud_report_bulk_in[] = {
	PROMO_F_ENUM(T, action, promo_fraud_action_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"investigate, resolve or reject"),
	PROMO_F_TEXTS(T, ids, 0, PROMO_BULK_ROWS_MAX, NULL, 0, "the reports of these ids, or"),
	PROMO_F_OBJECT(T, filter, struct promo_fraud_filter, promo_fraud_filter_schema, 0,
		"every report that fits: status, priority, q, from, to"),
	PROMO_F_INT(T, expected_count, 0, PROMO_BULK_ROWS_MAX, PROMO_REQUIRED,
		"how many reports that is; if it is another number, nothing is changed"),
	PROMO_F_TEXT(T, resolution, TEXT, 1, 1000, 0, "how they ended"),
};
#undef T
const struct promo_schema promo_fraud_report_bulk_in_schema = PROMO_INPUT(
	struct promo_fraud_report_bulk_in, "fraud_report_bulk_in", fraud_report_bulk_in);

const struct promo_op promo_op_fraud_report_update = {
	.name = "fraud-report.update",
	.summary = "Work on a fraud report: its status, priority, assignee and resolution",
	.method = PROMO_PATCH,
	.path = "/fraud-reports/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_CASES_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &fraud_report_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_fraud_report_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo fraud-report update FRAUD000001 --status resolved --resolution refunded",
};

const struct promo_op promo_op_fraud_report_note = {
	.name = "fraud-report.note",
	.summary = "Add a note to a fraud report, and show the report with all of them",
	.method = PROMO_POST,
	.path = "/fraud-reports/{id}/notes",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_CASES_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &fraud_report_note_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_fraud_report_schema,
	.status = 201,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo fraud-report note FRAUD000001 'the first customer has the receipt'",
};

const struct promo_op promo_op_fraud_report_bulk = {
	.name = "fraud-report.bulk",
	.summary = "Investigate, resolve or reject many fraud reports",
	.method = PROMO_POST,
	.path = "/fraud-reports/bulk",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_CASES_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_fraud_report_bulk_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_bulk_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_COUNT_MISMATCH, &promo_count_member_schema } },
	.examples = "promo fraud-report bulk resolve --ids ID,ID --expected-count 2 --resolution "
		    "refunded",
};
