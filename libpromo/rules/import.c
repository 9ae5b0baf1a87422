/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/import.h"

#include <string.h>
#include <strings.h>

#include "libpromo/base/csv.h"
#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/rules/money.h"

enum {
	NAME_SIZE = 32,
	STANDARD_LENGTH = 16,
};

static const char *const column_names[PROMO_IMPORT_COLUMNS] = {
	[PROMO_IMPORT_CODE] = "code",
	[PROMO_IMPORT_BATCH] = "batch",
	[PROMO_IMPORT_AMOUNT] = "amount",
	[PROMO_IMPORT_CURRENCY] = "currency",
	[PROMO_IMPORT_STATUS] = "status",
	[PROMO_IMPORT_CREATED] = "created",
	[PROMO_IMPORT_EXPIRES] = "expires",
	[PROMO_IMPORT_SERIAL] = "serial",
};

/* Other names under which the columns were exported once. */
static const struct {
	const char *name;
	enum promo_import_column column;
} other_names[] = {
	{ "promocode", PROMO_IMPORT_CODE },
	{ "batchname", PROMO_IMPORT_BATCH },
	{ "createddate", PROMO_IMPORT_CREATED },
	{ "createdat", PROMO_IMPORT_CREATED },
	{ "expirationdate", PROMO_IMPORT_EXPIRES },
	{ "expiresat", PROMO_IMPORT_EXPIRES },
};

static const struct promo_import_reason_info reasons[PROMO_IMPORT_REASONS] = {
	[PROMO_IMPORT_ROW_MALFORMED] = { "row_malformed",
		"a quote stands where none may stand; double it inside a quoted cell" },
	[PROMO_IMPORT_ROW_OPEN] = { "row_malformed", "a quoted cell of this row has no end" },
	[PROMO_IMPORT_ROW_TOO_LONG] = { "row_too_long", "the row is longer than 64 KiB or has more "
							"than 256 cells; a quote may be missing" },
	[PROMO_IMPORT_ROW_BINARY] = { "row_malformed", "the row has a NUL, which is no text" },
	[PROMO_IMPORT_ROW_SHORT] = { "row_too_short",
		"the row ends before the last of the columns that count, or has the mark ? of such "
		"a cell; write what belongs there, or leave an empty cell" },
	[PROMO_IMPORT_CODE_MISSING] = { "code_missing", "there is no code in this row" },
	[PROMO_IMPORT_CODE_MALFORMED] = { "code_malformed",
		"a code has 4 to 32 letters A-Z and digits, beside blanks and dashes" },
	[PROMO_IMPORT_CODE_NUMBER] = { "spreadsheet_number",
		"a spreadsheet made a number of this code and its digits are lost; format the "
		"column as text and enter it again" },
	[PROMO_IMPORT_CODE_CELL_ERROR] = { "spreadsheet_error",
		"a spreadsheet put this in the place of the code; enter it again as text" },
	[PROMO_IMPORT_CODE_OTHER_FORMAT] = { "code_other_format",
		"the code has not the form of this batch's codes; any_format takes it all the "
		"same" },
	[PROMO_IMPORT_CODE_DATE] = { "code_date_impossible",
		"the date in the code is no day on which it can have been made; any_format takes "
		"it "
		"all the same" },
	[PROMO_IMPORT_CODE_TWICE] = { "duplicate_in_file",
		"the same code stands in this file before", .duplicate = true },
	[PROMO_IMPORT_CODE_ALIKE] = { "code_reads_alike",
		"a code that reads the same (O as 0, I as 1, B as 8, V as U) stands in this file "
		"before",
		.duplicate = true },
	[PROMO_IMPORT_CODE_EXISTS] = { "code_exists",
		"this code, or one that reads the same, exists already", .duplicate = true },
	[PROMO_IMPORT_AMOUNT_INVALID] = { "amount_invalid",
		"has to be an amount like 500 or 500.00", PROMO_IMPORT_AMOUNT },
	[PROMO_IMPORT_AMOUNT_DIFFERS] = { "amount_differs",
		"is not what a code of this batch is worth", PROMO_IMPORT_AMOUNT },
	[PROMO_IMPORT_CURRENCY_DIFFERS] = { "currency_differs", "is not the currency of this batch",
		PROMO_IMPORT_CURRENCY },
	[PROMO_IMPORT_STATUS_UNKNOWN] = { "status_unknown",
		"has to be active, redeemed, used, blocked or expired", PROMO_IMPORT_STATUS },
	[PROMO_IMPORT_STATUS_REPORTED] = { "status_reported",
		"a reported code belongs to a fraud report and cannot be imported",
		PROMO_IMPORT_STATUS },
	[PROMO_IMPORT_EXPIRES_INVALID] = { "expires_invalid",
		"has to be a date like 2027-06-30, or a time like 2027-06-30T22:00:00Z",
		PROMO_IMPORT_EXPIRES },
	[PROMO_IMPORT_EXPIRES_LATE] = { "expires_after_batch", "is after the end of this batch",
		PROMO_IMPORT_EXPIRES },
};

