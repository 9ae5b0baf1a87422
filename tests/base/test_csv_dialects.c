/* SPDX-License-Identifier: MIT */
/* What was written comes back, cell for cell and with its line, whatever was drawn for the file: encoding
 * and mark, separator, line ends, which cells are quoted, blank lines, and in what pieces it is read. A
 * failure names its seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/csv_read.h"
#include "tests/lib/seeded.h"

enum {
	FILES = 3000,
	ROWS_MAX = 40,
	CELLS_MAX = 6,
	CELL_MAX = 80,
	FILE_MAX = 1 << 20,
};

struct table {
	size_t rows, columns;
	char cells[ROWS_MAX][CELLS_MAX][CELL_MAX];
	int64_t lines[ROWS_MAX]; /* on which each begins */
};

struct file {
	unsigned char bytes[FILE_MAX];
	size_t size;
	enum promo_csv_encoding encoding;
	size_t part; /* read at most up to the end of a part of this size, as parts are kept */
	int64_t line;
};

static struct table table;
static struct file file;

static uint64_t the_seed(void)
{
	const char *given = getenv("PROMO_TEST_SEED");

	return given ? strtoull(given, NULL, 10) : 20261123;
}

/*
 * Writing.
 */

static void put_unit(uint32_t unit)
{
	const unsigned char low = (unsigned char)unit, high = (unsigned char)(unit >> 8);
	const bool little = file.encoding == PROMO_CSV_UTF16LE;

	file.bytes[file.size++] = little ? low : high;
	file.bytes[file.size++] = little ? high : low;
}

