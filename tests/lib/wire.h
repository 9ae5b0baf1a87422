/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * HTTP as bytes on a socket, for tests that have to send what no client library would. Everything
 * waits at most WIRE_TIMEOUT_S; a test that waits longer fails instead of hanging.
 */

enum {
	WIRE_TIMEOUT_S = 20,
	WIRE_BUFFER_SIZE = 512 * 1024
};

struct wire {
	int fd;
	size_t used, taken; /* of the buffer: read so far, and given out as answers */
	char *buffer;
};

struct wire_answer {
	int status; /* 0: the connection ended before an answer, or in the middle of one */
	char head[8192];
	const char *body; /* until the next read */
	size_t body_size;
};

/* To 127.0.0.1:port. Fails the test where it cannot. */
void wire_open(struct wire *wire, unsigned port);
void wire_open_unix(struct wire *wire, const char *path);
void wire_close(struct wire *wire);

void wire_send(struct wire *wire, const void *bytes, size_t size);
void wire_text(struct wire *wire, const char *text);
/* False when the peer has closed. */
bool wire_try(struct wire *wire, const void *bytes, size_t size);

/* The next answer; has_body is false for the answer to HEAD. 1xx are skipped. */
void wire_answer(struct wire *wire, bool has_body, struct wire_answer *ret);
/* Whether the next bytes are these; they stay unread. */
bool wire_peek(struct wire *wire, const char *text);
/* The value of a header field, copied, "" if there is none. */
void wire_field(const struct wire_answer *answer, const char *name, char *ret, size_t size);

/* Whether the peer closes within the time, whatever it sends before. */
bool wire_is_closed(struct wire *wire);

/* A whole GET with one answer on an open connection. */
int wire_get(struct wire *wire, const char *path, struct wire_answer *ret);
