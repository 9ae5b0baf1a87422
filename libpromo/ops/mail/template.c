/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/template.h"

#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/model/outbox.h"
#include "libpromo/ops/mail/payload.h"

enum {
	LINE_MAX = 76, /* columns of the plain text, where words allow it */
	NAME_MAX = 32,
};

struct template
{
	const char *kind, *subject, *paragraphs;
};

static const struct template templates[] = {
#define PROMO_TEMPLATE(kind, subject, paragraphs) { kind, subject, paragraphs },
#include "libpromo/ops/mail/templates.def"
#undef PROMO_TEMPLATE
};

static const struct template plain = { NULL, "{title}", "{title}\n{body}" };

static const struct template *find(const char *kind)
{
	for (size_t i = 0; i < PROMO_COUNT(templates); i++)
		if (strcmp(templates[i].kind, kind) == 0)
			return &templates[i];
	return &plain;
}

/*
 * Placeholders.
 */

struct filling {
	const struct promo_objects *facts;
	const struct promo_brand *brand;
	struct promo_arena *arena;
};

static const char *value_of(const struct filling *filling, const char *name, size_t length)
{
	char text[NAME_MAX] = "";

	if (length >= sizeof(text))
		return NULL;
	memcpy(text, name, length);
	if (strcmp(text, "company") == 0)
		return filling->brand->company;
	return promo_payload_fact(filling->facts, text);
}

/* What facts say is a text of one line, whatever is in it. */
static void append_value(struct promo_buffer *to, const char *value)
{
	for (; *value; value++)
		promo_buffer_char(to, (unsigned char)*value < ' ' || *value == 0x7f ? ' ' : *value);
}

/* One line of a template, filled in; NULL where it names what the letter does not have. */
static int fill_line(const struct filling *filling, const char *line, size_t size, const char **ret)
{
	struct promo_buffer filled = PROMO_BUFFER(filling->arena, PROMO_LETTER_TEXT_MAX);
	const char *end = line + size;

	*ret = NULL;
	while (line < end) {
		const char *open = memchr(line, '{', (size_t)(end - line));
		const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
		const char *value;

		promo_buffer_append(&filled, line, (size_t)((close ? open : end) - line));
		if (!close)
			break;
		value = value_of(filling, open + 1, (size_t)(close - open - 1));
		if (!value || !value[0])
			return 0;
		append_value(&filled, value);
		line = close + 1;
	}
	return promo_buffer_end(&filled, ret);
}

/*
 * Forms.
 */

/* Plain text: words in lines that are short enough to be read anywhere. */
static void append_wrapped(struct promo_buffer *to, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > 0 && column + 1 + word > LINE_MAX) {
			promo_buffer_text(to, "\r\n");
			column = 0;
		} else if (column > 0) {
			promo_buffer_char(to, ' ');
			column++;
		}
		promo_buffer_append(to, text, word);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
}

static void append_escaped(struct promo_buffer *to, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			promo_buffer_text(to, "&amp;");
			break;
		case '<':
			promo_buffer_text(to, "&lt;");
			break;
		case '>':
			promo_buffer_text(to, "&gt;");
			break;
		case '"':
			promo_buffer_text(to, "&quot;");
			break;
		case '\'':
			promo_buffer_text(to, "&#39;");
			break;
		default:
			promo_buffer_char(to, *text);
		}
}

static void begin_html(struct promo_buffer *html, const struct promo_brand *brand)
{
	promo_buffer_text(html,
		"<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head>\r\n"
		"<body style=\"font-family: sans-serif; color: #222222; margin: 2em\">\r\n"
		"<h1 style=\"font-size: 1.3em; color: ");
	append_escaped(html, brand->colour);
	promo_buffer_text(html, "\">");
	append_escaped(html, brand->company);
	promo_buffer_text(html, "</h1>\r\n");
}

static void end_html(struct promo_buffer *html, const struct promo_brand *brand)
{
	promo_buffer_text(html, "<p style=\"font-size: 0.8em; color: #666666\">");
	append_escaped(html, brand->company);
	if (brand->tagline && brand->tagline[0]) {
		promo_buffer_text(html, " &middot; ");
		append_escaped(html, brand->tagline);
	}
	promo_buffer_text(html, "</p>\r\n</body></html>\r\n");
}

static void end_text(struct promo_buffer *text, const struct promo_brand *brand)
{
	promo_buffer_printf(text, "-- \r\n%s\r\n", brand->company);
	if (brand->tagline && brand->tagline[0])
		promo_buffer_printf(text, "%s\r\n", brand->tagline);
}

static void append_paragraph(struct promo_buffer *text, struct promo_buffer *html,
	struct promo_buffer *line, const char *paragraph)
{
	append_wrapped(text, paragraph);
	promo_buffer_text(text, "\r\n\r\n");
	promo_buffer_text(html, "<p>");
	append_escaped(html, paragraph);
	promo_buffer_text(html, "</p>\r\n");
	if (line->size > 0)
		promo_buffer_char(line, ' ');
	promo_buffer_text(line, paragraph);
}

int promo_template_fill(const char *kind, const struct promo_objects *facts,
	const struct promo_brand *brand, struct promo_arena *arena, struct promo_letter_text *ret)
{
	const struct filling filling = { facts, brand, arena };
	const struct template *template = find(kind);
	struct promo_buffer text = PROMO_BUFFER(arena, PROMO_LETTER_TEXT_MAX);
	struct promo_buffer html = PROMO_BUFFER(arena, PROMO_LETTER_TEXT_MAX);
	struct promo_buffer line = PROMO_BUFFER(arena, PROMO_LETTER_TEXT_MAX);
	struct promo_letter_text filled;
	const char *next = template->paragraphs;
	int r;

	r = fill_line(&filling, template->subject, strlen(template->subject), &filled.subject);
	if (r)
		return r;
	if (!filled.subject)
		filled.subject = brand->company;
	begin_html(&html, brand);
	while (*next) {
		size_t size = strcspn(next, "\n");
		const char *paragraph;

		r = fill_line(&filling, next, size, &paragraph);
		if (r)
			return r;
		if (paragraph)
			append_paragraph(&text, &html, &line, paragraph);
		next += size;
		next += strspn(next, "\n");
	}
	end_text(&text, brand);
	end_html(&html, brand);
	r = promo_buffer_end(&text, &filled.text);
	if (!r)
		r = promo_buffer_end(&html, &filled.html);
	if (!r)
		r = promo_buffer_end(&line, &filled.line);
	if (!r)
		*ret = filled;
	return r;
}
