/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Many connections to one or more daemons at once, on one thread: each sends its next request as
 * soon as the last one was answered. What is asked and what comes of it is the test's.
 */

enum {
	CROWD_MAX = 1024, /* connections */
	CROWD_REQUEST_SIZE = 1024
};

struct crowd {
	unsigned ports[2]; /* connection i goes to number i % port_count */
	int port_count, connections;
	/* Writes the next request of a connection, its head and its body: its size; 0: none. */
	size_t (*next)(void *context, int connection, char ret[CROWD_REQUEST_SIZE]);
	/* Status 0: the connection ended instead; it is opened again if there is more to ask. */
	void (*answer)(void *context, int connection, int status, const char *body);
	void *context;
	/* What became of it. */
	atomic_long answers; /* may be read meanwhile */
	int64_t longest_us;  /* from a request to its answer */
	bool stalled;        /* nothing came for so long that it was given up */
};

/* Until every connection has no more to ask. */
void crowd_run(struct crowd *crowd);

/* A POST with a JSON body, in the form that next() writes; `key` may be NULL. */
size_t crowd_post(char ret[CROWD_REQUEST_SIZE], const char *path, const char *token,
	const char *key, const char *body);
