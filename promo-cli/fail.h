/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * What went wrong, in the words of the one who typed: a sentence, each bad value under the name of
 * its option, the missing permission, the id of the request, and what to do next. The exit code is
 * that of errors.def.
 */

/* r: the result of a call of the library, with its reply (NULL: it never got as far as the server);
 * args may be NULL where no command was understood. */
int cli_fail(struct cli *cli, const struct cli_args *args, const struct promo_op *op, int r,
	const struct promo_reply *reply);

/* The same for a refusal that was made here. */
int cli_fail_here(
	struct cli *cli, const struct cli_args *args, int r, const struct promo_problem *problem);

/* The exit code of a result: CLI_FAILED for a fault. */
int cli_exit_code(int r);
