/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/csv.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/stream.h"

/*
 * CSV out of the columns of a statement, one table of columns a file. What people typed is made
 * harmless for spreadsheets (base/csv.h), codes are shown as they are printed, and times as the API
 * tells them, so the statements give their columns bare, which costs the database least.
 */

PROMO_BEGIN_DECLS

enum promo_export_kind {
	PROMO_EXPORT_VALUE = 0, /* of validated form */
	PROMO_EXPORT_TEXT,      /* somebody typed it */
	PROMO_EXPORT_CODE,      /* canonical */
	PROMO_EXPORT_TIME,      /* timestamptz as PostgreSQL says it */
};

struct promo_export_column {
	const char *name;
	enum promo_export_kind kind;
};

enum {
	PROMO_EXPORT_COLUMNS_MAX = 24,
	PROMO_EXPORT_RAW_SIZE = 40,
};

/* A file that is being written. */
struct promo_export {
	const struct promo_export_column *columns;
	int count;
	struct promo_stream_sink *sink;
	struct promo_buffer row;
	struct promo_csv csv;
	/* By column: the last time as it came and as it is shown; most rows have that of the row before. */
	struct promo_export_time {
		char raw[PROMO_EXPORT_RAW_SIZE], shown[PROMO_TIME_SIZE];
	} times[PROMO_EXPORT_COLUMNS_MAX];
};

/* Writes the header. `columns` are those of the file, in its order. */
int promo_export_begin(struct promo_export *export, const struct promo_export_column *columns,
	int count, struct promo_arena *arena, struct promo_stream_sink *sink) PROMO_CHECK;

/* Writes a row and counts it: a promo_row_fn, whose context is the export. The columns of the statement
 * are those of the file. */
int promo_export_row(void *context, int columns, const char *const *values) PROMO_CHECK;

/* A row whose cells are not simply the columns of a statement: cells with promo_csv_*(&export->csv)
 * and this one, in their order, and then the end, which counts it. */
void promo_export_code(struct promo_export *export, const char *code); /* NULL: empty */
int promo_export_row_end(struct promo_export *export) PROMO_CHECK;

PROMO_END_DECLS
