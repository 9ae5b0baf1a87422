/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/arena.h"

/*
 * A line as words, by the quoting of sh (POSIX.1-2017, Shell Command Language, 2.2): blanks part, quotes
 * and the backslash keep together. Nothing is expanded, and no character starts anything.
 */

enum {
	CLI_LINE_WORDS_MAX = 256
};

struct cli_words {
	char *items[CLI_LINE_WORDS_MAX + 1]; /* ends with NULL */
	size_t count;
	char open;  /* the quote, or the backslash, that nothing ends; 0: none */
	bool ended; /* a blank stands behind the last word, or there is none */
};

/* False without memory, or for too many words. */
bool cli_words_split(struct promo_arena *arena, const char *line, struct cli_words *ret);
