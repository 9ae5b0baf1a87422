/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "promo-tui/key.h"

/*
 * From what a terminal sends, unit by unit, to keys: characters become clusters, controls become
 * names, a bracketed paste becomes one key, and escape sequences that nobody knows are swallowed
 * instead of being typed into a field. Pure: it takes units from whoever has them (term.c, a test)
 * until there are none for now. A key that is incomplete then is kept for the next time, but for a
 * cluster and an Esc, which count as they are.
 */

enum tui_unit_kind {
	TUI_UNIT_CHARACTER,
	TUI_UNIT_NAME, /* a key that the terminal has a sequence for */
	TUI_UNIT_MOUSE,
	TUI_UNIT_PASTE_BEGIN,
	TUI_UNIT_PASTE_END,
};

struct tui_unit {
	enum tui_unit_kind kind;
	int32_t character; /* Unicode */
	const char *name;  /* a constant */
	int x, y;          /* MOUSE */
};

/* The next unit; false: none for now. */
typedef bool tui_unit_source(void *context, struct tui_unit *ret);

struct tui_decoder {
	struct tui_unit held; /* taken from the source, to be looked at again */
	bool has_held;
	enum {
		TUI_DECODE_PLAIN = 0,
		TUI_DECODE_ESCAPE,
		TUI_DECODE_CSI,
		TUI_DECODE_SS3
	} state;
	bool pasting;
	bool after_return; /* in a paste: a line feed that follows is of the same line end */
	char text[TUI_KEY_TEXT_BYTES]; /* the cluster so far */
	size_t text_size;
	char paste[TUI_PASTE_BYTES_MAX + 1];
	size_t paste_size;
};

/* The next key, but for at_ms; false: there is none for now. */
bool tui_decode(
	struct tui_decoder *decoder, tui_unit_source *source, void *context, struct tui_key *ret);
/* A paste whose end does not come is ended; false if there was none, or nothing in it. */
bool tui_decode_end_paste(struct tui_decoder *decoder, struct tui_key *ret);
