/* SPDX-License-Identifier: MIT */
#include "tests/ops/cutter.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	CONNECTIONS_MAX = 512,
	BUFFER_SIZE = 64 * 1024,
};

struct cutter {
	char folder[64], uri[512];
	struct sockaddr_un server;
	int listener;
	pthread_t thread, carriers[CONNECTIONS_MAX];
	size_t carrier_count;
	pthread_mutex_t lock;
	enum cut cut; /* 0: not armed */
	int left;     /* exchanges until then */
	bool happened;
};

/* Where one direction of a connection stands in the stream of messages (PostgreSQL 55.2: a type,
 * then a length that counts itself; the first message of a client has no type). */
struct stream {
	unsigned char header[5];
	size_t header_used, body_left;
	bool typeless;
};

/* Takes one byte; the type of the message that it ends, or 0. */
static unsigned char take(struct stream *stream, unsigned char byte)
{
	uint32_t length;

	if (stream->body_left > 0)
		return --stream->body_left == 0 ? stream->header[0] : 0;
	if (stream->typeless && stream->header_used == 0)
		stream->header[stream->header_used++] = '\1';
	stream->header[stream->header_used++] = byte;
	if (stream->header_used < sizeof(stream->header))
		return 0;
	memcpy(&length, stream->header + 1, sizeof(length));
	length = __builtin_bswap32(length);
	stream->header_used = 0;
	stream->typeless = false;
	stream->body_left = length - 4;
	return stream->body_left == 0 ? stream->header[0] : 0;
}

struct carrier {
	struct cutter *cutter;
	int client, server;
	struct stream from_client, from_server;
	unsigned char buffer[BUFFER_SIZE];
};

/* Counts an exchange; what is to become of it. */
static enum cut count_exchange(struct cutter *cutter)
{
	enum cut cut = 0;

	(void)pthread_mutex_lock(&cutter->lock);
	if (cutter->cut && --cutter->left == 0) {
		cut = cutter->cut;
		cutter->cut = 0;
		cutter->happened = true;
	}
	(void)pthread_mutex_unlock(&cutter->lock);
	return cut;
}

static bool pass_on(int fd, const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Waits until the server is done with what it was sent, and delivers nothing of it. */
static void swallow_answer(struct carrier *carrier)
{
	for (;;) {
		ssize_t n = recv(carrier->server, carrier->buffer, BUFFER_SIZE, 0);

		if (n <= 0)
			return;
		for (ssize_t i = 0; i < n; i++)
			switch (take(&carrier->from_server, carrier->buffer[i])) {
			case 'G': /* it waits for the rows of a COPY */
			case 'Z':
				return;
			}
	}
}

/* False when the connection is over. */
static bool carry_request(struct carrier *carrier)
{
	ssize_t n = recv(carrier->client, carrier->buffer, BUFFER_SIZE, 0);
	enum cut cut = 0;

	if (n <= 0)
		return false;
	for (ssize_t i = 0; i < n && !cut; i++) {
		unsigned char type = take(&carrier->from_client, carrier->buffer[i]);

		if (type == 'S' || type == 'Q' || type == 'c')
			cut = count_exchange(carrier->cutter);
	}
	if (cut == CUT_REQUEST)
		return false;
	if (!pass_on(carrier->server, carrier->buffer, (size_t)n))
		return false;
	if (cut == CUT_ANSWER)
		swallow_answer(carrier);
	return cut == 0;
}

static bool carry_answer(struct carrier *carrier)
{
	ssize_t n = recv(carrier->server, carrier->buffer, BUFFER_SIZE, 0);

	if (n <= 0)
		return false;
	for (ssize_t i = 0; i < n; i++)
		(void)take(&carrier->from_server, carrier->buffer[i]);
	return pass_on(carrier->client, carrier->buffer, (size_t)n);
}

static void *carry(void *context)
{
	struct carrier *carrier = context;
	bool open = connect(carrier->server, (const struct sockaddr *)&carrier->cutter->server,
			    sizeof(carrier->cutter->server)) == 0;

	while (open) {
		struct pollfd fds[2] = { { .fd = carrier->client, .events = POLLIN },
			{ .fd = carrier->server, .events = POLLIN } };

		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents)
			open = carry_request(carrier);
		if (open && fds[1].revents)
			open = carry_answer(carrier);
	}
	(void)close(carrier->client);
	(void)close(carrier->server);
	free(carrier);
	return NULL;
}