/* How many bytes the first character of a UTF-8 text has, and which it is. */
static size_t first_character(const char *text, uint32_t *ret)
{
	const unsigned char *at = (const unsigned char *)text;

	if (at[0] < 0x80) {
		*ret = at[0];
		return 1;
	}
	if (at[0] < 0xe0) {
		*ret = (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
		return 2;
	}
	if (at[0] < 0xf0) {
		*ret = (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
		return 3;
	}
	*ret = (at[0] & 0x07u) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 |
	       (at[3] & 0x3fu);
	return 4;
}

static void put(const char *text)
{
	uint32_t character;

	assert_true(file.size + 2 * strlen(text) + 4 < sizeof(file.bytes));
	if (file.encoding == PROMO_CSV_UTF8) {
		memcpy(file.bytes + file.size, text, strlen(text));
		file.size += strlen(text);
		return;
	}
	while (*text) {
		text += first_character(text, &character);
		if (character >= 0x10000) {
			put_unit(0xd800 + ((character - 0x10000) >> 10));
			put_unit(0xdc00 + ((character - 0x10000) & 0x3ff));
		} else {
			put_unit(character);
		}
	}
}

static int64_t lines_in(const char *text)
{
	int64_t count = 0;

	for (; *text; text++)
		count += *text == '\n' || (*text == '\r' && text[1] != '\n');
	return count;
}

static void put_quoted(const char *cell)
{
	char text[2 * CELL_MAX + 3] = "\"";
	size_t length = 1;

	for (; *cell; cell++) {
		text[length++] = *cell;
		if (*cell == '"')
			text[length++] = '"';
	}
	text[length++] = '"';
	text[length] = '\0';
	put(text);
}

/* What no reader could tell from something else without quotes. */
static bool has_to_be_quoted(const char *cell, bool alone)
{
	const size_t length = strlen(cell);

	return strpbrk(cell, ",;\t\"\r\n") || (length == 0 && alone) ||
	       (length > 0 && (cell[0] == ' ' || cell[length - 1] == ' '));
}

static void put_row(struct seeded *random, size_t row, const char *separator, const char *end)
{
	table.lines[row] = file.line;
	for (size_t i = 0; i < table.columns; i++) {
		const char *cell = table.cells[row][i];

		if (i > 0)
			put(separator);
		file.line += lines_in(cell);
		if (has_to_be_quoted(cell, i == 0) || seeded_below(random, 4) == 0)
			put_quoted(cell);
		else
			put(cell);
	}
	put(end);
	file.line++;
}

/*
 * Drawing.
 */

static void draw_cell(struct seeded *random, char ret[CELL_MAX])
{
	static const char *const pieces[] = { "a", "Z", "7", " ", ",", ";", "\t", "\"", "\"\"",
		"\n", "\r\n", "\r", "é", "Ω", "字", "€", "😀", "𝄞", "=", "'", "#", "sep=" };
	size_t length = 0;

	for (size_t left = seeded_below(random, 12); left > 0; left--) {
		const char *piece = pieces[seeded_below(random, PROMO_COUNT(pieces))];

		memcpy(ret + length, piece, strlen(piece));
		length += strlen(piece);
	}
	ret[length] = '\0';
}

static void draw_table(struct seeded *random)
{
	table.rows = 1 + seeded_below(random, ROWS_MAX);
	table.columns = 2 + seeded_below(random, CELLS_MAX - 1);
	for (size_t i = 0; i < table.columns; i++)
		(void)snprintf(table.cells[0][i], CELL_MAX, "name%zu", i);
	for (size_t row = 1; row < table.rows; row++)
		for (size_t i = 0; i < table.columns; i++)
			draw_cell(random, table.cells[row][i]);
}

static void put_mark(bool always)
{
	static const char marks[][4] = { [PROMO_CSV_UTF8] = "\xef\xbb\xbf",
		[PROMO_CSV_UTF16LE] = "\xff\xfe",
		[PROMO_CSV_UTF16BE] = "\xfe\xff" };
	const char *mark = marks[file.encoding];

	if (!always)
		return;
	memcpy(file.bytes, mark, strlen(mark));
	file.size = strlen(mark);
}

static void draw_file(struct seeded *random)
{
	static const char *const separators[] = { ",", ";", "\t" };
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	const char *separator = separators[seeded_below(random, 3)];
	const char *end = ends[seeded_below(random, 3)];

	file.size = 0;
	file.line = 1;
	file.part = 1 + seeded_below(random, seeded_below(random, 2) ? 16 : 600);
	file.encoding = (enum promo_csv_encoding)(1 + seeded_below(random, 3));
	put_mark(file.encoding != PROMO_CSV_UTF8 || seeded_below(random, 2));
	if (seeded_below(random, 5) == 0) {
		put("sep=");
		put(separator);
		put(end);
		file.line++;
	}
	for (size_t row = 0; row < table.rows; row++) {
		bool last = row + 1 == table.rows && seeded_below(random, 2);

		if (seeded_below(random, 10) == 0) {
			put(end);
			file.line++;
		}
		put_row(random, row, separator, last ? "" : end);
	}
}

/*
 * Reading.
 */

static int read_file(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	const size_t left = offset < file.size ? file.size - (size_t)offset : 0;
	const size_t part = file.part - (size_t)(offset % file.part);

	(void)context;
	*ret = left < size ? left : size;
	if (*ret > part)
		*ret = part;
	memcpy(buffer, file.bytes + offset, *ret);
	return 0;
}

static bool is_row(const struct promo_csv_row *row, size_t number)
{
	if (row->trouble || row->count != table.columns || row->line != table.lines[number])
		return false;
	for (size_t i = 0; i < table.columns; i++)
		if (strcmp(row->fields[i], table.cells[number][i]) != 0)
			return false;
	return true;
}

/* From the record at `offset` to the end; each time now and then by a reader of its own. */
static void assert_reads(
	struct seeded *random, const struct promo_csv_dialect *dialect, uint64_t seed)
{
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found;

	assert_int_equal(promo_csv_reader_new(
				 dialect, dialect->start, dialect->line, read_file, NULL, &reader),
		0);
	for (size_t i = 0; i < table.rows; i++) {
		assert_int_equal(promo_csv_next(reader, &row, &found), 0);
		if (!found || !is_row(&row, i))
			fail_msg("row %zu of the file of seed %llu is another (trouble %d, line "
				 "%lld, not %lld)",
				i, (unsigned long long)seed, found ? (int)row.trouble : -1,
				(long long)row.line, (long long)table.lines[i]);
		if (seeded_below(random, 4) > 0)
			continue;
		promo_csv_reader_free(reader);
		assert_int_equal(promo_csv_reader_new(dialect, row.next, row.next_line, read_file,
					 NULL, &reader),
			0);
	}
	assert_int_equal(promo_csv_next(reader, &row, &found), 0);
	assert_false(found);
	promo_csv_reader_free(reader);
}

static void test_what_was_written_is_read(void **state)
{
	const uint64_t first = the_seed();

	(void)state;
	for (uint64_t seed = first; seed < first + FILES; seed++) {
		struct seeded random = { .state = seed };
		struct promo_csv_dialect dialect;
		const char *what;

		draw_table(&random);
		draw_file(&random);
		if (promo_csv_sniff(file.bytes, file.size, &dialect, &what) != 0)
			fail_msg("the file of seed %llu is %s", (unsigned long long)seed, what);
		assert_int_equal(dialect.encoding, file.encoding);
		assert_reads(&random, &dialect, seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_written_is_read),
	};

	return cmocka_run_group_tests_name("base/csv_dialects", tests, NULL, NULL);
}
