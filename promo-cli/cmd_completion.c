/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/complete.h"
#include "promo-cli/words.h"

/*
 * completion: the few lines that a shell needs, which ask `promo complete` at every Tab. So what is
 * offered is always that of the program that is run, and nothing of the shell's is evaluated.
 */

enum {
	/* A Tab is over by then, whatever the resolver or the network are doing. */
	ASK_LIMIT_US = 300 * 1000,
};

/* bash parts words at = : @ as well, so it gets what stands behind them, and quotes names with blanks as
 * it does those of files. */
static const char for_bash[] =
	"# bash completion of promo; put it into a file of\n"
	"# ~/.local/share/bash-completion/completions or /usr/share/bash-completion/completions\n"
	"_promo()\n"
	"{\n"
	"\tlocal line\n"
	"\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tcompopt -o default\n"
	"\t\t\treturn\n"
	"\t\tfi\n"
	"\t\tline=${line%%$'\\t'*}\n"
	"\t\t[[ $line == *[!A-Za-z0-9_.,:/@%+=-]* ]] && compopt -o filenames\n"
	"\t\tCOMPREPLY+=(\"$line\")\n"
	"\tdone < <(\"${1/#\\~/$HOME}\" complete line -- \"${COMP_LINE:0:COMP_POINT}\" \\\n"
	"\t\t\"$2\" 2>/dev/null </dev/null)\n"
	"}\n"
	"complete -F _promo promo\n";

static const char for_zsh[] =
	"#compdef promo\n"
	"# zsh completion of promo; put it into a file _promo of a folder of $fpath\n"
	"_promo()\n"
	"{\n"
	"\tlocal line program=${(Q)words[1]}\n"
	"\tlocal -a found shown\n"
	"\n"
	"\tfor line in ${(f)\"$(\"${program/#\\~/$HOME}\" complete words -- \\\n"
	"\t\t\"${(@Q)words[2,CURRENT-1]}\" \"${(Q)PREFIX}\" 2>/dev/null </dev/null)\"}; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\t_files\n"
	"\t\t\treturn\n"
	"\t\tfi\n"
	"\t\tfound+=(\"${line%%$'\\t'*}\")\n"
	"\t\tshown+=(\"${line/$'\\t'/  -- }\")\n"
	"\tdone\n"
	"\tcompadd -M 'm:{a-zA-Z}={A-Za-z}' -l -d shown -a found\n"
	"}\n"
	"if [[ $funcstack[1] == _promo ]]; then\n"
	"\t_promo \"$@\"\n"
	"else\n"
	"\tcompdef _promo promo\n"
	"fi\n";

static const char for_fish[] =
	"# fish completion of promo; put it into ~/.config/fish/completions/promo.fish\n"
	"function __promo_complete\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l word (commandline -ct)\n"
	"\tset -l program (string replace -r '^~' $HOME -- $words[1])\n"
	"\tset -l lines ($program complete words -- $words[2..-1] \\\n"
	"\t\t(string replace -ra '[\\\\\\\\\"\\']' '' -- \"$word\") 2>/dev/null </dev/null)\n"
	"\tif test \"$lines\" = :files\n"
	"\t\t__fish_complete_path $word\n"
	"\telse\n"
	"\t\tprintf '%s\\n' $lines\n"
	"\tend\n"
	"end\n"
	"complete -c promo -f -a '(__promo_complete)'\n";

static int completion_run(struct cli *cli, const struct cli_args *args)
{
	static const struct {
		const char *shell, *script;
	} scripts[] = { { "bash", for_bash }, { "zsh", for_zsh }, { "fish", for_fish } };

	for (size_t i = 0; args->word_count == 1 && i < PROMO_COUNT(scripts); i++)
		if (strcmp(scripts[i].shell, args->words[0]) == 0) {
			cli_put(&cli->out, scripts[i].script);
			return CLI_DONE;
		}
	cli_complain(&cli->out, "which shell? promo completion bash, zsh or fish");
	return CLI_USAGE;
}

const struct cli_cmd cli_cmd_completion = {
	.name = "completion",
	.summary = "Print the completion of this program for a shell",
	.text = "What is offered comes from this program at every Tab: its commands and options "
		"without "
		"a server, and names of batches, users, roles and jobs where one is signed in to a "
		"server that answers within 0.3 s.",
	.examples = "promo completion bash > ~/.local/share/bash-completion/completions/promo\n"
		    "promo completion zsh > ~/.zfunc/_promo\n"
		    "promo completion fish > ~/.config/fish/completions/promo.fish",
	.words = "bash|zsh|fish",
	.words_max = 1,
	.run = completion_run,
};

/* Nothing was printed before all is known, so what ends here leaves no half of a list. */
static void give_up(int signal)
{
	(void)signal;
	_exit(CLI_UNREACHABLE);
}

static void limit_time(void)
{
	const struct itimerval limit = { .it_value = { .tv_usec = ASK_LIMIT_US } };

	(void)signal(SIGALRM, give_up);
	(void)setitimer(ITIMER_REAL, &limit, NULL);
}

static void unlimit_time(void)
{
	const struct itimerval none = { 0 };

	(void)setitimer(ITIMER_REAL, &none, NULL);
}

/* The words behind the program's name in a line, and how much of the last one bash does not take for its
 * own: it parts at other characters, and hands over what stands behind. */
static bool read_line(struct promo_arena *arena, const char *line, const char *text,
	struct cli_words *ret, size_t *ret_before)
{
	struct cli_words own;
	const char *last, *rest;
	size_t length;

	if (!cli_words_split(arena, line, ret) || !cli_words_split(arena, text, &own) ||
		!ret->count)
		return false;
	if (ret->ended && ret->count < CLI_LINE_WORDS_MAX) {
		ret->items[ret->count++] = promo_arena_strdup(arena, "");
		ret->ended = false;
	}
	last = ret->items[ret->count - 1];
	rest = own.count ? own.items[0] : "";
	length = last ? strlen(last) : 0;
	*ret_before = 0;
	if (last && length >= strlen(rest) && strcmp(last + length - strlen(rest), rest) == 0)
		*ret_before = length - strlen(rest);
	return last;
}

/* "line", a line up to the cursor and what bash calls the word there; or "words" and the words behind the
 * program's name. */
static int complete_run(struct cli *cli, const struct cli_args *args)
{
	struct cli_candidates *found = promo_arena_alloc(cli->arena, sizeof(*found));
	const bool is_line = args->word_count == 3 && strcmp(args->words[0], "line") == 0;
	const char *const *words = args->words;
	size_t count = args->word_count, before = 0;
	struct cli_live live = { 0 };
	struct cli_words split;

	if (is_line && read_line(cli->arena, args->words[1], args->words[2], &split, &before)) {
		words = (const char *const *)split.items;
		count = split.count;
	}
	if (!found || count < 2 || (!is_line && strcmp(words[0], "words") != 0))
		return CLI_USAGE;
	limit_time();
	cli_complete(cli, &live, words + 1, count - 1, found);
	unlimit_time();
	if (found->files)
		cli_put(&cli->out, ":files\n");
	for (size_t i = 0; i < found->count; i++)
		if (strlen(found->items[i].value) >= before)
			cli_putf(&cli->out, "%s\t%s\n", found->items[i].value + before,
				found->items[i].help);
	cli_live_end(&live);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_complete = {
	.name = "complete",
	.summary = "Print what may stand next on a command line",
	.words = "line|words WORD...",
	.words_max = CLI_WORDS_MAX - 1,
	.run = complete_run,
};
