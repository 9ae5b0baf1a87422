/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/error.h"

/*
 * The wish to stop: SIGTERM and SIGINT. The first one asks, the second one ends the process on the
 * spot; our own PostgreSQL then goes on and is found again by the next start.
 */

/* Installs the handlers; *ret_fd becomes readable with the first signal. */
int promod_stop_open(int *ret_fd) PROMO_CHECK;
bool promod_stop_asked(void);
