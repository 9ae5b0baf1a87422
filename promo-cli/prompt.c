/* SPDX-License-Identifier: MIT */
#include "promo-cli/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"
#include "promo-cli/cli.h"
#include "promo-cli/interrupt.h"
#include "promo-cli/line.h"

bool cli_can_ask(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* Moves a line from the heap into the arena and leaves no copy behind. */
static int keep(struct cli *cli, char *line, const char **ret)
{
	char *copy = promo_arena_strdup(cli->arena, line);

	promo_secret_wipe_text(line);
	free(line);
	if (!copy) {
		cli_complain(&cli->out, "the line that was typed is too long");
		return CLI_USAGE;
	}
	*ret = copy;
	return CLI_DONE;
}

int cli_ask(struct cli *cli, const char *prompt, const char **ret)
{
	char *line = cli_line_ask(prompt);

	if (!line) {
		cli_complain(&cli->out, "nothing was typed");
		return CLI_INTERRUPTED;
	}
	return keep(cli, line, ret);
}

static int read_stdin(char **ret)
{
	size_t size = 0;
	ssize_t length;
	char *line = NULL;

	length = getline(&line, &size, stdin);
	if (length < 0) {
		free(line);
		return -1;
	}
	if (length > 0 && line[length - 1] == '\n')
		line[--length] = '\0';
	if (length > 0 && line[length - 1] == '\r')
		line[--length] = '\0';
	*ret = line;
	return 0;
}

/* The terminal's own line editing stays on; only the echo is off, and comes back after Ctrl-C too.
 * TCSAFLUSH also drops what was typed ahead. */
int cli_ask_secret(struct cli *cli, const char *prompt, const char **ret)
{
	struct termios shown, hidden;
	char *line = NULL;
	int r;

	if (tcgetattr(STDIN_FILENO, &shown)) {
		cli_complain(&cli->out, "could not switch off the echo of the terminal");
		return CLI_FAILED;
	}
	hidden = shown;
	hidden.c_lflag &= (tcflag_t)~ECHO;
	hidden.c_lflag |= ECHONL;
	(void)fprintf(stderr, "%s", prompt);
	(void)fflush(stderr);
	/* Watched from before the echo goes until it is back. */
	cli_interrupt_watch();
	r = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	if (!r)
		r = cli_wait_for_input(STDIN_FILENO) ? read_stdin(&line) : -1;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	cli_interrupt_unwatch();
	if (r) {
		(void)fputc('\n', stderr);
		cli_complain(
			&cli->out, "%s", cli_interrupted() ? "interrupted" : "nothing was typed");
		return CLI_INTERRUPTED;
	}
	return keep(cli, line, ret);
}

int cli_read_line(struct cli *cli, const char *what, const char **ret)
{
	char *line = NULL;

	if (read_stdin(&line)) {
		cli_complain(&cli->out, "%s is to come from standard input, which has no line left",
			what);
		return CLI_USAGE;
	}
	if (strlen(line) > PROMO_SECRET_TEXT_MAX) {
		free(line);
		cli_complain(&cli->out, "the line of standard input for %s is too long", what);
		return CLI_USAGE;
	}
	return keep(cli, line, ret);
}

int cli_make_sure(struct cli *cli, const char *prompt, const char *word, bool *ret)
{
	const char *answer;
	int code;

	if (!cli_can_ask()) {
		cli_complain(&cli->out, "nobody can be asked whether that is meant; say --yes");
		return CLI_USAGE;
	}
	code = cli_ask(cli, prompt, &answer);
	if (!code)
		*ret = strcmp(answer, word) == 0;
	return code;
}
