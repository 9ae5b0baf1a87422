/* SPDX-License-Identifier: MIT */
#include "promo-cli/harm.h"

#include <string.h>

#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/dry.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"

/* If you add a row: the operation's tests and examples say --yes from then on. */
static const struct harm {
	const char *op;    /* its name, or what it begins with where that ends with "-" */
	const char *would; /* "Delete the role", and who it is behind that */
	const char *field; /* of what stands now, that tells which it is; NULL: nothing does */
	const char *then;  /* what becomes of it */
} harms[] = {
	{ "api-key.delete", "Delete this API key", NULL, "What uses it stops at once." },
	{ "backup.delete", "Delete the backup", "id", "It cannot be restored then." },
	{ "role.delete", "Delete the role", "name", "There is no way back." },
	{ "settings.reset-", "Put these settings back to their defaults", NULL,
		"What was set is gone." },
	{ "settings.restore", "Put all settings back to this snapshot", NULL,
		"What was set since is gone." },
	{ "user.end-api-key", "Delete this API key of another", NULL,
		"What uses it stops at once." },
	{ "webhook.delete", "Delete the webhook", "url", "What was not delivered is lost." },
};

static const struct harm *find(const struct promo_op *op)
{
	for (size_t i = 0; i < PROMO_COUNT(harms); i++) {
		const size_t length = strlen(harms[i].op);
		const bool begins = harms[i].op[length - 1] == '-';

		if (begins ? strncmp(op->name, harms[i].op, length) == 0
			   : strcmp(op->name, harms[i].op) == 0)
			return &harms[i];
	}
	return NULL;
}

bool cli_is_harmful(const struct promo_op *op)
{
	return find(op) != NULL;
}

/* What it is called by the one who reads the question; "" where nothing tells. */
static int name_it(struct cli *cli, const struct cli_args *args, const struct harm *harm,
	const struct promo_op *op, const void *in, const char **ret)
{
	const struct promo_op *show;
	const struct promo_field *field;
	const void *now;
	int code;

	*ret = "";
	if (!harm->field)
		return CLI_DONE;
	code = cli_standing(cli, args, op, in, &show, &now);
	if (code || !now)
		return code;
	field = promo_schema_field(show->out, harm->field);
	if (field)
		*ret = cli_print_value(show->out, field, now, CLI_PEOPLE, cli->arena);
	return CLI_DONE;
}

int cli_ask_about_harm(
	struct cli *cli, const struct cli_args *args, const struct promo_op *op, const void *in)
{
	const struct harm *harm = find(op);
	const char *name = "", *prompt;
	bool sure = false;
	int code = CLI_DONE;

	if (!harm || args->own[CLI_OPT_YES] || args->own[CLI_OPT_DRY_RUN])
		return CLI_DONE;
	if (cli_can_ask())
		code = name_it(cli, args, harm, op, in, &name);
	if (code)
		return code;
	prompt = promo_arena_printf(cli->arena, "%s%s%s? %s Type yes: ", harm->would,
		*name ? " " : "", cli_clean(cli->arena, name), harm->then);
	code = cli_make_sure(cli, prompt ? prompt : "Is this meant? Type yes: ", "yes", &sure);
	if (code || sure)
		return code;
	cli_say(&cli->out, "nothing was changed");
	return CLI_FAILED;
}
