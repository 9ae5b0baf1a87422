/* SPDX-License-Identifier: MIT */
#include "promo-tui/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

enum {
	HITS_MAX = 256,
	FORMAT_BYTES = 1024
};

struct hit {
	struct tui_rect rect;
	enum tui_request request;
	int argument;
};

struct tui_canvas {
	int columns, rows;
	bool ascii;
	int cursor_x, cursor_y; /* cursor_x < 0: hidden */
	struct tui_cell *cells;
	struct hit hits[HITS_MAX];
	int hit_count;
};

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

static int limited(int size)
{
	return size < 1 ? 1 : size > TUI_CANVAS_MAX ? TUI_CANVAS_MAX : size;
}

int tui_canvas_new(int columns, int rows, struct tui_canvas **ret)
{
	struct tui_canvas *canvas = calloc(1, sizeof(*canvas));
	int r;

	if (!canvas)
		return promo_fault(-ENOMEM, "no memory for a screen");
	r = tui_canvas_resize(canvas, columns, rows);
	if (r) {
		tui_canvas_free(canvas);
		return r;
	}
	*ret = canvas;
	return 0;
}

void tui_canvas_free(struct tui_canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	free(canvas);
}

int tui_canvas_resize(struct tui_canvas *canvas, int columns, int rows)
{
	struct tui_cell *cells;

	columns = limited(columns);
	rows = limited(rows);
	cells = calloc((size_t)columns * (size_t)rows, sizeof(*cells));
	if (!cells)
		return promo_fault(-ENOMEM, "no memory for a screen of %d by %d", columns, rows);
	free(canvas->cells);
	canvas->cells = cells;
	canvas->columns = columns;
	canvas->rows = rows;
	tui_canvas_clear(canvas);
	return 0;
}

void tui_canvas_clear(struct tui_canvas *canvas)
{
	const struct tui_rect all = { 0, 0, canvas->columns, canvas->rows };

	tui_fill(canvas, all, TUI_TEXT);
	canvas->hit_count = 0;
	canvas->cursor_x = -1;
	canvas->cursor_y = -1;
}

int tui_canvas_columns(const struct tui_canvas *canvas)
{
	return canvas->columns;
}

int tui_canvas_rows(const struct tui_canvas *canvas)
{
	return canvas->rows;
}

void tui_canvas_set_ascii(struct tui_canvas *canvas, bool ascii)
{
	canvas->ascii = ascii;
}

bool tui_canvas_ascii(const struct tui_canvas *canvas)
{
	return canvas->ascii;
}

static bool inside(const struct tui_canvas *canvas, int x, int y)
{
	return x >= 0 && y >= 0 && x < canvas->columns && y < canvas->rows;
}

static struct tui_cell *cell_at(const struct tui_canvas *canvas, int x, int y)
{
	return &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
}

const struct tui_cell *tui_canvas_cell(const struct tui_canvas *canvas, int x, int y)
{
	return inside(canvas, x, y) ? cell_at(canvas, x, y) : NULL;
}

static void blank(struct tui_cell *cell)
{
	cell->text[0] = ' ';
	cell->text[1] = '\0';
	cell->columns = 1;
}

/* Frees a cell for new content: of a wide cluster whose one half goes, the other cannot stay. */
static struct tui_cell *take_cell(struct tui_canvas *canvas, int x, int y)
{
	struct tui_cell *cell = cell_at(canvas, x, y);

	if (cell->columns == 0 && x > 0)
		blank(cell - 1);
	if (cell->columns == 2 && x + 1 < canvas->columns)
		blank(cell + 1);
	blank(cell);
	return cell;
}

