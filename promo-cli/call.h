/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Calls an operation with all that goes with it: the input from the command line, the idempotency
 * key and where it is kept, the version for If-Match, the pages of a list. What a command made of
 * an operation's row runs is here too.
 */

enum {
	CLI_PAGE_BYTES_MAX = 256 * 1024 * 1024
};

/* Decodes the input, connects, and resolves names: how every command with an operation begins. */
int cli_begin(struct cli *cli, const struct cli_args *args, void **ret_in);

/* Calls op (the command's own, or another) and has said what was wrong unless it is CLI_DONE. */
int cli_send(struct cli *cli, const struct cli_args *args, const struct promo_op *op, void *in,
	struct promo_arena *arena, struct promo_reply *ret);

/* The same for who goes on after a refusal: CLI_DONE where the server was asked, and *ret_r is what the
 * library said. */
int cli_try(struct cli *cli, const struct cli_args *args, const struct promo_op *op, void *in,
	struct promo_arena *arena, struct promo_reply *ret, int *ret_r);

/* Prints an answer in the form that was asked for: this object of its own, or (NULL) the one that came,
 * which then is no text. */
void cli_answer(struct cli *cli, const struct promo_reply *reply, const struct promo_schema *noun,
	const void *object);

/* Sets a field of an input, of this kind, by its name. */
void cli_put_int(const struct promo_schema *schema, void *in, const char *name, int64_t value);
void cli_put_text(const struct promo_schema *schema, void *in, const char *name, const char *value);
void cli_put_true(const struct promo_schema *schema, void *in, const char *name);

/* Says of a field that was set that it is given. */
void cli_mark(const struct promo_schema *schema, void *in, const char *name);

/* A whole number from 0 to max of one of the table's options; `otherwise` where it was not given. */
int cli_own_number(struct cli *cli, const struct cli_args *args, enum cli_opt own, int64_t max,
	int64_t otherwise, int64_t *ret);

cli_run_fn cli_run_op;
