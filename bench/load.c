/* SPDX-License-Identifier: MIT */
/*
 * Sends POST requests over N keep-alive connections and measures: one thread, one epoll, each
 * connection with one request under way. Each line of the file of bodies is sent at most once, so
 * that every redemption is a new one. Prints one line of name=value, for the scripts beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/connection.h"

enum {
	CONNECTIONS_MAX = 1024,
	STATUS_MAX = 600,
	SAMPLES_MAX = 10 * 1000 * 1000,
};

struct client {
	struct connection connection;
	int64_t started_us;
};

struct load {
	const char *path, *token;
	bool with_key;
	char *bodies, *next_body;
	int64_t end_us;
	uint32_t *samples;
	size_t sample_count;
	uint64_t statuses[STATUS_MAX];
	uint64_t keys;
	int active;
};

static void stop(const char *what)
{
	(void)fprintf(stderr, "load: could not %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		stop("read the clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static char *file_read(const char *path)
{
	struct stat st;
	size_t size, have = 0;
	ssize_t n;
	char *text;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		stop(path);
	size = (size_t)st.st_size;
	text = malloc(size + 1);
	if (!text)
		stop("allocate");
	while (have < size) {
		n = read(fd, text + have, size - have);
		if (n <= 0)
			stop(path);
		have += (size_t)n;
	}
	(void)close(fd);
	text[size] = '\0';
	return text;
}

/* Whether there was another body to send before the time is over. */
static bool request_make(struct load *load, struct client *client)
{
	char key[64] = "";
	const char *body = load->next_body;
	size_t size = strcspn(body, "\n");

	if (!size || now_us() >= load->end_us)
		return false;
	load->next_body += size + (body[size] == '\n');
	if (load->with_key)
		(void)snprintf(key, sizeof(key), "Idempotency-Key: load-%d-%llu\r\n", (int)getpid(),
			(unsigned long long)load->keys++);
	if (!connection_post(&client->connection, load->path, load->token, key, body, size)) {
		errno = EMSGSIZE;
		stop("make a request");
	}
	client->started_us = now_us();
	return true;
}

static void request_send(struct client *client)
{
	if (connection_send(&client->connection) == CONNECTION_LOST)
		stop("send a request");
}

static void client_read(struct load *load, struct client *client)
{
	struct connection_answer answer;
	enum connection_state state;

	for (;;) {
		state = connection_receive(&client->connection, &answer);
		if (state == CONNECTION_LOST)
			stop("read an answer");
		if (state == CONNECTION_WAITS)
			return;
		load->statuses[answer.status < STATUS_MAX ? answer.status : 0]++;
		if (load->sample_count < SAMPLES_MAX)
			load->samples[load->sample_count++] =
				(uint32_t)(now_us() - client->started_us);
		if (!request_make(load, client)) {
			connection_close(&client->connection);
			load->active--;
			return;
		}
		request_send(client);
	}
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void report(const struct load *load, int connections, int64_t took_us)
{
	size_t n = load->sample_count;

	if (!n) {
		errno = ENODATA;
		stop("measure anything");
	}
	qsort(load->samples, n, sizeof(*load->samples), by_value);
	printf("connections=%d requests=%zu rate=%lld p50_us=%u p99_us=%u", connections, n,
		(long long)((int64_t)n * 1000000 / took_us), load->samples[n / 2],
		load->samples[n * 99 / 100]);
	for (unsigned i = 0; i < STATUS_MAX; i++)
		if (load->statuses[i])
			printf(" status_%u=%llu", i, (unsigned long long)load->statuses[i]);
	printf("\n");
}

static void run(struct load *load, const char *server, int count)
{
	struct epoll_event event, events[64];
	struct client *clients;
	int epoll, ready;

	clients = calloc((size_t)count, sizeof(*clients));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!clients || epoll < 0)
		stop("prepare");
	for (int i = 0; i < count; i++) {
		if (!connection_open(&clients[i].connection, server))
			stop("connect to the server");
		event = (struct epoll_event){ .events = EPOLLIN | EPOLLOUT | EPOLLET,
			.data = { .ptr = &clients[i] } };
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].connection.fd, &event))
			stop("watch a connection");
		if (request_make(load, &clients[i]))
			load->active++;
	}
	while (load->active > 0) {
		ready = epoll_wait(epoll, events, 64, 30000);
		if (ready == 0)
			errno = ETIMEDOUT;
		if (ready <= 0)
			stop("get an answer");
		for (int i = 0; i < ready; i++) {
			struct client *client = events[i].data.ptr;

			if (client->connection.fd < 0)
				continue;
			request_send(client);
			client_read(load, client);
		}
	}
	(void)close(epoll);
	free(clients);
}

static int usage(void)
{
	(void)fprintf(stderr,
		"usage: load --server unix:PATH|PORT --path PATH --token-file FILE --bodies FILE\n"
		"            --connections N --seconds N [--key]\n"
		"A PORT is one of 127.0.0.1; --key sends an Idempotency-Key with each request.\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "server", required_argument, NULL, 's' },
		{ "path", required_argument, NULL, 'p' },
		{ "token-file", required_argument, NULL, 't' },
		{ "bodies", required_argument, NULL, 'b' },
		{ "connections", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 'n' },
		{ "key", no_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	struct load load = { 0 };
	const char *server = NULL;
	char *token = NULL;
	long connections = 0, seconds = 0;
	int64_t started_us;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			server = optarg;
			break;
		case 'p':
			load.path = optarg;
			break;
		case 't':
			token = file_read(optarg);
			break;
		case 'b':
			load.bodies = file_read(optarg);
			break;
		case 'c':
			connections = strtol(optarg, NULL, 10);
			break;
		case 'n':
			seconds = strtol(optarg, NULL, 10);
			break;
		case 'k':
			load.with_key = true;
			break;
		default:
			return usage();
		}
	}
	if (!server || !load.path || !token || !load.bodies || connections < 1 ||
		connections > CONNECTIONS_MAX || seconds < 1 || seconds > 300 || optind != argc)
		return usage();
	token[strcspn(token, "\r\n")] = '\0';
	load.token = token;
	load.next_body = load.bodies;
	load.samples = malloc(SAMPLES_MAX * sizeof(*load.samples));
	if (!load.samples)
		stop("allocate");
	started_us = now_us();
	load.end_us = started_us + seconds * 1000000;
	run(&load, server, (int)connections);
	report(&load, (int)connections, now_us() - started_us);
	free(load.samples);
	free(load.bodies);
	free(token);
	return 0;
}
