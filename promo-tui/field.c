/* SPDX-License-Identifier: MIT */
#include "promo-tui/field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/utf8.h"

enum {
	CHARACTER_BYTES = 4
};

static size_t capacity(const struct tui_field *field)
{
	return field->most_characters * CHARACTER_BYTES + 1;
}

int tui_field_init(struct tui_field *field, size_t most_characters, bool secret)
{
	char *text = calloc(most_characters + 1, CHARACTER_BYTES);

	if (!text)
		return promo_fault(-ENOMEM, "no memory for a field");
	*field = (struct tui_field){
		.text = text,
		.most_characters = most_characters,
		.secret = secret,
	};
	return 0;
}

void tui_field_release(struct tui_field *field)
{
	if (field->text)
		promo_secret_wipe(field->text, capacity(field));
	free(field->text);
	*field = (struct tui_field){ 0 };
}

void tui_field_clear(struct tui_field *field)
{
	promo_secret_wipe(field->text, capacity(field));
	field->size = 0;
	field->cursor = 0;
}

const char *tui_field_text(const struct tui_field *field)
{
	return field->text;
}

bool tui_field_is_empty(const struct tui_field *field)
{
	return field->size == 0;
}

bool tui_field_set(struct tui_field *field, const char *text)
{
	tui_field_clear(field);
	return tui_field_insert(field, text);
}

/* The border of clusters after this one; the end is its own. */
static size_t border_after(const struct tui_field *field, size_t at)
{
	size_t columns;

	return at + promo_utf8_cluster(field->text + at, &columns);
}

static size_t border_before(const struct tui_field *field, size_t at)
{
	size_t before = 0;

	for (size_t border = 0; border < at; border = border_after(field, border))
		before = border;
	return before;
}

/* The first border that is not before this byte: text that was put in may have joined. */
static size_t border_from(const struct tui_field *field, size_t at)
{
	size_t border = 0;

	while (border < at)
		border = border_after(field, border);
	return border;
}

bool tui_field_insert(struct tui_field *field, const char *text)
{
	size_t room = field->most_characters - promo_utf8_count(field->text);
	bool all = true;

	while (*text) {
		int32_t character;
		size_t length = promo_utf8_next(text, &character);

		if (length == 0 || promo_utf8_is_control(character)) {
			text += length ? length : 1;
			all = false;
			continue;
		}
		if (room == 0)
			return false;
		memmove(field->text + field->cursor + length, field->text + field->cursor,
			field->size - field->cursor + 1);
		memcpy(field->text + field->cursor, text, length);
		field->size += length;
		field->cursor += length;
		text += length;
		room--;
	}
	field->cursor = border_from(field, field->cursor);
	return all;
}

static void remove_bytes(struct tui_field *field, size_t begin, size_t end)
{
	const size_t gone = end - begin;

	memmove(field->text + begin, field->text + end, field->size - end + 1);
	field->size -= gone;
	/* What stood behind the new end may be a secret as well. */
	promo_secret_wipe(field->text + field->size, gone + 1);
	field->cursor = border_from(field, begin);
}

static bool blank_at(const struct tui_field *field, size_t at)
{
	int32_t character;

	return promo_utf8_next(field->text + at, &character) > 0 && promo_utf8_is_space(character);
}

static size_t word_before(const struct tui_field *field)
{
	size_t at = field->cursor;

	if (field->secret)
		return 0;
	while (at > 0 && blank_at(field, border_before(field, at)))
		at = border_before(field, at);
	while (at > 0 && !blank_at(field, border_before(field, at)))
		at = border_before(field, at);
	return at;
}

static size_t word_after(const struct tui_field *field)
{
	size_t at = field->cursor;

	if (field->secret)
		return field->size;
	while (at < field->size && blank_at(field, at))
		at = border_after(field, at);
	while (at < field->size && !blank_at(field, at))
		at = border_after(field, at);
	return at;
}

static size_t none(const struct tui_field *field)
{
	(void)field;
	return 0;
}

static size_t all(const struct tui_field *field)
{
	return field->size;
}

static size_t one_before(const struct tui_field *field)
{
	return border_before(field, field->cursor);
}

