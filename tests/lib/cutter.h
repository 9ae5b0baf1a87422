/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/lib/database.h"

/*
 * A connection to PostgreSQL that can be cut: a unix socket in front of the server's, which follows
 * the messages of both directions (PostgreSQL 55.2) and ends the connection at the place it was told.
 * An exchange is a request up to its Sync, a simple query or the end of a COPY, and its answer.
 * Later connections go through untouched, unless the server is to stay away for a while.
 */

struct cutter;

enum cut {
	CUT_REQUEST = 1, /* at exchange n: the server never sees the request */
	CUT_ANSWER,      /* the server has done it, its answer is lost */
	CUT_UNHEARD,     /* the server got it and is still at it, its answer will be lost */
	CUT_MESSAGE,     /* behind the n-th message, whoever sent it; the rest is lost */
	CUT_SILENCE,     /* the same, but nobody is told: both sides are left waiting */
};

/* Listens in a folder, as a server of port 5432 does, and passes on to the server's socket; the URI is
 * only kept. NULL if that cannot be. cutter_close() waits until both sides of all connections are
 * closed. */
struct cutter *cutter_open(const char *folder, const char *server, const char *uri);
void cutter_close(struct cutter *cutter);

/* For tests: in front of the server of a database, in a folder of its own. */
struct cutter *cutter_new(const struct promo_test_database *database);
void cutter_free(struct cutter *cutter);

/* The URI of the application's role through the cutter. */
const char *cutter_uri(const struct cutter *cutter);

/* From now on the n-th exchange or message (1, 2, ...) is cut, once. */
void cutter_arm(struct cutter *cutter, enum cut cut, int n);
/* With the next cut every connection ends, and for so long nobody gets a new one. */
void cutter_stay_away(struct cutter *cutter, int64_t ms);
/* Whether it has come to the cut. */
bool cutter_happened(struct cutter *cutter);
/* Ends all that, and tells whether it came to a cut. */
bool cutter_disarm(struct cutter *cutter);
/* Byte by byte, with a pause behind each of so many; 0: not any more. */
void cutter_dribble(struct cutter *cutter, int every);
