/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* Lists: one page, or every page (--all) while only one of them is held in memory. With --json
 * the pages become one object, which is written as they come: a program reads one answer either way,
 * and one that broke off is no JSON. */

int cli_list(struct cli *cli, const struct cli_args *args, void *in);
