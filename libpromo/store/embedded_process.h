/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "libpromo/base/error.h"

/* Starting the programs of PostgreSQL: with nothing of ours (descriptors, environment, signals) but
 * a log to write to. */

enum promo_process_fate {
	PROMO_PROCESS_ENDS_WITH_US,
	PROMO_PROCESS_SURVIVES_US,
};

/* The descriptors of a program: 0 to 2, and what it finds as number 3. */
struct promo_process_io {
	int input, output, errors;
	int service; /* a file that says how to connect, in libpq's form (PGSERVICEFILE); -1: none */
};

/* Starts a program with these, argv[0] being its path, as the leader of a session of its own. */
int promo_process_spawn(char *const argv[], const struct promo_process_io *io,
	enum promo_process_fate fate, pid_t *ret) PROMO_CHECK;
/* Starts a program, argv[0] being its path, as the leader of a session of its own with its output
 * going to `output`. */
int promo_process_start(
	char *const argv[], int output, enum promo_process_fate fate, pid_t *ret) PROMO_CHECK;
/* Runs a program to its end; a fault unless it exits with 0. `output` as above. */
int promo_process_run(char *const argv[], int output) PROMO_CHECK;
/* Waits for the end of a program; a fault unless it exits with 0. */
int promo_process_await(const char *program, pid_t pid) PROMO_CHECK;
/* Runs a program and keeps the beginning of its output. */
int promo_process_read(char *const argv[], char *ret, size_t size) PROMO_CHECK;
