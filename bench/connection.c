/* SPDX-License-Identifier: MIT */
#include "bench/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The accept queue of a unix socket that is listened on takes us at once. */
static bool open_local(struct connection *connection, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(address.sun_path, path, strlen(path));
	connection->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return connection->fd >= 0 &&
	       connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool open_port(struct connection *connection, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int one = 1;

	address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connection->fd < 0 ||
		setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		return false;
	return connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
	       errno == EINPROGRESS;
}

bool connection_open(struct connection *connection, const char *server)
{
	bool opened;
	int why;

	opened = strncmp(server, "unix:", 5) == 0 ? open_local(connection, server + 5)
						  : open_port(connection, server);
	if (opened)
		return true;
	why = errno;
	connection_close(connection);
	errno = why;
	return false;
}

void connection_close(struct connection *connection)
{
	if (connection->fd >= 0)
		(void)close(connection->fd);
	connection->fd = -1;
}

bool connection_post(struct connection *connection, const char *path, const char *token,
	const char *headers, const char *body, size_t size)
{
	int length;

	length = snprintf(connection->request, sizeof(connection->request),
		"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%.*s",
		path, token, headers, size, (int)size, body);
	if (length < 0 || (size_t)length >= sizeof(connection->request))
		return false;
	connection->to_send = (size_t)length;
	connection->sent = 0;
	connection->received = 0;
	connection->answer[0] = '\0';
	return true;
}

enum connection_state connection_send(struct connection *connection)
{
	ssize_t n;

	while (connection->sent < connection->to_send) {
		n = send(connection->fd, connection->request + connection->sent,
			connection->to_send - connection->sent, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN ? CONNECTION_WAITS : CONNECTION_LOST;
		connection->sent += (size_t)n;
	}
	return CONNECTION_DONE;
}

static enum connection_state not_ours(void)
{
	errno = EPROTO;
	return CONNECTION_LOST;
}

static enum connection_state look(
	const struct connection *connection, struct connection_answer *ret)
{
	const char *end = strstr(connection->answer, "\r\n\r\n");
	const char *length;

	if (!end)
		return connection->received < sizeof(connection->answer) - 1 ? CONNECTION_WAITS
									     : not_ours();
	length = strcasestr(connection->answer, "\r\nContent-Length:");
	if (!length || length > end || strncmp(connection->answer, "HTTP/1.1 ", 9) != 0)
		return not_ours();
	*ret = (struct connection_answer){
		.status = (unsigned)strtoul(connection->answer + 9, NULL, 10),
		.body = end + 4,
		.size = strtoul(length + 17, NULL, 10),
	};
	if (ret->size >= sizeof(connection->answer) - (size_t)(ret->body - connection->answer))
		return not_ours();
	return connection->received >= (size_t)(ret->body - connection->answer) + ret->size
		       ? CONNECTION_DONE
		       : CONNECTION_WAITS;
}

enum connection_state connection_receive(
	struct connection *connection, struct connection_answer *ret)
{
	enum connection_state state;
	ssize_t n;

	for (;;) {
		n = recv(connection->fd, connection->answer + connection->received,
			sizeof(connection->answer) - 1 - connection->received, 0);
		if (n < 0)
			return errno == EAGAIN ? CONNECTION_WAITS : CONNECTION_LOST;
		if (n == 0) {
			errno = ECONNRESET;
			return CONNECTION_LOST;
		}
		connection->received += (size_t)n;
		connection->answer[connection->received] = '\0';
		state = look(connection, ret);
		if (state != CONNECTION_WAITS)
			return state;
	}
}

bool connection_has_field(const struct connection *connection, const char *field)
{
	const char *end = strstr(connection->answer, "\r\n\r\n");
	const char *found = strcasestr(connection->answer, field);

	return found && end && found < end;
}
