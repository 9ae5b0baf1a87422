/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/complete.h"

/*
 * Lines that are edited at the terminal. The only file that knows readline. What is asked for goes into
 * no history; only what cli_line_remember() is told does.
 */

enum cli_line_end {
	CLI_LINE,         /* a line was typed */
	CLI_LINE_CLEARED, /* Ctrl-C */
	CLI_LINE_OVER,    /* the input has ended */
};

/* What may stand at the end of a line, at a Tab; NULL: nothing is offered. */
typedef void cli_line_complete_fn(void *context, const char *line, struct cli_candidates *ret);

/* An answer, on stderr: the heap's, or NULL at the end of the input. */
char *cli_line_ask(const char *prompt);

/* The next line of a dialogue: *ret is the heap's, where there is one. Ctrl-C ends the line and nothing
 * else. Off a terminal lines come without a prompt. */
enum cli_line_end cli_line_read(
	const char *prompt, cli_line_complete_fn *complete, void *context, char **ret);

/* The lines of earlier dialogues, from a file that only this user can read; they are kept there where a
 * path is given. What cannot be read or kept is not: nobody is stopped by that. */
void cli_line_recall(const char *path);
void cli_line_remember(const char *line, const char *path);
