/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "tests/lib/database.h"

/*
 * A connection to PostgreSQL that can be cut: a unix socket in front of the server's, which counts
 * the exchanges (a request up to its Sync, a simple query or the end of a COPY, and its answer) and closes both sides
 * at the one it was told to, before the request has reached the server, or after the server has
 * answered it and before the answer is delivered. Later connections go through untouched.
 */

struct cutter;

enum cut {
	CUT_REQUEST = 1, /* the server never sees the request */
	CUT_ANSWER,      /* the server has done it, its answer is lost */
};

struct cutter *cutter_new(const struct promo_test_database *database);
void cutter_free(struct cutter *cutter);

/* The URI of the application's role through the cutter. */
const char *cutter_uri(const struct cutter *cutter);

/* From now on the n-th exchange (1, 2, ...) is cut, once. */
void cutter_arm(struct cutter *cutter, enum cut cut, int n);
/* Ends that, and tells whether it came to a cut. */
bool cutter_disarm(struct cutter *cutter);
