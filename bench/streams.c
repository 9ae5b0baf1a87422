/* SPDX-License-Identifier: MIT */
/*
 * Who listens to live events, many at once: `streams make USERS` prints tokens of sessions with what the database
 * keeps of each; `streams listen TOKENS COUNT PORT...` opens COUNT streams at each port, ten for each token, says
 * "open", and from then on takes events until its input says something. Then it prints one line of name=value for
 * bench/streams: how long after its own time each event came, for each of the ports.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"

enum {
	OF_A_TOKEN = 10,
	READ_BYTES = 16 * 1024,
	LINE_BYTES = 512, /* the time stands in front */
	DELAYS_MAX = 4 * 1000 * 1000,
	PORTS_MAX = 4,
	UNDER_WAY = 64, /* requests without an answer */
};

/* What came by one port. */
struct heard {
	uint32_t *delays;
	size_t count;
};

struct stream {
	struct heard *heard;
	int fd;
	bool begun;
	char line[LINE_BYTES];
	size_t size;
};

static size_t begun_count;

static void die(const char *what)
{
	(void)fprintf(stderr, "streams: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int make(long users)
{
	if (promo_base_init())
		return 1;
	for (long i = 0; i < users; i++) {
		unsigned char hash[PROMO_HASH_BYTES];
		char token[PROMO_TOKEN_SIZE], hex[2 * PROMO_HASH_BYTES + 1];

		promo_token_new(PROMO_TOKEN_SESSION, token);
		promo_token_hash(token, hash);
		promo_hex_encode(hash, sizeof(hash), hex);
		(void)printf("%s %s\n", token, hex);
	}
	return 0;
}

static void open_stream(struct stream *stream, in_port_t port, const char *token)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char request[512];
	int size = snprintf(request, sizeof(request),
		"GET /api/v1/events?topics=redemption HTTP/1.1\r\nHost: bench\r\n"
		"Authorization: Bearer %s\r\n\r\n",
		token);

	stream->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (stream->fd < 0 ||
		connect(stream->fd, (const struct sockaddr *)&address, sizeof(address)) ||
		write(stream->fd, request, (size_t)size) != size ||
		fcntl(stream->fd, F_SETFL, O_NONBLOCK))
		die("could not open a stream");
}

static void take_line(struct stream *stream)
{
	static const char begin[] = "data: {\"at\":\"";
	struct heard *heard = stream->heard;
	int64_t at;

	stream->line[stream->size] = '\0';
	if (strncmp(stream->line, "HTTP/1.1 ", 9) == 0 &&
		strncmp(stream->line + 9, "200", 3) != 0) {
		(void)fprintf(stderr, "streams: %s\n", stream->line);
		exit(1);
	}
	if (!stream->begun && strncmp(stream->line, "retry: ", 7) == 0) {
		stream->begun = true;
		begun_count++;
	}
	if (strncmp(stream->line, begin, sizeof(begin) - 1) != 0 || heard->count == DELAYS_MAX)
		return;
	stream->line[strcspn(stream->line + sizeof(begin) - 1, "\"") + sizeof(begin) - 1] = '\0';
	if (promo_time_parse(stream->line + sizeof(begin) - 1, &at))
		return;
	at = promo_now_ms() - at;
	heard->delays[heard->count++] = (uint32_t)(at > 0 ? at : 0);
}

static void take(struct stream *stream)
{
	char bytes[READ_BYTES];
	ssize_t count;

	while ((count = read(stream->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < count; i++) {
			if (bytes[i] == '\n') {
				take_line(stream);
				stream->size = 0;
			} else if (stream->size < sizeof(stream->line) - 1) {
				stream->line[stream->size++] = bytes[i];
			}
		}
	/* Of a daemon that is ended. */
	if (count == 0 && stream->begun)
		(void)close(stream->fd);
	else if (count == 0 || errno != EAGAIN)
		die("a stream ended");
}

static int compare(const void *a, const void *b)
{
	const uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return (one > two) - (one < two);
}

static void tell(struct heard *heard, size_t count)
{
	size_t events = 0;

	for (size_t i = 0; i < count; i++)
		events += heard[i].count;
	(void)printf("events=%zu", events);
	for (size_t i = 0; i < count; i++) {
		uint32_t *delays = heard[i].delays;
		size_t last = heard[i].count;

		if (last == 0)
			continue;
		qsort(delays, last, sizeof(*delays), compare);
		(void)printf(" p50_ms%zu=%u p99_ms%zu=%u longest_ms%zu=%u", i, delays[last / 2], i,
			delays[last * 99 / 100], i, delays[last - 1]);
	}
	(void)printf("\n");
}

static void watch(int epoll, int fd, struct stream *stream)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = stream };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("could not watch a stream");
}

/* Who listens to what, and how far the streams are open. */
struct listening {
	FILE *tokens;
	char token[256];
	char *const *ports;
	size_t port_count, count, opened;
	struct stream *streams;
	struct heard heard[PORTS_MAX];
	int epoll;
};

/* A few at a time, or the daemon would have to refuse some. */
static void open_some(struct listening *all)
{
	while (all->opened < all->count && all->opened - begun_count < UNDER_WAY) {
		struct stream *stream = &all->streams[all->opened];
		const size_t port = all->opened % all->port_count;

		if (all->opened % (OF_A_TOKEN * all->port_count) == 0 &&
			fscanf(all->tokens, "%255s %*s", all->token) != 1)
			die("there are too few tokens");
		all->opened++;
		stream->heard = &all->heard[port];
		open_stream(stream, (in_port_t)strtoul(all->ports[port], NULL, 10), all->token);
		watch(all->epoll, stream->fd, stream);
	}
}

/* False once the input said something. */
static bool hear(struct listening *all)
{
	struct epoll_event events[64];
	int ready = epoll_wait(all->epoll, events, 64, -1);

	for (int i = 0; i < ready; i++) {
		if (!events[i].data.ptr)
			return false;
		take(events[i].data.ptr);
	}
	return true;
}

static int listen_to(const char *tokens, size_t count, size_t port_count, char *const *ports)
{
	struct listening all = { .tokens = fopen(tokens, "re"),
		.ports = ports,
		.port_count = port_count,
		.count = count * port_count,
		.streams = calloc(count * port_count, sizeof(*all.streams)),
		.epoll = epoll_create1(EPOLL_CLOEXEC) };

	for (size_t i = 0; i < port_count; i++)
		all.heard[i].delays = malloc(DELAYS_MAX * sizeof(*all.heard[i].delays));
	if (!all.tokens || !all.streams || !all.heard[port_count - 1].delays || all.epoll < 0)
		die("could not begin");
	watch(all.epoll, STDIN_FILENO, NULL);
	do
		open_some(&all);
	while (hear(&all) && begun_count < all.count);
	(void)printf("open\n");
	(void)fflush(stdout);
	while (hear(&all))
		;
	tell(all.heard, port_count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "make") == 0)
		return make(strtol(argv[2], NULL, 10));
	if (argc > 4 && argc <= 4 + PORTS_MAX && strcmp(argv[1], "listen") == 0)
		return listen_to(argv[2], strtoul(argv[3], NULL, 10), (size_t)argc - 4, argv + 4);
	(void)fprintf(stderr, "usage: streams make USERS | listen TOKENS COUNT PORT...\n");
	return 2;
}
