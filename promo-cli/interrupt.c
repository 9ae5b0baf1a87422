/* SPDX-License-Identifier: MIT */
#include "promo-cli/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t noted;
static const int watched[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[sizeof(watched) / sizeof(watched[0])];

static void note(int signal)
{
	(void)signal;
	noted = 1;
}

void cli_interrupt_watch(void)
{
	/* No SA_RESTART: what waits has to wake up and look. */
	struct sigaction action = { .sa_handler = note };

	noted = 0;
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		(void)sigaction(watched[i], &action, &before[i]);
}

void cli_interrupt_unwatch(void)
{
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		(void)sigaction(watched[i], &before[i], NULL);
}

bool cli_interrupted(void)
{
	return noted;
}

/* Blocked while we look, let in by ppoll alone: no signal falls between the two. */
static int wait_for(struct pollfd *input, nfds_t count, const struct timespec *limit)
{
	sigset_t block, old;
	int ready = -1;

	(void)sigemptyset(&block);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		(void)sigaddset(&block, watched[i]);
	(void)sigprocmask(SIG_BLOCK, &block, &old);
	if (!noted)
		ready = ppoll(input, count, limit, &old);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return ready;
}

void cli_pause(int milliseconds)
{
	const struct timespec limit = { milliseconds / 1000, (milliseconds % 1000) * 1000000L };

	(void)wait_for(NULL, 0, &limit);
}

bool cli_wait_for_input(int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };

	while (!noted)
		if (wait_for(&input, 1, NULL) > 0)
			return true;
	return false;
}
