/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows about imports of codes, for ops/. */

PROMO_BEGIN_DECLS

/* What an import was told, where it stands, and what its codes have to fit. */
struct promo_import_row {
	int64_t bytes;
	bool skip, dry_run, any_format;
	const char *zone;
	int64_t first_serial;
	int64_t position, line; /* of the next record in the file */
	int64_t rows_read, accepted, rejected, duplicates;
	int64_t redeemed, blocked; /* of those accepted */
	bool unlike_ours;
	int64_t reject_parts;
	int64_t most; /* codes that it may bring */
	int64_t amount_per_code;
	const char *currency;
	int64_t expires_at;
	const char *expires_on, *code_format;
	const char *day; /* today in the shop's time zone */
};
extern const struct promo_schema promo_import_row_schema;

/* A code that exists, or that a dry run has seen. */
struct promo_import_taken_row {
	int64_t ord;         /* which of those that were asked for, from 1 */
	bool in_file;        /* it came with this very import */
	const char *printed; /* as it was written there */
};
extern const struct promo_schema promo_import_taken_row_schema;

struct promo_import_rejects_row {
	int64_t reject_parts;
	const char *batch_name; /* NULL: the batch is gone */
};
extern const struct promo_schema promo_import_rejects_row_schema;

PROMO_END_DECLS
