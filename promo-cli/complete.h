/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cli.h"
#include "promo-cli/live.h"

/*
 * What may stand next on a command line: commands, options and words from the rows, which needs no
 * server, and names that the server knows (live.h), where it tells in time. Nothing is ever said about
 * what goes wrong; there is less on offer then.
 */

struct cli_candidate {
	const char *value; /* the whole word, as it is meant; no control characters */
	const char *help;  /* a line; "" for none */
};

enum {
	CLI_CANDIDATES_MAX = 1000
};

struct cli_candidates {
	struct cli_candidate items[CLI_CANDIDATES_MAX];
	size_t count;
	bool files; /* the name of a file goes here */
};

/* Words behind "promo"; the last one, which may be empty, is to be completed. All lives in cli->arena. */
void cli_complete(struct cli *cli, struct cli_live *live, const char *const *words, size_t count,
	struct cli_candidates *ret);
