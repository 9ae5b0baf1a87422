/* SPDX-License-Identifier: MIT */
#include "promo-cli/cmd.h"

#include <string.h>

#include "promo-cli/call.h"

const struct cli_cmd *const cli_cmds[] = {
	&cli_cmd_login,
	&cli_cmd_logout,
	&cli_cmd_whoami,
	&cli_cmd_mfa_totp,
	&cli_cmd_mfa_email,
	&cli_cmd_mfa_sms,
	&cli_cmd_verify,
	&cli_cmd_redeem,
	&cli_cmd_report,
	&cli_cmd_codes,
	&cli_cmd_explain,
	&cli_cmd_validate,
	&cli_cmd_code_bulk,
	&cli_cmd_audit_verify,
	&cli_cmd_backup_create,
	&cli_cmd_backup_verify,
	&cli_cmd_event_stream,
	&cli_cmd_branding_set_logo,
	&cli_cmd_branding_set_favicon,
	&cli_cmd_settings_get,
	&cli_cmd_settings_set,
	&cli_cmd_settings_edit,
	&cli_cmd_settings_export,
	&cli_cmd_settings_import,
	&cli_cmd_settings_diff,
	&cli_cmd_user_delete,
	&cli_cmd_user_password_reset,
	&cli_cmd_customer_erase,
	&cli_cmd_download,
	&cli_cmd_import,
	&cli_cmd_batch_create,
	&cli_cmd_batch_delete,
	&cli_cmd_generate,
	&cli_cmd_job_wait,
	&cli_cmd_help,
	&cli_cmd_completion,
	&cli_cmd_shell,
	NULL,
};

/* What no person types: in no help, no manual, no completion. */
static const struct cli_cmd *const hidden[] = { &cli_cmd_complete };

bool cli_op_has_command(const struct promo_op *op)
{
	return !(op->flags & PROMO_OP_NO_CLI) && strchr(op->name, '.');
}

static const struct cli_cmd *replacement(const struct promo_op *op)
{
	for (size_t i = 0; cli_cmds[i]; i++)
		if (cli_cmds[i]->replaces && cli_cmds[i]->op == op)
			return cli_cmds[i];
	return NULL;
}

void cli_cmd_of_op(const struct promo_op *op, struct promo_arena *arena, struct cli_cmd *ret)
{
	const struct cli_cmd *own = replacement(op);
	char *name = promo_arena_strdup(arena, op->name);

	if (name)
		*strchr(name, '.') = ' ';
	if (own) {
		*ret = *own;
	} else {
		*ret = (struct cli_cmd){ .op = op, .examples = op->examples, .run = cli_run_op };
		if (op->flags & PROMO_OP_IF_MATCH)
			ret->options[0] = CLI_OPT_IF_VERSION;
		if (op->flags & PROMO_OP_KEY)
			ret->options[0] = CLI_OPT_IDEMPOTENCY_KEY;
		if (op->shape == PROMO_SHAPE_LIST) {
			ret->options[0] = CLI_OPT_ALL;
			ret->options[1] = CLI_OPT_COLUMNS;
		}
		if (op->shape == PROMO_SHAPE_STREAM) {
			ret->options[0] = CLI_OPT_OUTPUT;
			ret->options[1] = CLI_OPT_FORCE;
		}
	}
	ret->name = name ? name : op->name;
}

static bool has_noun(const char *name, char between, const char *noun, const char **ret_verb)
{
	size_t length = strlen(noun);

	if (strncmp(name, noun, length) != 0 || name[length] != between)
		return false;
	*ret_verb = name + length + 1;
	return true;
}

bool cli_cmd_find(
	const char *noun, const char *verb, struct promo_arena *arena, struct cli_cmd *ret)
{
	const char *own;

	for (size_t i = 0; cli_cmds[i]; i++) {
		bool same = verb ? has_noun(cli_cmds[i]->name, ' ', noun, &own) &&
					    strcmp(own, verb) == 0
				 : strcmp(cli_cmds[i]->name, noun) == 0;

		if (same) {
			*ret = *cli_cmds[i];
			return true;
		}
	}
	for (size_t i = 0; !verb && i < PROMO_COUNT(hidden); i++)
		if (strcmp(hidden[i]->name, noun) == 0) {
			*ret = *hidden[i];
			return true;
		}
	for (size_t i = 0; verb && promo_ops[i]; i++)
		if (cli_op_has_command(promo_ops[i]) &&
			has_noun(promo_ops[i]->name, '.', noun, &own) && strcmp(own, verb) == 0) {
			cli_cmd_of_op(promo_ops[i], arena, ret);
			return true;
		}
	return false;
}

static bool holds(const char **words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

size_t cli_nouns(struct promo_arena *arena, const char **ret, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; promo_ops[i] && count < max; i++) {
		const char *name = promo_ops[i]->name;
		const char *noun = promo_arena_strndup(arena, name, strcspn(name, "."));

		if (noun && cli_op_has_command(promo_ops[i]) && !holds(ret, count, noun))
			ret[count++] = noun;
	}
	return count;
}

size_t cli_verbs(const char *noun, const char **ret, size_t max)
{
	size_t count = 0;
	const char *verb;

	for (size_t i = 0; promo_ops[i] && count < max; i++)
		if (cli_op_has_command(promo_ops[i]) &&
			has_noun(promo_ops[i]->name, '.', noun, &verb))
			ret[count++] = verb;
	for (size_t i = 0; cli_cmds[i] && count < max; i++)
		if (has_noun(cli_cmds[i]->name, ' ', noun, &verb) && !holds(ret, count, verb))
			ret[count++] = verb;
	return count;
}

const char *cli_cmd_summary(const struct cli_cmd *cmd)
{
	return cmd->summary ? cmd->summary : cmd->op->summary;
}
