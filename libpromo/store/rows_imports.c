/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_imports.h"

#define T struct promo_import_row
static const struct promo_field import_fields[] = {
	PROMO_F_INT(T, bytes, 0, 0, 0, "how long the file is"),
	PROMO_F_BOOL(T, skip, 0, "whether valid rows are taken although others are not"),
	PROMO_F_BOOL(T, dry_run, 0, "whether nothing is to be written"),
	PROMO_F_BOOL(T, any_format, 0, "whether codes of every form are taken"),
	PROMO_F_TEXT(T, zone, TEXT, 0, 0, 0, "the shop's time zone"),
	PROMO_F_INT(T, first_serial, 0, 0, 0, "serial of its first code"),
	PROMO_F_INT(T, position, 0, 0, 0, "offset of the next record"),
	PROMO_F_INT(T, line, 0, 0, 0, "line of the next record"),
	PROMO_F_INT(T, rows_read, 0, 0, 0, "rows behind it"),
	PROMO_F_INT(T, accepted, 0, 0, 0, "of them, taken"),
	PROMO_F_INT(T, rejected, 0, 0, 0, "of them, not taken"),
	PROMO_F_INT(T, duplicates, 0, 0, 0, "of those, because the code is there already"),
	PROMO_F_INT(T, redeemed, 0, 0, 0, "of those taken, used before"),
	PROMO_F_INT(T, blocked, 0, 0, 0, "of those taken, blocked"),
	PROMO_F_BOOL(T, unlike_ours, 0, "whether a code only looks like ours"),
	PROMO_F_INT(T, reject_parts, 0, 0, 0, "parts of the file of rejects"),
	PROMO_F_INT(T, most, 0, 0, 0, "codes that it may bring"),
	PROMO_F_MONEY(T, amount_per_code, 0, 0, 0, "what one code is worth"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, 0, "ISO 4217 code"),
	PROMO_F_TIME(T, expires_at, 0, "the end of the batch"),
	PROMO_F_TEXT(T, expires_on, DATE, 0, 0, 0, "its last day"),
	PROMO_F_TEXT(T, code_format, TEXT, 0, 0, 0, "the pattern of its codes"),
	PROMO_F_TEXT(T, day, DATE, 0, 0, 0, "today in the shop"),
};
#undef T
const struct promo_schema promo_import_row_schema =
	PROMO_SCHEMA(struct promo_import_row, "import", import_fields);

#define T struct promo_import_taken_row
static const struct promo_field import_taken[] = {
	PROMO_F_INT(T, ord, 0, 0, 0, "which of those that were asked for"),
	PROMO_F_BOOL(T, in_file, 0, "whether it came with this import"),
	PROMO_F_TEXT(T, printed, TEXT, 0, 0, 0, "as it was written there"),
};
#undef T
const struct promo_schema promo_import_taken_row_schema =
	PROMO_SCHEMA(struct promo_import_taken_row, "import_taken", import_taken);

#define T struct promo_import_rejects_row
static const struct promo_field import_rejects[] = {
	PROMO_F_INT(T, reject_parts, 0, 0, 0, "how many parts the file has"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, PROMO_NULLABLE, "the batch"),
};
#undef T
const struct promo_schema promo_import_rejects_row_schema =
	PROMO_SCHEMA(struct promo_import_rejects_row, "import_rejects", import_rejects);
