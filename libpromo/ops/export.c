/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/export.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"

enum {
	ROW_LIMIT = 1024 * 1024
};

static int end_row(struct promo_export *export)
{
	const char *text;
	int r;

	promo_csv_row_end(&export->csv);
	r = promo_buffer_end(&export->row, &text);
	if (!r)
		r = promo_stream_write(export->sink, text, export->row.size);
	promo_buffer_clear(&export->row);
	return r;
}

int promo_export_begin(struct promo_export *export, const struct promo_export_column *columns,
	int count, struct promo_arena *arena, struct promo_stream_sink *sink)
{
	assert(count <= PROMO_EXPORT_COLUMNS_MAX);
	*export = (struct promo_export){ .columns = columns, .count = count, .sink = sink };
	export->row = (struct promo_buffer)PROMO_BUFFER(arena, ROW_LIMIT);
	export->csv.out = &export->row;
	for (int i = 0; i < count; i++)
		promo_csv_value(&export->csv, columns[i].name);
	return end_row(export);
}

void promo_export_code(struct promo_export *export, const char *code)
{
	char shown[PROMO_CODE_SHOWN_SIZE];

	if (code)
		promo_code_show(code, shown);
	promo_csv_value(&export->csv, code ? shown : NULL);
}

/* What is no time of the calendar (infinity) stays as it came. */
static void write_time(struct promo_export *export, struct promo_export_time *last, const char *raw)
{
	int64_t ms;

	if (raw && strcmp(raw, last->raw) == 0) {
		promo_csv_value(&export->csv, last->shown);
	} else if (raw && strlen(raw) < sizeof(last->raw) && promo_time_parse_iso(raw, &ms) == 0) {
		promo_time_format(ms, last->shown);
		memcpy(last->raw, raw, strlen(raw) + 1);
		promo_csv_value(&export->csv, last->shown);
	} else {
		promo_csv_value(&export->csv, raw);
	}
}

int promo_export_row(void *context, int columns, const char *const *values)
{
	struct promo_export *export = context;

	if (columns != export->count)
		return promo_fault(-EPROTO, "an export has other columns than its header");
	for (int i = 0; i < columns; i++)
		switch (export->columns[i].kind) {
		case PROMO_EXPORT_VALUE:
			promo_csv_value(&export->csv, values[i]);
			break;
		case PROMO_EXPORT_TEXT:
			promo_csv_text(&export->csv, values[i]);
			break;
		case PROMO_EXPORT_CODE:
			promo_export_code(export, values[i]);
			break;
		case PROMO_EXPORT_TIME:
			write_time(export, &export->times[i], values[i]);
			break;
		}
	return promo_export_row_end(export);
}

int promo_export_row_end(struct promo_export *export)
{
	promo_stream_row(export->sink);
	return end_row(export);
}
