/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/request.h"

/*
 * Which key asks for what: rows of the screen in front, then those of the program. Hints, help and
 * promo-tui(1) read the same rows, so that none of them can say anything else than the keys do.
 * A key's name is that of struct tui_key ("enter", "f1", "ctrl-c"), or the text that it types
 * ("?", "r").
 */

struct tui_binding {
	const char *key; /* NULL ends the rows */
	enum tui_request request;
	const char *help; /* NULL: the request's own */
	/* One word for the bar of hints ("help"); NULL: it is not shown there. */
	const char *hint;
};

/* Those that hold on every screen. */
extern const struct tui_binding tui_global_keys[];

/* What the key asks for by these rows (NULL: none), TUI_REQ_NONE if nothing. */
enum tui_request tui_keymap_find(const struct tui_binding *rows, const char *key);

/* The first key of the rows that asks for this; NULL if none does. */
const char *tui_keymap_key(const struct tui_binding *rows, enum tui_request request);

/* What help says of a row. */
const char *tui_binding_help(const struct tui_binding *binding);

/* A key as people know it: "Enter", "Ctrl-C", "F1", "PgUp", "?". `ret` has room for
 * TUI_KEY_NAME_SIZE. */
enum {
	TUI_KEY_NAME_SIZE = 32
};
void tui_key_format(const char *key, char ret[TUI_KEY_NAME_SIZE]);
