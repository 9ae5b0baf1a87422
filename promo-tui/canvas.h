/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"
#include "promo-tui/request.h"
#include "promo-tui/theme.h"

/*
 * What a screen draws on: a grid of cells, each one grapheme cluster in one style, drawn anew for every
 * frame. It knows no terminal: term.c shows it, and in tests it prints itself as text. Text of others
 * cannot harm it or a terminal: controls are replaced, and everything is clipped to the grid and to
 * the columns that were given, on the borders of clusters. Drawing cannot fail; coordinates may lie
 * outside.
 */

enum {
	TUI_CELL_BYTES = 32,  /* of a cluster with its NUL; the rest of a longer one is left out */
	TUI_CANVAS_MAX = 1000 /* columns or rows */
};

struct tui_rect {
	int x, y, width, height;
};

struct tui_cell {
	char text[TUI_CELL_BYTES]; /* a cluster; "" behind a wide one */
	uint8_t columns;           /* 1 or 2; 0 behind a wide one */
	uint8_t style;             /* enum tui_style */
};

struct tui_canvas;

/* A blank canvas; sizes are brought into 1 .. TUI_CANVAS_MAX. A fault without memory. */
int tui_canvas_new(int columns, int rows, struct tui_canvas **ret) PROMO_CHECK;
void tui_canvas_free(struct tui_canvas *canvas); /* NULL is fine */
/* A blank canvas of another size. After a fault it has the old size. */
int tui_canvas_resize(struct tui_canvas *canvas, int columns, int rows) PROMO_CHECK;
/* Blank in TUI_TEXT, without hit boxes, the cursor hidden. */
void tui_canvas_clear(struct tui_canvas *canvas);
int tui_canvas_columns(const struct tui_canvas *canvas);
int tui_canvas_rows(const struct tui_canvas *canvas);
/* Whether lines and marks of our own are ASCII; the text that is put is not touched. */
void tui_canvas_set_ascii(struct tui_canvas *canvas, bool ascii);
bool tui_canvas_ascii(const struct tui_canvas *canvas);
/* The cell there, the canvas' own; NULL outside. */
const struct tui_cell *tui_canvas_cell(const struct tui_canvas *canvas, int x, int y);

/* Puts one line of text in at most most_columns columns, and not beyond the canvas; cut text ends
 * with an ellipsis. Returns the columns used. What stands left of the canvas is not seen. */
int tui_put(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text);
int tui_putf(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *format, ...) PROMO_PRINTF(6, 7);
/* The same with the first `size` bytes of text; what does not fit is left out without a mark. */
int tui_put_part(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text, size_t size);
/* The columns that tui_put() would use with room for all: controls count one each. */
int tui_text_columns(const char *text);
/* Puts text in a rectangle, wrapped at blanks (long words anywhere) and at line ends; ends with an
 * ellipsis where it does not fit. Returns the rows used. */
int tui_put_wrapped(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style, const char *text);
/* Blanks in a style. */
void tui_fill(struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style);
/* Lines around a rectangle, inside of it; the title, which may be NULL, stands in the upper one. */
void tui_box(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style, const char *title);
/* A line from x to the right. */
void tui_line(struct tui_canvas *canvas, int x, int y, int columns, enum tui_style style);
/* Gives what stands there another style. */
void tui_restyle(struct tui_canvas *canvas, struct tui_rect rect, enum tui_style style);

/* A click in the rectangle asks for this; of several boxes the one drawn last counts. Beyond 256 of
 * them a frame has no more. */
void tui_hit(
	struct tui_canvas *canvas, struct tui_rect rect, enum tui_request request, int argument);
bool tui_hit_at(const struct tui_canvas *canvas, int x, int y, enum tui_request *ret_request,
	int *ret_argument);

/* The cursor is seen there; hidden unless called after tui_canvas_clear(), or outside. */
void tui_cursor(struct tui_canvas *canvas, int x, int y);
bool tui_cursor_at(const struct tui_canvas *canvas, int *ret_x, int *ret_y);

/* A picture for tests and manuals: a line for each row, without blanks at its end. With styles: then
 * "--- styles", a line of one letter a column for each row (theme.def; without "." at its end), and
 * "--- cursor X Y" if it is seen. NULL without memory. */
const char *tui_canvas_print(
	const struct tui_canvas *canvas, bool with_styles, struct promo_arena *arena);
