/* SPDX-License-Identifier: MIT */
#include "tests/lib/cutter.h"

#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "libpromo/base/time.h"

enum {
	CONNECTIONS_MAX = 4096,
	BUFFER_SIZE = 64 * 1024,
};

/* Where one direction of a connection stands in the stream of messages (PostgreSQL 55.2: a type,
 * then a length that counts itself; the first message of a client has no type). */
struct stream {
	unsigned char header[5];
	size_t header_used, body_left;
	bool typeless;
};

struct carrier {
	struct cutter *cutter;
	pthread_t thread;
	int client, server;
	bool open; /* under the cutter's lock */
	struct stream from_client, from_server;
	unsigned char buffer[BUFFER_SIZE];
};

struct cutter {
	char path[108], uri[512];
	struct sockaddr_un server;
	int listener;
	pthread_t thread;
	struct carrier *carriers[CONNECTIONS_MAX]; /* under the lock, as all below */
	size_t carrier_count;
	pthread_mutex_t lock;
	enum cut cut; /* 0: not armed */
	int left;     /* exchanges or messages until then */
	bool happened;
	int64_t away_ms, away_until_ms;
	int dribble;
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

/* Ends every connection; their threads close what they own. Under the lock. */
static void go_away(struct cutter *cutter)
{
	cutter->away_until_ms = promo_monotonic_ms() + cutter->away_ms;
	for (size_t i = 0; i < cutter->carrier_count; i++) {
		struct carrier *carrier = cutter->carriers[i];

		if (!carrier->open)
			continue;
		(void)shutdown(carrier->client, SHUT_RDWR);
		(void)shutdown(carrier->server, SHUT_RDWR);
	}
}

/* Counts a message of this type; what is to become of the connection. */
static enum cut count(struct cutter *cutter, bool from_client, unsigned char type)
{
	const bool ends_request = from_client && (type == 'S' || type == 'Q' || type == 'c');
	enum cut cut = 0;

