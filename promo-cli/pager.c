/* SPDX-License-Identifier: MIT */
#include "promo-cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "promo-cli/cli.h"

enum {
	NOT_FOUND = 127 /* what a shell says of a command that is not there */
};

/* NULL where nobody wants one. */
static const char *pager_of(const struct cli_env *env)
{
	if (!env->term || !*env->term || strcmp(env->term, "dumb") == 0)
		return NULL;
	if (!env->pager)
		return "if command -v less >/dev/null; then exec less; else exec cat; fi";
	return *env->pager && strcmp(env->pager, "cat") != 0 ? env->pager : NULL;
}

/* The signals that this program ignores, or may, are the child's as ever. */
static int spawn(const char *command, int from, pid_t *ret)
{
	char shell[] = "sh", option[] = "-c";
	char *copy = strdup(command);
	char *argv[] = { shell, option, copy, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int r = -1;

	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGINT);
	(void)sigaddset(&defaults, SIGQUIT);
	(void)sigaddset(&defaults, SIGPIPE);
	if (copy && posix_spawnattr_init(&attributes) == 0) {
		(void)posix_spawnattr_setsigdefault(&attributes, &defaults);
		(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
		if (posix_spawn_file_actions_init(&actions) == 0) {
			r = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
			if (!r)
				r = posix_spawn(
					ret, "/bin/sh", &actions, &attributes, argv, environ);
			(void)posix_spawn_file_actions_destroy(&actions);
		}
		(void)posix_spawnattr_destroy(&attributes);
	}
	free(copy);
	return r;
}

void cli_pager_begin(struct cli *cli, size_t lines, struct cli_pager *ret)
{
	const char *pager = pager_of(&cli->env);
	struct cli_out *out = &cli->out;
	struct cli_pager begun = { .data = out->data, .talk = out->talk };
	const char *command;
	FILE *data = NULL;
	int ends[2];

	*ret = (struct cli_pager){ .child = 0 };
	if (!out->data_terminal || !pager || cli->no_pager || lines < out->rows)
		return;
	/* Unless somebody says otherwise less ends where all fits, shows colours, and leaves the
	 * list on the screen. */
	command = promo_arena_printf(cli->arena, "LESS=\"${LESS-FRX}\"; export LESS; %s", pager);
	(void)cli_flush(out);
	if (!command || pipe2(ends, O_CLOEXEC))
		return;
	if (spawn(command, ends[0], &begun.child) == 0)
		data = fdopen(ends[1], "w");
	(void)close(ends[0]);
	if (!data) {
		(void)close(ends[1]);
		return;
	}
	out->data = data;
	*ret = begun;
	(void)sigaction(SIGINT, &(struct sigaction){ .sa_handler = SIG_IGN }, &ret->interrupt);
	out->talk = open_memstream(&ret->said, &ret->said_size);
	if (!out->talk)
		out->talk = begun.talk;
}

void cli_pager_end(struct cli *cli, struct cli_pager *pager)
{
	struct cli_out *out = &cli->out;
	int status = 0;

	if (pager->child == 0)
		return;
	/* Who has read enough closes his end before ours is written. */
	(void)fclose(out->data);
	while (waitpid(pager->child, &status, 0) < 0 && errno == EINTR)
		;
	(void)sigaction(SIGINT, &pager->interrupt, NULL);
	if (out->talk != pager->talk) {
		(void)fclose(out->talk);
		(void)fputs(pager->said, pager->talk);
		free(pager->said);
	}
	out->data = pager->data;
	out->talk = pager->talk;
	pager->child = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND) {
		cli_complain(out, "the pager '%s' could not be run",
			cli_clean(cli->arena, cli->env.pager));
		cli_say(out, "PAGER names another, and --no-pager does without");
	}
}
