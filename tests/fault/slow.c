/* SPDX-License-Identifier: MIT */
/*
 * slow: clients that are bad for a server, for as long as it is let run. Some connect and say nothing;
 * some send the head of a request a byte at a time, some its body; some ask for much and read nothing.
 * Who is cut off comes again. On SIGTERM it says how many connections were made and how many of them
 * the server cut.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	KINDS = 4,
	STEP_MS = 50, /* between two bytes of one client */
	READERS_ASK = 200,
	SMALL_BUFFER = 4096,
};

enum kind {
	IDLE,
	HEAD,
	BODY,
	READER,
};

struct client {
	enum kind kind;
	int fd;
	size_t sent;
};

static const char *const names[KINDS] = { "idle", "head", "body", "reader" };
static const char head[] =
	"POST /api/v1/verify HTTP/1.1\r\nHost: localhost\r\n"
	"X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char body_head[] = "POST /api/v1/verify HTTP/1.1\r\nHost: localhost\r\n"
				"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
static const char question[] = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";

static volatile sig_atomic_t stopping;
static size_t made[KINDS], cut[KINDS];

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

__attribute__((noreturn)) static void stop(const char *what)
{
	(void)fprintf(stderr, "slow: could not %s: %s\n", what, strerror(errno));
	exit(1);
}

static void connect_to(struct client *client, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int small = SMALL_BUFFER;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->sent = 0;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (client->fd < 0)
		stop("make a socket");
	if (client->kind == READER)
		(void)setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) &&
		errno != EINPROGRESS)
		stop("connect");
	made[client->kind]++;
}

/* Whether the server is done with it; what it says otherwise is not read. */
static bool is_cut(const struct client *client)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLRDHUP };
	char byte;

	if (poll(&poll_fd, 1, 0) > 0 && poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR))
		return true;
	return client->kind != READER && recv(client->fd, &byte, 1, MSG_PEEK) == 0;
}

static void say(struct client *client, const char *text, size_t size)
{
	ssize_t n = send(client->fd, text, size, MSG_NOSIGNAL);

	if (n > 0)
		client->sent += (size_t)n;
}

static void step(struct client *client)
{
	switch (client->kind) {
	case IDLE:
		break;
	case HEAD:
		if (client->sent < strlen(head))
			say(client, head + client->sent, 1);
		break;
	case BODY:
		if (client->sent < strlen(body_head))
			say(client, body_head + client->sent, strlen(body_head) - client->sent);
		else
			say(client, " ", 1);
		break;
	case READER:
		if (client->sent < READERS_ASK * strlen(question))
			say(client, question + client->sent % strlen(question),
				strlen(question) - client->sent % strlen(question));
		break;
	}
}

static void run(struct client *clients, size_t count, uint16_t port)
{
	while (!stopping) {
		for (size_t i = 0; i < count; i++) {
			if (clients[i].fd >= 0 && is_cut(&clients[i])) {
				(void)close(clients[i].fd);
				clients[i].fd = -1;
				cut[clients[i].kind]++;
			}
			if (clients[i].fd < 0)
				connect_to(&clients[i], port);
			step(&clients[i]);
		}
		(void)poll(NULL, 0, STEP_MS);
	}
}

static size_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value > 65535) {
		(void)fprintf(
			stderr, "usage: slow PORT IDLE HEAD BODY READER (how many of each)\n");
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct client *clients = NULL;
	struct rlimit files;
	size_t count = 0, first = 0;

	if (argc != 2 + KINDS)
		(void)number("");
	if (sigaction(SIGTERM, &action, NULL) || getrlimit(RLIMIT_NOFILE, &files))
		stop("begin");
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files))
		stop("have enough files open");
	for (int kind = 0; kind < KINDS; kind++)
		count += number(argv[2 + kind]);
	clients = calloc(count ? count : 1, sizeof(*clients));
	if (!clients)
		stop("allocate");
	for (int kind = 0; kind < KINDS; kind++)
		for (size_t n = number(argv[2 + kind]); n > 0; n--)
			clients[first++] = (struct client){ .kind = (enum kind)kind, .fd = -1 };
	run(clients, count, (uint16_t)number(argv[1]));
	for (int kind = 0; kind < KINDS; kind++)
		printf("%s_made=%zu %s_cut=%zu ", names[kind], made[kind], names[kind], cut[kind]);
	printf("\n");
	for (size_t i = 0; i < count; i++)
		if (clients[i].fd >= 0)
			(void)close(clients[i].fd);
	free(clients);
	return 0;
}
