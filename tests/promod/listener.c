/* SPDX-License-Identifier: MIT */
#include "tests/promod/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/lib/wire.h"

enum {
	REQUEST_SIZE = 24 * 1024
};

/* More bytes; false at the end, or when the time is over. */
static bool receive(struct listener *l, int64_t until_ms)
{
	struct pollfd poller = { .fd = l->fd, .events = POLLIN };
	int64_t left_ms = until_ms - promo_monotonic_ms();
	ssize_t size;

	if (l->ended || left_ms <= 0 || poll(&poller, 1, (int)left_ms) <= 0)
		return false;
	assert_true(l->raw_size < LISTENER_TEXT_SIZE);
	size = read(l->fd, l->raw + l->raw_size, LISTENER_TEXT_SIZE - l->raw_size);
	if (size <= 0) {
		l->ended = true;
		return false;
	}
	l->raw_size += (size_t)size;
	return true;
}

/* Takes chunks that are whole out of what came. */
static void dechunk(struct listener *l)
{
	for (;;) {
		char *line = memchr(l->raw, '\n', l->raw_size);
		size_t head = line ? (size_t)(line - l->raw) + 1 : 0;
		size_t size;

		if (!line)
			return;
		size = strtoul(l->raw, NULL, 16);
		if (size == 0) {
			l->ended = true;
			return;
		}
		if (l->raw_size < head + size + 2)
			return;
		assert_true(l->text_size + size < LISTENER_TEXT_SIZE);
		memcpy(l->text + l->text_size, l->raw + head, size);
		l->text_size += size;
		l->raw_size -= head + size + 2;
		memmove(l->raw, l->raw + head + size + 2, l->raw_size);
	}
}

void listener_open(struct listener *l, unsigned port, const char *token, const char *query,
	const char *last_id)
{
	const int64_t until_ms = promo_monotonic_ms() + LISTENER_MS;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char *request = test_calloc(1, REQUEST_SIZE);
	char *end = NULL;
	int size;

	*l = (struct listener){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	l->raw = test_calloc(1, LISTENER_TEXT_SIZE + 1);
	l->text = test_calloc(1, LISTENER_TEXT_SIZE + 1);
	assert_int_equal(connect(l->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	size = snprintf(request, REQUEST_SIZE,
		"GET /api/v1/events%s%s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"
		"%s%s%s\r\n",
		query[0] ? "?" : "", query, token, last_id ? "Last-Event-ID: " : "",
		last_id ? last_id : "", last_id ? "\r\n" : "");
	assert_true(size > 0 && size < REQUEST_SIZE);
	assert_int_equal(write(l->fd, request, (size_t)size), size);
	test_free(request);
	while (!end && receive(l, until_ms))
		end = strstr(l->raw, "\r\n\r\n");
	assert_non_null(end);
	end += 4;
	assert_true((size_t)(end - l->raw) < sizeof(l->head));
	memcpy(l->head, l->raw, (size_t)(end - l->raw));
	l->status = (int)strtol(l->head + strlen("HTTP/1.1 "), NULL, 10);
	l->raw_size -= (size_t)(end - l->raw);
	memmove(l->raw, end, l->raw_size);
	if (last_id)
		(void)snprintf(l->id, sizeof(l->id), "%s", last_id);
	dechunk(l);
}

void listener_close(struct listener *l)
{
	(void)close(l->fd);
	test_free(l->raw);
	test_free(l->text);
}

/* One block of lines, as far as it says something. */
static bool take_block(struct listener *l, char *block, struct heard *ret)
{
	*ret = (struct heard){ 0 };
	for (char *line = block, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (line[0] == ':')
			l->beats++;
		else if (strncmp(line, "event: ", 7) == 0)
			(void)snprintf(ret->event, sizeof(ret->event), "%s", line + 7);
		else if (strncmp(line, "data: ", 6) == 0)
			(void)snprintf(ret->data, sizeof(ret->data), "%s", line + 6);
		else if (strncmp(line, "id: ", 4) == 0)
			(void)snprintf(l->id, sizeof(l->id), "%s", line + 4);
		else
			assert_int_equal(strncmp(line, "retry: ", 7), 0);
	}
	return ret->data[0] != '\0';
}

bool listener_next(struct listener *l, struct heard *ret, int timeout_ms)
{
	const int64_t until_ms = promo_monotonic_ms() + timeout_ms;

	for (;;) {
		char *end;
		bool says;

		dechunk(l);
		l->text[l->text_size] = '\0';
		end = strstr(l->text, "\n\n");
		if (!end) {
			if (!receive(l, until_ms))
				return false;
			continue;
		}
		end[1] = '\0';
		says = take_block(l, l->text, ret);
		l->text_size -= (size_t)(end + 2 - l->text);
		memmove(l->text, end + 2, l->text_size);
		if (says)
			return true;
	}
}

const char *listener_expect(struct listener *l, const char *event)
{
	static struct heard heard;

	if (!listener_next(l, &heard, LISTENER_MS)) {
		print_error("%s did not come\n", event);
		fail();
	}
	assert_string_equal(heard.event, event);
	return heard.data;
}

bool listener_ends(struct listener *l)
{
	static struct heard heard;

	while (listener_next(l, &heard, LISTENER_MS))
		;
	return l->ended;
}

const char *listener_ask(unsigned port, const char *line, const char *token, const char *until)
{
	static char text[16 * 1024];
	const int64_t until_ms = promo_monotonic_ms() + LISTENER_MS;
	struct wire wire;
	size_t size = 0;
	ssize_t count = 1;

	wire_open(&wire, port);
	size = (size_t)snprintf(text, sizeof(text),
		"%s\r\nHost: test\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
		"Authorization: Bearer %s\r\n\r\n",
		line, token);
	assert_int_equal(send(wire.fd, text, size, MSG_NOSIGNAL), size);
	for (size = 0, text[0] = '\0'; count > 0 && !(until && strstr(text, until));) {
		struct pollfd poller = { .fd = wire.fd, .events = POLLIN };

		if (poll(&poller, 1, (int)(until_ms - promo_monotonic_ms())) != 1)
			fail_msg("it goes on: %s", text);
		count = read(wire.fd, text + size, sizeof(text) - 1 - size);
		assert_true(count >= 0);
		size += (size_t)count;
		text[size] = '\0';
	}
	wire_close(&wire);
	return text;
}
