/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cmd.h"
#include "promo-cli/out.h"

/* Help from the rows: of the program, of a noun, of a command. Examples come first, since most who
 * ask want to copy one. Everything goes to out->data. */

void cli_help_program(const struct cli_out *out, struct promo_arena *arena);
void cli_help_noun(const struct cli_out *out, const char *noun, struct promo_arena *arena);
void cli_help_command(
	const struct cli_out *out, const struct cli_cmd *cmd, struct promo_arena *arena);

/* "promo batch create BATCH_NAME --codes N --amount AMOUNT --expires DATE [options]". */
const char *cli_usage(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena);

/* Examples of the command, one a line; made up from the row where it has none. */
const char *cli_examples(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena);

/* What a field takes beyond its kind: "1 to 1,000", "active, expired, ..."; "" if nothing. */
const char *cli_limits(const struct promo_field *field, struct promo_arena *arena);

/* Who may run it: "any signed-in user", "batches.create; promo-codes.generate with --codes". */
const char *cli_permissions(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena);
