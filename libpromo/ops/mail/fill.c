/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/fill.h"

#include <string.h>
#include <strings.h>

#include "libpromo/base/buffer.h"

enum promo_escape promo_escape_of(const char *media_type)
{
	const size_t length = strcspn(media_type, "; \t");
	static const struct {
		const char *type;
		enum promo_escape escape;
	} known[] = {
		{ "application/x-www-form-urlencoded", PROMO_ESCAPE_URL },
		{ "application/json", PROMO_ESCAPE_JSON },
		{ "application/xml", PROMO_ESCAPE_XML },
		{ "text/xml", PROMO_ESCAPE_XML },
		{ "application/soap+xml", PROMO_ESCAPE_XML },
		{ "text/plain", PROMO_ESCAPE_PLAIN },
	};

	for (size_t i = 0; i < PROMO_COUNT(known); i++)
		if (strlen(known[i].type) == length &&
			strncasecmp(known[i].type, media_type, length) == 0)
			return known[i].escape;
	return 0;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static void escape_json(struct promo_buffer *buffer, char c)
{
	if (is_control(c))
		promo_buffer_printf(buffer, "\\u%04x", (unsigned)(unsigned char)c);
	else if (c == '"' || c == '\\')
		promo_buffer_printf(buffer, "\\%c", c);
	else
		promo_buffer_char(buffer, c);
}

static void escape_xml(struct promo_buffer *buffer, char c)
{
	if (is_control(c) && c != '\n')
		promo_buffer_char(buffer, ' ');
	else if (strchr("<>&\"'", c))
		promo_buffer_printf(buffer, "&#%d;", c);
	else
		promo_buffer_char(buffer, c);
}

static void append_escaped(struct promo_buffer *buffer, const char *text, enum promo_escape escape)
{
	for (; *text; text++) {
		switch (escape) {
		case PROMO_ESCAPE_URL:
			if (is_unreserved(*text))
				promo_buffer_char(buffer, *text);
			else
				promo_buffer_printf(
					buffer, "%%%02X", (unsigned)(unsigned char)*text);
			break;
		case PROMO_ESCAPE_JSON:
			escape_json(buffer, *text);
			break;
		case PROMO_ESCAPE_XML:
			escape_xml(buffer, *text);
			break;
		case PROMO_ESCAPE_PLAIN:
			promo_buffer_char(buffer, is_control(*text) ? ' ' : *text);
			break;
		}
	}
}

/* The length of {name} at `at`, 0 where it is something else. */
static size_t place(const char *at, const char *name)
{
	const size_t length = strlen(name);

	return at[0] == '{' && strncmp(at + 1, name, length) == 0 && at[1 + length] == '}'
		       ? length + 2
		       : 0;
}

int promo_fill(const char *template, const struct promo_fill_value *values, size_t count,
	enum promo_escape escape, struct promo_arena *arena, const char **ret)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, PROMO_FILLED_MAX);

	while (*template) {
		size_t length = 0;

		for (size_t i = 0; length == 0 && i < count; i++) {
			length = place(template, values[i].name);
			if (length > 0 && values[i].value)
				append_escaped(&buffer, values[i].value, escape);
		}
		if (length == 0)
			promo_buffer_char(&buffer, *template);
		template += length > 0 ? length : 1;
	}
	return promo_buffer_end(&buffer, ret);
}

bool promo_fill_names(const char *template, const char *name)
{
	for (; *template; template ++)
		if (place(template, name) > 0)
			return true;
	return false;
}
