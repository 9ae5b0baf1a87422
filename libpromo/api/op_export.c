/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_export.h"

#include "libpromo/model/words.h"

static const char csv_type[] = "text/csv; charset=utf-8";

#define MANIFEST(T)                                                                                \
	PROMO_F_BOOL(T, manifest, PROMO_IN_QUERY,                                                  \
		"with the trailers Export-Rows, Export-Bytes and Export-SHA256 of the file")

#define T struct promo_redemption_export_in
static const struct promo_field redemption_export_in[] = {
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
	MANIFEST(T),
};
#undef T
static const struct promo_schema redemption_export_in_schema = PROMO_INPUT(
	struct promo_redemption_export_in, "redemption_export_in", redemption_export_in);

#define T struct promo_fraud_report_export_in
static const struct promo_field fraud_report_export_in[] = {
	PROMO_F_TEXTS(T, status, 0, 4, &promo_fraud_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TEXTS(T, priority, 0, 3, &promo_priority_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more priorities"),
	PROMO_F_TEXT(
		T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of the number, description or claimant"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "at or after"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "before"),
	MANIFEST(T),
};
#undef T
static const struct promo_schema fraud_report_export_in_schema = PROMO_INPUT(
	struct promo_fraud_report_export_in, "fraud_report_export_in", fraud_report_export_in);

#define T struct promo_customer_export_in
static const struct promo_field customer_export_in[] = {
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of a name, phone, e-mail, or an id"),
	MANIFEST(T),
};
#undef T
static const struct promo_schema customer_export_in_schema =
	PROMO_INPUT(struct promo_customer_export_in, "customer_export_in", customer_export_in);

#define T struct promo_user_export_in
static const struct promo_field user_export_in[] = {
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of a name, e-mail or phone"),
	PROMO_F_TEXT(T, role, TEXT, 1, 100, PROMO_IN_QUERY, "name or id of a role"),
	PROMO_F_BOOL(T, is_active, PROMO_IN_QUERY, "active ones, or those that are not"),
	MANIFEST(T),
};
#undef T
const struct promo_schema promo_user_export_in_schema =
	PROMO_INPUT(struct promo_user_export_in, "user_export_in", user_export_in);

#define T struct promo_audit_export_in
static const struct promo_field audit_export_in[] = {
	PROMO_F_TEXT(T, actor_id, ID, 0, 0, PROMO_IN_QUERY, "what this user did"),
	PROMO_F_TEXTS(T, action, 0, 20, NULL, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more operations, such as redemption.create"),
	PROMO_F_TEXT(T, entity_kind, TEXT, 1, 50, PROMO_IN_QUERY, "noun, such as code"),
	PROMO_F_TEXT(T, entity_id, ID, 0, 0, PROMO_IN_QUERY, "what was done to this one"),
	PROMO_F_TEXTS(T, outcome, 0, 3, &promo_outcome_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more outcomes"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "at or after"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "before"),
	PROMO_F_BOOL(T, seals, PROMO_IN_QUERY,
		"all of it with its seals, for promo audit verify --file: no filters then"),
	MANIFEST(T),
};
#undef T
static const struct promo_schema audit_export_in_schema =
	PROMO_INPUT(struct promo_audit_export_in, "audit_export_in", audit_export_in);

#define T struct promo_batch_export_in
static const struct promo_field batch_export_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_ENUM(T, format, promo_export_format_words, PROMO_REQUIRED, "csv or pdf"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_code_status_words, 0, "only codes of these statuses"),
	PROMO_F_BOOL(T, redemptions, 0,
		"CSV: with columns that say when, for whom and by whom each was redeemed"),
	PROMO_F_BOOL(T, qr, 0, "PDF: with QR codes, unless false"),
};
#undef T
const struct promo_schema promo_batch_export_in_schema =
	PROMO_INPUT(struct promo_batch_export_in, "batch_export_in", batch_export_in);

#define T struct promo_job_file_in
static const struct promo_field job_file_in[] = {
	PROMO_F_TEXT(
		T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL, "the job's id"),
};
#undef T
static const struct promo_schema job_file_in_schema =
	PROMO_INPUT(struct promo_job_file_in, "job_file_in", job_file_in);

const struct promo_op promo_op_redemption_export = {
	.name = "redemption.export",
	.summary = "Download redemptions as CSV, newest first",
	.method = PROMO_GET,
	.path = "/redemptions.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_REDEMPTIONS_READ },
		{ PROMO_P_REDEMPTIONS_SEARCH, PROMO_WHEN_FILTERED } },
	.in = &redemption_export_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = csv_type,
	.examples = "promo redemption export --from 2026-11-01 -o november.csv",
};

const struct promo_op promo_op_fraud_report_export = {
	.name = "fraud-report.export",
	.summary = "Download fraud reports as CSV, newest first",
	.method = PROMO_GET,
	.path = "/fraud-reports.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_FRAUD_ALERTS_VIEW } },
	.in = &fraud_report_export_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = csv_type,
};

const struct promo_op promo_op_customer_export = {
	.name = "customer.export",
	.summary = "Download customers as CSV, newest first",
	.method = PROMO_GET,
	.path = "/customers.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CUSTOMERS_READ, PROMO_WHEN_WITHOUT, "q" },
		{ PROMO_P_CUSTOMERS_SEARCH, PROMO_WHEN_WITH, "q" } },
	.in = &customer_export_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = csv_type,
};

const struct promo_op promo_op_user_export = {
	.name = "user.export",
	.summary = "Download users as CSV, newest first",
	.method = PROMO_GET,
	.path = "/users.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.in = &promo_user_export_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = csv_type,
};

const struct promo_op promo_op_audit_export = {
	.name = "audit.export",
	.summary = "Download the audit trail, oldest first: an entry a line, as JSON",
	.method = PROMO_GET,
	.path = "/audit.ndjson",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_AUDIT_READ } },
	.in = &audit_export_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "application/x-ndjson",
	.examples = "promo audit export --from 2026-11-01T00:00:00Z -o trail.ndjson",
};

const struct promo_op promo_op_batch_export = {
	.name = "batch.export",
	.summary = "Make a file of a batch's codes in the background",
	.method = PROMO_POST,
	.path = "/batches/{id}/exports",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_DOWNLOAD },
		{ PROMO_P_REDEMPTIONS_READ, PROMO_WHEN_WITH, "redemptions" } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_batch_export_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_answer_schema,
	.status = 202,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo batch export BATCH_SUMMER --format pdf",
};

const struct promo_op promo_op_job_file = {
	.name = "job.file",
	.summary = "Download the file that a job has made",
	.method = PROMO_GET,
	.path = "/jobs/{id}/file",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_DOWNLOAD } },
	.sees_all = PROMO_P_BATCHES_READ,
	.flags = PROMO_OP_RANGES,
	.in = &job_file_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "application/octet-stream",
	.errors = { { PROMO_E_NOT_FOUND } },
};
