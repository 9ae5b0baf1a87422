/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/import_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/csv.h"
#include "libpromo/base/utf8.h"
#include "libpromo/ops/job_files.h"
#include "libpromo/ops/upload.h"

enum {
	SHOWN_BYTES = 200, /* of a cell among the rejects */
	/* A step ends where a file has so much without rows enough: cells with nothing in them,
	 * blank lines, very long rows. */
	STEP_BYTES = 8 * 1024 * 1024,
	/* A part of the file of rejects is ended when a row more might not fit. */
	PART_BYTES = PROMO_JOB_FILE_PART_MAX - (PROMO_IMPORT_COLUMNS + 6) * 2 * (SHOWN_BYTES + 8),
};

/*
 * The file.
 */

/* Reads from the parts in the database, all of which are of full size but the last. */
static int read_file(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	struct promo_import *import = context;
	const int64_t number = (int64_t)(offset / PROMO_JOB_FILE_PART_MAX) + 1;
	const size_t at = (size_t)(offset % PROMO_JOB_FILE_PART_MAX);
	size_t count;
	int r;

	*ret = 0;
	if (offset >= (uint64_t)import->row.bytes)
		return 0;
	if (number != import->part_number) {
		import->part_number = 0;
		r = promo_upload_read_kept(import->worker->store, import->job->id, number,
			import->part, &import->part_size);
		if (r)
			return r;
		import->part_number = number;
	}
	if (at >= import->part_size)
		return promo_fault(-EIO, "the file of an import is not whole");
	count = import->part_size - at;
	*ret = count < size ? count : size;
	memcpy(buffer, import->part + at, *ret);
	return 0;
}

static int open_at(
	struct promo_import *import, int64_t offset, int64_t line, struct promo_csv_reader **ret)
{
	return promo_csv_reader_new(
		&import->dialect, (uint64_t)offset, line, read_file, import, ret);
}

static int read_header(struct promo_import *import)
{
	struct promo_csv_reader *reader;
	const char *code, *why;
	struct promo_csv_row row;
	bool found;
	int r;

	r = open_at(import, (int64_t)import->dialect.start, import->dialect.line, &reader);
	if (r)
		return r;
	r = promo_csv_next(reader, &row, &found);
	if (!r && (!found || row.trouble ||
			  promo_import_header_read(
				  row.fields, row.count, &import->header, &code, &why) != 0))
		r = promo_fault(-EPROTO, "the file of an import has lost its first row");
	if (!r && import->row.position == 0) {
		import->row.position = (int64_t)row.next;
		import->row.line = row.next_line;
	}
	promo_csv_reader_free(reader);
	return r;
}

static int sniff(struct promo_import *import)
{
	char *head = promo_arena_alloc(import->worker->scratch, PROMO_CSV_HEAD_BYTES);
	const char *what;
	size_t size;
	int r;

	if (!head)
		return promo_fault(-ENOMEM, "could not read a file");
	r = read_file(import, 0, head, PROMO_CSV_HEAD_BYTES, &size);
	if (r)
		return r;
	r = promo_csv_sniff(head, size, &import->dialect, &what);
	return r > 0 ? promo_fault(-EPROTO, "the file of an import is %s", what) : r;
}

static int set_target(struct promo_import *import)
{
	const char *why;
	int r;

	r = promo_code_pattern_parse(import->row.code_format, &import->pattern, &why);
	if (r > 0)
		return promo_fault(-EINVAL, "the format of a batch is not valid: %s", why);
	import->target = (struct promo_import_target){
		.pattern = &import->pattern,
		.any_format = import->row.any_format,
		.today = import->row.day,
		.amount = import->row.amount_per_code,
		.currency = import->row.currency,
		.expires_at = import->row.expires_at,
		.expires_on = import->row.expires_on,
		.decimal_comma = import->dialect.separator == ';',
	};
	return r;
}

int promo_import_open(struct promo_import *import, struct promo_job_worker *worker,
	const struct promo_job_work_row *job, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int r;

	*import = (struct promo_import){ .worker = worker, .job = job };
	promo_arena_clear(worker->scratch);
	import->part = promo_arena_alloc(worker->scratch, PROMO_JOB_FILE_PART_MAX);
	if (!import->part)
		return promo_fault(-ENOMEM, "could not go on with an import");
	promo_param_text(&params, job->id);
	r = promo_store_find(worker->store, worker->arena, PROMO_Q_IMPORT_READ, &params,
		&import->row, ret_found);
	if (r || !*ret_found)
		return r;
	return 0;
}

int promo_import_read_head(struct promo_import *import)
{
	int r = sniff(import);

	if (!r)
		r = set_target(import);
	return r ? r : read_header(import);
}

