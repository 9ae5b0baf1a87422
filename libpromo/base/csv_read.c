/* SPDX-License-Identifier: MIT */
#include "libpromo/base/csv_read.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"

/*
 * libcsv is handed one line at a time, so that it is known exactly where a record ends: where the line
 * that was handed over last ends. A record that goes on on the next line is one inside quotes.
 */

enum {
	BLOCK_BYTES = 128 * 1024, /* of the file, at once */
	/* A record, the beginning of the next one, and a block that grew by half when it was
	 * converted. */
	TEXT_BYTES = 2 * PROMO_CSV_RECORD_BYTES + 2 * BLOCK_BYTES,
	OPTIONS = CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL,
	RAW_BYTES = 200,
	REPLACEMENT = 0xfffd,
	CHARACTER_BYTES = 4, /* at most, in each of the encodings */
};

struct promo_csv_reader {
	struct csv_parser parser;
	bool parser_open;
	enum promo_csv_encoding encoding;
	unsigned char separator;
	promo_csv_read_fn *read;
	void *context;
	/* What was read and converted: [at, end) is still to be looked at. */
	char *text;
	size_t at, end;
	uint64_t offset; /* in the file, of text[at] */
	uint64_t loaded; /* in the file, behind text[end] */
	int64_t line;
	bool at_end;
	unsigned char *block;
	/* The record: fields one behind the other, each with a NUL. */
	char *record;
	size_t record_size, starts[PROMO_CSV_FIELDS_MAX], count;
	const char *fields[PROMO_CSV_FIELDS_MAX];
	bool whole, overflow;
	char raw[RAW_BYTES + 1];
};

static int open_parser(struct promo_csv_reader *reader)
{
	if (reader->parser_open)
		csv_free(&reader->parser);
	reader->parser_open = csv_init(&reader->parser, OPTIONS) == 0;
	if (!reader->parser_open)
		return promo_fault(-ENOMEM, "could not read CSV");
	csv_set_delim(&reader->parser, reader->separator);
	return 0;
}

int promo_csv_reader_new(const struct promo_csv_dialect *dialect, uint64_t offset, int64_t line,
	promo_csv_read_fn *read, void *context, struct promo_csv_reader **ret)
{
	struct promo_csv_reader *reader = calloc(1, sizeof(*reader));
	int r;

	if (!reader)
		return promo_fault(-ENOMEM, "could not read CSV");
	reader->encoding = dialect->encoding;
	reader->separator = (unsigned char)dialect->separator;
	reader->read = read;
	reader->context = context;
	reader->offset = reader->loaded = offset;
	reader->line = line;
	reader->text = malloc(TEXT_BYTES);
	reader->block = malloc(BLOCK_BYTES);
	reader->record = malloc(PROMO_CSV_RECORD_BYTES + PROMO_CSV_FIELDS_MAX + 1);
	r = reader->text && reader->block && reader->record
		    ? open_parser(reader)
		    : promo_fault(-ENOMEM, "could not read CSV");
	if (r) {
		promo_csv_reader_free(reader);
		return r;
	}
	*ret = reader;
	return 0;
}

void promo_csv_reader_free(struct promo_csv_reader *reader)
{
	if (!reader)
		return;
	if (reader->parser_open)
		csv_free(&reader->parser);
	free(reader->text);
	free(reader->block);
	free(reader->record);
	free(reader);
}

/*
 * Text.
 */

