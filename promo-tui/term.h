/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"
#include "promo-tui/canvas.h"
#include "promo-tui/key.h"

/*
 * The terminal: keys come from it, canvases go to it. term.c is the only file that knows curses. There
 * is one terminal in a process; all calls come from one thread, and none of them waits (but for the
 * moment in which an Esc may become the beginning of a key: 25 ms, 100 over ssh, or as ESCDELAY
 * says).
 *
 * The terminal is given back as it was when tui_term_free() is called, when the program is stopped
 * (Ctrl-Z, SIGTSTP; it is drawn anew when it goes on), and when it dies of abort() or of a fault of
 * its memory. SIGTERM, SIGHUP and SIGINT come as TUI_KEY_END; the second of them ends the program at
 * once. After kill -9 the shell needs `reset`.
 */

struct tui_term_config {
	bool ascii;    /* lines in ASCII although the locale has more */
	bool no_color; /* NO_COLOR, --no-color */
	bool mouse;
	const struct tui_theme *theme;
};

struct tui_term;

/* Takes the terminal of standard input and output, and the characters of the locale that the
 * environment names (LC_CTYPE is set for the process). PROMO_E_INVALID_INPUT if they are no terminal,
 * or one of a kind that nothing can be drawn on; the line mode is for those. */
int tui_term_new(const struct tui_term_config *config, struct tui_term **ret) PROMO_CHECK;
void tui_term_free(struct tui_term *term); /* NULL is fine */

/* Becomes readable when tui_term_read() has something to do. */
int tui_term_fd(const struct tui_term *term);
/* The next key; false: there is none now. Call it until then. */
bool tui_term_read(struct tui_term *term, struct tui_key *ret);
void tui_term_size(const struct tui_term *term, int *ret_columns, int *ret_rows);
/* Whether the canvas has to use ASCII for its lines: asked for, or the locale has nothing else. */
bool tui_term_is_ascii(const struct tui_term *term);
/* Shows a canvas; only what changed is sent. What the terminal cannot show is replaced. */
void tui_term_show(struct tui_term *term, const struct tui_canvas *canvas);
/* Rings so many times, far enough apart to be told from each other; replaces bells still to come. */
void tui_term_bell(struct tui_term *term, int times);
/* Shows in another theme from the next tui_term_show() on. */
void tui_term_set_theme(struct tui_term *term, const struct tui_theme *theme);
