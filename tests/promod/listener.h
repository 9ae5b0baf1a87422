/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Who listens to GET /events: Server-Sent Events over HTTP as bytes on a socket, one at a time. */

enum {
	LISTENER_TEXT_SIZE = 512 * 1024,
	LISTENER_ID_SIZE = 8192,
	LISTENER_MS = 20 * 1000, /* how long something may take to come */
};

struct listener {
	int fd;
	int status; /* of the answer */
	char head[4096];
	/* As it came, and without the chunks. */
	char *raw, *text;
	size_t raw_size, text_size;
	bool ended;
	char id[LISTENER_ID_SIZE]; /* of the last event, for who comes back */
	int beats;                 /* comments so far */
};

struct heard {
	char event[64];
	char data[64 * 1024];
};

/* Asks with this query ("" or "topics=..."), and Last-Event-ID unless it is NULL; the answer's head has
 * come then. */
void listener_open(struct listener *listener, unsigned port, const char *token, const char *query,
	const char *last_id);
void listener_close(struct listener *listener);

/* The next event that has data; false where the stream ended before, or the time ran out. */
bool listener_next(struct listener *listener, struct heard *ret, int timeout_ms);
/* The next one has to be this; its data, until the next call. */
const char *listener_expect(struct listener *listener, const char *event);
/* Whether it ends, whatever comes before. */
bool listener_ends(struct listener *listener);

/* Asks with a line such as "HEAD /api/v1/events HTTP/1.1", on a connection that is to be closed then: what
 * comes until it ends, or holds this text (NULL: until it ends). Until the next call. */
const char *listener_ask(unsigned port, const char *line, const char *token, const char *until);
