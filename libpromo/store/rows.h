/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/*
 * Rows that only the server sees: what a statement hands to an operation or to the job engine and
 * what is no noun of the API. A row is a struct and its table of fields, like a noun; store/schemas.c
 * lists it under the name that `-- -> name` in sql/query uses. Add yours here, in rows.c and there.
 */

PROMO_BEGIN_DECLS

/* A point in time. */
struct promo_moment_row {
	int64_t at;
};
extern const struct promo_schema promo_moment_row_schema;

/* The answer to a question. */
struct promo_truth_row {
	bool yes;
};
extern const struct promo_schema promo_truth_row_schema;

/* A migration that was applied. */
struct promo_migration_row {
	int64_t version;
	const char *name, *checksum;
	int64_t applied_at;
};
extern const struct promo_schema promo_migration_row_schema;

PROMO_END_DECLS
