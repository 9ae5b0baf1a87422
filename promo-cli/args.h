/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cmd.h"

/*
 * From argv to a command with its words and options, and from these to the struct of the
 * operation's input. What a value means is decided by the tables of the library; what does not fit
 * is said in the words that were typed.
 */

struct cli_given {
	const struct cli_option *option;
	const char *value;   /* "" for a flag without one */
	const char *spelled; /* "--codes", as typed */
};

enum {
	CLI_GIVEN_MAX = 96
};

struct cli_args {
	struct cli_cmd cmd;
	struct cli_options options;
	const char *own[CLI_OPT_COUNT]; /* values of the table's options; NULL: not given */
	struct cli_given given[CLI_GIVEN_MAX];
	size_t given_count;
	const char *words[CLI_WORDS_MAX];
	size_t word_count;
};

/* Reads options of the program in front of the command, the command's name, its words and options.
 * *ret_named is false where no command was named: then only the options are filled in. With --help
 * nothing is missing. The array lives in argv and the arena. */
int cli_args_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret, bool *ret_named);

/* The struct of the operation's input, every bad value named at once. A word "-" for a code is read
 * from stdin. Secrets are asked for, or read from stdin where their option says so. Ids given as
 * names are left for cli_resolve(). */
int cli_input(struct cli *cli, const struct cli_args *args, void **ret);

/* Asks the server for the ids of what was given by name. */
int cli_resolve(struct cli *cli, const struct cli_args *args, void *in);

/* How the one who typed knows an input field: "--codes" as he spelled it, "BATCH_NAME". The pointer
 * is that of a problem: "/total_codes", "?limit", "/filter/status". NULL if it is none of this command's. */
const char *cli_args_name(
	const struct cli_args *args, const char *pointer, struct promo_arena *arena);
