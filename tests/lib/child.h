/* SPDX-License-Identifier: MIT */
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* fork() for tests: the child is killed when the thread that made it ends, so that a test which fails
 * in between leaves nothing behind that keeps its output open, and whoever runs it waiting. -1. */
static inline pid_t promo_test_fork(void)
{
	pid_t child = fork();

	if (child == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(1);
	return child;
}