static void *listen_on(void *context)
{
	struct cutter *cutter = context;

	while (cutter->carrier_count < CONNECTIONS_MAX) {
		struct carrier *carrier;
		int client = accept(cutter->listener, NULL, NULL);

		if (client < 0)
			break;
		carrier = calloc(1, sizeof(*carrier));
		if (!carrier)
			break;
		carrier->cutter = cutter;
		carrier->client = client;
		carrier->server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		carrier->from_client.typeless = true;
		if (pthread_create(&cutter->carriers[cutter->carrier_count], NULL, carry, carrier))
			break;
		cutter->carrier_count++;
	}
	return NULL;
}

/* A value of a connection URI. */
static void option_of(const char *uri, const char *keyword, char *ret, size_t size)
{
	PQconninfoOption *options = PQconninfoParse(uri, NULL);

	ret[0] = '\0';
	for (PQconninfoOption *option = options; option && option->keyword; option++)
		if (strcmp(option->keyword, keyword) == 0 && option->val)
			(void)snprintf(ret, size, "%s", option->val);
	PQconninfoFree(options);
}

struct cutter *cutter_new(const struct promo_test_database *database)
{
	struct cutter *cutter = calloc(1, sizeof(*cutter));
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char host[100], port[8];

	assert_non_null(cutter);
	option_of(database->app_uri, "host", host, sizeof(host));
	option_of(database->app_uri, "port", port, sizeof(port));
	if (!*port)
		(void)snprintf(port, sizeof(port), "5432");
	cutter->server.sun_family = AF_UNIX;
	(void)snprintf(cutter->server.sun_path, sizeof(cutter->server.sun_path),
		"%.80s/.s.PGSQL.%.7s", host, port);
	(void)snprintf(cutter->folder, sizeof(cutter->folder), "/tmp/promo-cutter.XXXXXX");
	assert_non_null(mkdtemp(cutter->folder));
	(void)snprintf(
		address.sun_path, sizeof(address.sun_path), "%.60s/.s.PGSQL.5432", cutter->folder);
	(void)snprintf(cutter->uri, sizeof(cutter->uri),
		"postgresql:///%s?user=promo_app&port=5432&host=%s", database->name,
		cutter->folder);
	(void)pthread_mutex_init(&cutter->lock, NULL);
	cutter->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(cutter->listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(cutter->listener, 16), 0);
	assert_int_equal(pthread_create(&cutter->thread, NULL, listen_on, cutter), 0);
	return cutter;
}

void cutter_free(struct cutter *cutter)
{
	char path[100];

	(void)shutdown(cutter->listener, SHUT_RDWR);
	(void)pthread_join(cutter->thread, NULL);
	(void)close(cutter->listener);
	for (size_t i = 0; i < cutter->carrier_count; i++)
		(void)pthread_join(cutter->carriers[i], NULL);
	(void)pthread_mutex_destroy(&cutter->lock);
	(void)snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", cutter->folder);
	(void)unlink(path);
	(void)rmdir(cutter->folder);
	free(cutter);
}

const char *cutter_uri(const struct cutter *cutter)
{
	return cutter->uri;
}

void cutter_arm(struct cutter *cutter, enum cut cut, int n)
{
	(void)pthread_mutex_lock(&cutter->lock);
	cutter->cut = cut;
	cutter->left = n;
	cutter->happened = false;
	(void)pthread_mutex_unlock(&cutter->lock);
}

bool cutter_disarm(struct cutter *cutter)
{
	bool happened;

	(void)pthread_mutex_lock(&cutter->lock);
	happened = cutter->happened;
	cutter->cut = 0;
	(void)pthread_mutex_unlock(&cutter->lock);
	return happened;
}
