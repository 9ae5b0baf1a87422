/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_import.h"

#include "libpromo/api/op_auth.h"

static const char *const mode_words[] = {
	NULL,
	[PROMO_IMPORT_STRICT] = "strict",
	[PROMO_IMPORT_SKIP] = "skip",
};
const struct promo_words promo_import_mode_words = {
	.name = "import_mode",
	.words = mode_words,
	.count = PROMO_COUNT(mode_words),
};

#define T struct promo_imported_before
static const struct promo_field imported_before[] = {
	PROMO_F_TEXT(T, job_id, ID, 0, 0, 0, "the job that imported it"),
};
#undef T
const struct promo_schema promo_imported_before_schema =
	PROMO_SCHEMA(struct promo_imported_before, "imported_before", imported_before);

#define T struct promo_import_result
static const struct promo_field import_result[] = {
	PROMO_F_TEXT(T, mode, TEXT, 0, 0, 0, "strict or skip"),
	PROMO_F_BOOL(T, dry_run, 0, "whether it was only tried"),
	PROMO_F_INT(T, read, 0, 0, 0, "rows of the file"),
	PROMO_F_INT(T, imported, 0, 0, 0, "codes that came in, or would come in"),
	PROMO_F_INT(T, rejected, 0, 0, 0, "rows that were not taken"),
	PROMO_F_INT(T, duplicates, 0, 0, 0, "of them, because the code is there already"),
	PROMO_F_INT(T, redeemed, 0, 0, 0, "of the codes, used before they came"),
};
#undef T
const struct promo_schema promo_import_result_schema =
	PROMO_SCHEMA(struct promo_import_result, "import_result", import_result);

#define T struct promo_import_in
static const struct promo_field import_in[] = {
	PROMO_F_TEXT(
		T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL, "the batch"),
	PROMO_F_ENUM(T, mode, promo_import_mode_words, PROMO_IN_QUERY,
		"strict: all rows or none, the default; skip: those that are valid"),
	PROMO_F_BOOL(T, dry_run, PROMO_IN_QUERY, "only tell what would come of it"),
	PROMO_F_BOOL(T, any_format, PROMO_IN_QUERY,
		"take codes of every form: 4 to 32 letters and digits"),
	PROMO_F_BOOL(T, repeat, PROMO_IN_QUERY, "although the same file was imported before"),
};
#undef T
static const struct promo_schema import_in_schema =
	PROMO_INPUT(struct promo_import_in, "import_in", import_in);

const struct promo_op promo_op_code_import = {
	.name = "code.import",
	.summary = "Import codes into a batch from a CSV file",
	.method = PROMO_POST,
	.path = "/batches/{id}/import",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_IMPORT } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_NO_CLI,
	.in = &import_in_schema,
	.body = PROMO_BODY_UPLOAD,
	.media_types = { "text/csv" },
	.body_max_bytes = INT64_C(1) << 30,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_answer_schema,
	.status = 202,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_JOB_RUNNING },
		{ PROMO_E_FILE_ALREADY_IMPORTED, &promo_imported_before_schema } },
};

const struct promo_op promo_op_job_rejects = {
	.name = "job.rejects",
	.summary = "Download the rows that an import did not take, to mend and import them again",
	.method = PROMO_GET,
	.path = "/jobs/{id}/rejects",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_IMPORT } },
	.sees_all = PROMO_P_BATCHES_READ,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "text/csv; charset=utf-8",
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_code_template = {
	.name = "code.template",
	.summary = "Download a CSV file with the columns that an import understands",
	.method = PROMO_GET,
	.path = "/import-template.csv",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_CODES_IMPORT } },
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "text/csv; charset=utf-8",
};
