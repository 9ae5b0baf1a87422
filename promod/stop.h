/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/error.h"

/*
 * The wish to stop: SIGTERM, SIGINT and SIGHUP. The first one asks; another one, more than a second
 * later, ends the process on the spot, and our own PostgreSQL then goes on and is found again by the
 * next start. (Within the second it is the same wish: Ctrl-C reaches a script and the daemon that it
 * started, and the script passes it on.)
 */

/* Installs the handlers; *ret_fd becomes readable with the first signal. */
int promod_stop_open(int *ret_fd) PROMO_CHECK;