/*
 * The rows of a chunk.
 */

static enum promo_import_reason trouble_reason(enum promo_csv_trouble trouble)
{
	switch (trouble) {
	case PROMO_CSV_FINE:
		return PROMO_IMPORT_FINE;
	case PROMO_CSV_STRAY_QUOTE:
		return PROMO_IMPORT_ROW_MALFORMED;
	case PROMO_CSV_OPEN_QUOTE:
		return PROMO_IMPORT_ROW_OPEN;
	case PROMO_CSV_TOO_LONG:
		return PROMO_IMPORT_ROW_TOO_LONG;
	case PROMO_CSV_BINARY:
		break;
	}
	return PROMO_IMPORT_ROW_BINARY;
}

/* What spreadsheets leave behind the last row: cells with nothing in them. */
static bool is_empty(const struct promo_csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (*row->fields[i])
			return false;
	return !row->trouble;
}

static struct promo_import_day *place_of(struct promo_import *import, const char *day)
{
	const int month = (day[5] - '0') * 10 + day[6] - '0';
	const int number = (day[8] - '0') * 10 + day[9] - '0';

	return &import->days[((month - 1) * 31 + number - 1) % PROMO_IMPORT_DAYS];
}

/* The end of a day that is not the batch's last, in the shop's zone. */
static int find_day_end(struct promo_import *import, struct promo_import_code *code)
{
	struct promo_import_day *day = place_of(import, code->expires_on);
	struct promo_params params = PROMO_PARAMS(import->worker->scratch);
	struct promo_day_range_row range;
	int r;

	if (strcmp(day->day, code->expires_on) != 0) {
		promo_param_text(&params, code->expires_on);
		promo_param_text(&params, code->expires_on);
		promo_param_text(&params, import->row.zone);
		r = promo_store_one(import->worker->store, import->worker->scratch,
			PROMO_Q_DAY_RANGE, &params, &range);
		if (r)
			return r;
		memcpy(day->day, code->expires_on, sizeof(day->day));
		day->ends_at = range.ends_at;
	}
	code->expires_at = day->ends_at;
	return 0;
}

static void reject(struct promo_import *import, int64_t line, enum promo_import_reason reason)
{
	import->rejects[import->reject_count++] =
		(struct promo_import_reject){ .line = line, .reason = reason };
}

static int take_row(struct promo_import *import, const struct promo_csv_row *row)
{
	struct promo_import_item *item = &import->items[import->count];
	enum promo_import_reason reason = trouble_reason(row->trouble);
	int r = 0;

	import->rows++;
	if (!reason)
		reason = promo_import_row(
			&import->header, row->fields, row->count, &import->target, &item->code);
	if (reason) {
		reject(import, row->line, reason);
		return 0;
	}
	item->line = row->line;
	item->reason = PROMO_IMPORT_FINE;
	if (item->code.expires_on[0])
		r = find_day_end(import, &item->code);
	import->count++;
	return r;
}

int promo_import_read(struct promo_import *import)
{
	struct promo_arena *arena = import->worker->scratch;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found = true;
	int r;

	import->items = promo_arena_alloc_array(arena, PROMO_IMPORT_CHUNK, sizeof(*import->items));
	import->rejects =
		promo_arena_alloc_array(arena, PROMO_IMPORT_CHUNK, sizeof(*import->rejects));
	if (!import->items || !import->rejects)
		return promo_fault(-ENOMEM, "could not read rows");
	import->next = import->row.position;
	import->next_line = import->row.line;
	r = open_at(import, import->next, import->next_line, &reader);
	if (r)
		return r;
	while (!r && found && import->rows < PROMO_IMPORT_CHUNK &&
		import->next - import->row.position < STEP_BYTES) {
		r = promo_csv_next(reader, &row, &found);
		if (r || !found)
			break;
		if (!is_empty(&row))
			r = take_row(import, &row);
		import->next = (int64_t)row.next;
		import->next_line = row.next_line;
	}
	if (!found)
		import->next = import->row.bytes;
	promo_csv_reader_free(reader);
	return r;
}

void promo_import_sift(struct promo_import *import)
{
	size_t kept = 0;

	for (size_t i = 0; i < import->count; i++) {
		const struct promo_import_item *item = &import->items[i];

		if (item->reason) {
			reject(import, item->line, item->reason);
			import->row.duplicates += promo_import_reason_info(item->reason)->duplicate;
		} else if (kept++ != i) {
			import->items[kept - 1] = *item;
		}
	}
	import->count = kept;
}

/*
 * The file of rejects: what was wrong, and the cells that an import understands, so that the file can be
 * mended and imported again. A cell that its row ended in front of has a mark there, which is refused:
 * an empty one would say that the code is an active one.
 */

