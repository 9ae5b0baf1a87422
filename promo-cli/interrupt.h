/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Ctrl-C while something has to be put right first: the echo of the terminal, a job that goes on
 * without us. Between watch and unwatch SIGINT, SIGTERM and SIGHUP only leave a note and interrupt
 * whatever waits; outside of that they end the process as ever.
 */

void cli_interrupt_watch(void);
void cli_interrupt_unwatch(void);

/* Whether a signal came since cli_interrupt_watch(). */
bool cli_interrupted(void);

/* Waits so long, or until a signal is noted. */
void cli_pause(int milliseconds);

/* Waits until there is something to read; false if a signal came first. */
bool cli_wait_for_input(int fd);
