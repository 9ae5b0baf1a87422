/* SPDX-License-Identifier: MIT */
#include "libpromo/base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "libpromo/base/error.h"

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

bool promo_utf8_valid(const char *text, size_t size)
{
	size_t at = 0;

	while (at < size) {
		utf8proc_int32_t character;
		utf8proc_ssize_t length;

		if (text[at] == '\0')
			return false;
		if ((unsigned char)text[at] < 0x80) {
			at++;
			continue;
		}
		length = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
			(utf8proc_ssize_t)(size - at), &character);
		if (length <= 0)
			return false;
		at += (size_t)length;
	}
	return true;
}

size_t promo_utf8_next(const char *text, int32_t *ret_character)
{
	utf8proc_int32_t character;
	utf8proc_ssize_t length;

	if (*text == '\0')
		return 0;
	if ((unsigned char)*text < 0x80) {
		*ret_character = *text;
		return 1;
	}
	/* Without a length it stops at the first byte that does not continue: at the NUL. */
	length = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &character);
	if (length <= 0)
		return 0;
	*ret_character = character;
	return (size_t)length;
}

size_t promo_utf8_count(const char *text)
{
	int32_t character;
	size_t length, count = 0;

	while ((length = promo_utf8_next(text, &character)) > 0) {
		text += length;
		count++;
	}
	return count;
}

static int map(
	struct promo_arena *arena, const char *text, utf8proc_option_t options, const char **ret)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t r;
	char *copy;

	r = utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
		options | UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (r == UTF8PROC_ERROR_NOMEM)
		return promo_fault(-ENOMEM, "could not normalise a text");
	if (r < 0)
		return PROMO_E_INVALID_INPUT;
	copy = promo_arena_strdup(arena, (const char *)mapped);
	free(mapped);
	if (!copy)
		return promo_fault(-ENOMEM, "could not normalise a text");
	*ret = copy;
	return 0;
}

static bool is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

int promo_utf8_nfc(struct promo_arena *arena, const char *text, const char **ret)
{
	/* Nothing in ASCII composes, and most of what people type is no more. */
	if (!is_ascii(text))
		return map(arena, text, 0, ret);
	*ret = promo_arena_strdup(arena, text);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not normalise a text");
}

int promo_utf8_casefold(struct promo_arena *arena, const char *text, const char **ret)
{
	return map(arena, text, UTF8PROC_CASEFOLD, ret);
}

/* PropList.txt of Unicode. */
bool promo_utf8_is_space(int32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

bool promo_utf8_is_dash(int32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xff0d;
}

int promo_utf8_trim(struct promo_arena *arena, const char *text, const char **ret)
{
	const char *begin = NULL, *end = NULL;
	int32_t character;
	size_t length;
	char *copy;

	while ((length = promo_utf8_next(text, &character)) > 0) {
		if (!promo_utf8_is_space(character)) {
			if (!begin)
				begin = text;
			end = text + length;
		}
		text += length;
	}
	copy = promo_arena_strndup(arena, begin ? begin : "", begin ? (size_t)(end - begin) : 0);
	if (!copy)
		return promo_fault(-ENOMEM, "could not trim a text");
	*ret = copy;
	return 0;
}

int promo_utf8_clean(struct promo_arena *arena, const char *text, const char **ret)
{
	const char *composed;
	int r;

	r = promo_utf8_nfc(arena, text, &composed);
	if (r)
		return r;
	return promo_utf8_trim(arena, composed, ret);
}

size_t promo_utf8_width(const char *text)
{
	int32_t character;
	size_t length, width = 0;

	while ((length = promo_utf8_next(text, &character)) > 0) {
		width += (size_t)utf8proc_charwidth(character);
		text += length;
	}
	return width;
}

size_t promo_utf8_fit(const char *text, size_t columns)
{
	const char *at = text;
	int32_t character;
	size_t length, width = 0;

	while ((length = promo_utf8_next(at, &character)) > 0) {
		width += (size_t)utf8proc_charwidth(character);
		if (width > columns)
			break;
		at += length;
	}
	return (size_t)(at - text);
}

size_t promo_utf8_cluster(const char *text, size_t *ret_columns)
{
	utf8proc_int32_t state = 0;
	int32_t character, next;
	size_t columns, length, size;

	size = promo_utf8_next(text, &character);
	if (size == 0)
		return 0;
	columns = (size_t)utf8proc_charwidth(character);
	while ((length = promo_utf8_next(text + size, &next)) > 0 &&
		!utf8proc_grapheme_break_stateful(character, next, &state)) {
		columns += (size_t)utf8proc_charwidth(next);
		character = next;
		size += length;
	}
	*ret_columns = columns < 2 ? columns : 2;
	return size;
}

bool promo_utf8_is_control(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       /* Bidi_Control of Unicode */
	       c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) ||
	       /* noncharacters, which cairo takes for broken text */
	       (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

int promo_utf8_strip_controls(struct promo_arena *arena, const char *text, const char **ret)
{
	/* A byte becomes at most the three of U+FFFD. */
	char *copy = promo_arena_alloc_array(arena, strlen(text) + 1, sizeof(REPLACEMENT) - 1);
	char *at = copy;

	if (!copy)
		return promo_fault(-ENOMEM, "could not make a text harmless");
	while (*text) {
		int32_t character;
		size_t length = promo_utf8_next(text, &character);

		if (length == 0 || promo_utf8_is_control(character)) {
			memcpy(at, REPLACEMENT, sizeof(REPLACEMENT) - 1);
			at += sizeof(REPLACEMENT) - 1;
			text += length ? length : 1;
		} else {
			memcpy(at, text, length);
			at += length;
			text += length;
		}
	}
	*at = '\0';
	*ret = copy;
	return 0;
}
