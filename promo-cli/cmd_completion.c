/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* completion: a script for bash, made from the rows, with no live values in it. */

enum {
	NAMES_MAX = 64
};

static void put_options(struct cli *cli, const struct cli_cmd *cmd)
{
	struct cli_options options;

	cli_options_of(cmd, cli->arena, &options);
	for (size_t i = 0; i < options.count; i++)
		cli_putf(&cli->out, " --%s", options.items[i].name);
}

/* "batch create") words="--codes ..." ;; */
static void put_case(struct cli *cli, const struct cli_cmd *cmd)
{
	cli_putf(&cli->out, "\t\"%s\") words=\"", cmd->name);
	if (cmd->complete)
		cmd->complete(cli);
	put_options(cli, cmd);
	cli_put(&cli->out, "\" ;;\n");
}

static void put_noun(struct cli *cli, const char *noun)
{
	const char *verbs[NAMES_MAX];
	size_t count = cli_verbs(noun, verbs, NAMES_MAX);
	struct cli_cmd cmd;

	cli_putf(&cli->out, "\t\"%s\") words=\"", noun);
	for (size_t i = 0; i < count; i++)
		cli_putf(&cli->out, " %s", verbs[i]);
	cli_put(&cli->out, "\" ;;\n");
	for (size_t i = 0; i < count; i++)
		if (cli_cmd_find(noun, verbs[i], cli->arena, &cmd))
			put_case(cli, &cmd);
}

static int completion_run(struct cli *cli, const struct cli_args *args)
{
	const char *nouns[NAMES_MAX];
	size_t count = cli_nouns(cli->arena, nouns, NAMES_MAX);

	if (args->word_count != 1 || strcmp(args->words[0], "bash") != 0) {
		cli_complain(&cli->out, "which shell? promo completion bash");
		return CLI_USAGE;
	}
	cli_put(&cli->out, "# bash completion of promo; put it into a file of "
			   "/usr/share/bash-completion/completions\n"
			   "_promo()\n{\n"
			   "\tlocal words=\"\" said=() word\n"
			   "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
			   "\t\t[[ $word == -* || ${#said[@]} -eq 2 ]] || said+=(\"$word\")\n"
			   "\tdone\n"
			   "\tcase \"${said[0]-}\" in\n\t");
	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			cli_putf(&cli->out, "%s%s", i ? "|" : "", cli_cmds[i]->name);
	cli_put(&cli->out,
		") said=(\"${said[0]-}\") ;;\n\tesac\n\tcase \"${said[*]-}\" in\n\t\"\") words=\"");
	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			cli_putf(&cli->out, " %s", cli_cmds[i]->name);
	for (size_t i = 0; i < count; i++)
		cli_putf(&cli->out, " %s", nouns[i]);
	put_options(cli, NULL);
	cli_put(&cli->out, "\" ;;\n");
	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			put_case(cli, cli_cmds[i]);
	for (size_t i = 0; i < count; i++)
		put_noun(cli, nouns[i]);
	cli_put(&cli->out, "\tesac\n"
			   "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
			   "\"${COMP_WORDS[COMP_CWORD]}\")\n"
			   "}\n"
			   "complete -o default -F _promo promo\n");
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_completion = {
	.name = "completion",
	.summary = "Print the completion of this program for a shell",
	.examples = "promo completion bash > ~/.local/share/bash-completion/completions/promo",
	.words = "bash",
	.words_max = 1,
	.run = completion_run,
};