static size_t one_after(const struct tui_field *field)
{
	return border_after(field, field->cursor);
}

/* A key goes somewhere, or removes what lies between there and the cursor. */
static const struct {
	const char *name;
	size_t (*where)(const struct tui_field *field);
	bool removes;
} keys[] = {
	{ "left", one_before, false },
	{ "right", one_after, false },
	{ "home", none, false },
	{ "end", all, false },
	{ "ctrl-a", none, false },
	{ "ctrl-e", all, false },
	{ "ctrl-left", word_before, false },
	{ "ctrl-right", word_after, false },
	{ "alt-b", word_before, false },
	{ "alt-f", word_after, false },
	{ "backspace", one_before, true },
	{ "delete", one_after, true },
	{ "ctrl-w", word_before, true },
	{ "ctrl-u", none, true },
	{ "ctrl-k", all, true },
};

bool tui_field_key(struct tui_field *field, const char *key_name)
{
	for (size_t i = 0; i < PROMO_COUNT(keys); i++) {
		size_t where;

		if (strcmp(keys[i].name, key_name) != 0)
			continue;
		where = keys[i].where(field);
		if (!keys[i].removes)
			field->cursor = where;
		else if (where < field->cursor)
			remove_bytes(field, where, field->cursor);
		else
			remove_bytes(field, field->cursor, where);
		return true;
	}
	return false;
}

/* Columns of what is seen between two borders. */
static int columns_between(const struct tui_field *field, size_t begin, size_t end)
{
	int sum = 0;

	while (begin < end) {
		size_t columns;

		begin += promo_utf8_cluster(field->text + begin, &columns);
		sum += field->secret ? 1 : (int)columns;
	}
	return sum;
}

/* The first border that leaves at most `most` columns between it and the cursor. */
static size_t first_seen(const struct tui_field *field, int most)
{
	size_t begin = 0;
	int columns = columns_between(field, 0, field->cursor);

	while (begin < field->cursor && columns > most) {
		const size_t next = border_after(field, begin);

		columns -= columns_between(field, begin, next);
		begin = next;
	}
	return begin;
}

/* Where the view begins: it moves on by half of its width, so that it stands still while the cursor
 * moves within, and what stands around the cursor is seen; a function of the cursor alone. */
static size_t view_begin(const struct tui_field *field, int width)
{
	const int before = columns_between(field, 0, field->cursor);
	const int step = width / 2 > 0 ? width / 2 : 1;

	if (before < width && columns_between(field, 0, field->size) < width)
		return 0;
	if (before < width - 1)
		return 0;
	return first_seen(field, width - 1 - step + (before - width + 1) % step);
}

void tui_field_draw(const struct tui_field *field, struct tui_canvas *canvas, int x, int y,
	int width, bool focused)
{
	const enum tui_style style = focused ? TUI_FOCUS : TUI_INPUT;
	const struct tui_rect all_of_it = { x, y, width, 1 };
	size_t begin, at;
	int used = 0;

	if (width <= 0)
		return;
	tui_fill(canvas, all_of_it, style);
	begin = view_begin(field, width);
	for (at = begin; at < field->size; at = border_after(field, at)) {
		const size_t next = border_after(field, at);
		const int columns = columns_between(field, at, next);

		if (used + columns > width)
			break;
		if (field->secret)
			(void)tui_put(canvas, x + used, y, 1, style,
				tui_canvas_ascii(canvas) ? "*" : "\xe2\x80\xa2");
		else
			(void)tui_put_part(
				canvas, x + used, y, columns, style, field->text + at, next - at);
		used += columns;
	}
	if (begin > 0)
		(void)tui_put(canvas, x, y, 1, TUI_MUTED,
			tui_canvas_ascii(canvas) ? "<" : "\xe2\x80\xb9");
	if (at < field->size)
		(void)tui_put(canvas, x + width - 1, y, 1, TUI_MUTED,
			tui_canvas_ascii(canvas) ? ">" : "\xe2\x80\xba");
	if (focused)
		tui_cursor(canvas, x + columns_between(field, begin, field->cursor), y);
}
