/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * --dry-run of whatever writes: the input is checked, names are found, what stands now is read, and the
 * request is shown in the place of being sent. Where the server has a dry run of its own (an input with
 * the field dry_run) it is asked instead. Every place that sends a write asks cli_dry() first.
 */

/* Whether commands with this operation take --dry-run, answered here. */
bool cli_dry_offered(const struct promo_op *op);

/* Whether this is to be shown, and not sent. */
bool cli_dry(const struct cli_args *args, const struct promo_op *op);

/* What stands now of what op writes to, and the operation that shows it; *ret is NULL where nothing does, or
 * who asks may not see it. */
int cli_standing(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const struct promo_op **ret_show, const void **ret);

/* Shows it: CLI_NOT_SENT, or what was wrong with what it is about. if_match may be NULL. */
int cli_dry_run(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const char *if_match);
