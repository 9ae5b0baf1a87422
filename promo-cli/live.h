/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Names that the server knows, to choose one of while a command is typed: asked for with little
 * patience, in silence, over a connection of its own that is kept with the answer for a few seconds.
 * Where nobody is signed in, the network is away or the list may not be seen, there are none.
 */

enum {
	CLI_LIVE_PATIENCE_MS = 250
};

struct cli_live {
	struct promo_arena *arena; /* of the answer that is kept */
	struct promo_client *client;
	char *whom; /* how the connection was asked for */
	const struct promo_op *list;
	const char *part;
	const struct promo_list *page;
	int64_t until_ms; /* when it is too old */
};

/* Items of a list, one page; with more than that those that have this part in them, where the list can
 * search. args: the options of the program that were typed. NULL: it cannot be told. The page lives until
 * the next call. */
const struct promo_list *cli_live_ask(struct cli *cli, struct cli_live *live,
	const struct cli_args *args, const struct promo_op *list, const char *part);

void cli_live_end(struct cli_live *live);
