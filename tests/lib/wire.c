/* SPDX-License-Identifier: MIT */
#include "tests/lib/wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static void open_to(struct wire *wire, const struct sockaddr *address, socklen_t size)
{
	struct timeval timeout = { .tv_sec = WIRE_TIMEOUT_S };
	bool connected;

	*wire = (struct wire){ .fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	assert(wire->fd >= 0);
	wire->buffer = malloc(WIRE_BUFFER_SIZE + 1);
	assert(wire->buffer);
	assert(setsockopt(wire->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
	assert(setsockopt(wire->fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0);
	connected = connect(wire->fd, address, size) == 0;
	if (!connected)
		perror("connect");
	assert(connected);
}

void wire_open(struct wire *wire, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	open_to(wire, (struct sockaddr *)&address, sizeof(address));
}

void wire_open_unix(struct wire *wire, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	open_to(wire, (struct sockaddr *)&address, sizeof(address));
}

void wire_close(struct wire *wire)
{
	close(wire->fd);
	free(wire->buffer);
	wire->buffer = NULL;
	wire->fd = -1;
}

bool wire_try(struct wire *wire, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t sent = send(wire->fd, at, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
		size -= (size_t)sent;
	}
	return true;
}

void wire_send(struct wire *wire, const void *bytes, size_t size)
{
	assert(wire_try(wire, bytes, size));
}

void wire_text(struct wire *wire, const char *text)
{
	wire_send(wire, text, strlen(text));
}

/* False at the end of the connection. */
static bool read_more(struct wire *wire)
{
	ssize_t got;

	if (wire->taken > 0) {
		memmove(wire->buffer, wire->buffer + wire->taken, wire->used - wire->taken);
		wire->used -= wire->taken;
		wire->taken = 0;
	}
	assert(wire->used < WIRE_BUFFER_SIZE);
	got = recv(wire->fd, wire->buffer + wire->used, WIRE_BUFFER_SIZE - wire->used, 0);
	assert(got >= 0 || errno != EAGAIN);
	if (got <= 0)
		return false;
	wire->used += (size_t)got;
	wire->buffer[wire->used] = '\0';
	return true;
}

void wire_field(const struct wire_answer *answer, const char *name, char *ret, size_t size)
{
	size_t length = strlen(name);

	ret[0] = '\0';
	for (const char *line = strstr(answer->head, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " ");
		(void)snprintf(ret, size, "%.*s", (int)strcspn(line, "\r\n"), line);
		return;
	}
}

/* Joins the chunks in place; false if the connection ends before the last one. */
static bool read_chunks(struct wire *wire, size_t start, size_t *ret_size, size_t *ret_end)
{
	size_t at = start, size = 0;

	for (;;) {
		char *line_end, *number_end;
		unsigned long chunk;

		wire->buffer[wire->used] = '\0';
		line_end = at < wire->used ? strstr(wire->buffer + at, "\r\n") : NULL;
		chunk = line_end ? strtoul(wire->buffer + at, &number_end, 16) : 0;
		if (!line_end || wire->used < (size_t)(line_end - wire->buffer) + 2 + chunk + 2) {
			if (!read_more(wire))
				return false;
			continue;
		}
		at = (size_t)(line_end - wire->buffer) + 2;
		memmove(wire->buffer + start + size, wire->buffer + at, chunk);
		size += chunk;
		at += chunk + 2;
		if (chunk == 0)
			break;
	}
	*ret_size = size;
	*ret_end = at;
	return true;
}

static bool read_body(struct wire *wire, struct wire_answer *ret, size_t start)
{
	char field[64];
	size_t end;

	wire_field(ret, "Transfer-Encoding", field, sizeof(field));
	if (strcasecmp(field, "chunked") == 0) {
		if (!read_chunks(wire, start, &ret->body_size, &end))
			return false;
	} else {
		wire_field(ret, "Content-Length", field, sizeof(field));
		ret->body_size = field[0] ? strtoul(field, NULL, 10) : 0;
		end = start + ret->body_size;
		while (wire->used < end)
			if (!read_more(wire))
				return false;
	}
	ret->body = wire->buffer + start;
	wire->taken = end;
	return true;
}

void wire_answer(struct wire *wire, bool has_body, struct wire_answer *ret)
{
	size_t start;
	char *end;

	do {
		*ret = (struct wire_answer){ 0 };
		if (wire->taken == wire->used && !read_more(wire))
			return;
		if (wire->taken > 0) {
			memmove(wire->buffer, wire->buffer + wire->taken, wire->used - wire->taken);
			wire->used -= wire->taken;
			wire->taken = 0;
			wire->buffer[wire->used] = '\0';
		}
		while (!(end = strstr(wire->buffer, "\r\n\r\n")))
			if (!read_more(wire))
				return;
		start = (size_t)(end - wire->buffer) + 4;
		assert(start < sizeof(ret->head));
		memcpy(ret->head, wire->buffer, start);
		ret->status = (int)strtol(ret->head + strlen("HTTP/1.1 "), NULL, 10);
		if (ret->status < 200)
			wire->taken = start;
	} while (ret->status < 200);
	/* A stream of events has no end. */
	if (!has_body || ret->status == 204 || ret->status == 304 ||
		strcasestr(ret->head, "\r\ncontent-type: text/event-stream\r\n"))
		wire->taken = start;
	else if (!read_body(wire, ret, start))
		ret->status = 0;
}

bool wire_peek(struct wire *wire, const char *text)
{
	size_t length = strlen(text);

	while (wire->used - wire->taken < length)
		if (!read_more(wire))
			return false;
	return memcmp(wire->buffer + wire->taken, text, length) == 0;
}

bool wire_is_closed(struct wire *wire)
{
	char byte[4096];
	ssize_t got;

	do
		got = recv(wire->fd, byte, sizeof(byte), 0);
	while (got > 0);
	return got == 0 || errno == ECONNRESET;
}

int wire_get(struct wire *wire, const char *path, struct wire_answer *ret)
{
	char request[1024];
	int size =
		snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: test\r\n\r\n", path);

	assert(size > 0 && (size_t)size < sizeof(request));
	wire_send(wire, request, (size_t)size);
	wire_answer(wire, true, ret);
	return ret->status;
}