	(void)pthread_mutex_lock(&cutter->lock);
	if (cutter->cut && (cutter->cut >= CUT_MESSAGE || ends_request) && --cutter->left == 0) {
		cut = cutter->cut;
		cutter->cut = 0;
		cutter->happened = true;
	}
	(void)pthread_mutex_unlock(&cutter->lock);
	return cut;
}

static bool pass_on(struct cutter *cutter, int fd, const unsigned char *bytes, size_t size)
{
	int dribble;

	(void)pthread_mutex_lock(&cutter->lock);
	dribble = cutter->dribble;
	(void)pthread_mutex_unlock(&cutter->lock);
	for (size_t sent = 0; sent < size;) {
		ssize_t n = send(fd, bytes + sent, dribble ? 1 : size - sent, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		sent += (size_t)n;
		if (dribble && sent % (size_t)dribble == 0)
			(void)poll(NULL, 0, 1);
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

/* What the client says from now on reaches nobody; until it has had enough. */
static void ignore_client(struct carrier *carrier)
{
	while (recv(carrier->client, carrier->buffer, BUFFER_SIZE, 0) > 0)
		;
}

/* Does what is left to do for a cut behind the first `size` bytes of the buffer, of which there are
 * n; the connection is over then. */
static void cut_off(
	struct carrier *carrier, enum cut cut, int to, const ssize_t n, const size_t size)
{
	struct cutter *cutter = carrier->cutter;
	bool away;

	if (cut >= CUT_MESSAGE)
		(void)pass_on(cutter, to, carrier->buffer, size);
	else if (cut != CUT_REQUEST && pass_on(cutter, to, carrier->buffer, (size_t)n) &&
		 cut == CUT_ANSWER)
		swallow_answer(carrier);
	(void)pthread_mutex_lock(&cutter->lock);
	away = cutter->away_ms > 0;
	if (away)
		go_away(cutter);
	(void)pthread_mutex_unlock(&cutter->lock);
	if (cut == CUT_SILENCE && !away)
		ignore_client(carrier);
}

/* Carries what is there to be read; false when the connection is over. */
static bool carry_some(struct carrier *carrier, bool from_client)
{
	struct stream *stream = from_client ? &carrier->from_client : &carrier->from_server;
	int from = from_client ? carrier->client : carrier->server;
	int to = from_client ? carrier->server : carrier->client;
	ssize_t n = recv(from, carrier->buffer, BUFFER_SIZE, 0);

	if (n <= 0)
		return false;
	for (ssize_t i = 0; i < n; i++) {
		unsigned char type = take(stream, carrier->buffer[i]);
		enum cut cut = type ? count(carrier->cutter, from_client, type) : 0;

		if (!cut)
			continue;
		cut_off(carrier, cut, to, n, (size_t)i + 1);
		return false;
	}
	return pass_on(carrier->cutter, to, carrier->buffer, (size_t)n);
}

static void *carry(void *context)
{
	struct carrier *carrier = context;
	struct cutter *cutter = carrier->cutter;
	bool open = connect(carrier->server, (const struct sockaddr *)&cutter->server,
			    sizeof(cutter->server)) == 0;

	while (open) {
		struct pollfd fds[2] = { { .fd = carrier->client, .events = POLLIN },
			{ .fd = carrier->server, .events = POLLIN } };

		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents)
			open = carry_some(carrier, /* from_client= */ true);
		if (open && fds[1].revents)
			open = carry_some(carrier, /* from_client= */ false);
	}
	(void)pthread_mutex_lock(&cutter->lock);
	carrier->open = false;
	(void)close(carrier->client);
	(void)close(carrier->server);
	(void)pthread_mutex_unlock(&cutter->lock);
	return NULL;
}

/* Whether the server is to be seen; remembers the connection if it is. */
static bool admit(struct cutter *cutter, struct carrier *carrier)
{
	bool admitted;

	(void)pthread_mutex_lock(&cutter->lock);
	admitted = promo_monotonic_ms() >= cutter->away_until_ms &&
		   pthread_create(&carrier->thread, NULL, carry, carrier) == 0;
	if (admitted) {
		carrier->open = true;
		cutter->carriers[cutter->carrier_count++] = carrier;
	}
	(void)pthread_mutex_unlock(&cutter->lock);
	return admitted;
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
		if (admit(cutter, carrier))
			continue;
		(void)close(carrier->client);
		(void)close(carrier->server);
		free(carrier);
	}
	return NULL;
}

struct cutter *cutter_open(const char *folder, const char *server, const char *uri)
{
	struct cutter *cutter = calloc(1, sizeof(*cutter));
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (!cutter)
		return NULL;
	(void)snprintf(cutter->uri, sizeof(cutter->uri), "%s", uri);
	(void)snprintf(cutter->path, sizeof(cutter->path), "%s/.s.PGSQL.5432", folder);
	cutter->server.sun_family = AF_UNIX;
	(void)snprintf(cutter->server.sun_path, sizeof(cutter->server.sun_path), "%.107s", server);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%.107s", cutter->path);
	(void)pthread_mutex_init(&cutter->lock, NULL);
	cutter->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* A daemon that changed its account connects too. */
	if (bind(cutter->listener, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
		chmod(cutter->path, 0777) == 0 && listen(cutter->listener, 64) == 0 &&
		pthread_create(&cutter->thread, NULL, listen_on, cutter) == 0)
		return cutter;
	(void)close(cutter->listener);
	free(cutter);
	return NULL;
}

void cutter_close(struct cutter *cutter)
{
	(void)shutdown(cutter->listener, SHUT_RDWR);
	(void)pthread_join(cutter->thread, NULL);
	(void)close(cutter->listener);
	for (size_t i = 0; i < cutter->carrier_count; i++) {
		(void)pthread_join(cutter->carriers[i]->thread, NULL);
		free(cutter->carriers[i]);
	}
	(void)pthread_mutex_destroy(&cutter->lock);
	(void)unlink(cutter->path);
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

void cutter_stay_away(struct cutter *cutter, int64_t ms)
{
	(void)pthread_mutex_lock(&cutter->lock);
	cutter->away_ms = ms;
	(void)pthread_mutex_unlock(&cutter->lock);
}

bool cutter_happened(struct cutter *cutter)
{
	bool happened;

	(void)pthread_mutex_lock(&cutter->lock);
	happened = cutter->happened;
	(void)pthread_mutex_unlock(&cutter->lock);
	return happened;
}

bool cutter_disarm(struct cutter *cutter)
{
	bool happened;

	(void)pthread_mutex_lock(&cutter->lock);
	happened = cutter->happened;
	cutter->cut = 0;
	cutter->away_ms = cutter->away_until_ms = 0;
	(void)pthread_mutex_unlock(&cutter->lock);
	return happened;
}

void cutter_dribble(struct cutter *cutter, int every)
{
	(void)pthread_mutex_lock(&cutter->lock);
	cutter->dribble = every;
	(void)pthread_mutex_unlock(&cutter->lock);
}
