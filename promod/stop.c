/* SPDX-License-Identifier: MIT */
#include "promod/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A handler has nothing but globals. */
static volatile sig_atomic_t stops;
static int stop_fd = -1;

static void on_signal(int number)
{
	const uint64_t one = 1;
	int error = errno;

	if (stops++ > 0)
		_exit(128 + number);
	(void)!write(stop_fd, &one, sizeof(one));
	errno = error;
}

int promod_stop_open(int *ret_fd)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction ignored = { .sa_handler = SIG_IGN };

	stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (stop_fd < 0)
		return promo_fault(-errno, "could not prepare for signals");
	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&ignored.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGPIPE, &ignored, NULL);
	*ret_fd = stop_fd;
	return 0;
}

bool promod_stop_asked(void)
{
	return stops > 0;
}
