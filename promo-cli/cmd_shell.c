/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/hash.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/fail.h"
#include "promo-cli/line.h"
#include "promo-cli/prompt.h"
#include "promo-cli/words.h"

/*
 * The shell: line after line as `promo` would take it. Each command runs in a process of its own, so that
 * Ctrl-C, a fault, or what it holds open means there what it means anywhere. Behind a verification Enter
 * alone asks for the next code.
 */

enum {
	LINE_BYTES_MAX = 8 * 1024 * 1024,
	PHONE_DIGITS_LEAST = 6,
	NUMBER_DIGITS_MOST = 7, /* of what may as well be a count */
	RUN_BYTES_MAX = 256 * 1024 * 1024,
	CODE_LETTERS = 16,
	SIGNALLED = 128,
};

struct shell {
	struct cli *cli;
	struct promo_arena *arena; /* of a line */
	struct cli_live live;
	const char *history; /* NULL: none is kept */
	bool at_counter;     /* every line is a code */
	bool may_verify;     /* the last command was a verification */
	bool was_empty;      /* and so was the last line */
	bool leaves;
	int code;
};

/* A phone number, whose digits stand together but for its separators; a date is none. */
static bool is_phone(const char *text)
{
	size_t digits = 0;

	for (const char *at = text; *at; at++)
		digits += *at >= '0' && *at <= '9';
	if (digits == strlen(text))
		return digits > NUMBER_DIGITS_MOST;
	return digits >= PHONE_DIGITS_LEAST && text[strspn(text, "+0123456789 -./()")] == '\0' &&
	       !(digits == 8 && strlen(text) == 10 && text[4] == '-' && text[7] == '-');
}

static bool is_code(const char *text)
{
	size_t letters = 0, digits = 0;

	for (; *text; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		if (!isalnum((unsigned char)*text))
			return false;
		letters++;
		digits += *text >= '0' && *text <= '9';
	}
	return letters == CODE_LETTERS && digits > 0;
}

/* Of a value as it was typed, whatever it was typed for: "--phone=0788123456" too. */
static bool looks_private(const char *word)
{
	const char *equals = strchr(word, '=');

	return is_phone(word) || is_code(word) || strchr(word, '@') ||
	       (equals && looks_private(equals + 1));
}

static bool is_private(const struct promo_field *field)
{
	return field && (field->kind == PROMO_CODE || field->kind == PROMO_PHONE ||
				field->kind == PROMO_EMAIL || field->kind == PROMO_SECRET);
}

/* Whether the line may be written down: its command is known, and nothing in it is a code, a phone number
 * or an address, or may be a secret, such as the value of a setting. */
static bool may_keep(struct shell *shell, int argc, char **argv)
{
	struct cli quiet = { .arena = shell->arena, .out = shell->cli->out };
	struct cli_args args;
	bool named, keep;

	quiet.out.talk = fopen("/dev/null", "we");
	if (!quiet.out.talk)
		return false;
	keep = !cli_args_parse(&quiet, argc, argv, &args, &named) && named &&
	       args.word_count <= args.options.word_count + 1;
	(void)fclose(quiet.out.talk);
	for (size_t i = 0; keep && i < args.given_count; i++)
		keep = !is_private(args.given[i].option->field);
	for (size_t i = 0; keep && i < args.word_count && i < args.options.word_count; i++)
		keep = !is_private(args.options.words[i]);
	return keep;
}

static void remember(struct shell *shell, const char *line, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (looks_private(argv[i]))
			return;
	if (cli_can_ask())
		cli_line_remember(line, may_keep(shell, argc, argv) ? shell->history : NULL);
}

/* In the child: as main() begins and ends a run, with what the shell was started with. */
static void run_here(struct shell *shell, int argc, char **argv)
{
	struct cli cli = { .env = shell->cli->env, .arena = promo_arena_new(RUN_BYTES_MAX) };

	if (!cli.arena)
		_exit(CLI_FAILED);
	cli_out_init(&cli.out, stdout, stderr, &cli.env);
	_exit(cli_main(&cli, argc, argv));
}

static void run(struct shell *shell, int argc, char **argv)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int status = 0;
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (child == 0)
		run_here(shell, argc, argv);
	if (child < 0) {
		cli_complain(&shell->cli->out, "there is no room for another process");
		shell->code = CLI_FAILED;
		return;
	}
	/* What the terminal sends is for the command. */
	(void)sigaction(SIGINT, &ignore, &before);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)sigaction(SIGINT, &before, NULL);
	shell->code = WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
	if (WIFSIGNALED(status))
		(void)fputc('\n', stderr);
}

static bool is_command(struct shell *shell, const struct cli_words *words)
{
	const char *verbs[1];
	struct cli_cmd cmd;

	return cli_cmd_find(words->items[0], NULL, shell->arena, &cmd) ||
	       cli_verbs(words->items[0], verbs, 1) || strcmp(words->items[0], "exit") == 0;
}

static void run_words(struct shell *shell, const char *line, struct cli_words *words)
{
	char name[] = "promo", *argv[CLI_LINE_WORDS_MAX + 2] = { name };
	size_t skip = strcmp(words->items[0], "promo") == 0, count = words->count - skip;
	const char *first = count ? words->items[skip] : "";

	memcpy(argv + 1, words->items + skip, (count + 1) * sizeof(*argv));
	shell->at_counter = false;
	shell->leaves = strcmp(first, "exit") == 0 || strcmp(first, "quit") == 0;
	if (shell->leaves || !count)
		return;
	remember(shell, line, (int)count + 1, argv);
	if (strcmp(first, "shell") == 0) {
		cli_complain(&shell->cli->out, "this is the shell already; exit leaves it");
		shell->code = CLI_USAGE;
		return;
	}
	shell->may_verify = strcmp(first, "verify") == 0;
	shell->at_counter = shell->may_verify && count == 1;
	if (!shell->at_counter)
		run(shell, (int)count + 1, argv);
}

