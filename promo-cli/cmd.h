/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "promo-cli/option.h"

/*
 * A command is a row. Operations need none: `promo <noun> <verb>` comes from theirs. A row of its
 * own has what does more than one call (sign in, wait, write a file) or has a short name because it
 * is typed all day. One row can do both: then `replaces` makes the operation's own spelling run it.
 *
 * If you add a row: put it into cli_cmds[] in cmd.c; help, completion and manual follow.
 */

struct cli;
struct cli_args;

/* Returns what the process exits with (enum cli_exit), having said why on stderr. */
typedef int cli_run_fn(struct cli *cli, const struct cli_args *args);

enum {
	CLI_CMD_OPTIONS_MAX = 8,
	CLI_CMD_GOES_ON_MAX = 4,
};

struct cli_cmd {
	const char *name;          /* "redeem", "job wait" */
	const struct promo_op *op; /* whose input it takes as arguments and options, or NULL */
	bool replaces;             /* and is what `promo <noun> <verb>` of that operation runs */
	bool own_input; /* makes the input from something else: its fields are no options */
	const struct promo_schema *prints; /* where that is not only the operation's output */
	const struct promo_op *goes_on[CLI_CMD_GOES_ON_MAX]; /* what it may have to call then */
	const char *summary;                                 /* NULL: the operation's */
	const char *text;     /* what else there is to know, a paragraph; or NULL */
	const char *examples; /* one a line */
	const char *words;    /* arguments as help shows them, behind those of the operation */
	size_t words_max;     /* and how many at most */
	enum cli_opt options[CLI_CMD_OPTIONS_MAX]; /* beside those of the input; ends with 0 */
	const char *asks, *asks_prompt;    /* the input field that is asked for where it lacks */
	void (*complete)(struct cli *cli); /* prints words that may follow, a blank before each */
	cli_run_fn *run;
};

/* The commands with rows of their own; the list ends with NULL. */
extern const struct cli_cmd *const cli_cmds[];

extern const struct cli_cmd cli_cmd_event_stream, cli_cmd_backup_create, cli_cmd_backup_verify;
extern const struct cli_cmd cli_cmd_audit_verify, cli_cmd_login, cli_cmd_logout, cli_cmd_whoami,
	cli_cmd_mfa_totp, cli_cmd_mfa_email, cli_cmd_mfa_sms, cli_cmd_verify, cli_cmd_redeem,
	cli_cmd_report, cli_cmd_codes, cli_cmd_explain, cli_cmd_validate, cli_cmd_code_bulk,
	cli_cmd_batch_create, cli_cmd_generate, cli_cmd_download, cli_cmd_import, cli_cmd_job_wait,
	cli_cmd_user_delete, cli_cmd_user_password_reset, cli_cmd_customer_erase,
	cli_cmd_batch_delete, cli_cmd_branding_set_logo, cli_cmd_branding_set_favicon,
	cli_cmd_settings_get, cli_cmd_settings_set, cli_cmd_settings_edit, cli_cmd_settings_export,
	cli_cmd_settings_import, cli_cmd_settings_diff, cli_cmd_help, cli_cmd_completion,
	cli_cmd_complete, cli_cmd_shell;

/* Whether the operation has a command `promo <noun> <verb>`. */
bool cli_op_has_command(const struct promo_op *op);

/* The command behind an operation: the row that replaces it, or one made for it. */
void cli_cmd_of_op(const struct promo_op *op, struct promo_arena *arena, struct cli_cmd *ret);

/* The command of this name; verb is NULL for those of one word. False if there is none. */
bool cli_cmd_find(
	const char *noun, const char *verb, struct promo_arena *arena, struct cli_cmd *ret);

/* The nouns in their order, and the verbs of a noun; how many, at most max are written. */
size_t cli_nouns(struct promo_arena *arena, const char **ret, size_t max);
size_t cli_verbs(const char *noun, const char **ret, size_t max);

const char *cli_cmd_summary(const struct cli_cmd *cmd);