static size_t put_utf8(char *to, uint32_t character)
{
	if (character < 0x80) {
		to[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		to[0] = (char)(0xc0 | character >> 6);
		to[1] = (char)(0x80 | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		to[0] = (char)(0xe0 | character >> 12);
		to[1] = (char)(0x80 | (character >> 6 & 0x3f));
		to[2] = (char)(0x80 | (character & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | character >> 18);
	to[1] = (char)(0x80 | (character >> 12 & 0x3f));
	to[2] = (char)(0x80 | (character >> 6 & 0x3f));
	to[3] = (char)(0x80 | (character & 0x3f));
	return 4;
}

static uint32_t unit_at(const struct promo_csv_reader *reader, size_t i)
{
	const unsigned char *at = reader->block + i;

	return reader->encoding == PROMO_CSV_UTF16LE ? (uint32_t)(at[0] | at[1] << 8)
						     : (uint32_t)(at[1] | at[0] << 8);
}

/* Converts a block of UTF-16; what half a character is stays for the next one. Returns how much of it
 * was taken. A surrogate without its other half is replaced, and still has two bytes in the file. */
static size_t convert(struct promo_csv_reader *reader, size_t size, bool last)
{
	size_t i = 0;

	while (i + 1 < size) {
		uint32_t unit = unit_at(reader, i);
		uint32_t other;

		i += 2;
		if (unit >= 0xd800 && unit < 0xdc00) {
			if (i + 1 >= size && !last) {
				i -= 2;
				break;
			}
			other = i + 1 < size ? unit_at(reader, i) : 0;
			if (other >= 0xdc00 && other < 0xe000) {
				unit = 0x10000 + ((unit - 0xd800) << 10) + (other - 0xdc00);
				i += 2;
			} else {
				unit = REPLACEMENT;
			}
		} else if (unit >= 0xdc00 && unit < 0xe000) {
			unit = REPLACEMENT;
		}
		reader->end += put_utf8(reader->text + reader->end, unit);
	}
	return i;
}

/* How many bytes of the file a piece of text is. */
static uint64_t length_in_file(const struct promo_csv_reader *reader, const char *text, size_t size)
{
	uint64_t length = 0;

	if (reader->encoding == PROMO_CSV_UTF8)
		return size;
	for (size_t i = 0; i < size; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c >= 0xf0)
			length += 4;
		else if (c < 0x80 || c >= 0xc0)
			length += 2;
	}
	return length;
}

/* Reads on behind what is there. What was looked at makes room. */
static int load(struct promo_csv_reader *reader)
{
	size_t size = 0, more, taken;
	int r;

	memmove(reader->text, reader->text + reader->at, reader->end - reader->at);
	reader->end -= reader->at;
	reader->at = 0;
	/* So much that whatever the file has there, it is a whole character, or the file's end. */
	do {
		r = reader->read(reader->context, reader->loaded + size, reader->block + size,
			BLOCK_BYTES - size, &more);
		if (r)
			return r;
		size += more;
	} while (more > 0 && size < CHARACTER_BYTES);
	if (reader->encoding == PROMO_CSV_UTF8) {
		memcpy(reader->text + reader->end, reader->block, size);
		reader->end += size;
		taken = size;
	} else {
		taken = convert(reader, size, /* last= */ more == 0);
	}
	reader->loaded += taken;
	reader->at_end = taken == 0;
	return 0;
}

/* The length of the line that begins `from` behind `at`, with its end. */
static int find_line(struct promo_csv_reader *reader, size_t from, size_t *ret)
{
	size_t seen = from;
	int r;

	for (;;) {
		const size_t there = reader->end - reader->at;
		const char *text = reader->text + reader->at;

		for (; seen < there; seen++) {
			if (text[seen] == '\n') {
				*ret = seen + 1 - from;
				return 0;
			}
			if (text[seen] != '\r')
				continue;
			/* Whether a line feed follows has to be known. */
			if (seen + 1 == there && !reader->at_end)
				break;
			*ret = seen + 1 - from + (seen + 1 < there && text[seen + 1] == '\n');
			return 0;
		}
		if (reader->at_end || there - from > PROMO_CSV_RECORD_BYTES) {
			*ret = there - from;
			return 0;
		}
		r = load(reader);
		if (r)
			return r;
	}
}

/*
 * Records.
 */

static void take_field(void *bytes, size_t size, void *context)
{
	struct promo_csv_reader *reader = context;

	if (reader->count == PROMO_CSV_FIELDS_MAX ||
		reader->record_size + size > PROMO_CSV_RECORD_BYTES) {
		reader->overflow = true;
		return;
	}
	reader->starts[reader->count++] = reader->record_size;
	if (size > 0)
		memcpy(reader->record + reader->record_size, bytes, size);
	reader->record[reader->record_size + size] = '\0';
	reader->record_size += size + 1;
}

static void take_row(int end, void *context)
{
	struct promo_csv_reader *reader = context;

	(void)end;
	reader->whole = true;
}

static void start_record(struct promo_csv_reader *reader)
{
	reader->count = reader->record_size = 0;
	reader->whole = reader->overflow = false;
}

static int64_t count_lines(const char *text, size_t size)
{
	int64_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n' ||
			 (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n'));
	return count;
}

/* Goes on `size` bytes of text further. */
static void move_on(struct promo_csv_reader *reader, size_t size)
{
	const char *text = reader->text + reader->at;

	reader->offset += length_in_file(reader, text, size);
	reader->line += count_lines(text, size);
	reader->at += size;
}

/* Whether a piece of text has the end of its line, or is the last of the file. */
static bool ends_line(const struct promo_csv_reader *reader, size_t size)
{
	const char last = reader->text[reader->at + size - 1];

	return last == '\n' || last == '\r' || (reader->at_end && reader->at + size == reader->end);
}

/* Goes on behind a line, all of it, of which `piece` is there; what is left of an endless one is no row. */
static int pass_line(struct promo_csv_reader *reader, size_t piece)
{
	bool whole = ends_line(reader, piece);
	int r = 0;

	move_on(reader, piece);
	while (!r && !whole) {
		r = find_line(reader, 0, &piece);
		whole = r || piece == 0 || ends_line(reader, piece);
		if (!r)
			move_on(reader, piece);
	}
	return r;
}

/* A record that is none: only its first line is given up. */
static int give_up(struct promo_csv_reader *reader, size_t first_line,
	enum promo_csv_trouble trouble, struct promo_csv_row *ret)
{
	const char *line = reader->text + reader->at;
	size_t begin = 0, length = 0;
	int r;

	/* Of a long row that is blank at first, what is not. */
	while (begin < first_line && memchr(" \t", line[begin], 2))
		begin++;
	for (size_t i = begin; i < first_line && length < RAW_BYTES; i++) {
		const char c = line[i];

		if (c == '\r' || c == '\n')
			break;
		reader->raw[length++] = c ? c : '?';
	}
	reader->raw[length] = '\0';
	*ret = (struct promo_csv_row){
		.trouble = trouble, .raw = reader->raw, .line = reader->line
	};
	r = pass_line(reader, first_line);
	if (r)
		return r;
	ret->next = reader->offset;
	ret->next_line = reader->line;
	return open_parser(reader);
}

static int deliver(struct promo_csv_reader *reader, size_t size, struct promo_csv_row *ret)
{
	for (size_t i = 0; i < reader->count; i++)
		reader->fields[i] = reader->record + reader->starts[i];
	*ret = (struct promo_csv_row){
		.count = reader->count, .fields = reader->fields, .line = reader->line
	};
	move_on(reader, size);
	ret->next = reader->offset;
	ret->next_line = reader->line;
	return 0;
}

static enum promo_csv_trouble feed(struct promo_csv_reader *reader, const char *text, size_t size)
{
	if (memchr(text, '\0', size))
		return PROMO_CSV_BINARY;
	if (csv_parse(&reader->parser, text, size, take_field, take_row, reader) != size)
		return PROMO_CSV_STRAY_QUOTE;
	return reader->overflow ? PROMO_CSV_TOO_LONG : PROMO_CSV_FINE;
}

/* The file has ended in the middle of a record, unless there was nothing. */
static enum promo_csv_trouble feed_end(struct promo_csv_reader *reader)
{
	if (csv_fini(&reader->parser, take_field, take_row, reader) != 0)
		return PROMO_CSV_OPEN_QUOTE;
	return reader->overflow ? PROMO_CSV_TOO_LONG : PROMO_CSV_FINE;
}

/* Nothing but blanks; tabs are cells where they separate them. */
static bool is_blank(const struct promo_csv_reader *reader, size_t size)
{
	const char *text = reader->text + reader->at;

	for (size_t i = 0; i < size; i++)
		if (!memchr(" \t\r\n", text[i], 4) ||
			(text[i] == '\t' && reader->separator == '\t'))
			return false;
	return true;
}

int promo_csv_next(struct promo_csv_reader *reader, struct promo_csv_row *ret, bool *ret_found)
{
	size_t size = 0, first_line = 0, blank = 0, line;
	bool inside = false; /* a line that is longer than a record, and was blank so far */
	enum promo_csv_trouble trouble;
	int r;

	start_record(reader);
	for (;;) {
		r = find_line(reader, size, &line);
		if (r)
			return r;
		if (size == 0 && line > 0 && is_blank(reader, line)) {
			inside = !ends_line(reader, line);
			blank += line;
			if (blank >= PROMO_CSV_RECORD_BYTES && !inside)
				break;
			move_on(reader, line);
			continue;
		}
		*ret_found = size + line > 0;
		if (!*ret_found)
			return 0;
		if (inside)
			return give_up(reader, line, PROMO_CSV_TOO_LONG, ret);
		if (first_line == 0)
			first_line = line;
		trouble = line > 0 ? feed(reader, reader->text + reader->at + size, line)
				   : feed_end(reader);
		size += line;
		/* The last line may have no end of its own. */
		if (!trouble && !reader->whole && line > 0 && reader->at_end &&
			reader->at + size == reader->end)
			trouble = feed_end(reader);
		if (!trouble && !reader->whole && line == 0)
			trouble = PROMO_CSV_OPEN_QUOTE;
		if (!trouble && size > PROMO_CSV_RECORD_BYTES)
			trouble = PROMO_CSV_TOO_LONG;
		if (trouble)
			return give_up(reader, first_line, trouble, ret);
		if (reader->whole)
			return deliver(reader, size, ret);
	}
	*ret_found = true;
	return deliver(reader, line, ret);
}
