/* SPDX-License-Identifier: MIT */
/* Records come out as they were put in, whatever encoding, separator, line end and quotes the file has;
 * reading can begin at every record that was told; one that is none costs its own first line only; what
 * is no text is called by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/csv_read.h"
#include "libpromo/base/error.h"

enum {
	FILE_MAX = 1 << 20,
	ROWS = 400
};

struct file {
	char bytes[FILE_MAX];
	size_t size, step; /* at most so much is read at once; 0: all */
};

static int read_file(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	const struct file *file = context;
	const size_t left = offset < file->size ? file->size - (size_t)offset : 0;

	*ret = left < size ? left : size;
	if (file->step && *ret > file->step)
		*ret = file->step;
	memcpy(buffer, file->bytes + offset, *ret);
	return 0;
}

static struct promo_csv_reader *open_file(struct file *file, struct promo_csv_dialect *dialect)
{
	struct promo_csv_reader *reader;
	const char *what;
	const size_t head = file->size < PROMO_CSV_HEAD_BYTES ? file->size : PROMO_CSV_HEAD_BYTES;

	assert_int_equal(promo_csv_sniff(file->bytes, head, dialect, &what), 0);
	assert_int_equal(promo_csv_reader_new(
				 dialect, dialect->start, dialect->line, read_file, file, &reader),
		0);
	return reader;
}

static void put(struct file *file, enum promo_csv_encoding encoding, const char *text)
{
	for (; *text; text++) {
		assert_true(file->size + 2 < sizeof(file->bytes));
		if (encoding == PROMO_CSV_UTF16BE)
			file->bytes[file->size++] = 0;
		file->bytes[file->size++] = *text;
		if (encoding == PROMO_CSV_UTF16LE)
			file->bytes[file->size++] = 0;
	}
}

static void put_mark(struct file *file, int encoding, bool marked)
{
	static const char *const marks[] = { [PROMO_CSV_UTF8] = "\xef\xbb\xbf",
		[PROMO_CSV_UTF16LE] = "\xff\xfe",
		[PROMO_CSV_UTF16BE] = "\xfe\xff" };

	file->size = 0;
	if (!marked && encoding == PROMO_CSV_UTF8)
		return;
	file->size = strlen(marks[encoding]);
	memcpy(file->bytes, marks[encoding], file->size);
}

/* Three cells a row; the third holds what has to be quoted. */
static void third_cell(int i, char ret[64])
{
	static const char *const cells[] = { "plain", "", "with \"quotes\"", "two\nlines",
		"a,b;c\td", "cr\r\nlf" };

	(void)snprintf(ret, 64, "%s", cells[i % 6]);
}

static void put_row(
	struct file *file, enum promo_csv_encoding encoding, char separator, const char *end, int i)
{
	char cell[64], row[200], *at = row;

	third_cell(i, cell);
	at += snprintf(row, sizeof(row), i % 2 ? "code-%d%c \"%d\" %c\"" : "\"code-%d\"%c%d%c\"", i,
		separator, i * 7, separator);
	for (const char *c = cell; *c; c++) {
		if (*c == '"')
			*at++ = '"';
		*at++ = *c;
	}
	(void)snprintf(at, 8, "\"%s", end);
	put(file, encoding, row);
}

static void assert_row(const struct promo_csv_row *row, int i)
{
	char code[32], number[32], cell[64];

	(void)snprintf(code, sizeof(code), "code-%d", i);
	(void)snprintf(number, sizeof(number), "%d", i * 7);
	third_cell(i, cell);
	assert_int_equal(row->trouble, PROMO_CSV_FINE);
	assert_int_equal(row->count, 3);
	assert_string_equal(row->fields[0], code);
	assert_string_equal(row->fields[1], number);
	assert_string_equal(row->fields[2], cell);
}

static void assert_rows(struct file *file)
{
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader = open_file(file, &dialect), *other;
	struct promo_csv_row row, again;
	uint64_t at = dialect.start;
	int64_t line = dialect.line;
	bool found;

	for (int i = 0; i < ROWS; i++) {
		assert_int_equal(promo_csv_next(reader, &row, &found), 0);
		assert_true(found);
		assert_row(&row, i);
		assert_int_equal(row.line, line);
		if (i % 37 == 0) {
			assert_int_equal(
				promo_csv_reader_new(&dialect, at, line, read_file, file, &other),
				0);
			assert_int_equal(promo_csv_next(other, &again, &found), 0);
			assert_row(&again, i);
			assert_int_equal(again.next, row.next);
			promo_csv_reader_free(other);
		}
		at = row.next;
		line = row.next_line;
	}
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_false(found);
	promo_csv_reader_free(reader);
}

static void test_dialects(void **state)
{
	static const char *const ends[] = { "\r\n", "\n", "\r" };
	struct file *file = *state;

	for (int encoding = PROMO_CSV_UTF8; encoding <= PROMO_CSV_UTF16BE; encoding++)
		for (size_t s = 0; s < 3; s++)
			for (size_t e = 0; e < PROMO_COUNT(ends); e++) {
				put_mark(file, encoding, s == 1);
				if (s == 2 && e == 0)
					put(file, (enum promo_csv_encoding)encoding, "sep=\t\r\n");
				for (int i = 0; i < ROWS; i++)
					put_row(file, (enum promo_csv_encoding)encoding, ",;\t"[s],
						ends[e], i);
				file->step = (s + e) % 2 ? 0 : 101;
				assert_rows(file);
			}
}

