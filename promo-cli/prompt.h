/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Asks the person at the terminal, on stderr, so that stdout stays data; and reads lines that are
 * handed over on stdin. Nothing asked for here goes into a
 * history: the answers are codes, names and passwords.
 */

struct cli;

/* Whether there is a person to ask: stdin and stderr are a terminal. */
bool cli_can_ask(void);

/* A line, edited with readline. The text lives in the run's arena. An end of input (Ctrl-D) is
 * CLI_INTERRUPTED. */
int cli_ask(struct cli *cli, const char *prompt, const char **ret);

/* A line that is not shown while it is typed. */
int cli_ask_secret(struct cli *cli, const char *prompt, const char **ret);

/* The next line of stdin without its end; `what` is missing where there is none. */
int cli_read_line(struct cli *cli, const char *what, const char **ret);

/* Whether what has no way back is meant: he has to type `word`. Where nobody can be asked it takes --yes,
 * and is CLI_USAGE. */
int cli_make_sure(struct cli *cli, const char *prompt, const char *word, bool *ret);