const char *promo_import_column_name(enum promo_import_column column)
{
	return column_names[column];
}

const struct promo_import_reason_info *promo_import_reason_info(enum promo_import_reason reason)
{
	return &reasons[reason];
}

const char *promo_import_cell(const char *field)
{
	return field[0] == '\'' && promo_csv_is_formula(field + 1) ? field + 1 : field;
}

/*
 * The header.
 */

static void plain_name(const char *field, char ret[NAME_SIZE])
{
	size_t length = 0;

	for (field = promo_import_cell(field); *field && length < NAME_SIZE - 1; field++)
		if (!strchr(" \t-_", *field))
			ret[length++] = *field;
	ret[length] = '\0';
}

static int column_of(const char *field)
{
	char name[NAME_SIZE];

	plain_name(field, name);
	for (int i = 0; i < PROMO_IMPORT_COLUMNS; i++)
		if (strcasecmp(name, column_names[i]) == 0)
			return i;
	for (size_t i = 0; i < PROMO_COUNT(other_names); i++)
		if (strcasecmp(name, other_names[i].name) == 0)
			return (int)other_names[i].column;
	return -1;
}

int promo_import_header_read(const char *const *fields, size_t count,
	struct promo_import_header *ret, const char **reterr_code, const char **reterr_why)
{
	struct promo_import_header header;

	for (int i = 0; i < PROMO_IMPORT_COLUMNS; i++)
		header.at[i] = -1;
	for (size_t i = 0; i < count; i++) {
		const int column = column_of(fields[i]);

		if (column < 0)
			continue;
		if (header.at[column] >= 0) {
			*reterr_code = "column_twice";
			*reterr_why = "has two columns of one name in its first row";
			return PROMO_E_INVALID_INPUT;
		}
		header.at[column] = (int)i;
	}
	if (header.at[PROMO_IMPORT_CODE] < 0) {
		*reterr_code = "no_code_column";
		*reterr_why = "has no column \"code\" in its first row";
		return PROMO_E_INVALID_INPUT;
	}
	*ret = header;
	return 0;
}

/*
 * A row.
 */