void promo_import_rejects_header(struct promo_buffer *out)
{
	static const char *const names[] = { "line", "code", "reason", "message", "column",
		"value" };
	struct promo_csv csv = { .out = out };

	for (size_t i = 0; i < PROMO_COUNT(names); i++)
		promo_csv_value(&csv, names[i]);
	for (int i = PROMO_IMPORT_CODE + 1; i < PROMO_IMPORT_COLUMNS; i++)
		promo_csv_value(&csv, promo_import_column_name((enum promo_import_column)i));
	promo_csv_row_end(&csv);
}

/* As text of a bearable length, whatever it was. */
static void put_cell(struct promo_csv *csv, const char *text)
{
	char shown[SHOWN_BYTES + 1];
	size_t length = strnlen(text, SHOWN_BYTES);

	while (length > 0 && length == SHOWN_BYTES && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	memcpy(shown, text, length);
	shown[length] = '\0';
	if (!promo_utf8_valid(shown, length))
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)shown[i] >= 0x80)
				shown[i] = '?';
	promo_csv_text(csv, shown);
}

static const char *cell_of(
	const struct promo_import *import, const struct promo_csv_row *row, int column)
{
	const int at = import->header.at[column];

	return at >= 0 && (size_t)at < row->count ? promo_import_cell(row->fields[at]) : "";
}

static const char *cell_to_mend(
	const struct promo_import *import, const struct promo_csv_row *row, int column)
{
	const bool missing =
		import->header.at[column] >= 0 && (size_t)import->header.at[column] >= row->count;

	return missing ? PROMO_IMPORT_CELL_MISSING : cell_of(import, row, column);
}

static void put_reject(struct promo_import *import, struct promo_csv *csv,
	const struct promo_csv_row *row, enum promo_import_reason reason)
{
	const struct promo_import_reason_info *info = promo_import_reason_info(reason);
	char line[24];

	(void)snprintf(line, sizeof(line), "%lld", (long long)row->line);
	promo_csv_value(csv, line);
	put_cell(csv, cell_of(import, row, PROMO_IMPORT_CODE));
	promo_csv_value(csv, info->wire);
	promo_csv_value(csv, info->sentence);
	promo_csv_value(csv, row->trouble || reason == PROMO_IMPORT_ROW_SHORT
				     ? ""
				     : promo_import_column_name(info->column));
	put_cell(csv, row->trouble ? row->raw : cell_of(import, row, (int)info->column));
	for (int i = PROMO_IMPORT_CODE + 1; i < PROMO_IMPORT_COLUMNS; i++)
		put_cell(csv, cell_to_mend(import, row, i));
	promo_csv_row_end(csv);
}

static int flush_rejects(struct promo_import *import, struct promo_buffer *out)
{
	const char *text;
	int r = promo_buffer_end(out, &text);

	if (r || out->size == 0)
		return r;
	r = promo_job_file_append(import->worker->store, import->job->id, PROMO_JOB_FILE_REJECTS,
		++import->row.reject_parts, text, out->size);
	promo_buffer_clear(out);
	return r;
}

static int by_line(const void *a, const void *b)
{
	const struct promo_import_reject *one = a, *other = b;

	return (one->line > other->line) - (one->line < other->line);
}

/* Reads the chunk once more: the cells of what is not taken were not kept. */
static int write_rejects(
	struct promo_import *import, struct promo_csv_reader *reader, struct promo_buffer *out)
{
	struct promo_csv csv = { .out = out };
	struct promo_csv_row row;
	bool found = true;
	int r = 0;

	for (size_t i = 0; i < import->reject_count;) {
		r = promo_csv_next(reader, &row, &found);
		if (r)
			return r;
		if (!found)
			return promo_fault(-EIO, "the file of an import changed");
		if (row.line != import->rejects[i].line)
			continue;
		put_reject(import, &csv, &row, import->rejects[i].reason);
		i++;
		if (out->size >= PART_BYTES)
			r = flush_rejects(import, out);
		if (r)
			return r;
	}
	return flush_rejects(import, out);
}

int promo_import_keep_rejects(struct promo_import *import)
{
	struct promo_buffer out =
		PROMO_BUFFER(import->worker->scratch, PROMO_JOB_FILE_PART_MAX + 1);
	struct promo_csv_reader *reader;
	int r;

	if (import->reject_count == 0)
		return 0;
	qsort(import->rejects, import->reject_count, sizeof(*import->rejects), by_line);
	if (import->row.reject_parts == 0)
		promo_import_rejects_header(&out);
	r = open_at(import, import->row.position, import->row.line, &reader);
	if (r)
		return r;
	r = write_rejects(import, reader, &out);
	promo_csv_reader_free(reader);
	return r;
}
