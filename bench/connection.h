/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * One keep-alive HTTP connection with one request under way, never waiting: for programs that make
 * load from one thread and one epoll. Watch the descriptor for both directions, edge-triggered. The
 * benchmarks and the fault tests share it; what a failure means is up to them.
 */

enum {
	CONNECTION_REQUEST_MAX = 4096,
	CONNECTION_ANSWER_MAX = 64 * 1024,
};

struct connection {
	int fd; /* -1: closed */
	size_t sent, to_send, received;
	char request[CONNECTION_REQUEST_MAX];
	char answer[CONNECTION_ANSWER_MAX]; /* always with a NUL behind it */
};

struct connection_answer {
	unsigned status;
	const char *body; /* in the connection, until the next request */
	size_t size;
};

enum connection_state {
	CONNECTION_WAITS, /* for the socket */
	CONNECTION_DONE,
	CONNECTION_LOST, /* errno says why; EPROTO for what is no answer of ours */
};

/* unix:PATH, or a port of 127.0.0.1. False: errno says why; then fd is -1. */
bool connection_open(struct connection *connection, const char *server);
void connection_close(struct connection *connection);

/* Makes the request that is sent next: POST of JSON with a bearer token; `headers` are further lines,
 * each with its CRLF. False if it is too long. */
bool connection_post(struct connection *connection, const char *path, const char *token,
	const char *headers, const char *body, size_t size);
/* DONE once all of the request is on its way. */
enum connection_state connection_send(struct connection *connection);
/* DONE with the whole answer. */
enum connection_state connection_receive(
	struct connection *connection, struct connection_answer *ret);
/* Whether the head of the answer has this field ("\r\nName:" and all behind it, in any case). */
bool connection_has_field(const struct connection *connection, const char *field);
