/* SPDX-License-Identifier: MIT */
/*
 * Sends POST requests over N keep-alive connections and measures: one thread, one epoll, each
 * connection with one request under way. Each line of the file of bodies is sent once, so that every
 * redemption is a new one, unless --repeat says to begin again. Prints one line of name=value, for the
 * scripts beside it, with the CPU that it took itself: it must not be what is measured.
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/connection.h"

enum {
	CONNECTIONS_MAX = 1024,
	STATUS_MAX = 600,
	SECONDS_MAX = 7 * 24 * 3600,
	EVENTS_MAX = 256,
	SILENCE_MS = 30000,
	/* Of the histogram: so many buckets for each power of two, a latency is told to 1.6 %. */
	STEP_BITS = 6,
	STEPS = 1 << STEP_BITS,
	BUCKETS = (33 - STEP_BITS) * STEPS,
};

struct client {
	struct connection connection;
	int64_t started_us;
};

struct load {
	const char *path, *token;
	bool with_key, repeat;
	long rate; /* requests a second at most; 0: as fast as they are answered */
	char *bodies, *next_body;
	int64_t started_us, end_us;
	uint64_t buckets[BUCKETS], statuses[STATUS_MAX];
	uint64_t sent, answered;
	int64_t longest_us;
	struct client *resting[CONNECTIONS_MAX]; /* until the rate allows the next request */
	size_t resting_count;
	int active;
};

static _Noreturn void stop(const char *what)
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

/*
 * Latencies.
 */

static size_t bucket_of(uint32_t us)
{
	unsigned power = us < STEPS ? 0 : 31 - (unsigned)__builtin_clz(us) - STEP_BITS;

	return power * STEPS + (us >> power);
}

static uint32_t latency_of(size_t bucket)
{
	size_t power = bucket < (size_t)2 * STEPS ? 0 : bucket / STEPS - 1;

	return (uint32_t)((bucket - power * STEPS) << power);
}

/* What `per_mille` of the answers were not slower than. */
static uint32_t percentile(const struct load *load, uint64_t per_mille)
{
	uint64_t wanted = load->answered * per_mille / 1000, count = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		count += load->buckets[i];
		if (count > wanted)
			return latency_of(i);
	}
	return (uint32_t)load->longest_us;
}

static void note(struct load *load, unsigned status, int64_t took_us)
{
	load->statuses[status < STATUS_MAX ? status : 0]++;
	load->buckets[bucket_of((uint32_t)took_us)]++;
	load->answered++;
	if (took_us > load->longest_us)
		load->longest_us = took_us;
}

/*
 * Requests.
 */

static bool request_make(struct load *load, struct client *client)
{
	char key[64] = "";
	const char *body = load->next_body;
	size_t size = strcspn(body, "\n");

	if (!size)
		return false;
	load->next_body += size + (body[size] == '\n');
	if (load->repeat && !*load->next_body)
		load->next_body = load->bodies;
	if (load->with_key)
		(void)snprintf(key, sizeof(key), "Idempotency-Key: load-%d-%llu\r\n", (int)getpid(),
			(unsigned long long)load->sent);
	if (!connection_post(&client->connection, load->path, load->token, key, body, size)) {
		errno = EMSGSIZE;
		stop("make a request");
	}
	load->sent++;
	return true;
}

static void request_send(struct client *client)
{
	if (connection_send(&client->connection) == CONNECTION_LOST)
		stop("send a request");
}

/* The next request of a connection, unless it has to rest, or the time or the bodies are over. */
static void client_go_on(struct load *load, struct client *client)
{
	int64_t now = now_us();

	if (load->rate > 0 && now < load->end_us &&
		load->sent >= (uint64_t)((now - load->started_us) * load->rate / 1000000)) {
		load->resting[load->resting_count++] = client;
		return;
	}
	if (now >= load->end_us || !request_make(load, client)) {
		connection_close(&client->connection);
		load->active--;
		return;
	}
	client->started_us = now;
	request_send(client);
}

static void wake_resting(struct load *load)
{
	size_t count = load->resting_count;

	load->resting_count = 0;
	for (size_t i = 0; i < count; i++)
		client_go_on(load, load->resting[i]);
}

