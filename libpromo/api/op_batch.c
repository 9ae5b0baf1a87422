/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_batch.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_batch_create_in
static const struct promo_field batch_create_in[] = {
	PROMO_F_TEXT(T, batch_name, TEXT, 3, 100, PROMO_REQUIRED | PROMO_POSITIONAL,
		"letters, digits, _ and -; BATCH_ is put in front where it lacks"),
	PROMO_F_INT(T, total_codes, 0, PROMO_CODES_MAX, PROMO_REQUIRED,
		"codes to generate; 0 makes an empty batch"),
	PROMO_F_MONEY(T, amount_per_code, 1, PROMO_AMOUNT_MAX, PROMO_REQUIRED,
		"what one code is worth, such as 500.00"),
	PROMO_F_TEXT(T, currency, TEXT, 3, 3, 0, "ISO 4217 code; the shop's own unless said"),
	PROMO_F_TEXT(T, expiration_date, DAY, 0, 0, PROMO_REQUIRED,
		"last day on which the codes are good, YYYY-MM-DD"),
	PROMO_F_TEXT(T, description, TEXT, 0, 1000, PROMO_NULLABLE, "description"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_NULLABLE, "the user it is assigned to"),
	PROMO_F_TEXT(T, code_format, TEXT, 4, 40, 0,
		"pattern: X a letter of the alphabet, YY MM DD the date, - itself"),
};
#undef T
static const struct promo_schema batch_create_in_schema =
	PROMO_INPUT(struct promo_batch_create_in, "batch_create_in", batch_create_in);

#define T struct promo_batch_created
static const struct promo_field batch_created[] = {
	PROMO_F_OBJECT(T, batch, struct promo_batch, promo_batch_schema, 0, "the new batch"),
	PROMO_F_OBJECT(T, job, struct promo_job, promo_job_schema, PROMO_NULLABLE,
		"the job that generates its codes"),
};
#undef T
static const struct promo_schema batch_created_schema =
	PROMO_SCHEMA(struct promo_batch_created, "batch_created", batch_created);

#define T struct promo_batch_list_in
static const struct promo_words batch_sorts = PROMO_SORTS("created_at", "-created_at", "batch_name",
	"-batch_name", "expiration_date", "-expiration_date");
static const struct promo_field batch_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_SORT(T, batch_sorts),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of a name"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_batch_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_IN_QUERY, "the user it is assigned to"),
	PROMO_F_TEXT(T, expires_before, DATE, 0, 0, PROMO_IN_QUERY, "last day before this one"),
	PROMO_F_TEXT(T, expires_after, DATE, 0, 0, PROMO_IN_QUERY, "last day after this one"),
};
#undef T
static const struct promo_schema batch_list_in_schema =
	PROMO_INPUT(struct promo_batch_list_in, "batch_list_in", batch_list_in);

#define T struct promo_batch_generate_in
static const struct promo_field batch_generate_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_INT(T, count, 1, PROMO_CODES_MAX, PROMO_REQUIRED | PROMO_POSITIONAL,
		"how many codes more"),
};
#undef T
static const struct promo_schema batch_generate_in_schema =
	PROMO_INPUT(struct promo_batch_generate_in, "batch_generate_in", batch_generate_in);

#define T struct promo_batch_status_in
static const struct promo_field batch_status_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_ENUM(T, status, promo_batch_target_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"what it becomes: active, expired, blocked or archived"),
	PROMO_F_TEXT(T, reason, TEXT, 1, 500, 0, "why, for the audit trail"),
};
#undef T
const struct promo_schema promo_batch_status_in_schema =
	PROMO_INPUT(struct promo_batch_status_in, "batch_status_in", batch_status_in);

#define T struct promo_code_download_in
static const struct promo_field code_download_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_code_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"only codes of these statuses"),
	PROMO_F_BOOL(T, redemptions, PROMO_IN_QUERY,
		"with columns that say when, for whom and by whom each was redeemed"),
	PROMO_F_BOOL(T, manifest, PROMO_IN_QUERY,
		"with the trailers Export-Rows, Export-Bytes and Export-SHA256 of the file"),
};
#undef T
static const struct promo_schema code_download_in_schema =
	PROMO_INPUT(struct promo_code_download_in, "code_download_in", code_download_in);

const struct promo_op promo_op_batch_create = {
	.name = "batch.create",
	.summary = "Create a batch and generate its codes",
	.method = PROMO_POST,
	.path = "/batches",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_CREATE },
		{ PROMO_P_CODES_GENERATE, PROMO_WHEN_WITH, "total_codes" },
		{ PROMO_P_BATCHES_ASSIGN, PROMO_WHEN_WITH, "assigned_user_id" } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &batch_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &batch_created_schema,
	.status = 201,
	.errors = { { PROMO_E_BATCH_NAME_TAKEN } },
	.examples = "promo batch create BATCH_SUMMER --total-codes 100000 --amount-per-code 500 "
		    "--expiration-date 2027-06-30",
};

const struct promo_op promo_op_batch_list = {
	.name = "batch.list",
	.summary = "List batches, newest first",
	.method = PROMO_GET,
	.path = "/batches",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_READ } },
	.in = &batch_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_batch_schema,
	.status = 200,
};

const struct promo_op promo_op_batch_show = {
	.name = "batch.show",
	.summary = "Show a batch",
	.method = PROMO_GET,
	.path = "/batches/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_READ } },
	.flags = PROMO_OP_ETAG,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_batch_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_batch_generate = {
	.name = "batch.generate",
	.summary = "Generate more codes into a batch",
	.method = PROMO_POST,
	.path = "/batches/{id}/generate",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_GENERATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &batch_generate_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_answer_schema,
	.status = 202,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_BATCH_NOT_ACTIVE }, { PROMO_E_JOB_RUNNING } },
	.examples = "promo batch generate BATCH_SUMMER 50000",
};

const struct promo_op promo_op_batch_status = {
	.name = "batch.status",
	.summary = "Block, unblock, expire or archive a batch",
	.method = PROMO_POST,
	.path = "/batches/{id}/status",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_STATUS_CHANGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_ETAG,
	.in = &promo_batch_status_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_batch_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo batch status BATCH_SUMMER blocked --reason stolen",
};

const struct promo_op promo_op_code_download = {
	.name = "code.download",
	.summary = "Download the codes of a batch as CSV",
	.method = PROMO_GET,
	.path = "/batches/{id}/codes.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_DOWNLOAD },
		{ PROMO_P_REDEMPTIONS_READ, PROMO_WHEN_WITH, "redemptions" } },
	.in = &code_download_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "text/csv; charset=utf-8",
	.errors = { { PROMO_E_NOT_FOUND } },
};
