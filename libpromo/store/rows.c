/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows.h"

#define T struct promo_moment_row
static const struct promo_field moment_fields[] = {
	PROMO_F_TIME(T, at, 0, "the moment"),
};
#undef T
const struct promo_schema promo_moment_row_schema =
	PROMO_SCHEMA(struct promo_moment_row, "moment", moment_fields);

#define T struct promo_truth_row
static const struct promo_field truth_fields[] = {
	PROMO_F_BOOL(T, yes, 0, "whether it is so"),
};
#undef T
const struct promo_schema promo_truth_row_schema =
	PROMO_SCHEMA(struct promo_truth_row, "truth", truth_fields);

#define T struct promo_migration_row
static const struct promo_field migration_fields[] = {
	PROMO_F_INT(T, version, 0, 0, 0, "its number"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, 0, "the file's name"),
	PROMO_F_TEXT(T, checksum, TEXT, 0, 0, 0, "SHA-256 of the file as it was applied"),
	PROMO_F_TIME(T, applied_at, 0, "when"),
};
#undef T
const struct promo_schema promo_migration_row_schema =
	PROMO_SCHEMA(struct promo_migration_row, "migration", migration_fields);
