/* SPDX-License-Identifier: MIT */
#pragma once

#include <signal.h>

#include "tests/fault/record.h"

/*
 * Clients that want to redeem and verify codes and do not give up: each has a connection with one
 * request under way, makes its key before it sends, and asks again with the same key while it does not
 * know what became of it. Every attempt is recorded, on the monotonic clock. One thread, one epoll.
 */

enum {
	CLIENTS_MAX = 2048,
	SERVERS_MAX = 8,
};

struct client;

struct load {
	const char *servers[SERVERS_MAX];
	size_t server_count;
	const char *history_path, *progress_path;
	long connections;
	long seconds;       /* 0: until it is asked to stop, or the codes are used up */
	long rate;          /* operations a second at most; 0: as fast as it goes */
	long timeout_ms;    /* for an answer */
	long drain_seconds; /* for what is open in the end */
	struct plan_config config;

	/* Its own: */
	struct plan plan;
	struct records records;
	struct client *clients;
	struct seeded chance;
	int epoll;
	int64_t started_us, end_us, drain_us, progress_us;
	int64_t asked_us; /* when the last redemption that was done was asked for */
	uint64_t requests, begun, not_reached, answered, not_now, unknown, redeemed, abandoned;
};

/* Set by a signal: nothing new is begun, what is open is brought to its end. */
extern volatile sig_atomic_t load_stopping;

/* Runs it; how many redemptions are still open in the end. */
size_t load_run(struct load *load);
int64_t load_now_us(void);
/* Says what could not be done and why, and ends the program. */
__attribute__((noreturn)) void load_stop(const char *what);
