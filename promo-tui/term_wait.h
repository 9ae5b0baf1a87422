/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/*
 * One descriptor for all that a terminal waits for: its input, its signals and a timer. Whoever polls
 * it needs to know none of them.
 */

struct tui_wait {
	int fd; /* to poll for reading; < 0: not open */
	int timer_fd;
};

/* A fault if the system gives no descriptors; then, as after close, fd < 0. */
int tui_wait_open(struct tui_wait *wait, int input_fd, int signal_fd) PROMO_CHECK;
void tui_wait_close(struct tui_wait *wait);

/* The timer goes off once, in so many milliseconds; replaces what it was set to. */
void tui_wait_set_timer(const struct tui_wait *wait, int after_ms);
/* Whether it has gone off since this was asked. */
bool tui_wait_timer_went_off(const struct tui_wait *wait);
