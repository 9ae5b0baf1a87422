/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/batch.h"

/* Codes that come from elsewhere, as a CSV file. */

PROMO_BEGIN_DECLS

enum promo_import_mode {
	PROMO_IMPORT_STRICT = 1, /* all rows or none */
	PROMO_IMPORT_SKIP,       /* the valid ones */
};
extern const struct promo_words promo_import_mode_words;

struct promo_import_in {
	struct promo_set set;
	const char *id;
	int mode; /* enum promo_import_mode; 0: strict */
	bool dry_run, any_format, repeat;
};

/* What the problem file_already_imported tells beside. */
struct promo_imported_before {
	const char *job_id;
};
extern const struct promo_schema promo_imported_before_schema;

/* `result` of a job that imports. */
struct promo_import_result {
	const char *mode;
	bool dry_run;
	int64_t read, imported, rejected;
	int64_t duplicates; /* of those rejected */
	int64_t redeemed;   /* of those imported */
};
extern const struct promo_schema promo_import_result_schema;

extern const struct promo_op promo_op_code_import, promo_op_job_rejects, promo_op_code_template;

PROMO_END_DECLS
