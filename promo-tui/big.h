/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/canvas.h"

/*
 * Text in letters of five rows, to be read from two metres: capitals, digits and what stands in an
 * amount. It comes in two widths; what fits in neither, or has other characters, is put as plain text.
 */

enum {
	TUI_BIG_ROWS = 5
};

/* Puts text in at most most_columns columns and not beyond the canvas. Returns the rows used:
 * TUI_BIG_ROWS, or 1 where it became plain text. */
int tui_big(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text);
/* The columns that tui_big() takes for it, to place it. */
int tui_big_columns(int most_columns, const char *text);
