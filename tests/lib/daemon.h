/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "tests/lib/account.h"
#include "tests/lib/database.h"

/*
 * The real promod as a process of its own, for tests that look at it from outside. The program is
 * found in PROMO_TEST_PROMOD, which the build sets. Started by root it becomes the account that
 * scripts/with-postgres runs PostgreSQL as.
 * PROMO_TEST_POOLER ("host=..&port=..") puts a pooler in transaction mode between it and `database`.
 */

struct promo_test_daemon {
	pid_t pid; /* 0: not running */
	unsigned port;
	char folder[PROMO_TEST_PATH_SIZE]; /* of its own, gone with it */
	char state_dir[72];                /* in it */
	char log_file[96];                 /* in it: what it says */
	char socket_path[96];              /* in it: it listens there too */
};

/* Makes the folder and starts the daemon: on `database`, or with a server of its own (NULL).
 * `options` are further arguments, NULL at the end (or NULL). Waits until it serves; fails the test
 * and shows the log if it does not. */
void promo_test_daemon_start(struct promo_test_daemon *daemon,
	const struct promo_test_database *database, const char *const *options);
/* The same again in the same folder, after it has ended. */
void promo_test_daemon_start_again(struct promo_test_daemon *daemon,
	const struct promo_test_database *database, const char *const *options);

/* Sends a signal and waits for the end: the exit status, or 128 and the number of the signal. */
int promo_test_daemon_end(struct promo_test_daemon *daemon, int signal);
/* Ends it if it runs (SIGTERM) and removes the folder. */
void promo_test_daemon_free(struct promo_test_daemon *daemon);

/* Whether the log holds this text by now. */
bool promo_test_daemon_said(const struct promo_test_daemon *daemon, const char *text);

/* Runs `promod ARGUMENT...` to its end with `input` on stdin and what it says on both outputs in
 * ret_said (ended by NUL, cut at its size); its exit status. */
int promo_test_promod(const char *const *arguments, const char *input, char *ret_said, size_t size);
