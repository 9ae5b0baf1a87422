/* SPDX-License-Identifier: MIT */
#include "libpromo/api/value.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/api/json.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "libpromo/base/uuid.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/money.h"
#include "libpromo/rules/phone.h"

/* Texts with room for more characters than this are prose: lines and tabs may stand in them. */
enum {
	LINE_MAX_CHARS = 200
};

#define refuse(reader, pointer, ...)                                                               \
	promo_refuse_field((reader)->problem, (reader)->arena, (pointer), __VA_ARGS__)

static int keep_text(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, void *object)
{
	const char *copy = promo_arena_strdup(reader->arena, text);

	if (!copy)
		return promo_fault(-ENOMEM, "could not keep the field '%s'", field->name);
	*(const char **)((char *)object + field->offset) = copy;
	return 0;
}

/* What no text of any kind may have in it. */
static bool has_controls(const char *text, bool prose)
{
	int32_t c;
	size_t length;

	for (; (length = promo_utf8_next(text, &c)) > 0; text += length) {
		if (prose && (c == '\n' || c == '\t'))
			continue;
		if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
			return true;
		/* Separators of lines, and what turns the direction of reading around (UAX #9). */
		if (c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
			(c >= 0x2066 && c <= 0x2069))
			return true;
	}
	return false;
}

static int64_t text_max(const struct promo_field *field)
{
	return field->max > 0 ? field->max : PROMO_TEXT_MAX;
}

static int check_length(const struct promo_reader *reader, const char *text, int64_t min,
	int64_t max, const char *pointer)
{
	int64_t count = (int64_t)promo_utf8_count(text);

	if (count < min)
		return min == 1 ? refuse(reader, pointer, "too_short", "must not be empty")
				: refuse(reader, pointer, "too_short",
					  "needs at least %" PRId64 " characters", min);
	if (count > max)
		return refuse(
			reader, pointer, "too_long", "takes at most %" PRId64 " characters", max);
	return 0;
}

/* Windows and forms end lines with CR LF. */
static const char *unix_lines(struct promo_arena *arena, const char *text)
{
	char *copy = promo_arena_strdup(arena, text);
	char *to = copy;

	for (const char *from = copy; from && *from; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	if (to)
		*to = '\0';
	return copy;
}

static int clean_text(const struct promo_reader *reader, const char *text, bool prose,
	const char *pointer, const char **ret)
{
	const char *lines = text;

	if (prose && strchr(text, '\r')) {
		lines = unix_lines(reader->arena, text);
		if (!lines)
			return promo_fault(-ENOMEM, "could not clean a text");
	}
	if (has_controls(lines, prose))
		return refuse(reader, pointer, "contains_control_characters",
			"must not contain control characters");
	return promo_utf8_clean(reader->arena, lines, ret);
}

static int read_text(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	const int64_t max = text_max(field);
	int64_t min = field->min;
	int r;

	if (!(field->flags & PROMO_RAW)) {
		r = clean_text(reader, text, max > LINE_MAX_CHARS, pointer, &text);
		if (r)
			return r;
	}
	if (!*text && (field->flags & PROMO_NULLABLE) && !(field->flags & PROMO_EMPTY))
		return 0;
	if (min == 0 && (field->flags & PROMO_REQUIRED))
		min = 1;
	r = check_length(reader, text, min, max, pointer);
	if (r)
		return r;
	return keep_text(reader, field, text, object);
}

static int read_id(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	unsigned char bytes[PROMO_UUID_BYTES];
	char id[PROMO_UUID_SIZE];

	if (promo_uuid_parse(text, bytes))
		return refuse(reader, pointer, "invalid_id", "has to be a UUID");
	promo_uuid_format(bytes, id);
	return keep_text(reader, field, id, object);
}

static int read_code(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	char code[PROMO_CODE_SIZE];

	if (promo_code_read(text, code))
		return refuse(reader, pointer, "code_malformed",
			"is not a promo code: it has only letters and digits, with or without "
			"dashes");
	return keep_text(reader, field, code, object);
}

static int read_phone(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	char phone[PROMO_PHONE_SIZE];

	if (promo_phone_normalize(text, reader->env->country_code, phone))
		return refuse(reader, pointer, "invalid_phone_number",
			"is not a phone number: write it like 0788123456 or +250788123456");
	return keep_text(reader, field, phone, object);
}

static int read_email(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	char email[PROMO_EMAIL_SIZE];
	const char *trimmed;
	int r = promo_utf8_trim(reader->arena, text, &trimmed);

	if (r)
		return r;
	if (promo_email_normalize(trimmed, email))
		return refuse(reader, pointer, "invalid_email", "is not an e-mail address");
	return keep_text(reader, field, email, object);
}

/* http or https, something of a host, and only what RFC 3986 lets stand in an address. */
static bool is_url(const char *text)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"-._~:/?#[]@!$&'()*+,;=%";
	const char *host;

	if (strncasecmp(text, "https://", 8) == 0)
		host = text + 8;
	else if (strncasecmp(text, "http://", 7) == 0)
		host = text + 7;
	else
		return false;
	return (isalnum((unsigned char)*host) || *host == '[') &&
	       text[strspn(text, allowed)] == '\0';
}

