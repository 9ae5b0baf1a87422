/* SPDX-License-Identifier: MIT */
/*
 * usage: swallower PORT-FILE ORDERS SERVER-PORT
 *
 * Stands between `promo` and a daemon on 127.0.0.1, and loses answers by order: each word in the file
 * ORDERS, which is taken away when it is read, is for the next answer. "close" ends the connection in
 * its place, "silent" never says anything, "401" is answered in its place; "pass" delivers it, which for a
 * long one is no more than a piece of it. Its own port is written
 * into PORT-FILE. Ends when its standard input does.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	WORDS_MAX = 32,
	BUFFER_SIZE = 64 * 1024,
};

struct connection {
	int client, server;
};

static const char *orders_path;
static struct sockaddr_in server_address = { .sin_family = AF_INET };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the orders */
static char words[WORDS_MAX][16];
static int word_count, word_next;

/* What is to become of the next answer; false: it is delivered. */
static bool next_order(char ret[16])
{
	FILE *file;
	bool found;

	(void)pthread_mutex_lock(&lock);
	file = word_next == word_count ? fopen(orders_path, "r") : NULL;
	if (file) {
		word_next = word_count = 0;
		while (word_count < WORDS_MAX && fscanf(file, "%15s", words[word_count]) == 1)
			word_count++;
		(void)fclose(file);
		(void)unlink(orders_path);
	}
	found = word_next < word_count;
	if (found)
		memcpy(ret, words[word_next++], 16);
	(void)pthread_mutex_unlock(&lock);
	return found;
}

static bool pass_on(int to, const char *bytes, size_t size)
{
	while (size > 0) {
		const ssize_t n = send(to, bytes, size, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Carries out an order; the connection is over then. */
static void lose(const struct connection *connection, const char *order)
{
	static const char refusal[] =
		"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\n"
		"Content-Length: 27\r\n\r\n{\"code\":\"unauthenticated\"}\n";
	char byte;

	if (strcmp(order, "401") == 0)
		(void)pass_on(connection->client, refusal, sizeof(refusal) - 1);
	/* Until the client has had enough. */
	if (strcmp(order, "silent") == 0)
		while (recv(connection->client, &byte, 1, 0) > 0)
			;
}

static void *carry(void *context)
{
	struct connection connection = *(struct connection *)context;
	struct pollfd fds[2] = { { .fd = connection.client, .events = POLLIN },
		{ .fd = connection.server, .events = POLLIN } };
	char buffer[BUFFER_SIZE], order[16];
	ssize_t n = 1;

	free(context);
	while (n > 0 && poll(fds, 2, -1) > 0) {
		const int i = fds[0].revents ? 0 : 1;

		n = recv(fds[i].fd, buffer, sizeof(buffer), 0);
		if (i == 1 && n > 0 && next_order(order) && strcmp(order, "pass") != 0) {
			lose(&connection, order);
			break;
		}
		if (n > 0 && !pass_on(fds[1 - i].fd, buffer, (size_t)n))
			break;
	}
	(void)close(connection.client);
	(void)close(connection.server);
	return NULL;
}

static void *listen_on(void *context)
{
	const int listener = *(const int *)context;

	for (;;) {
		struct connection *connection = malloc(sizeof(*connection));
		pthread_t thread;

		if (!connection)
			return NULL;
		connection->client = accept(listener, NULL, NULL);
		connection->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(connection->server, (const struct sockaddr *)&server_address,
			    sizeof(server_address)) == 0 &&
			pthread_create(&thread, NULL, carry, connection) == 0) {
			(void)pthread_detach(thread);
			continue;
		}
		(void)close(connection->client);
		(void)close(connection->server);
		free(connection);
	}
}

int main(int count, char **arguments)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;
	FILE *file;
	char byte;

	if (count != 4)
		return 2;
	orders_path = arguments[2];
	server_address.sin_addr = address.sin_addr;
	server_address.sin_port = htons((in_port_t)strtoul(arguments[3], NULL, 10));
	if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) ||
		listen(listener, 16) || getsockname(listener, (struct sockaddr *)&address, &size) ||
		pthread_create(&thread, NULL, listen_on, &listener))
		return 1;
	file = fopen(arguments[1], "w");
	if (!file || fprintf(file, "%d\n", ntohs(address.sin_port)) < 0 || fclose(file))
		return 1;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
