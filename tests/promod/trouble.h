/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/promod/api.h"

/* The server in trouble, for test_errors.c: each lets every operation meet it that can, and asserts
 * how it is refused. `token` is a super-admin's. The daemon is started again where it needs other
 * options. */

/* Many hash passwords at once: 429. The token is the administrator's, who has a password. */
void trouble_crowd(struct api *api, const char *token);
/* A table that everything reads is not there: 500. */
void trouble_database(struct api *api, const char *token);
/* It is held by somebody until the time for answers is over: 503, and what was written is found by
 * its key. */
void trouble_lock(struct api *api, const char *token);
/* Maintenance mode: 503 for whatever rests. `token` is somebody's who may do all but change settings. */
void trouble_maintenance(struct api *api, const char *token);
/* Amid requests the daemon is asked to stop: 503. It has ended afterwards. */
void trouble_imports(struct api *api, const char *token);
void trouble_stop(struct api *api, const char *token);
