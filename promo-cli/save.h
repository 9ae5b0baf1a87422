/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Writes what an operation streams. A file appears under its name only when it is complete and on
 * the disk (temporary name, fsync, rename); codes are money, so it is readable by its owner only.
 * What exists is replaced only with --force.
 */

struct cli_saved {
	const char *path; /* NULL: standard output */
	int64_t bytes, lines;
};

/* To the file of --output; without one to standard output, except that a table does not go to a
 * terminal but to a file of the server's naming. ret may be NULL. */
int cli_save(struct cli *cli, const struct cli_args *args, void *in, struct cli_saved *ret);
