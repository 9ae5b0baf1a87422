/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/macros.h"
#include "promo-tui/canvas.h"

/*
 * A line that a person edits: UTF-8 by grapheme clusters, so that one backspace takes what looks like
 * one character. All its memory is there from the beginning; it is wiped when it goes, because any
 * field may hold a secret. A secret field shows a dot for each character and does not tell where its
 * words begin. Pure: it knows keys by name and draws on a canvas.
 */

struct tui_field {
	char *text;    /* with its NUL; read it through tui_field_text() */
	size_t size;   /* bytes of text */
	size_t cursor; /* bytes before it; always between clusters */
	size_t most_characters;
	bool secret;
};

/* An empty field for at most so many characters (code points, as the limits of the API count). A
 * fault without memory. */
int tui_field_init(struct tui_field *field, size_t most_characters, bool secret) PROMO_CHECK;
/* Wipes and frees; fine for a field that is all zero. */
void tui_field_release(struct tui_field *field);
/* Empties and wipes it. */
void tui_field_clear(struct tui_field *field);

const char *tui_field_text(const struct tui_field *field);
bool tui_field_is_empty(const struct tui_field *field);
/* Puts text in its place, the cursor at its end. False as with insert. */
bool tui_field_set(struct tui_field *field, const char *text);

/* Inserts typed or pasted text before the cursor, without its controls. False if not all of it
 * found room or was text: what did fit is there. */
bool tui_field_insert(struct tui_field *field, const char *text);

/* Obeys a key: left, right, home, end, ctrl-a, ctrl-e, ctrl-left, ctrl-right, alt-b, alt-f (words),
 * backspace, delete, ctrl-w (the word before), ctrl-u (all before), ctrl-k (all behind). False for
 * every other key. */
bool tui_field_key(struct tui_field *field, const char *key_name);

/* Draws it in `width` columns, with the part of a long text around the cursor; with the focus also
 * the cursor. */
void tui_field_draw(const struct tui_field *field, struct tui_canvas *canvas, int x, int y,
	int width, bool focused);
