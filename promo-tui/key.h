/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a person did, once the terminal's bytes are understood. Named keys are: enter, esc, tab,
 * backtab, up, down, left, right, home, end, pgup, pgdn, backspace, delete, insert, ctrl-left,
 * ctrl-right, f1 .. f12, ctrl-a .. ctrl-y (but for h, i, j and m, which are backspace, tab and enter;
 * ctrl-z stops the program), alt-a .. alt-z. A wheel says up and down.
 */

enum tui_key_kind {
	TUI_KEY_NONE = 0,
	TUI_KEY_TEXT, /* one cluster; a mark that comes late may be one as well */
	TUI_KEY_NAMED,
	TUI_KEY_PASTE,
	TUI_KEY_MOUSE,  /* the first button was pressed */
	TUI_KEY_RESIZE, /* the size may be another, or all has to be drawn anew */
	TUI_KEY_END     /* the program is asked to end, or the terminal is gone */
};

enum {
	TUI_KEY_TEXT_BYTES = 32,
	TUI_PASTE_BYTES_MAX = 4096
};

struct tui_key {
	enum tui_key_kind kind;
	const char *name;              /* NAMED; a constant */
	char text[TUI_KEY_TEXT_BYTES]; /* TEXT */
	const char
		*paste; /* PASTE, without controls, line ends and tabs as blanks, none at its ends;
			    * valid until the next read */
	int x, y;       /* MOUSE */
	int64_t at_ms;  /* of the monotonic clock */
};