/* "" where the file or the row has no such cell. */
static const char *cell(const struct promo_import_header *header, const char *const *fields,
	size_t count, enum promo_import_column column)
{
	const int at = header->at[column];

	return at >= 0 && (size_t)at < count ? promo_import_cell(fields[at]) : "";
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* 1.23457E+15, and with a comma. */
static bool is_spreadsheet_number(const char *text)
{
	size_t length = digits(text);

	if (length == 0)
		return false;
	text += length;
	if (*text == '.' || *text == ',')
		text += 1 + digits(text + 1);
	if (*text != 'E' && *text != 'e')
		return false;
	text++;
	if (*text != '+' && *text != '-')
		return false;
	text++;
	length = digits(text);
	return length > 0 && text[length] == '\0';
}

static bool fits(const struct promo_code_pattern *pattern, const char *literal)
{
	if (strlen(literal) != (size_t)pattern->length)
		return false;
	for (int i = 0; i < pattern->length; i++) {
		const char *cells = pattern->cells[i] == 'X' ? PROMO_CODE_ALPHABET : "0123456789";

		if (!strchr(cells, literal[i]))
			return false;
	}
	return true;
}

/* The date in it, where the pattern has a whole one, is a day and not after tomorrow. */
static bool date_fits(
	const struct promo_code_pattern *pattern, const char *literal, const char *today)
{
	static const char parts[] = "YyMmDd";
	static const size_t places[] = { 2, 3, 5, 6, 8, 9 };
	char date[PROMO_DATE_SIZE] = "20YY-MM-DD";
	int64_t made, now;
	int found = 0;

	for (int i = 0; i < pattern->length; i++) {
		const char *part = strchr(parts, pattern->cells[i]);

		if (!part)
			continue;
		date[places[part - parts]] = literal[i];
		found++;
	}
	if (found < 6)
		return true;
	return promo_date_parse(date, &made) == 0 &&
	       (promo_date_parse(today, &now) != 0 || made <= now + 1);
}

static enum promo_import_reason read_code(
	const char *text, const struct promo_import_target *target, struct promo_import_code *ret)
{
	if (!*text)
		return PROMO_IMPORT_CODE_MISSING;
	if (is_spreadsheet_number(text))
		return PROMO_IMPORT_CODE_NUMBER;
	if (*text == '#')
		return PROMO_IMPORT_CODE_CELL_ERROR;
	if (promo_code_canonical(text, ret->literal) != 0 || promo_code_read(text, ret->code) != 0)
		return PROMO_IMPORT_CODE_MALFORMED;
	ret->unlike_ours = strlen(ret->code) == STANDARD_LENGTH &&
			   !promo_code_plausible(ret->code, target->today);
	if (target->any_format)
		return PROMO_IMPORT_FINE;
	if (!fits(target->pattern, ret->literal))
		return PROMO_IMPORT_CODE_OTHER_FORMAT;
	if (!date_fits(target->pattern, ret->literal, target->today))
		return PROMO_IMPORT_CODE_DATE;
	return PROMO_IMPORT_FINE;
}

static enum promo_import_reason check_amount(
	const char *text, const struct promo_import_target *target)
{
	char plain[PROMO_MONEY_SIZE];
	char *comma;
	int64_t amount;

	if (!*text)
		return PROMO_IMPORT_FINE;
	if (strlen(text) >= sizeof(plain))
		return PROMO_IMPORT_AMOUNT_INVALID;
	memcpy(plain, text, strlen(text) + 1);
	comma = target->decimal_comma ? strchr(plain, ',') : NULL;
	if (comma)
		*comma = '.';
	if (promo_money_parse(plain, PROMO_MONEY_NOT_NEGATIVE, &amount) != 0)
		return PROMO_IMPORT_AMOUNT_INVALID;
	return amount == target->amount ? PROMO_IMPORT_FINE : PROMO_IMPORT_AMOUNT_DIFFERS;
}

static enum promo_import_reason read_status(const char *text, enum promo_import_status *ret)
{
	static const struct {
		const char *word;
		enum promo_import_status status;
	} words[] = {
		{ "", PROMO_IMPORT_ACTIVE },
		{ "active", PROMO_IMPORT_ACTIVE },
		/* It follows from the dates. */
		{ "expired", PROMO_IMPORT_ACTIVE },
		{ "redeemed", PROMO_IMPORT_REDEEMED },
		{ "used", PROMO_IMPORT_REDEEMED },
		{ "blocked", PROMO_IMPORT_BLOCKED },
	};

	for (size_t i = 0; i < PROMO_COUNT(words); i++)
		if (strcasecmp(text, words[i].word) == 0) {
			*ret = words[i].status;
			return PROMO_IMPORT_FINE;
		}
	return strcasecmp(text, "reported") == 0 ? PROMO_IMPORT_STATUS_REPORTED
						 : PROMO_IMPORT_STATUS_UNKNOWN;
}

static enum promo_import_reason read_expires(
	const char *text, const struct promo_import_target *target, struct promo_import_code *ret)
{
	int64_t at;

	ret->expires_at = 0;
	ret->expires_on[0] = '\0';
	if (!*text)
		return PROMO_IMPORT_FINE;
	if (promo_date_valid(text)) {
		if (strcmp(text, target->expires_on) > 0)
			return PROMO_IMPORT_EXPIRES_LATE;
		if (strcmp(text, target->expires_on) < 0)
			memcpy(ret->expires_on, text, sizeof(ret->expires_on));
		return PROMO_IMPORT_FINE;
	}
	if (promo_time_parse(text, &at) != 0 || at <= 0)
		return PROMO_IMPORT_EXPIRES_INVALID;
	if (at > target->expires_at)
		return PROMO_IMPORT_EXPIRES_LATE;
	ret->expires_at = at == target->expires_at ? 0 : at;
	return PROMO_IMPORT_FINE;
}

/* What is not there says nothing: a row that was cut off in front of "used" is no active code, and not
 * either when it comes back with the marks of the file of rejects. */
static bool is_short(
	const struct promo_import_header *header, const char *const *fields, size_t count)
{
	for (int i = 0; i < PROMO_IMPORT_COLUMNS; i++) {
		const int at = header->at[i];

		if (at >= 0 &&
			((size_t)at >= count || strcmp(fields[at], PROMO_IMPORT_CELL_MISSING) == 0))
			return true;
	}
	return false;
}

enum promo_import_reason promo_import_row(const struct promo_import_header *header,
	const char *const *fields, size_t count, const struct promo_import_target *target,
	struct promo_import_code *ret)
{
#define CELL(column) cell(header, fields, count, PROMO_IMPORT_##column)
	enum promo_import_reason reason = read_code(CELL(CODE), target, ret);
	const char *currency = CELL(CURRENCY);

	if (!reason && is_short(header, fields, count))
		reason = PROMO_IMPORT_ROW_SHORT;
	if (!reason)
		reason = check_amount(CELL(AMOUNT), target);
	if (!reason && *currency && strcasecmp(currency, target->currency) != 0)
		reason = PROMO_IMPORT_CURRENCY_DIFFERS;
	if (!reason)
		reason = read_status(CELL(STATUS), &ret->status);
	if (!reason)
		reason = read_expires(CELL(EXPIRES), target, ret);
	return reason;
#undef CELL
}
