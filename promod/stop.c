/* SPDX-License-Identifier: MIT */
#include "promod/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/base/time.h"

/* A handler has nothing but globals. */
static volatile sig_atomic_t asked_at; /* seconds of the monotonic clock; 0: not yet */
static int stop_fd = -1;

static void on_signal(int number)
{
	const uint64_t one = 1;
	/* Reading the clock is safe in a handler (POSIX, clock_gettime). */
	sig_atomic_t now = (sig_atomic_t)(promo_monotonic_ms() / 1000) + 1;
	int error = errno;

	if (asked_at && now - asked_at > 1)
		_exit(128 + number);
	if (!asked_at)
		asked_at = now;
	(void)!write(stop_fd, &one, sizeof(one));
	errno = error;
}

int promod_stop_open(int *ret_fd)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction before, ignored = { .sa_handler = SIG_IGN };

	stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (stop_fd < 0)
		return promo_fault(-errno, "could not prepare for signals");
	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&ignored.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	/* A terminal that is closed, unless nohup(1) said that it does not matter. */
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &action, NULL);
	(void)sigaction(SIGPIPE, &ignored, NULL);
	*ret_fd = stop_fd;
	return 0;
}
