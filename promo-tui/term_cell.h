/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <wchar.h>

#include "promo-tui/canvas.h"

/*
 * A cell as a terminal may get it: at most two characters that take columns, each with its marks.
 * Terminals do not agree on the width of what is joined (families, skin tones, pictures out of
 * letters), so of a joined emoji the first picture alone is sent: then the columns of the canvas, of
 * curses and of the terminal are the same. What the locale cannot say becomes a question mark.
 */

enum {
	TUI_PIECE_CHARACTERS = 5 /* CCHARW_MAX of curses */
};

struct tui_piece {
	wchar_t text[TUI_PIECE_CHARACTERS + 1];
};

/* Returns how many pieces, one or two, which together take the columns of the cell. */
size_t tui_cell_pieces(const struct tui_cell *cell, struct tui_piece ret[2]);
