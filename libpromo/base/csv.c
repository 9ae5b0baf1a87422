/* SPDX-License-Identifier: MIT */
#include "libpromo/base/csv.h"

#include <string.h>

/* Few appends: files of a million rows are made of them. `opening` is the comma, the quote
 * and what stands before the text. */
static void put_cell(struct promo_csv *csv, const char *opening, const char *text)
{
	const char *quote;

	promo_buffer_text(csv->out, csv->in_row ? opening : opening + 1);
	csv->in_row = true;
	for (; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
		promo_buffer_append(csv->out, text, (size_t)(quote - text) + 1);
		promo_buffer_char(csv->out, '"');
	}
	promo_buffer_text(csv->out, text);
	promo_buffer_char(csv->out, '"');
}

bool promo_csv_is_formula(const char *text)
{
	return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

void promo_csv_text(struct promo_csv *csv, const char *text)
{
	put_cell(csv, text && promo_csv_is_formula(text) ? ",\"'" : ",\"", text ? text : "");
}

void promo_csv_value(struct promo_csv *csv, const char *value)
{
	put_cell(csv, ",\"", value ? value : "");
}

void promo_csv_row_end(struct promo_csv *csv)
{
	promo_buffer_text(csv->out, "\r\n");
	csv->in_row = false;
}
