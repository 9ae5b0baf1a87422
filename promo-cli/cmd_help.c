/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/help.h"

/* help: `promo help batch create` is `promo batch create --help`. */

static int help_run(struct cli *cli, const struct cli_args *args)
{
	const char *names[1];
	struct cli_cmd cmd;
	const char *noun = args->words[0];

	if (args->word_count == 0) {
		cli_help_program(&cli->out, cli->arena);
		return CLI_DONE;
	}
	if (cli_cmd_find(noun, args->words[1], cli->arena, &cmd)) {
		cli_help_command(&cli->out, &cmd, cli->arena);
		return CLI_DONE;
	}
	if (args->word_count == 1 && cli_verbs(noun, names, 1)) {
		cli_help_noun(&cli->out, noun, cli->arena);
		return CLI_DONE;
	}
	cli_complain(&cli->out, "there is no command promo %s%s%s", cli_clean(cli->arena, noun),
		args->word_count > 1 ? " " : "", cli_clean(cli->arena, args->words[1]));
	return CLI_USAGE;
}

const struct cli_cmd cli_cmd_help = {
	.name = "help",
	.summary = "Show how a command is used",
	.examples = "promo help batch create",
	.words = "[NOUN [VERB]]",
	.words_max = 2,
	.run = help_run,
};
