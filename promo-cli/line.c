/* SPDX-License-Identifier: MIT */
#include "promo-cli/line.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "promo-cli/interrupt.h"
#include "promo-cli/prompt.h"

enum {
	LINES_KEPT = 1000
};

/* readline has one line at a time, and hands no argument to who is called. */
static char *typed;
static bool is_over;
static cli_line_complete_fn *complete_line;
static void *complete_context;
static struct cli_candidates *found;
static size_t next;

static void set_up(void)
{
	rl_readline_name = "promo";
	rl_instream = stdin;
	rl_outstream = stderr;
}

char *cli_line_ask(const char *prompt)
{
	set_up();
	rl_attempted_completion_function = NULL;
	return readline(prompt);
}

static void take(char *line)
{
	typed = line;
	is_over = true;
	rl_callback_handler_remove();
}

/* As it has to be typed: outside of quotes a backslash stands before what would part or end a word. */
static char *escaped(const char *value)
{
	char *text = malloc(2 * strlen(value) + 1), *at = text;

	for (; text && *value; value++) {
		if (!rl_completion_quote_character && strchr(" \t\\'\"", *value))
			*at++ = '\\';
		*at++ = *value;
	}
	if (text)
		*at = '\0';
	return text;
}

static char *next_match(const char *text, int state)
{
	(void)text;
	if (!state)
		next = 0;
	return next < found->count ? escaped(found->items[next++].value) : NULL;
}

static char **matches(const char *text, int start, int end)
{
	struct cli_candidates *all = calloc(1, sizeof(*all));
	char *line = strndup(rl_line_buffer, (size_t)end);
	char **ret = NULL;

	(void)start;
	rl_attempted_completion_over = 1;
	if (all && line) {
		complete_line(complete_context, line, all);
		found = all;
		ret = rl_completion_matches(text, next_match);
		rl_attempted_completion_over = !all->files;
	}
	found = NULL;
	free(line);
	free(all);
	return ret;
}

static int is_quoted(char *text, int at)
{
	int count = 0;

	while (count < at && text[at - count - 1] == '\\')
		count++;
	return count % 2;
}

static enum cli_line_end read_plain(char **ret)
{
	size_t size = 0;
	ssize_t length;

	*ret = NULL;
	length = getline(ret, &size, stdin);
	if (length < 0) {
		free(*ret);
		*ret = NULL;
		return CLI_LINE_OVER;
	}
	if (length > 0 && (*ret)[length - 1] == '\n')
		(*ret)[length - 1] = '\0';
	return CLI_LINE;
}

enum cli_line_end cli_line_read(
	const char *prompt, cli_line_complete_fn *complete, void *context, char **ret)
{
	if (!cli_can_ask())
		return read_plain(ret);
	set_up();
	complete_line = complete;
	complete_context = context;
	rl_attempted_completion_function = complete ? matches : NULL;
	rl_completer_word_break_characters = (char *)(uintptr_t) " \t\n";
	rl_completer_quote_characters = "'\"";
	rl_char_is_quoted_p = is_quoted;
	rl_catch_signals = 0;
	typed = NULL;
	is_over = false;
	cli_interrupt_watch();
	rl_callback_handler_install(prompt, take);
	while (!is_over && cli_wait_for_input(STDIN_FILENO))
		rl_callback_read_char();
	if (!is_over) {
		rl_free_line_state();
		rl_callback_sigcleanup();
		rl_replace_line("", 0);
		rl_callback_handler_remove();
		(void)fputs("^C\n", stderr);
	}
	cli_interrupt_unwatch();
	rl_catch_signals = 1;
	*ret = typed;
	if (!is_over)
		return CLI_LINE_CLEARED;
	return typed ? CLI_LINE : CLI_LINE_OVER;
}

void cli_line_recall(const char *path)
{
	stifle_history(LINES_KEPT);
	(void)read_history(path);
}

void cli_line_remember(const char *line, const char *path)
{
	int fd;

	add_history(line);
	fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd < 0)
		return;
	(void)close(fd);
	(void)append_history(1, path);
	(void)history_truncate_file(path, LINES_KEPT);
}
