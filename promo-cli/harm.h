/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/api/op.h"

/*
 * Operations that take something away for good and need no command of their own: the table says what is
 * asked before. Where more has to be looked up first a command asks by itself (sure.h).
 */

struct cli;
struct cli_args;

/* Whether it is asked about, so that its command takes --yes. */
bool cli_is_harmful(const struct promo_op *op);

/* Asks, unless --yes or --dry-run is given: CLI_DONE where it is meant or needs no asking. Else it has said
 * that nothing was changed. */
int cli_ask_about_harm(
	struct cli *cli, const struct cli_args *args, const struct promo_op *op, const void *in);
