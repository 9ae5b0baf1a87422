/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Reads CSV as people have it: RFC 4180 with a comma, a semicolon or a tab, lines that end in CR LF,
 * LF or CR, UTF-8 with or without a mark, UTF-16 with one. Takes the same memory however long the
 * file is, and can begin at any record whose offset it told before. A record that is none is told as
 * such, and reading goes on behind its first line, so that one stray quote does not swallow the rest.
 * The only home of libcsv, which takes the records apart.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_CSV_HEAD_BYTES = 64 * 1024,   /* what promo_csv_sniff() wants to see, at most */
	PROMO_CSV_RECORD_BYTES = 64 * 1024, /* more in one record is a quote without an end */
	PROMO_CSV_FIELDS_MAX = 256,         /* of one record */
};

enum promo_csv_encoding {
	PROMO_CSV_UTF8 = 1,
	PROMO_CSV_UTF16LE,
	PROMO_CSV_UTF16BE,
};

struct promo_csv_dialect {
	enum promo_csv_encoding encoding;
	char separator;
	uint64_t start; /* of the first record: behind the mark, and a line "sep=;" */
	int64_t line;   /* its number, from 1 */
};

/* Looks at the beginning of a file: all of it, or PROMO_CSV_HEAD_BYTES. PROMO_E_INVALID_INPUT where it
 * is no text: *reterr_what names what it is ("an Excel workbook (xlsx)"). */
int promo_csv_sniff(const void *head, size_t size, struct promo_csv_dialect *ret,
	const char **reterr_what) PROMO_CHECK;

/* Up to `size` bytes at `offset` of the file; *ret is 0 only at its end. */
typedef int promo_csv_read_fn(
	void *context, uint64_t offset, void *buffer, size_t size, size_t *ret);

enum promo_csv_trouble {
	PROMO_CSV_FINE = 0,
	PROMO_CSV_STRAY_QUOTE, /* a quote where none may stand */
	PROMO_CSV_OPEN_QUOTE,  /* a quoted field without an end */
	PROMO_CSV_TOO_LONG,    /* or too many fields */
	PROMO_CSV_BINARY,      /* a NUL */
};

struct promo_csv_row {
	size_t count;              /* of fields; 0 with trouble, and among blank lines */
	const char *const *fields; /* until the next call; UTF-8 if the file's text is */
	enum promo_csv_trouble trouble;
	const char *raw; /* with trouble: its first line, cut to what can be shown */
	int64_t line;    /* on which it begins */
	uint64_t next;   /* offset and line at which to begin for what follows it */
	int64_t next_line;
};

struct promo_csv_reader;

/* From the record at `offset`, on line `line`. */
int promo_csv_reader_new(const struct promo_csv_dialect *dialect, uint64_t offset, int64_t line,
	promo_csv_read_fn *read, void *context, struct promo_csv_reader **ret) PROMO_CHECK;
void promo_csv_reader_free(struct promo_csv_reader *reader); /* NULL is fine */

/* The next record that is not blank; *ret_found is false at the end. Among 64 KiB of nothing but blank
 * lines it gives one without a field and without trouble, so that nobody waits for their end. What
 * read() returns other than 0 is handed on. */
int promo_csv_next(
	struct promo_csv_reader *reader, struct promo_csv_row *ret, bool *ret_found) PROMO_CHECK;

PROMO_END_DECLS
