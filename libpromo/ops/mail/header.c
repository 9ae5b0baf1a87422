/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/header.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/time.h"

enum {
	LINE_MAX = 76,
	WORD_MAX = 75, /* an encoded word with its frame: RFC 2047, 2 */
	HEADER_MAX = 16 * 1024,
};
#define WORD_BEGIN "=?utf-8?Q?"
#define WORD_END   "?="

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

/* How many bytes belong to the character that begins here. */
static size_t character(const char *text)
{
	size_t size = 1;

	while (((unsigned char)text[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* What may stand for itself in an encoded word wherever that stands: RFC 2047, 5 (3). */
static bool is_safe(char c)
{
	return (unsigned char)c < 0x80 && (isalnum((unsigned char)c) || strchr("!*+-/", c));
}

static size_t encoded_size(const char *text, size_t size)
{
	size_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += is_safe(text[i]) || text[i] == ' ' ? 1 : 3;
	return sum;
}

static void append_encoded_byte(struct promo_buffer *to, char c)
{
	/* A line end or another control character in a value is nothing that anybody meant. */
	if ((unsigned char)c <= ' ' || c == 0x7f)
		promo_buffer_char(to, '_');
	else if (is_safe(c))
		promo_buffer_char(to, c);
	else
		promo_buffer_printf(to, "=%02X", (unsigned)(unsigned char)c);
}

/* Encoded words, each on a line of its own, with whole characters in each; the first one begins in a
 * column of its line. */
static void append_words(struct promo_buffer *to, const char *text, size_t column)
{
	const size_t frame = strlen(WORD_BEGIN) + strlen(WORD_END);
	size_t used = 0, most = WORD_MAX - column;

	promo_buffer_text(to, WORD_BEGIN);
	while (*text) {
		size_t size = character(text), wanted = encoded_size(text, size);

		if (used > 0 && frame + used + wanted > most) {
			promo_buffer_text(to, WORD_END "\r\n " WORD_BEGIN);
			used = 0;
			most = WORD_MAX;
		}
		for (size_t i = 0; i < size; i++)
			append_encoded_byte(to, text[i]);
		used += wanted;
		text += size;
	}
	promo_buffer_text(to, WORD_END);
}

int promo_header_text(
	const char *name, const char *text, struct promo_arena *arena, const char **ret)
{
	struct promo_buffer header = PROMO_BUFFER(arena, HEADER_MAX);

	promo_buffer_printf(&header, "%s: ", name);
	/* "=?" is what an encoded word begins with, so a text with one is encoded as well. */
	if (is_plain(text) && !strstr(text, "=?") && header.size + strlen(text) <= LINE_MAX) {
		promo_buffer_text(&header, text);
	} else {
		append_words(&header, text, header.size);
	}
	return promo_buffer_end(&header, ret);
}

static bool is_phrase(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 ||
			!(isalnum((unsigned char)*text) || strchr(" !#$%&'*+-/^_`{|}~", *text)))
			return false;
	return true;
}

int promo_header_address(const char *name, const char *who, const char *address,
	struct promo_arena *arena, const char **ret)
{
	struct promo_buffer header = PROMO_BUFFER(arena, HEADER_MAX);

	promo_buffer_printf(&header, "%s: ", name);
	if (who && who[0] && is_phrase(who) && header.size + strlen(who) <= LINE_MAX) {
		promo_buffer_printf(&header, "%s\r\n ", who);
	} else if (who && who[0]) {
		append_words(&header, who, header.size);
		promo_buffer_text(&header, "\r\n ");
	}
	promo_buffer_printf(&header, "<%s>", address);
	return promo_buffer_end(&header, ret);
}

int promo_header_date(int64_t ms, struct promo_arena *arena, const char **ret)
{
	static const char days[7][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	const int64_t day = promo_time_days(ms);
	const int64_t s = (ms - day * PROMO_MS_PER_DAY) / 1000;
	const struct promo_civil date = promo_civil_from_days(day);

	*ret = promo_arena_printf(arena, "Date: %s, %d %s %04d %02d:%02d:%02d +0000",
		days[(day % 7 + 7) % 7], date.day, months[date.month - 1], date.year,
		(int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
	return *ret ? 0 : promo_fault(-ENOMEM, "could not write a mail");
}
