/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/arena.h"

/*
 * The options of a command: those of the program, those of the command's row, and those that come
 * from the fields of the operation's input. The first two kinds are rows of one table, so that a
 * name means the same everywhere.
 */

struct cli_cmd;

enum cli_opt {
	CLI_OPT_NONE = 0,
	/* of every command */
	CLI_OPT_HELP,
	CLI_OPT_VERSION,
	CLI_OPT_SERVER,
	CLI_OPT_PROFILE,
	CLI_OPT_CA_FILE,
	CLI_OPT_API_KEY_FILE,
	CLI_OPT_JSON,
	CLI_OPT_NDJSON,
	CLI_OPT_CSV,
	CLI_OPT_TEMPLATE,
	CLI_OPT_NO_HEADERS,
	CLI_OPT_QUIET,
	CLI_OPT_TIMES,
	CLI_OPT_NO_PAGER,
	CLI_OPT_VERBOSE,
	CLI_OPT_NO_COLOR,
	CLI_OPT_GLOBAL_END,
	/* of some */
	CLI_OPT_ALL = CLI_OPT_GLOBAL_END,
	CLI_OPT_COLUMNS,
	CLI_OPT_OUTPUT,
	CLI_OPT_FORCE,
	CLI_OPT_FORMAT,
	CLI_OPT_REJECTS,
	CLI_OPT_DETACH,
	CLI_OPT_WAIT_TIMEOUT,
	CLI_OPT_IDEMPOTENCY_KEY,
	CLI_OPT_IF_VERSION,
	CLI_OPT_LOCAL,
	CLI_OPT_MFA_METHOD,
	CLI_OPT_DEFAULT,
	CLI_OPT_DRY_RUN,
	CLI_OPT_FILE,
	CLI_OPT_PUBLIC_KEY,
	CLI_OPT_SEALS_LOG,
	CLI_OPT_YES,
	CLI_OPT_COUNT,
};

struct cli_option {
	const char *name;  /* "codes" */
	const char *other; /* a second spelling, "total-codes", or NULL */
	char letter;       /* 'o', or 0 */
	const char *arg;   /* what its value is, "N"; NULL: a flag */
	bool bare;         /* may do without: then its value stands behind = and nowhere else */
	const char *help;
	enum cli_opt own;                /* which of the table, or */
	const struct promo_field *field; /* which field of the input it sets */
	bool required;
};

enum {
	CLI_OPTIONS_MAX = 96,
	CLI_WORDS_MAX = 64
};

struct cli_options {
	struct cli_option items[CLI_OPTIONS_MAX];
	size_t count;
	/* The fields that are arguments, in their order, and how help names them. */
	const struct promo_field *words[CLI_WORDS_MAX];
	const char *word_names[CLI_WORDS_MAX];
	size_t word_count;
};

/* The options of a command, those of the program last; of the program alone for NULL. */
void cli_options_of(const struct cli_cmd *cmd, struct promo_arena *arena, struct cli_options *ret);

/* By its long name (`length` bytes of it), by its letter, by its field; NULL if there is none. */
const struct cli_option *cli_option_named(
	const struct cli_options *options, const char *name, size_t length);
const struct cli_option *cli_option_letter(const struct cli_options *options, char letter);
const struct cli_option *cli_option_of_field(
	const struct cli_options *options, const struct promo_field *field);

/* An input field that is an id, where a person may write a name instead: which list finds it. */
struct cli_reference {
	const char *op; /* operation or noun whose field it is; NULL: of any */
	const char *field;
	const char *shown; /* "BATCH" */
	const struct promo_op *list;
	const char *match[2]; /* fields of its items that have to be equal */
};
const struct cli_reference *cli_reference_of(
	const struct promo_op *op, const struct promo_field *field);