static int read_url(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	int r;

	if (!is_url(text))
		return refuse(reader, pointer, "invalid_url",
			"has to be an address that begins with https:// or http://");
	r = check_length(reader, text, 1, field->max > 0 ? field->max : 2000, pointer);
	return r ? r : keep_text(reader, field, text, object);
}

/* PostgreSQL has no year 0, and a moment of 0 would be none at all. Nothing here is older than 1970,
 * so that whatever lies before means the same. */
static int parse_time(const char *text, int64_t *ret)
{
	int r = promo_time_parse(text, ret);

	if (!r && *ret < 1)
		*ret = 1;
	return r;
}

static int read_day(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	char time[PROMO_TIME_SIZE];
	int64_t ms;

	if (promo_date_valid(text))
		return keep_text(
			reader, field, strncmp(text, "0000", 4) ? text : "0001-01-01", object);
	if (field->kind == PROMO_DATE)
		return refuse(reader, pointer, "invalid_date", "has to be a day like 2027-06-30");
	if (parse_time(text, &ms))
		return refuse(reader, pointer, "invalid_date",
			"has to be a day like 2027-06-30, or a time like 2027-06-30T23:59:59Z");
	promo_time_format(ms, time);
	return keep_text(reader, field, time, object);
}

static int read_time(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	int64_t ms;

	if (parse_time(text, &ms))
		return refuse(reader, pointer, "invalid_time",
			"has to be a time like 2027-06-30T23:59:59Z");
	*(int64_t *)((char *)object + field->offset) = ms;
	return 0;
}

int promo_value_take_number(const struct promo_reader *reader, const struct promo_field *field,
	int64_t value, const char *pointer, void *object)
{
	const bool limited = field->min != 0 || field->max != 0;

	if (limited && (value < field->min || value > field->max)) {
		char min[PROMO_MONEY_SIZE], max[PROMO_MONEY_SIZE];

		if (field->kind == PROMO_INT)
			return refuse(reader, pointer, "out_of_range",
				"has to be from %" PRId64 " to %" PRId64, field->min, field->max);
		promo_money_format(field->min, min);
		promo_money_format(field->max, max);
		return refuse(reader, pointer, "out_of_range", "has to be from %s to %s", min, max);
	}
	*(int64_t *)((char *)object + field->offset) = value;
	return 0;
}

static int read_int(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	const char *digits = text + (*text == '-');
	long long value;

	if (!*digits || digits[strspn(digits, "0123456789")] != '\0')
		return refuse(reader, pointer, "wrong_type", "has to be a whole number");
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno)
		return refuse(reader, pointer, "out_of_range", "is too large a number");
	return promo_value_take_number(reader, field, value, pointer, object);
}

static int read_money(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	int64_t minor;

	if (promo_money_parse(text, PROMO_MONEY_NOT_NEGATIVE, &minor))
		return refuse(reader, pointer, "invalid_amount",
			"has to be an amount like 500 or 500.00, with at most two decimals");
	return promo_value_take_number(reader, field, minor, pointer, object);
}

static int read_bool(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	bool *to = (bool *)((char *)object + field->offset);

	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		*to = true;
	else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		*to = false;
	else
		return refuse(reader, pointer, "wrong_type", "has to be true or false");
	return 0;
}

const char *promo_value_words(const struct promo_words *words, struct promo_arena *arena)
{
	const char *text = "";

	for (int i = 1; text && i < words->count; i++)
		text = promo_arena_printf(
			arena, "%s%s%s", text, i > 1 ? ", " : "", words->words[i]);
	return text;
}

static int not_a_word(
	const struct promo_reader *reader, const struct promo_words *words, const char *pointer)
{
	const char *list = promo_value_words(words, reader->arena);

	if (!list)
		return promo_fault(-ENOMEM, "could not list the words of '%s'", words->name);
	return refuse(reader, pointer, "invalid_value", "has to be one of: %s", list);
}

static int read_enum(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	int value = promo_word_value(field->words, text);

	if (!value)
		return not_a_word(reader, field->words, pointer);
	*(int *)((char *)object + field->offset) = value;
	return 0;
}

