/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* Lists: one page, or every page (--all) while only one of them is held in memory. With --json
 * the pages become one object, so that a program reads one answer either way. */

int cli_list(struct cli *cli, const struct cli_args *args, void *in);
