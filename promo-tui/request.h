/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/*
 * What a person can ask of the program, whatever asked it: a key, a click, a name typed at `:`. Keys
 * are bound to requests in rows (keymap.h); screens handle requests and never look at raw keys but
 * for editing. The rows of request.def make the enum, the palette, the help and the manual page.
 */

enum tui_request {
	TUI_REQ_NONE = 0,
#define TUI_REQ(name, command, help) TUI_REQ_##name,
#include "promo-tui/request.def"
#undef TUI_REQ
	TUI_REQ_COUNT
};

struct tui_request_info {
	const char *command; /* its name at `:`, or NULL */
	const char *help;    /* a phrase: lower case, no full stop */
};

/* The row of a request; never NULL. */
const struct tui_request_info *tui_request_info(enum tui_request request);

/* The request with exactly this name at `:`, TUI_REQ_NONE if there is none. */
enum tui_request tui_request_find(const char *command);

/* The requests whose name at `:` begins so, in the order of the rows, into ret, which has room for
 * TUI_REQ_COUNT; returns how many. */
size_t tui_request_match(const char *beginning, enum tui_request *ret);
