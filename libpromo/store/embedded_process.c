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
	DESCRIPTORS_MAX = 65536
};

/* Between fork and exec only what is safe in the child of a process with threads. */
static void become(char *const argv[], int output, enum promo_process_fate fate)
{
	char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	char locale[] = "LC_ALL=C.UTF-8";
	char *const environment[] = { path, locale, NULL };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int input = open("/dev/null", O_RDONLY);

	(void)setsid();
	if (fate == PROMO_PROCESS_ENDS_WITH_US)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(077);
	(void)dup2(input, STDIN_FILENO);
	(void)dup2(output, STDOUT_FILENO);
	(void)dup2(output, STDERR_FILENO);
	/* A server that kept a lock or a listening socket of ours would outlive us with it. */
	if (close_range(STDERR_FILENO + 1, ~0U, 0))
		for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS_MAX; fd++)
			(void)close(fd);
	(void)execve(argv[0], argv, environment);
	_exit(127);
}

int promo_process_start(char *const argv[], int output, enum promo_process_fate fate, pid_t *ret)
{
	pid_t pid = fork();

	if (pid < 0)
		return promo_fault(-errno, "could not start %s: %s", argv[0], strerror(errno));
	if (pid == 0)
		become(argv, output, fate);
	*ret = pid;
	return 0;
}

static int await_end(const char *program, pid_t pid)
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

	return r ? r : await_end(argv[0], pid);
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
	return await_end(argv[0], pid);
}
