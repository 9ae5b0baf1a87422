/* SPDX-License-Identifier: MIT */
#include "libpromo/base/csv.h"

#include <string.h>

static void begin_cell(struct promo_csv *csv)
{
	if (csv->in_row)
		promo_buffer_char(csv->out, ',');
	csv->in_row = true;
	promo_buffer_char(csv->out, '"');
}

static void end_cell(struct promo_csv *csv, const char *text)
{
	const char *quote;

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
	begin_cell(csv);
	if (text && promo_csv_is_formula(text))
		promo_buffer_char(csv->out, '\'');
	end_cell(csv, text ? text : "");
}

void promo_csv_value(struct promo_csv *csv, const char *value)
{
	begin_cell(csv);
	end_cell(csv, value ? value : "");
}

void promo_csv_row_end(struct promo_csv *csv)
{
	promo_buffer_text(csv->out, "\r\n");
	csv->in_row = false;
}
