/* SPDX-License-Identifier: MIT */
#include "promod/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/base/error.h"

enum {
	LINE_BYTES = PROMO_PASSWORD_MAX * 4 + 2
}; /* of UTF-8, the line end and the NUL */

/* A byte at a time: nothing behind the line may be taken from who reads stdin next. False without a
 * line that is whole and fits. */
static bool read_line(int fd, char line[LINE_BYTES])
{
	size_t size = 0;

	while (size < LINE_BYTES - 1) {
		ssize_t got = read(fd, line + size, 1);

		if (got < 0 || (got == 0 && size == 0))
			return false;
		if (got == 0 || line[size] == '\n') {
			line[size] = '\0';
			if (size > 0 && line[size - 1] == '\r')
				line[size - 1] = '\0';
			return true;
		}
		if (line[size] == '\0')
			return false;
		size++;
	}
	return false;
}

/* The terminal must not stay silent when the program is interrupted at the question. */
static const int interrupts[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	interrupted = number;
}

static bool ask_silently(int terminal, const char *prompt, char line[LINE_BYTES])
{
	struct termios before, silent;
	bool read;

	if (tcgetattr(terminal, &before) < 0)
		return false;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(terminal, TCSAFLUSH, &silent) < 0)
		return false;
	(void)!write(terminal, prompt, strlen(prompt));
	read = read_line(terminal, line);
	(void)tcsetattr(terminal, TCSAFLUSH, &before);
	(void)!write(terminal, "\n", 1);
	return read;
}

static bool ask(int terminal, const char *prompt, char line[LINE_BYTES])
{
	struct sigaction action = { .sa_handler = on_interrupt };
	struct sigaction before[PROMO_COUNT(interrupts)];
	bool read;

	interrupted = 0;
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < PROMO_COUNT(interrupts); i++)
		(void)sigaction(interrupts[i], &action, &before[i]);
	read = ask_silently(terminal, prompt, line);
	for (size_t i = 0; i < PROMO_COUNT(interrupts); i++)
		(void)sigaction(interrupts[i], &before[i], NULL);
	if (interrupted)
		(void)raise(interrupted);
	return read && !interrupted;
}

static int ask_twice(
	int terminal, struct promo_arena *arena, struct promo_problem *problem, const char **ret)
{
	char *first = promo_arena_alloc(arena, LINE_BYTES);
	char *second = promo_arena_alloc(arena, LINE_BYTES);

	if (!first || !second)
		return promo_fault(-ENOMEM, "could not read a password");
	if (!ask(terminal, "password: ", first) || !ask(terminal, "again: ", second))
		return promo_refuse(
			problem, arena, PROMO_E_INVALID_INPUT, "the password could not be read");
	if (strcmp(first, second) != 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the two passwords are not the same");
	*ret = first;
	return 0;
}

int promod_password_read(
	bool from_stdin, struct promo_arena *arena, struct promo_problem *problem, const char **ret)
{
	char *line;
	int terminal;
	int r;

	if (from_stdin) {
		line = promo_arena_alloc(arena, LINE_BYTES);
		if (!line)
			return promo_fault(-ENOMEM, "could not read a password");
		if (!read_line(STDIN_FILENO, line))
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"there is no password on stdin");
		*ret = line;
		return 0;
	}
	terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (terminal < 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"there is no terminal to ask for a password; use --password-stdin");
	r = ask_twice(terminal, arena, problem, ret);
	close(terminal);
	return r;
}
