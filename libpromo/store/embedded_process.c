/* SPDX-License-Identifier: MIT */
#include "libpromo/store/embedded_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DESCRIPTORS_MAX = 65536,
	SERVICE_FD = 3,
};

/* Between fork and exec only what is safe in the child of a process with threads. */
static void become(
	char *const argv[], const struct promo_process_io *io, enum promo_process_fate fate)
{
	char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	char locale[] = "LC_ALL=C.UTF-8";
	char service[] = "PGSERVICEFILE=/proc/self/fd/3";
	char *const environment[] = { path, locale, io->service >= 0 ? service : NULL, NULL };
	unsigned first_unwanted = io->service >= 0 ? SERVICE_FD + 1 : SERVICE_FD;
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	(void)setsid();
	if (fate == PROMO_PROCESS_ENDS_WITH_US)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(077);
	(void)dup2(io->input, STDIN_FILENO);
	(void)dup2(io->output, STDOUT_FILENO);
	(void)dup2(io->errors, STDERR_FILENO);
	if (io->service >= 0)
		(void)dup2(io->service, SERVICE_FD);
	/* A server that kept a lock or a listening socket of ours would outlive us with it. */
	if (close_range(first_unwanted, ~0U, 0))
		for (int fd = (int)first_unwanted; fd < DESCRIPTORS_MAX; fd++)
			(void)close(fd);
	(void)execve(argv[0], argv, environment);
	_exit(127);
}

/* Above what they are to become, so that none is overwritten before it is copied. */
static int lift(int *fd)
{
	if (*fd < 0)
		return 0;
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, SERVICE_FD + 1);
	return *fd < 0 ? promo_fault(-errno, "could not start a program: %s", strerror(errno)) : 0;
}

static void drop(const struct promo_process_io *io)
{
	const int fds[] = { io->input, io->output, io->errors, io->service };

	for (size_t i = 0; i < PROMO_COUNT(fds); i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
}

int promo_process_spawn(char *const argv[], const struct promo_process_io *io,
	enum promo_process_fate fate, pid_t *ret)
{
	struct promo_process_io own = *io;
	int *const fds[] = { &own.input, &own.output, &own.errors, &own.service };
	pid_t pid = -1;
	int r = 0;

	for (size_t i = 0; i < PROMO_COUNT(fds); i++) {
		if (r)
			*fds[i] = -1;
		else
			r = lift(fds[i]);
	}
	if (!r) {
		pid = fork();
		if (pid == 0)
			become(argv, &own, fate);
		if (pid < 0)
			r = promo_fault(-errno, "could not start %s: %s", argv[0], strerror(errno));
	}
	drop(&own);
	if (!r)
		*ret = pid;
	return r;
}

int promo_process_start(char *const argv[], int output, enum promo_process_fate fate, pid_t *ret)
{
	struct promo_process_io io = { .output = output, .errors = output, .service = -1 };
	int r;

	io.input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (io.input < 0)
		return promo_fault(-errno, "could not start %s: %s", argv[0], strerror(errno));
	r = promo_process_spawn(argv, &io, fate, ret);
	(void)close(io.input);
	return r;
}

int promo_process_await(const char *program, pid_t pid)
{
	int status = 0;
	pid_t ended;

	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return promo_fault(-EIO, "%s did not end well (status %d)", program, status);
}

int promo_process_run(char *const argv[], int output)
{
	pid_t pid = 0;
	int r = promo_process_start(argv, output, PROMO_PROCESS_ENDS_WITH_US, &pid);

	return r ? r : promo_process_await(argv[0], pid);
}

int promo_process_read(char *const argv[], char *ret, size_t size)
{
	int ends[2];
	size_t used = 0;
	ssize_t n;
	pid_t pid = 0;
	int r;

	if (pipe2(ends, O_CLOEXEC))
		return promo_fault(-errno, "could not start %s: %s", argv[0], strerror(errno));
	r = promo_process_start(argv, ends[1], PROMO_PROCESS_ENDS_WITH_US, &pid);
	(void)close(ends[1]);
	if (r) {
		(void)close(ends[0]);
		return r;
	}
	while (used + 1 < size) {
		n = read(ends[0], ret + used, size - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	ret[used] = '\0';
	(void)close(ends[0]);
	return promo_process_await(argv[0], pid);
}
