/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/* How others learn that the daemon is ready: systemd by a datagram (sd_notify(3), which documents
 * the protocol as stable), scripts and tests by a file that holds the addresses, one a line. */

/* Tells systemd, if it listens: "READY=1", "STOPPING=1". `path` is $NOTIFY_SOCKET or NULL. */
void promod_notify(const char *path, const char *state);

/* Writes the file in one piece. */
int promod_ready_file_write(const char *path, const char *addresses, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;
