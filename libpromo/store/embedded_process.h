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

/* Starts a program, argv[0] being its path, as the leader of a session of its own with its output
 * going to `output`. */
int promo_process_start(
	char *const argv[], int output, enum promo_process_fate fate, pid_t *ret) PROMO_CHECK;
/* Runs a program to its end; a fault unless it exits with 0. `output` as above. */
int promo_process_run(char *const argv[], int output) PROMO_CHECK;
/* Runs a program and keeps the beginning of its output. */
int promo_process_read(char *const argv[], char *ret, size_t size) PROMO_CHECK;
