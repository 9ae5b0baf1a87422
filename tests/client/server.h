/* SPDX-License-Identifier: MIT */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A server that does what a test tells it, over real sockets: it reads whole requests, keeps them,
 * and answers each with the next step of its script. It runs on a thread of its own; what it kept
 * may be looked at after server_stop().
 */

enum step_end {
	STEP_KEEP,  /* the connection stays open for the next request */
	STEP_CLOSE, /* it is closed behind the bytes */
};

struct step {
	const char *bytes; /* NULL: nothing is sent */
	const char *body;  /* not NULL: behind bytes come Content-Length, an empty line and this */
	size_t size;       /* 0: strlen(bytes) */
	enum step_end end;
	bool silent; /* no answer at all, until the client goes */
};

enum {
	SERVER_CONNECTIONS_MAX = 8,
	SERVER_REQUESTS_MAX = 16,
	SERVER_REQUEST_SIZE = 8192
};

struct server_connection {
	int fd;
	size_t used;
	char bytes[SERVER_REQUEST_SIZE];
};

struct server {
	char address[128]; /* for promo_client_config.server */
	const struct step *steps;
	size_t step_count;
	size_t requests; /* that came whole */
	size_t accepted; /* connections */
	char texts[SERVER_REQUESTS_MAX][SERVER_REQUEST_SIZE];
	int listener, stop[2];
	struct server_connection connections[SERVER_CONNECTIONS_MAX];
	pthread_t thread;
	char path[64]; /* of the unix socket, "" on TCP */
};

/* Both assert that it works. The steps are borrowed. */
struct server *server_start(const struct step *steps, size_t count);
struct server *server_start_unix(const struct step *steps, size_t count);
/* Ends the thread; server_free() then gives the memory back. */
void server_stop(struct server *server);
void server_free(struct server *server);

/* An address on which nobody listens. */
void server_nobody(char *address, size_t size);
