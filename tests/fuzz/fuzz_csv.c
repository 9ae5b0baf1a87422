/* SPDX-License-Identifier: MIT */
/* Whatever a file is: reading it ends, every record begins behind the one before, no field has a NUL
 * inside, and reading from any record gives what reading from the beginning gave. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/csv_read.h"
#include "libpromo/rules/import.h"
#include "tests/fuzz/fuzz.h"

struct file {
	const uint8_t *bytes;
	size_t size;
};

static int read_file(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	const struct file *file = context;
	const size_t left = offset < file->size ? file->size - (size_t)offset : 0;

	*ret = left < size ? left : size;
	if (*ret > 0)
		memcpy(buffer, file->bytes + offset, *ret);
	return 0;
}

static void look_again(struct file *file, const struct promo_csv_dialect *dialect,
	const struct promo_csv_row *first, uint64_t offset, int64_t line)
{
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found;

	if (promo_csv_reader_new(dialect, offset, line, read_file, file, &reader))
		abort();
	if (promo_csv_next(reader, &row, &found))
		abort();
	assert(found && row.count == first->count && row.next == first->next);
	assert(row.line == first->line && row.trouble == first->trouble);
	promo_csv_reader_free(reader);
}

static void read_cells(const struct promo_csv_row *row)
{
	struct promo_import_header header;
	const char *code, *why;

	for (size_t i = 0; i < row->count; i++)
		assert(strlen(promo_import_cell(row->fields[i])) < PROMO_CSV_RECORD_BYTES);
	if (promo_import_header_read(row->fields, row->count, &header, &code, &why) == 0)
		assert(header.at[PROMO_IMPORT_CODE] >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct file file = { bytes, size };
	struct promo_csv_dialect dialect;
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	const char *what;
	uint64_t offset;
	int64_t line;
	bool found = true;

	if (promo_csv_sniff(bytes, size, &dialect, &what))
		return 0;
	offset = dialect.start;
	line = dialect.line;
	if (promo_csv_reader_new(&dialect, offset, line, read_file, &file, &reader))
		abort();
	for (size_t i = 0; found; i++) {
		if (promo_csv_next(reader, &row, &found))
			abort();
		if (!found)
			break;
		assert(row.next > offset && row.next <= size && row.line >= line);
		assert(row.next_line >= row.line);
		assert((row.count > 0) == (row.trouble == 0) ||
			row.next - offset >= PROMO_CSV_RECORD_BYTES);
		read_cells(&row);
		if (i < 16)
			look_again(&file, &dialect, &row, offset, line);
		offset = row.next;
		line = row.next_line;
	}
	promo_csv_reader_free(reader);
	return 0;
}
