/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/csv_read.h"
#include "libpromo/base/error.h"

/* What a file is by its first bytes, and how it separates its fields. */

static const struct {
	const char *bytes;
	size_t size;
	const char *what;
} signatures[] = {
	{ "%PDF", 4, "a PDF document" },
	{ "\xd0\xcf\x11\xe0", 4, "an old Excel workbook or Word document (xls, doc)" },
	{ "\x1f\x8b", 2, "a gzip archive" },
	{ "BZh", 3, "a bzip2 archive" },
	{ "\xfd"
	  "7zXZ",
		5, "an xz archive" },
	{ "7z\xbc\xaf", 4, "a 7z archive" },
	{ "Rar!", 4, "a rar archive" },
	{ "\x28\xb5\x2f\xfd", 4, "a zstd archive" },
	{ "\x89PNG", 4, "a PNG image" },
	{ "\xff\xd8\xff", 3, "a JPEG image" },
	{ "GIF8", 4, "a GIF image" },
	{ "{\\rtf", 5, "an RTF document" },
	{ "SQLite format 3", 15, "an SQLite database" },
	{ "\x7f"
	  "ELF",
		4, "a program" },
};

static bool begins(const char *head, size_t size, const char *bytes, size_t length)
{
	return size >= length && memcmp(head, bytes, length) == 0;
}

static bool contains(const char *head, size_t size, const char *text)
{
	return head && memmem(head, size, text, strlen(text));
}

/* What office programs save is a zip archive whose first entries tell what it is. */
static const char *zip_kind(const char *head, size_t size)
{
	if (contains(head, size, "xl/"))
		return "an Excel workbook (xlsx)";
	if (contains(head, size, "opendocument.spreadsheet"))
		return "an OpenDocument spreadsheet (ods)";
	if (contains(head, size, "word/"))
		return "a Word document (docx)";
	return "a zip archive";
}

static const char *markup_kind(const char *head, size_t size)
{
	while (size > 0 && strchr(" \t\r\n", *head) && *head) {
		head++;
		size--;
	}
	if (size >= 5 && (strncasecmp(head, "<html", 5) == 0 || strncasecmp(head, "<!doc", 5) == 0))
		return "a web page (HTML)";
	if (begins(head, size, "<?xml", 5))
		return "XML";
	if (size > 0 && (*head == '{' || *head == '['))
		return "JSON";
	return NULL;
}

static const char *binary_kind(const char *head, size_t size)
{
	for (size_t i = 0; i < PROMO_COUNT(signatures); i++)
		if (begins(head, size, signatures[i].bytes, signatures[i].size))
			return signatures[i].what;
	if (begins(head, size, "PK\x03\x04", 4) || begins(head, size, "PK\x05\x06", 4))
		return zip_kind(head, size);
	return NULL;
}

/* The ASCII of a text in one of the three encodings: enough to see separators. */
static size_t ascii_of(const char *head, size_t size, enum promo_csv_encoding encoding, char *ret)
{
	size_t count = 0;

	if (encoding == PROMO_CSV_UTF8) {
		memcpy(ret, head, size);
		return size;
	}
	for (size_t i = 0; i + 1 < size; i += 2) {
		const char low = head[i + (encoding == PROMO_CSV_UTF16BE)];
		const char high = head[i + (encoding == PROMO_CSV_UTF16LE)];

		ret[count++] = high == 0 && (low & 0x80) == 0 ? low : 'x';
	}
	return count;
}

/* The one of the three that stands most often in the first record; a comma where none does. */
static char find_separator(const char *text, size_t size)
{
	static const char separators[] = ",;\t";
	size_t counts[3] = { 0 };
	bool quoted = false, any = false;
	size_t best = 0;

	for (size_t i = 0; i < size; i++) {
		const char *at;

		if (text[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (text[i] == '\r' || text[i] == '\n') {
			if (any)
				break;
			continue;
		}
		any = true;
		at = text[i] ? strchr(separators, text[i]) : NULL;
		if (at)
			counts[at - separators]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}

/* Excel's own hint, a first line "sep=;": how many characters it has with its end, 0 for none. */
static size_t hint_length(const char *text, size_t size)
{
	if (size < 6 || strncasecmp(text, "sep=", 4) != 0 || !text[4] || !strchr(",;\t", text[4]))
		return 0;
	if (text[5] == '\n')
		return 6;
	if (text[5] != '\r')
		return 0;
	return size > 6 && text[6] == '\n' ? 7 : 6;
}

int promo_csv_sniff(
	const void *head, size_t size, struct promo_csv_dialect *ret, const char **reterr_what)
{
	struct promo_csv_dialect dialect = { .encoding = PROMO_CSV_UTF8, .line = 1 };
	const char *bytes = head;
	const char *what = binary_kind(bytes, size);
	char *text;
	size_t length, hint;

	if (begins(bytes, size, "\xef\xbb\xbf", 3)) {
		dialect.start = 3;
	} else if (begins(bytes, size, "\xff\xfe", 2)) {
		dialect.encoding = PROMO_CSV_UTF16LE;
		dialect.start = 2;
	} else if (begins(bytes, size, "\xfe\xff", 2)) {
		dialect.encoding = PROMO_CSV_UTF16BE;
		dialect.start = 2;
	} else if (!what && memchr(bytes, '\0', size)) {
		what = "binary, or UTF-16 without the mark that says so";
	}
	text = malloc(size + 1);
	if (!text)
		return promo_fault(-ENOMEM, "could not look at a file");
	length = ascii_of(
		bytes + dialect.start, size - (size_t)dialect.start, dialect.encoding, text);
	if (!what)
		what = markup_kind(text, length);
	hint = hint_length(text, length);
	dialect.separator = hint ? text[4] : find_separator(text, length);
	free(text);
	if (what) {
		*reterr_what = what;
		return PROMO_E_INVALID_INPUT;
	}
	if (hint) {
		dialect.start += hint * (dialect.encoding == PROMO_CSV_UTF8 ? 1 : 2);
		dialect.line = 2;
	}
	*ret = dialect;
	return 0;
}