static void verify(struct shell *shell, char *code)
{
	char name[] = "promo", verb[] = "verify", end[] = "--";
	char *argv[] = { name, verb, end, code, NULL };

	run(shell, 4, argv);
}

/* An empty line behind a verification goes on with the next; two of them at the counter end that. */
static void take_nothing(struct shell *shell)
{
	if (!shell->at_counter) {
		shell->at_counter = shell->may_verify;
	} else if (shell->was_empty) {
		shell->at_counter = false;
		shell->may_verify = false;
	} else {
		cli_say(&shell->cli->out, "scan or type a code; Enter once more ends verifying");
		shell->was_empty = true;
	}
}

static void take_line(struct shell *shell, char *line)
{
	struct cli_words words;

	if (!cli_words_split(shell->arena, line, &words) || words.open) {
		cli_complain(&shell->cli->out,
			words.open ? "a quote in the line has no end" : "the line is too long");
		shell->code = CLI_USAGE;
	} else if (!words.count) {
		take_nothing(shell);
		return;
	} else if (shell->at_counter && !is_command(shell, &words)) {
		verify(shell, line);
	} else {
		run_words(shell, line, &words);
	}
	shell->was_empty = false;
}

static void complete(void *context, const char *line, struct cli_candidates *ret)
{
	struct shell *shell = context;
	struct cli cli = { .env = shell->cli->env, .arena = shell->arena, .out = shell->cli->out };
	struct promo_problem problem = { 0 };
	struct cli_words words;

	if (shell->at_counter || !cli_words_split(cli.arena, line, &words))
		return;
	if (words.ended && words.count < CLI_LINE_WORDS_MAX)
		words.items[words.count++] = promo_arena_strdup(cli.arena, "");
	if (promo_profile_load(&cli.env.home, cli.env.profile, cli.arena, &problem, &cli.profile) ||
		!words.count || !words.items[words.count - 1])
		return;
	cli_complete(&cli, &shell->live, (const char *const *)words.items, words.count, ret);
}

static const char *prompt_of(struct shell *shell)
{
	struct promo_problem problem = { 0 };
	const struct cli_env *env = &shell->cli->env;
	struct promo_profile profile = { 0 };
	const char *prompt;

	if (shell->at_counter)
		return "code> ";
	if (promo_profile_load(&env->home, env->profile, shell->arena, &problem, &profile))
		return "promo> ";
	prompt = promo_arena_printf(shell->arena, "promo %s%s%s> ", profile.name,
		profile.user ? " " : "", profile.user ? cli_clean(shell->arena, profile.user) : "");
	return prompt ? prompt : "promo> ";
}

/* What the shell was told of the server and the profile counts for its lines. */
static void take_options(struct cli *cli, const struct cli_args *args)
{
	const char **said[] = { &cli->env.server, &cli->env.profile, &cli->env.ca_file,
		&cli->env.api_key_file };
	static const enum cli_opt options[] = { CLI_OPT_SERVER, CLI_OPT_PROFILE, CLI_OPT_CA_FILE,
		CLI_OPT_API_KEY_FILE };

	for (size_t i = 0; i < PROMO_COUNT(options); i++)
		if (args->own[options[i]])
			*said[i] = args->own[options[i]];
}

static int shell_run(struct cli *cli, const struct cli_args *args)
{
	struct shell shell = { .cli = cli, .arena = promo_arena_new_secret(LINE_BYTES_MAX) };
	struct promo_problem problem = { 0 };
	enum cli_line_end end = CLI_LINE;

	if (!shell.arena)
		return CLI_FAILED;
	take_options(cli, args);
	/* What a command reads from standard input stands behind its line, as in sh. */
	if (!cli_can_ask())
		(void)setvbuf(stdin, NULL, _IONBF, 0);
	if (promo_profile_file(&cli->profile, "history", cli->profile.name, cli->arena, &problem,
		    &shell.history))
		shell.history = NULL;
	if (shell.history && cli_can_ask())
		cli_line_recall(shell.history);
	while (!shell.leaves) {
		char *line = NULL;

		promo_arena_clear(shell.arena);
		end = cli_line_read(prompt_of(&shell), complete, &shell, &line);
		if (end == CLI_LINE)
			take_line(&shell, line);
		else if (end == CLI_LINE_CLEARED)
			shell.code = CLI_INTERRUPTED;
		else if (!shell.at_counter)
			shell.leaves = true;
		if (end == CLI_LINE_OVER) {
			shell.at_counter = shell.may_verify = false;
			if (cli_can_ask())
				(void)fputc('\n', stderr);
		}
		promo_secret_wipe_text(line);
		free(line);
	}
	cli_live_end(&shell.live);
	promo_arena_free(shell.arena);
	return shell.code;
}

const struct cli_cmd cli_cmd_shell = {
	.name = "shell",
	.summary = "Type commands one after another",
	.text = "A line is a command without promo in front, by the quoting rules of sh. Tab "
		"completes as "
		"promo completion does. After a verify, Enter alone asks for the next code, and so "
		"on; "
		"Enter twice or Ctrl-D ends that. Ctrl-C clears the line, or interrupts the "
		"command that "
		"runs; exit or Ctrl-D leaves. Errors do not: the exit code is that of the last "
		"command. "
		"Lines are remembered in a file of the profile, but none with a code, a phone "
		"number, "
		"an e-mail address or the value of a setting. Off a terminal lines come from "
		"standard "
		"input.",
	.examples = "promo shell\n"
		    "promo shell --profile shop2",
	.run = shell_run,
};
