/* SPDX-License-Identifier: MIT */
#include "tests/client/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How many bytes the first request in the buffer has; 0 while it is not whole. */
static size_t request_size(const struct server_connection *connection)
{
	const char *end = strstr(connection->bytes, "\r\n\r\n");
	const char *length = strcasestr(connection->bytes, "\r\nContent-Length:");
	size_t body = 0;

	if (!end)
		return 0;
	if (length && length < end)
		body = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
	body += (size_t)(end + 4 - connection->bytes);
	return body <= connection->used ? body : 0;
}

static void close_connection(struct server_connection *connection)
{
	(void)close(connection->fd);
	*connection = (struct server_connection){ .fd = -1 };
}

static void send_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		size -= (size_t)sent;
	}
}

static void send_step(int fd, const struct step *step)
{
	char length[64];

	if (step->bytes)
		send_all(fd, step->bytes, step->size ? step->size : strlen(step->bytes));
	if (!step->body)
		return;
	(void)snprintf(length, sizeof(length), "Content-Length: %zu\r\n\r\n", strlen(step->body));
	send_all(fd, length, strlen(length));
	send_all(fd, step->body, strlen(step->body));
}

/* Answers with the next step; a script that is at its end closes. */
static void answer(struct server *server, struct server_connection *connection, size_t size)
{
	const size_t i = server->requests++;
	const struct step *step = i < server->step_count ? &server->steps[i] : NULL;

	if (i < SERVER_REQUESTS_MAX)
		memcpy(server->texts[i], connection->bytes, size);
	connection->used -= size;
	memmove(connection->bytes, connection->bytes + size, connection->used + 1);
	if (step && step->silent)
		return;
	if (step)
		send_step(connection->fd, step);
	if (!step || step->end == STEP_CLOSE)
		close_connection(connection);
}

static void read_connection(struct server *server, struct server_connection *connection)
{
	const size_t room = sizeof(connection->bytes) - connection->used - 1;
	const ssize_t got = recv(connection->fd, connection->bytes + connection->used, room, 0);
	size_t size;

	if (got <= 0) {
		close_connection(connection);
		return;
	}
	connection->used += (size_t)got;
	connection->bytes[connection->used] = '\0';
	size = request_size(connection);
	if (size > 0)
		answer(server, connection, size);
}

static void accept_connection(struct server *server)
{
	const int fd = accept(server->listener, NULL, NULL);

	for (size_t i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (server->connections[i].fd < 0) {
			server->connections[i] = (struct server_connection){ .fd = fd };
			server->accepted++;
			return;
		}
	(void)close(fd);
}

static void *serve(void *context)
{
	struct server *server = context;

	for (;;) {
		struct pollfd fds[SERVER_CONNECTIONS_MAX + 2];

		fds[0] = (struct pollfd){ .fd = server->stop[0], .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = server->listener, .events = POLLIN };
		for (size_t i = 0; i < SERVER_CONNECTIONS_MAX; i++)
			fds[i + 2] = (struct pollfd){ .fd = server->connections[i].fd,
				.events = POLLIN };
		if (poll(fds, SERVER_CONNECTIONS_MAX + 2, -1) < 0)
			continue;
		if (fds[0].revents)
			return NULL;
		for (size_t i = 0; i < SERVER_CONNECTIONS_MAX; i++)
			if (fds[i + 2].revents)
				read_connection(server, &server->connections[i]);
		if (fds[1].revents)
			accept_connection(server);
	}
}

static int listen_tcp(char *address, size_t size)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t length = sizeof(name);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert(bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	assert(getsockname(fd, (struct sockaddr *)&name, &length) == 0);
	(void)snprintf(address, size, "http://127.0.0.1:%d", ntohs(name.sin_port));
	return fd;
}

static int listen_unix(struct server *server)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(
		server->path, sizeof(server->path), "/tmp/promo-test-client.%d", (int)getpid());
	(void)unlink(server->path);
	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s", server->path);
	assert(bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0);
	(void)snprintf(server->address, sizeof(server->address), "unix:%s", server->path);
	return fd;
}

static struct server *start(struct server *server, const struct step *steps, size_t count)
{
	server->steps = steps;
	server->step_count = count;
	for (size_t i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		server->connections[i].fd = -1;
	assert(listen(server->listener, 16) == 0);
	assert(pipe(server->stop) == 0);
	assert(pthread_create(&server->thread, NULL, serve, server) == 0);
	return server;
}

struct server *server_start(const struct step *steps, size_t count)
{
	struct server *server = calloc(1, sizeof(*server));

	assert(server);
	server->listener = listen_tcp(server->address, sizeof(server->address));
	return start(server, steps, count);
}

struct server *server_start_unix(const struct step *steps, size_t count)
{
	struct server *server = calloc(1, sizeof(*server));

	assert(server);
	server->listener = listen_unix(server);
	return start(server, steps, count);
}

void server_stop(struct server *server)
{
	assert(write(server->stop[1], "", 1) == 1);
	assert(pthread_join(server->thread, NULL) == 0);
	for (size_t i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (server->connections[i].fd >= 0)
			(void)close(server->connections[i].fd);
	(void)close(server->listener);
	(void)close(server->stop[0]);
	(void)close(server->stop[1]);
	if (*server->path)
		(void)unlink(server->path);
}

void server_free(struct server *server)
{
	free(server);
}

void server_nobody(char *address, size_t size)
{
	/* A port that was given out a moment ago and is bound no more. */
	(void)close(listen_tcp(address, size));
}
