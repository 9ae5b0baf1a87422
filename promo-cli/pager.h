/* SPDX-License-Identifier: MIT */
#pragma once

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * A pager for a list that is longer than the screen: PAGER, or less where it is there. Between begin
 * and end the data goes to it, what is said on stderr waits until it has gone, and Ctrl-C is its own.
 * One that is left early is no failure: whoever prints sees that cli_flush() is false, and stops.
 */

struct cli;

struct cli_pager {
	pid_t child;       /* 0: there is none */
	FILE *data, *talk; /* of the program, put back in the end */
	char *said;
	size_t said_size;
	struct sigaction interrupt; /* what Ctrl-C did before */
};

/* Begins one if standard output is a terminal with less than so many lines, and nobody does without:
 * --no-pager, an empty PAGER, cat, TERM=dumb. */
void cli_pager_begin(struct cli *cli, size_t lines, struct cli_pager *ret);

/* Waits until the reader has left it. */
void cli_pager_end(struct cli *cli, struct cli_pager *pager);
