/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "promod/config.h"

/*
 * The daemon from its start to its end. Start: database, migrations, check of the statements,
 * workers, jobs, sockets. End: nobody new is let in, what is under way is answered within
 * drain_timeout, then workers, jobs, what is left of HTTP, and the database, in this order.
 */

struct promod_daemon_config {
	const struct promod_config *config;
	const char *version;
	const char *ready_file;    /* NULL: none */
	const char *notify_socket; /* $NOTIFY_SOCKET, or NULL */
};

/* Runs until it is asked to stop; as the account it shall run as. */
int promod_daemon_run(const struct promod_daemon_config *config, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* What the runners of this process share, for the daemon and for `promod admin`. */
struct promo_runner_config;
struct promod_database;
int promod_runner_config_make(const struct promod_config *config, const char *version,
	const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_runner_config *ret) PROMO_CHECK;