static size_t cell_bytes(const char *text, size_t size)
{
	if (size < TUI_CELL_BYTES)
		return size;
	size = TUI_CELL_BYTES - 1;
	while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* A cluster that is only half on the canvas is not seen: a blank is. */
static void place(struct tui_canvas *canvas, int x, int y, enum tui_style style, const char *text,
	size_t size, int columns)
{
	struct tui_cell *cell, *behind = NULL;

	if (columns == 2 && !(inside(canvas, x, y) && inside(canvas, x + 1, y))) {
		place(canvas, x, y, style, " ", 1, 1);
		place(canvas, x + 1, y, style, " ", 1, 1);
		return;
	}
	if (!inside(canvas, x, y))
		return;
	cell = take_cell(canvas, x, y);
	if (columns == 2)
		behind = take_cell(canvas, x + 1, y);
	size = cell_bytes(text, size);
	memcpy(cell->text, text, size);
	cell->text[size] = '\0';
	cell->columns = (uint8_t)columns;
	cell->style = (uint8_t)style;
	if (behind) {
		behind->text[0] = '\0';
		behind->columns = 0;
		behind->style = (uint8_t)style;
	}
}

/* A piece of text as it will be seen: a cluster, or what stands for a byte that may not be. */
struct piece {
	const char *text;
	size_t size;     /* of what is seen */
	size_t consumed; /* of the text; 0: at its end */
	int columns;
};

static struct piece next_piece(const char *text)
{
	struct piece piece = { .text = text };
	int32_t character;
	size_t columns;

	if (*text == '\0')
		return piece;
	piece.consumed = promo_utf8_next(text, &character);
	if (piece.consumed == 0 || promo_utf8_is_control(character)) {
		piece.consumed = piece.consumed ? piece.consumed : 1;
		piece.text = REPLACEMENT;
		piece.size = sizeof(REPLACEMENT) - 1;
		piece.columns = 1;
		return piece;
	}
	piece.consumed = promo_utf8_cluster(text, &columns);
	piece.size = piece.consumed;
	piece.columns = (int)columns;
	return piece;
}

int tui_text_columns(const char *text)
{
	int columns = 0;

	for (struct piece piece = next_piece(text); piece.consumed > 0; piece = next_piece(text)) {
		columns += piece.columns;
		text += piece.consumed;
	}
	return columns;
}

int tui_put_part(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text, size_t size)
{
	const char *end = text + size;
	int used = 0;

	while (text < end) {
		const struct piece piece = next_piece(text);

		if (piece.consumed == 0 || used + piece.columns > most_columns)
			break;
		/* A combining mark without a letter has no cell. */
		if (piece.columns > 0)
			place(canvas, x + used, y, style, piece.text, piece.size, piece.columns);
		used += piece.columns;
		text += piece.consumed;
	}
	return used;
}

static int put_ellipsis(struct tui_canvas *canvas, int x, int y, enum tui_style style)
{
	const char *text = canvas->ascii ? "~" : "\xe2\x80\xa6";

	place(canvas, x, y, style, text, strlen(text), 1);
	return 1;
}

int tui_put(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text)
{
	int used;

	if (x >= canvas->columns)
		return 0;
	if (most_columns > canvas->columns - x)
		most_columns = canvas->columns - x;
	if (most_columns <= 0)
		return 0;
	if (tui_text_columns(text) <= most_columns)
		return tui_put_part(canvas, x, y, most_columns, style, text, strlen(text));
	used = tui_put_part(canvas, x, y, most_columns - 1, style, text, strlen(text));
	return used + put_ellipsis(canvas, x + used, y, style);
}

int tui_putf(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *format, ...)
{
	/* Longer than any row that can be read; what is cut here lies beyond the ellipsis or, on a
	 * canvas wider than that, ends in a character that is replaced. */
	char text[FORMAT_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return tui_put(canvas, x, y, most_columns, style, text);
}

/* Where the line that begins here ends, and where the next begins. */
static const char *line_end(const char *text, int width, const char **ret_next)
{
	const char *blank_at = NULL, *after_blank = NULL, *at = text;
	int used = 0;

	for (;;) {
		struct piece piece;

		if (*at == '\0' || *at == '\n') {
			*ret_next = *at ? at + 1 : at;
			return at;
		}
		piece = next_piece(at);
		if (*at == ' ') {
			blank_at = at;
			after_blank = at + 1;
		}
		if (used + piece.columns > width)
			break;
		used += piece.columns;
		at += piece.consumed;
	}
	if (blank_at && blank_at > text) {
		*ret_next = after_blank;
		return blank_at;
	}
	/* Not even one cluster may fit; the text has to go on all the same. */
	if (at == text)
		at += next_piece(at).consumed;
	*ret_next = at;
	return at;
}

int tui_put_wrapped(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style, const char *text)
{
	int row = 0;

	if (rect.width <= 0)
		return 0;
	while (row < rect.height && *text) {
		const char *next;
		const char *end = line_end(text, rect.width, &next);

		if (row == rect.height - 1 && *next) {
			const int used = tui_put_part(canvas, rect.x, rect.y + row, rect.width - 1,
				style, text, (size_t)(end - text));

			(void)put_ellipsis(canvas, rect.x + used, rect.y + row, style);
			return row + 1;
		}
		(void)tui_put_part(canvas, rect.x, rect.y + row, rect.width, style, text,
			(size_t)(end - text));
		text = next;
		row++;
	}
	return row;
}

void tui_fill(struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			place(canvas, x, y, style, " ", 1, 1);
}

void tui_restyle(struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			if (inside(canvas, x, y))
				cell_at(canvas, x, y)->style = (uint8_t)style;
}

/* Corners from the upper left one clockwise, then the horizontal and the vertical line. */
static const char *const lines[2][6] = {
	{ "\xe2\x94\x8c", "\xe2\x94\x90", "\xe2\x94\x98", "\xe2\x94\x94", "\xe2\x94\x80",
		"\xe2\x94\x82" },
	{ "+", "+", "+", "+", "-", "|" },
};

static void put_line(struct tui_canvas *canvas, int x, int y, enum tui_style style, int which)
{
	const char *text = lines[canvas->ascii][which];

	place(canvas, x, y, style, text, strlen(text), 1);
}

void tui_line(struct tui_canvas *canvas, int x, int y, int columns, enum tui_style style)
{
	for (int i = 0; i < columns; i++)
		put_line(canvas, x + i, y, style, 4);
}

void tui_box(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style, const char *title)
{
	const int right = rect.x + rect.width - 1, bottom = rect.y + rect.height - 1;

	if (rect.width < 2 || rect.height < 2)
		return;
	tui_line(canvas, rect.x, rect.y, rect.width, style);
	tui_line(canvas, rect.x, bottom, rect.width, style);
	for (int y = rect.y + 1; y < bottom; y++) {
		put_line(canvas, rect.x, y, style, 5);
		put_line(canvas, right, y, style, 5);
	}
	put_line(canvas, rect.x, rect.y, style, 0);
	put_line(canvas, right, rect.y, style, 1);
	put_line(canvas, right, bottom, style, 2);
	put_line(canvas, rect.x, bottom, style, 3);
	if (title && rect.width > 6) {
		int used = tui_put(canvas, rect.x + 3, rect.y, rect.width - 6, TUI_TITLE, title);

		place(canvas, rect.x + 2, rect.y, style, " ", 1, 1);
		place(canvas, rect.x + 3 + used, rect.y, style, " ", 1, 1);
	}
}

void tui_hit(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_request request, int argument)
{
	if (canvas->hit_count < HITS_MAX)
		canvas->hits[canvas->hit_count++] = (struct hit){ rect, request, argument };
}

bool tui_hit_at(const struct tui_canvas *canvas, int x, int y, enum tui_request *ret_request,
	int *ret_argument)
{
	for (int i = canvas->hit_count - 1; i >= 0; i--) {
		const struct hit *hit = &canvas->hits[i];

		if (x >= hit->rect.x && x < hit->rect.x + hit->rect.width && y >= hit->rect.y &&
			y < hit->rect.y + hit->rect.height) {
			*ret_request = hit->request;
			*ret_argument = hit->argument;
			return true;
		}
	}
	return false;
}

void tui_cursor(struct tui_canvas *canvas, int x, int y)
{
	canvas->cursor_x = inside(canvas, x, y) ? x : -1;
	canvas->cursor_y = inside(canvas, x, y) ? y : -1;
}

bool tui_cursor_at(const struct tui_canvas *canvas, int *ret_x, int *ret_y)
{
	if (canvas->cursor_x < 0)
		return false;
	*ret_x = canvas->cursor_x;
	*ret_y = canvas->cursor_y;
	return true;
}
