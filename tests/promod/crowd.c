/* SPDX-License-Identifier: MIT */
#include "tests/promod/crowd.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpromo/base/time.h"

enum {
	STALL_MS = 20000,
	ANSWER_SIZE = 8192,
	EVENTS = 64
};

struct connection {
	int fd; /* -1: closed for good */
	int64_t asked_us;
	size_t request_size, sent, received;
	char request[CROWD_REQUEST_SIZE], answer[ANSWER_SIZE + 1];
};

struct run {
	struct crowd *crowd;
	int epoll_fd, open;
	struct connection connections[CROWD_MAX];
};

static void arm(struct run *run, int index, int operation, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.u32 = (uint32_t)index };

	assert(epoll_ctl(run->epoll_fd, operation, run->connections[index].fd, &event) == 0);
}

static void connect_to(struct run *run, int index)
{
	const struct crowd *crowd = run->crowd;
	struct connection *connection = &run->connections[index];
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)crowd->ports[index % crowd->port_count]),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1;

	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert(connection->fd >= 0);
	(void)setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		assert(errno == EINPROGRESS);
	arm(run, index, EPOLL_CTL_ADD, EPOLLOUT);
}

static void end(struct run *run, int index)
{
	close(run->connections[index].fd);
	run->connections[index].fd = -1;
}

/* False: this connection has no more to ask. */
static bool ask(struct run *run, int index)
{
	struct connection *connection = &run->connections[index];

	connection->sent = connection->received = 0;
	connection->request_size =
		run->crowd->next(run->crowd->context, index, connection->request);
	connection->asked_us = promo_monotonic_us();
	return connection->request_size > 0;
}

static void send_more(struct run *run, int index)
{
	struct connection *connection = &run->connections[index];
	ssize_t sent = send(connection->fd, connection->request + connection->sent,
		connection->request_size - connection->sent, MSG_NOSIGNAL);

	/* What is wrong with it shows when it is read. */
	if (sent > 0)
		connection->sent += (size_t)sent;
	if (sent < 0 && errno == EAGAIN)
		return;
	if (sent < 0 || connection->sent == connection->request_size)
		arm(run, index, EPOLL_CTL_MOD, EPOLLIN);
}

/* The body of a whole answer, NULL while it is none. */
static const char *whole(const struct connection *connection)
{
	const char *head_end = strstr(connection->answer, "\r\n\r\n");
	const char *length = strstr(connection->answer, "Content-Length: ");
	size_t size;

	if (!head_end || !length || length > head_end)
		return NULL;
	size = strtoul(length + strlen("Content-Length: "), NULL, 10);
	head_end += 4;
	return strlen(head_end) >= size ? head_end : NULL;
}

static void told(struct run *run, int index, int status, const char *body)
{
	struct crowd *crowd = run->crowd;
	int64_t took_us = promo_monotonic_us() - run->connections[index].asked_us;

	if (took_us > crowd->longest_us)
		crowd->longest_us = took_us;
	atomic_fetch_add(&crowd->answers, 1);
	crowd->answer(crowd->context, index, status, body);
	if (status == 0 || strstr(run->connections[index].answer, "Connection: close")) {
		end(run, index);
		if (ask(run, index))
			connect_to(run, index);
		else
			run->open--;
	} else if (ask(run, index)) {
		arm(run, index, EPOLL_CTL_MOD, EPOLLOUT);
	} else {
		end(run, index);
		run->open--;
	}
}

static void receive_more(struct run *run, int index)
{
	struct connection *connection = &run->connections[index];
	ssize_t count = recv(connection->fd, connection->answer + connection->received,
		ANSWER_SIZE - connection->received, 0);
	const char *body;

	if (count < 0 && errno == EAGAIN)
		return;
	if (count <= 0) {
		connection->answer[0] = '\0';
		told(run, index, 0, NULL);
		return;
	}
	connection->received += (size_t)count;
	connection->answer[connection->received] = '\0';
	body = whole(connection);
	if (body)
		told(run, index, (int)strtol(connection->answer + strlen("HTTP/1.1 "), NULL, 10),
			body);
}

void crowd_run(struct crowd *crowd)
{
	struct run *run = calloc(1, sizeof(*run));

	assert(run && crowd->connections <= CROWD_MAX);
	run->crowd = crowd;
	run->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	assert(run->epoll_fd >= 0);
	for (int i = 0; i < crowd->connections; i++) {
		run->connections[i].fd = -1;
		if (!ask(run, i))
			continue;
		connect_to(run, i);
		run->open++;
	}
	while (run->open > 0 && !crowd->stalled) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(run->epoll_fd, events, EVENTS, STALL_MS);

		crowd->stalled = count == 0;
		for (int i = 0; i < count; i++) {
			int index = (int)events[i].data.u32;
			struct connection *connection = &run->connections[index];

			if (connection->sent < connection->request_size &&
				!(events[i].events & EPOLLIN))
				send_more(run, index);
			else
				receive_more(run, index);
		}
	}
	for (int i = 0; i < crowd->connections; i++)
		if (run->connections[i].fd >= 0)
			end(run, i);
	close(run->epoll_fd);
	free(run);
}

size_t crowd_post(char ret[CROWD_REQUEST_SIZE], const char *path, const char *token,
	const char *key, const char *body)
{
	int size = snprintf(ret, CROWD_REQUEST_SIZE,
		"POST %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\n%s%s%sContent-Length: %zu\r\n\r\n%s",
		path, token, key ? "Idempotency-Key: " : "", key ? key : "", key ? "\r\n" : "",
		strlen(body), body);

	assert(size > 0 && size < CROWD_REQUEST_SIZE);
	return (size_t)size;
}
