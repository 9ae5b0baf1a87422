/* SPDX-License-Identifier: MIT */
#include "promo-tui/scanner.h"

#include <assert.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"

enum {
	STANDARD_CODE_LENGTH = 16
};

int tui_scanner_init(struct tui_scanner *scanner, const char *prefix, const char *suffix)
{
	prefix = prefix ? prefix : "";
	suffix = suffix ? suffix : "";
	if (strlen(prefix) >= TUI_SCAN_AFFIX_SIZE || strlen(suffix) >= TUI_SCAN_AFFIX_SIZE)
		return PROMO_E_INVALID_INPUT;
	*scanner = (struct tui_scanner){ 0 };
	memcpy(scanner->prefix, prefix, strlen(prefix));
	memcpy(scanner->suffix, suffix, strlen(suffix));
	return 0;
}

static struct tui_scanned begin(struct tui_scanner *scanner)
{
	scanner->typed_size = 0;
	scanner->typed[0] = '\0';
	return (struct tui_scanned){ .typed = scanner->typed };
}

static void hand_on(struct tui_scanner *scanner, const char *bytes, size_t size)
{
	assert(scanner->typed_size + size < sizeof(scanner->typed));
	memcpy(scanner->typed + scanner->typed_size, bytes, size);
	scanner->typed_size += size;
	scanner->typed[scanner->typed_size] = '\0';
}

static void forget_burst(struct tui_scanner *scanner)
{
	scanner->size = scanner->shown = 0;
	scanner->characters = 0;
	scanner->too_long = false;
}

/* The burst was typing. */
static void release(struct tui_scanner *scanner)
{
	hand_on(scanner, scanner->burst + scanner->shown, scanner->size - scanner->shown);
	forget_burst(scanner);
	scanner->guarded = false;
}

/* Cuts prefix and suffix off; false if the text does not have them or nothing is left. */
static bool cut_affixes(const struct tui_scanner *scanner, char *text)
{
	size_t prefix = strlen(scanner->prefix), suffix = strlen(scanner->suffix);
	size_t length = strlen(text);

	if (length <= prefix + suffix || memcmp(text, scanner->prefix, prefix) != 0 ||
		memcmp(text + length - suffix, scanner->suffix, suffix) != 0)
		return false;
	memmove(text, text + prefix, length - prefix - suffix);
	text[length - prefix - suffix] = '\0';
	return true;
}

/* text without its affixes is a scan; NULL where it is the one that was scanned just before. */
static const char *take_scan(struct tui_scanner *scanner, const char *text, int64_t at_ms)
{
	bool again = scanner->has_code && at_ms - scanner->code_ms < TUI_SCAN_SAME_MS &&
		     strcmp(scanner->code, text) == 0;

	scanner->has_code = scanner->guarded = true;
	scanner->code_ms = at_ms;
	if (again)
		return NULL;
	memcpy(scanner->code, text, strlen(text) + 1);
	return scanner->code;
}

/* The burst was a scan, if it can have been one. */
static bool end_scan(struct tui_scanner *scanner, int64_t at_ms, struct tui_scanned *ret)
{
	char text[TUI_SCAN_SIZE];

	if (scanner->characters < TUI_SCAN_CHARACTERS_MIN || scanner->too_long)
		return false;
	memcpy(text, scanner->burst, scanner->size);
	text[scanner->size] = '\0';
	if (!cut_affixes(scanner, text))
		return false;
	ret->take_back = scanner->shown > 0;
	ret->code = take_scan(scanner, text, at_ms);
	forget_burst(scanner);
	return true;
}

static bool is_over(const struct tui_scanner *scanner, int64_t now_ms)
{
	return scanner->characters > 0 && now_ms - scanner->last_ms >= TUI_SCAN_GAP_MS;
}

/* A burst that a pause ended is a scan only if the scanner's suffix says so. */
static void end_by_pause(struct tui_scanner *scanner, struct tui_scanned *ret)
{
	if (!*scanner->suffix || !end_scan(scanner, scanner->last_ms, ret))
		release(scanner);
}

struct tui_scanned tui_scanner_text(
	struct tui_scanner *scanner, const char *cluster, bool echo, int64_t at_ms)
{
	struct tui_scanned result = begin(scanner);
	size_t length = strlen(cluster);

	assert(length < TUI_SCAN_SIZE);
	if (is_over(scanner, at_ms))
		end_by_pause(scanner, &result);
	if (scanner->size + length >= TUI_SCAN_SIZE) {
		/* As long as this is a paste without brackets, and typing for us. */
		release(scanner);
		scanner->too_long = true;
	}
	scanner->last_ms = at_ms;
	scanner->characters++;
	if (scanner->too_long) {
		hand_on(scanner, cluster, length);
		return result;
	}
	memcpy(scanner->burst + scanner->size, cluster, length);
	scanner->size += length;
	if (scanner->characters == 1 && echo) {
		hand_on(scanner, cluster, length);
		scanner->shown = length;
	}
	return result;
}

struct tui_scanned tui_scanner_key(struct tui_scanner *scanner, const char *name, int64_t at_ms)
{
	struct tui_scanned result = begin(scanner);
	bool ends = strcmp(name, "enter") == 0 || strcmp(name, "tab") == 0;

	if (is_over(scanner, at_ms)) {
		end_by_pause(scanner, &result);
	} else if (ends && end_scan(scanner, at_ms, &result)) {
		return result;
	}
	if (scanner->characters > 0)
		release(scanner);
	result.key = !ends || !scanner->guarded || at_ms - scanner->code_ms >= TUI_SCAN_GUARD_MS;
	return result;
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r' || c == '\t';
}

/* Without anything that ends it only the shape of our own codes tells a scan. */
static bool has_code_shape(const char *text)
{
	char code[PROMO_CODE_SIZE];

	return promo_code_read(text, code) == 0 && strlen(code) == STANDARD_CODE_LENGTH;
}

struct tui_scanned tui_scanner_paste(struct tui_scanner *scanner, const char *text, int64_t at_ms)
{
	struct tui_scanned result = begin(scanner);
	size_t length = strlen(text), end = length;
	char line[TUI_SCAN_SIZE];

	if (is_over(scanner, at_ms))
		end_by_pause(scanner, &result);
	else if (scanner->characters > 0)
		release(scanner);
	while (end > 0 && is_line_end(text[end - 1]))
		end--;
	result.key = true;
	if (end == 0 || end >= TUI_SCAN_SIZE)
		return result;
	memcpy(line, text, end);
	line[end] = '\0';
	if (strpbrk(line, "\r\n\t") || !cut_affixes(scanner, line))
		return result;
	if (end == length && !*scanner->suffix && !has_code_shape(line))
		return result;
	result.key = false;
	result.code = take_scan(scanner, line, at_ms);
	return result;
}

struct tui_scanned tui_scanner_tick(struct tui_scanner *scanner, int64_t now_ms)
{
	struct tui_scanned result = begin(scanner);

	if (is_over(scanner, now_ms))
		end_by_pause(scanner, &result);
	return result;
}

int64_t tui_scanner_due_ms(const struct tui_scanner *scanner)
{
	return scanner->characters > 0 ? scanner->last_ms + TUI_SCAN_GAP_MS : INT64_MAX;
}
