/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Commands that have no way back: they ask once more, whatever fits the harm, and --yes says it at once.
 */

struct cli;
struct cli_args;

/* Asks whether what the input names is meant, with cli_make_sure() (prompt.h). */
typedef int cli_make_sure_fn(struct cli *cli, const void *in, bool *ret);

/* Sends the command's operation if it is meant, and says `done` unless --json was asked for; else nothing was
 * changed, which is CLI_FAILED. The command has CLI_OPT_YES. */
int cli_send_if_sure(struct cli *cli, const struct cli_args *args, cli_make_sure_fn *make_sure,
	const char *done);
