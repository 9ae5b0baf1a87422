/* SPDX-License-Identifier: MIT */
#include "promo-tui/term_wait.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "libpromo/base/error.h"

int tui_wait_open(struct tui_wait *wait, int input_fd, int signal_fd)
{
	struct tui_wait made = {
		.fd = epoll_create1(EPOLL_CLOEXEC),
		.timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
	};
	const int fds[] = { input_fd, signal_fd, made.timer_fd };

	for (size_t i = 0; i < PROMO_COUNT(fds); i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.fd = fds[i] };

		if (epoll_ctl(made.fd, EPOLL_CTL_ADD, fds[i], &event) < 0) {
			const int error = errno;

			tui_wait_close(&made);
			*wait = made;
			return promo_fault(
				-error, "could not wait for the terminal: %s", strerror(error));
		}
	}
	*wait = made;
	return 0;
}

void tui_wait_close(struct tui_wait *wait)
{
	if (wait->timer_fd >= 0)
		(void)close(wait->timer_fd);
	if (wait->fd >= 0)
		(void)close(wait->fd);
	wait->timer_fd = -1;
	wait->fd = -1;
}

void tui_wait_set_timer(const struct tui_wait *wait, int after_ms)
{
	const struct itimerspec when = {
		.it_value = { after_ms / 1000, (after_ms % 1000) * 1000000L },
	};

	(void)timerfd_settime(wait->timer_fd, 0, &when, NULL);
}

bool tui_wait_timer_went_off(const struct tui_wait *wait)
{
	uint64_t count;

	return read(wait->timer_fd, &count, sizeof(count)) == (ssize_t)sizeof(count);
}