static int read_json(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	json_auto_t *value = promo_json_load_text(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES);

	if (!value)
		return refuse(reader, pointer, "wrong_type", "has to be JSON");
	return promo_json_text(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS,
		reader->arena, (const char **)((char *)object + field->offset));
}

/* Without NUL and UTF-8: what every text has to be, before anything else is looked at. */
static int check_text(
	const struct promo_reader *reader, const char *text, size_t length, const char *pointer)
{
	if (memchr(text, '\0', length))
		return refuse(reader, pointer, "contains_control_characters",
			"must not contain control characters");
	if (!promo_utf8_valid(text, length))
		return refuse(reader, pointer, "invalid_value", "is not UTF-8");
	return 0;
}

static bool is_of_text(const struct promo_field *field)
{
	return field->kind == PROMO_TEXT || field->kind == PROMO_EMAIL ||
	       field->kind == PROMO_URL || field->kind == PROMO_PHONE;
}

/* Forms send an empty text where nothing was typed. */
static int read_empty(const struct promo_reader *reader, const struct promo_field *field,
	const char *pointer, void *object)
{
	int r;

	if (!(field->flags & PROMO_EMPTY))
		return 0;
	r = check_length(reader, "", field->min, text_max(field), pointer);
	return r ? r : keep_text(reader, field, "", object);
}

typedef int read_fn(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object);

static read_fn *reader_of(enum promo_kind kind)
{
	static read_fn *const readers[] = {
		[PROMO_BOOL] = read_bool,
		[PROMO_INT] = read_int,
		[PROMO_MONEY] = read_money,
		[PROMO_TIME] = read_time,
		[PROMO_DATE] = read_day,
		[PROMO_DAY] = read_day,
		[PROMO_TEXT] = read_text,
		[PROMO_SECRET] = read_text,
		[PROMO_CODE] = read_code,
		[PROMO_PHONE] = read_phone,
		[PROMO_EMAIL] = read_email,
		[PROMO_URL] = read_url,
		[PROMO_ID] = read_id,
		[PROMO_ENUM] = read_enum,
		[PROMO_JSON] = read_json,
	};

	return kind < PROMO_COUNT(readers) ? readers[kind] : NULL;
}

int promo_value_read(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, size_t length, const char *pointer, void *object)
{
	read_fn *read = reader_of(field->kind);
	int r = check_text(reader, text, length, pointer);

	if (r)
		return r;
	if (!read)
		return refuse(reader, pointer, "wrong_type", "cannot be given as text");
	if (length == 0 && (field->flags & PROMO_NULLABLE) &&
		(is_of_text(field) || !(field->flags & PROMO_EMPTY)))
		return read_empty(reader, field, pointer, object);
	return read(reader, field, text, pointer, object);
}

int promo_value_read_item(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, size_t length, const char *pointer, const char **ret)
{
	const char *item;
	int r = check_text(reader, text, length, pointer);

	if (r)
		return r;
	r = clean_text(reader, text, false, pointer, &item);
	if (r)
		return r;
	if (field->words) {
		int value = promo_word_value(field->words, item);

		if (!value)
			return not_a_word(reader, field->words, pointer);
		*ret = promo_word(field->words, value);
		return 0;
	}
	r = check_length(reader, item, 1, PROMO_TEXT_MAX, pointer);
	if (r)
		return r;
	*ret = promo_arena_strdup(reader->arena, item);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not keep an item of '%s'", field->name);
}

size_t promo_value_items_max(const struct promo_field *field)
{
	return field->max > 0 ? (size_t)field->max : PROMO_ITEMS_MAX;
}

int promo_value_too_many(
	const struct promo_reader *reader, const struct promo_field *field, const char *pointer)
{
	return refuse(
		reader, pointer, "too_many", "takes at most %zu", promo_value_items_max(field));
}

enum {
	POINTER_NAME_MAX = 100
}; /* bytes of a client's own name that are told back to it */

const char *promo_value_pointer(
	struct promo_arena *arena, const char *base, char mark, const char *name)
{
	const size_t length = strlen(base);
	char *pointer = promo_arena_alloc(arena, length + 2 * POINTER_NAME_MAX + 8);
	char *to;

	if (!pointer)
		return NULL;
	memcpy(pointer, base, length);
	to = pointer + length;
	*to++ = mark;
	for (const char *limit = to + POINTER_NAME_MAX; to < limit;) {
		int32_t c;
		const size_t bytes = promo_utf8_next(name, &c);

		if (bytes == 0)
			break;
		if (mark == '/' && (c == '~' || c == '/')) {
			*to++ = '~';
			*to++ = c == '~' ? '0' : '1';
		} else {
			memcpy(to, name, bytes);
			to += bytes;
		}
		name += bytes;
	}
	return pointer;
}