static void test_troubles(void **state)
{
	static const char text[] = "code,x\n"
				   "good,1\n"
				   "ba\"d,2\n"
				   "good,3\n"
				   "\"open,4\n"
				   "good,5\n"
				   "\n"
				   "good,6";
	static const struct {
		int64_t line;
		enum promo_csv_trouble trouble;
	} expected[] = { { 1, PROMO_CSV_FINE }, { 2, PROMO_CSV_FINE }, { 3, PROMO_CSV_STRAY_QUOTE },
		{ 4, PROMO_CSV_FINE }, { 5, PROMO_CSV_OPEN_QUOTE }, { 6, PROMO_CSV_FINE },
		{ 8, PROMO_CSV_FINE } };
	struct file *file = *state;
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found;

	file->size = file->step = 0;
	put(file, PROMO_CSV_UTF8, text);
	reader = open_file(file, &dialect);
	for (size_t i = 0; i < PROMO_COUNT(expected); i++) {
		assert_int_equal(promo_csv_next(reader, &row, &found), 0);
		assert_true(found);
		assert_int_equal(row.line, expected[i].line);
		assert_int_equal(row.trouble, expected[i].trouble);
	}
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_false(found);
	promo_csv_reader_free(reader);
}

/* A quote without an end takes no more memory than one record may, and no other row. */
static void test_long(void **state)
{
	struct file *file = *state;
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	int troubles = 0, rows = 0;
	bool found;

	file->size = file->step = 0;
	put(file, PROMO_CSV_UTF8, "code,x\n\"open,1\n");
	while (file->size < 300000)
		put(file, PROMO_CSV_UTF8, "good,2\n");
	reader = open_file(file, &dialect);
	for (;;) {
		assert_int_equal(promo_csv_next(reader, &row, &found), 0);
		if (!found)
			break;
		troubles += row.trouble == PROMO_CSV_TOO_LONG;
		rows += row.trouble == PROMO_CSV_FINE;
	}
	assert_int_equal(troubles, 1);
	assert_int_equal(rows, 1 + (int)((file->size - 15 + 6) / 7));
	promo_csv_reader_free(reader);
}

/* A line that is too long is one row that is none, whatever its end would be by itself. */
static void test_endless_line(void **state)
{
	struct file *file = *state;
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found;

	file->size = file->step = 0;
	put(file, PROMO_CSV_UTF8, "code\n");
	while (file->size < 700000)
		put(file, PROMO_CSV_UTF8, "long,");
	put(file, PROMO_CSV_UTF8, "tail\nlast\n");
	reader = open_file(file, &dialect);
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_true(found);
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_int_equal(row.trouble, PROMO_CSV_TOO_LONG);
	assert_int_equal(row.line, 2);
	assert_int_equal(row.next, file->size - strlen("last\n"));
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_int_equal(row.trouble, PROMO_CSV_FINE);
	assert_int_equal(row.line, 3);
	assert_string_equal(row.fields[0], "last");
	promo_csv_reader_free(reader);
}

static void put_blanks(struct file *file, const char *then)
{
	const size_t blanks = 3 * PROMO_CSV_RECORD_BYTES;

	memset(file->bytes + file->size, ' ', blanks);
	file->size += blanks;
	put(file, PROMO_CSV_UTF8, then);
}

/* A row that begins behind more blanks than a record may have is none, and is shown by what stands there,
 * however the file is read; a line of nothing else is passed over. */
static void test_blank_beginning(void **state)
{
	static const char *const shown[] = { "code", "LATE", "NEXT", "LAST", "END" };
	static const size_t steps[] = { 0, 1000, 64 * 1024, PROMO_CSV_RECORD_BYTES + 1 };
	struct file *file = *state;
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found;

	file->size = 0;
	put(file, PROMO_CSV_UTF8, "code\n");
	put_blanks(file, "LATE\nNEXT\n");
	put_blanks(file, "\n");
	put_blanks(file, "LAST\nEND");
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		size_t at = 0;

		file->step = steps[i];
		reader = open_file(file, &dialect);
		for (;;) {
			assert_int_equal(promo_csv_next(reader, &row, &found), 0);
			if (!found)
				break;
			if (!row.trouble && row.count == 0)
				continue;
			assert_in_range(at, 0, 4);
			assert_int_equal(row.trouble,
				at == 1 || at == 3 ? PROMO_CSV_TOO_LONG : PROMO_CSV_FINE);
			assert_string_equal(row.trouble ? row.raw : row.fields[0], shown[at]);
			at++;
		}
		assert_int_equal(at, 5);
		promo_csv_reader_free(reader);
	}
	file->step = 0;
}

static void test_no_text(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *what;
	} cases[] = {
		{ "PK\x03\x04....xl/workbook", 19, "an Excel workbook (xlsx)" },
		{ "PK\x03\x04", 4, "a zip archive" },
		{ "\xd0\xcf\x11\xe0", 4, "an old Excel workbook or Word document (xls, doc)" },
		{ "%PDF-1.4", 8, "a PDF document" },
		{ " \n<!DOCTYPE html>", 17, "a web page (HTML)" },
		{ "[{\"code\":1}]", 12, "JSON" },
		{ "c\0o\0d\0e\0", 8, "binary, or UTF-16 without the mark that says so" },
	};
	struct promo_csv_dialect dialect;
	const char *what;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(promo_csv_sniff(cases[i].bytes, cases[i].size, &dialect, &what),
			PROMO_E_INVALID_INPUT);
		assert_string_equal(what, cases[i].what);
	}
	assert_int_equal(promo_csv_sniff("", 0, &dialect, &what), 0);
}

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct file));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_troubles),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_blank_beginning),
		cmocka_unit_test(test_no_text),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
