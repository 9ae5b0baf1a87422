/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/*
 * Sockets to listen on, from what the configuration says: "127.0.0.1:8080", "[::1]:8080",
 * "localhost:8080" or "unix:/run/promo/promod.sock"; port 0 takes a free one. Addresses other than
 * loopback are refused unless it is said that clear text is wanted there: tokens and passwords go
 * over this.
 */

struct promod_listen_rules {
	bool allow_cleartext;
	mode_t unix_mode; /* of the file of a unix socket */
};

/* Checks only. PROMO_E_INVALID_INPUT with the reason in *problem. */
int promod_listen_check(const char *address, const struct promod_listen_rules *rules,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

/* Binds and listens. *ret_address is what clients connect to, with the real port, in the arena. A
 * socket file that nobody listens on is replaced. PROMO_E_INVALID_INPUT, or PROMO_E_UNAVAILABLE
 * where the address cannot be had, with the reason in *problem. */
int promod_listen(const char *address, const struct promod_listen_rules *rules,
	struct promo_arena *arena, struct promo_problem *problem, int *ret_fd,
	const char **ret_address) PROMO_CHECK;
