/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/macros.h"

/*
 * Writes CSV (RFC 4180): every cell quoted, rows end with CR LF. Spreadsheets take a cell that
 * begins with = + - @ tab or CR for a formula, even a quoted one; text that people typed is
 * made harmless with an apostrophe in front. What was validated before (codes, phones, amounts,
 * times, ids, words of a list) cannot be a formula and is written as it is: "+250..." stays a phone.
 */

PROMO_BEGIN_DECLS

struct promo_csv {
	struct promo_buffer *out;
	bool in_row;
};

/* A cell of text that somebody typed; NULL is an empty cell. */
void promo_csv_text(struct promo_csv *csv, const char *text);
/* A cell of validated form; NULL is an empty cell. */
void promo_csv_value(struct promo_csv *csv, const char *value);
void promo_csv_row_end(struct promo_csv *csv);

/* Whether a cell that begins like text would be taken for a formula. */
bool promo_csv_is_formula(const char *text);

PROMO_END_DECLS
