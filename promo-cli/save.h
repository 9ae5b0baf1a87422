/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/hash.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Writes what an operation streams. A file appears under its name only when it is complete and on
 * the disk (temporary name, fsync, rename); codes are money, so it is readable by its owner only.
 * What exists is replaced only with --force.
 */

struct cli_saved {
	const char *path; /* NULL: standard output */
	int64_t bytes;
	int64_t rows; /* as the server counted them; PROMO_NULL_INT: it did not say */
	char sha256[PROMO_SHA256_HEX_SIZE];
};

struct cli_download {
	const struct promo_op *op;
	void *in;
	int64_t rows; /* that are expected, for the progress; 0: nobody knows */
};

/* To the file of --output; without one to standard output, except that a file does not go to a
 * terminal but into the folder, under the server's name for it. Where the server says what it sent
 * (a count and a hash), that is what is kept, or nothing. ret may be NULL. */
int cli_save(struct cli *cli, const struct cli_args *args, const struct cli_download *what,
	struct cli_saved *ret);