static void client_read(struct load *load, struct client *client)
{
	struct connection_answer answer;

	switch (connection_receive(&client->connection, &answer)) {
	case CONNECTION_LOST:
		stop("read an answer");
	case CONNECTION_WAITS:
		return;
	case CONNECTION_DONE:
		break;
	}
	note(load, answer.status, now_us() - client->started_us);
	client_go_on(load, client);
}

static void report(const struct load *load, int connections, int64_t took_us)
{
	struct rusage used;
	int64_t cpu_us;

	if (!load->answered) {
		errno = ENODATA;
		stop("measure anything");
	}
	if (getrusage(RUSAGE_SELF, &used))
		stop("measure itself");
	cpu_us = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
		 used.ru_utime.tv_usec + used.ru_stime.tv_usec;
	printf("connections=%d requests=%llu rate=%lld p50_us=%u p99_us=%u longest_us=%lld "
	       "load_us=%lld",
		connections, (unsigned long long)load->answered,
		(long long)((int64_t)load->answered * 1000000 / took_us), percentile(load, 500),
		percentile(load, 990), (long long)load->longest_us,
		(long long)(cpu_us / (int64_t)load->answered));
	for (unsigned i = 0; i < STATUS_MAX; i++)
		if (load->statuses[i])
			printf(" status_%u=%llu", i, (unsigned long long)load->statuses[i]);
	printf("\n");
}

static void turn(struct load *load, int epoll)
{
	struct epoll_event events[EVENTS_MAX];
	int ready = epoll_wait(epoll, events, EVENTS_MAX, load->resting_count ? 1 : SILENCE_MS);

	if (ready == 0 && !load->resting_count)
		errno = ETIMEDOUT;
	if (ready < 0 || (ready == 0 && !load->resting_count))
		stop("get an answer");
	for (int i = 0; i < ready; i++) {
		struct client *client = events[i].data.ptr;

		if (client->connection.fd < 0)
			continue;
		request_send(client);
		client_read(load, client);
	}
	wake_resting(load);
}

static void run(struct load *load, const char *server, int count)
{
	struct client *clients = calloc((size_t)count, sizeof(*clients));
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (!clients || epoll < 0)
		stop("prepare");
	for (int i = 0; i < count; i++) {
		struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
			.data = { .ptr = &clients[i] } };

		if (!connection_open(&clients[i].connection, server))
			stop("connect to the server");
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].connection.fd, &event))
			stop("watch a connection");
		load->active++;
		client_go_on(load, &clients[i]);
	}
	while (load->active > 0)
		turn(load, epoll);
	(void)close(epoll);
	free(clients);
}

static int usage(void)
{
	(void)fprintf(stderr,
		"usage: load --server unix:PATH|PORT --path PATH --token-file FILE --bodies FILE\n"
		"            --connections N --seconds N [--key] [--repeat] [--rate N]\n"
		"A PORT is one of 127.0.0.1; --key sends an Idempotency-Key with each request;\n"
		"--repeat begins again where the bodies end; --rate sends at most N a second.\n");
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
		{ "repeat", no_argument, NULL, 'r' },
		{ "rate", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	struct load load = { 0 };
	const char *server = NULL;
	char *token = NULL;
	long connections = 0, seconds = 0;
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
		case 'r':
			load.repeat = true;
			break;
		case 'm':
			load.rate = strtol(optarg, NULL, 10);
			break;
		default:
			return usage();
		}
	}
	if (!server || !load.path || !token || !load.bodies || connections < 1 ||
		connections > CONNECTIONS_MAX || seconds < 1 || seconds > SECONDS_MAX ||
		load.rate < 0 || optind != argc)
		return usage();
	token[strcspn(token, "\r\n")] = '\0';
	load.token = token;
	load.next_body = load.bodies;
	load.started_us = now_us();
	load.end_us = load.started_us + seconds * 1000000;
	run(&load, server, (int)connections);
	report(&load, (int)connections, now_us() - load.started_us);
	free(load.bodies);
	free(token);
	return 0;
}
