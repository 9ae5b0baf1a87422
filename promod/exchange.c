/* SPDX-License-Identifier: MIT */
#include "promod/exchange.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "libpromo/base/time.h"

enum {
	ARENA_MAX_BYTES = 64 * 1024 * 1024,
	BODY_FIRST_BYTES = 1024,
	PACE_BYTES = 64 * 1024,     /* of an upload: less within request_timeout is too slow */
	MAPPED_BYTES = 12,          /* ::ffff:0:0/96 */
	WORK_BYTES_A_MS = 8 * 1024, /* what was sent is kept at least this fast */
};

struct connection *promod_connection_new(
	struct traffic *traffic, int fd, const struct sockaddr_storage *address)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	const void *bytes = NULL;
	int family = address->ss_family;

	if (!connection)
		return NULL;
	connection->traffic = traffic;
	connection->fd = fd;
	connection->deadline_ms = promo_monotonic_ms() + traffic->config.request_timeout_ms;
	if (address->ss_family == AF_INET)
		bytes = &((const struct sockaddr_in *)address)->sin_addr;
	else if (address->ss_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
	/* A socket for both has clients of IPv4 as well; they are called what they call themselves. */
	if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes)) {
		bytes = (const unsigned char *)bytes + MAPPED_BYTES;
		family = AF_INET;
	}
	if (bytes)
		(void)inet_ntop(family, bytes, connection->peer, sizeof(connection->peer));
	return connection;
}

void promod_connection_link(struct traffic *traffic, struct connection *connection)
{
	connection->next = traffic->first;
	connection->back = &traffic->first;
	if (connection->next)
		connection->next->back = &connection->next;
	traffic->first = connection;
	traffic->connection_count++;
}

void promod_connection_unlink(struct traffic *traffic, struct connection *connection)
{
	*connection->back = connection->next;
	if (connection->next)
		connection->next->back = connection->back;
	traffic->connection_count--;
}

/*
 * The life of an exchange.
 */

struct exchange *promod_exchange_new(struct connection *connection, const char *target)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	struct promo_arena *arena = promo_arena_new_secret(ARENA_MAX_BYTES);
	char *whole = arena ? promo_arena_strdup(arena, target) : NULL;
	char *path = arena ? promo_arena_strdup(arena, target) : NULL;
	char *query;

	if (!exchange || !whole || !path) {
		promo_arena_free(arena);
		free(exchange);
		return NULL;
	}
	query = strchr(path, '?');
	if (query)
		*query++ = '\0';
	exchange->public.head.target = whole;
	exchange->public.head.headers = exchange->headers;
	exchange->public.path = path;
	exchange->public.query = query;
	if (connection->peer[0])
		exchange->public.peer = promo_arena_strdup(arena, connection->peer);
	exchange->public.arena = arena;
	exchange->public.started_us = promo_monotonic_us();
	exchange->traffic = connection->traffic;
	exchange->connection = connection;
	connection->exchange = exchange;
	connection->deadline_ms =
		promo_monotonic_ms() + connection->traffic->config.request_timeout_ms;
	connection->traffic->busy_count++;
	return exchange;
}

static void free_body(struct exchange *exchange)
{
	if (exchange->body)
		explicit_bzero(exchange->body, exchange->body_size);
	free(TAKE_PTR(exchange->body));
}

static void drop_body(struct exchange *exchange)
{
	exchange->traffic->body_memory -= exchange->body_capacity;
	free_body(exchange);
	exchange->body_size = exchange->body_capacity = 0;
}

static void exchange_free(struct exchange *exchange)
{
	drop_body(exchange);
	promo_arena_free(exchange->public.arena);
	free(exchange);
}

static void close_source(struct promod_source *source)
{
	if (source->read && source->close)
		source->close(source->context);
	source->read = NULL;
}

static void on_hanging_up(void *context, uint32_t events)
{
	struct exchange *exchange = context;

	(void)events;
	exchange->hung_up = true;
	promod_http_wake(&exchange->public);
}

void promod_exchange_idle(struct exchange *exchange)
{
	if (exchange->watched || !exchange->reply.source.ends_with_client)
		return;
	exchange->hanging_up = (struct promod_watch){
		.ready = on_hanging_up, .context = exchange, .fd = exchange->connection->fd
	};
	/* By its edge: once is enough. Where it fails he is missed when he is sent something next. */
	exchange->watched = promod_loop_watch(exchange->traffic->loop, &exchange->hanging_up,
				    EPOLLRDHUP | EPOLLET) == 0;
}

void promod_exchange_end(struct exchange *exchange, bool complete)
{
	struct traffic *traffic = exchange->traffic;
	struct connection *connection = exchange->connection;
	struct promod_end end = { 0 };

	if (exchange->stage == STAGE_SENDING) {
		end.status = exchange->reply.status;
		end.bytes = exchange->reply.body ? exchange->reply.body_size : exchange->sent;
		end.complete = complete;
	}
	close_source(&exchange->reply.source);
	if (exchange->watched)
		promod_loop_unwatch(traffic->loop, &exchange->hanging_up);
	if (exchange->stage > STAGE_LINE)
		traffic->handler->end(traffic->handler->context, &exchange->public, &end);
	connection->exchange = NULL;
	connection->deadline_ms = promo_monotonic_ms() + traffic->config.idle_timeout_ms;
	/* Its answer may have promised to go on before anybody spoke of stopping. */
	if (traffic->draining)
		(void)shutdown(connection->fd, SHUT_RDWR);
	traffic->busy_count--;
	exchange->connection = NULL;
	if (exchange->kept == 0)
		exchange_free(exchange);
}

void promod_http_keep(struct promod_exchange *public)
{
	((struct exchange *)public)->kept++;
}

void promod_http_let_go(struct promod_exchange *public)
{
	struct exchange *exchange = (struct exchange *)public;

	assert(exchange->kept > 0);
	exchange->kept--;
	if (exchange->kept == 0 && !exchange->connection)
		exchange_free(exchange);
}

/*
 * Answers.
 */

bool promod_exchange_set_reply(struct exchange *exchange, const struct promod_reply *reply)
{
	if (exchange->has_reply || !exchange->connection) {
		struct promod_source source = reply->source;

		close_source(&source);
		return false;
	}
	exchange->reply = *reply;
	exchange->has_reply = true;
	exchange->close |= reply->close;
	return true;
}

static void refuse(struct exchange *exchange, int error, const char *why)
{
	const struct promod_handler *handler = exchange->traffic->handler;

	handler->refuse(handler->context, &exchange->public, error, why);
}

static enum step send_reply(struct exchange *exchange)
{
	struct traffic *traffic = exchange->traffic;

	exchange->stage = STAGE_SENDING;
	exchange->close |= traffic->draining;
	/* A download may take its time as long as it moves, which the library's own timeout sees. */
	exchange->connection->deadline_ms =
		exchange->reply.source.read
			? INT64_MAX
			: promo_monotonic_ms() + traffic->config.idle_timeout_ms;
	return STEP_SEND;
}

/*
 * Requests.
 */

/* An answer before the body was read ends the connection, and may be lost if the client is still
 * sending: what is not all too large is read to its end first. */
static enum step before_body(struct exchange *exchange)
{
	const struct promod_framing *framing = &exchange->framing;

	if (!exchange->has_reply)
		return STEP_READ;
	if (!framing->expects_continue &&
		framing->content_length <= exchange->traffic->config.drain_max_bytes)
		return STEP_READ;
	exchange->close = true;
	return send_reply(exchange);
}

enum step promod_exchange_head(struct exchange *exchange)
{
	struct promod_exchange *public = &exchange->public;
	const struct traffic *traffic = exchange->traffic;
	const char *why;
	int r;

	exchange->stage = STAGE_BODY;
	r = promod_guard(&public->head, traffic->config.head_max_bytes, &exchange->framing, &why);
	if (r) {
		if (public->head.header_count > PROMOD_HEADERS_MAX)
		public->head.header_count = PROMOD_HEADERS_MAX;
		exchange->close = true;
		refuse(exchange, r, why);
		return send_reply(exchange);
	}
	traffic->handler->begin(traffic->handler->context, public);
	if (!exchange->has_reply && exchange->framing.content_length > public->body_max_bytes)
		refuse(exchange, PROMO_E_BODY_TOO_LARGE, NULL);
	if (!exchange->has_reply && public->asks) {
		exchange->stage = STAGE_ASKING;
		exchange->connection->deadline_ms =
			promo_monotonic_ms() + traffic->config.answer_timeout_ms;
		traffic->handler->admit(traffic->handler->context, public);
		return promod_exchange_asked(exchange);
	}
	return before_body(exchange);
}

enum step promod_exchange_asked(struct exchange *exchange)
{
	const struct traffic *traffic = exchange->traffic;

	if (!exchange->has_reply && !exchange->admitted)
		return STEP_WAIT;
	exchange->stage = STAGE_BODY;
	exchange->connection->deadline_ms =
		promo_monotonic_ms() + traffic->config.request_timeout_ms;
	return before_body(exchange);
}

/* Makes room for `size` bytes more and a NUL. */
static bool reserve(struct exchange *exchange, size_t size)
{
	struct traffic *traffic = exchange->traffic;
	size_t needed = exchange->body_size + size + 1;
	size_t capacity = exchange->body_capacity ? exchange->body_capacity : BODY_FIRST_BYTES;
	char *body;

	if (needed <= exchange->body_capacity)
		return true;
	while (capacity < needed)
		capacity *= 2;
	if (traffic->body_memory - exchange->body_capacity + capacity >
		traffic->config.body_memory_max_bytes)
		return false;
	/* Not realloc(), which leaves what it moves. */
	body = malloc(capacity);
	if (!body)
		return false;
	if (exchange->body)
		memcpy(body, exchange->body, exchange->body_size);
	free_body(exchange);
	traffic->body_memory += capacity - exchange->body_capacity;
	exchange->body = body;
	exchange->body_capacity = capacity;
	return true;
}

/* A large body may take its time as long as it moves. */
static void allow_time(struct exchange *exchange)
{
	if (exchange->received - exchange->timed < PACE_BYTES)
		return;
	exchange->timed = exchange->received;
	exchange->connection->deadline_ms =
		promo_monotonic_ms() + exchange->traffic->config.request_timeout_ms;
}

enum step promod_exchange_body(struct exchange *exchange, const char *bytes, size_t size)
{
	const struct promod_http_config *config = &exchange->traffic->config;
	const struct promod_sink *sink = &exchange->public.sink;
	int r = 0;

	exchange->received += size;
	if (exchange->has_reply) {
		exchange->dropped += size;
		return exchange->dropped > config->drain_max_bytes ? STEP_CUT : STEP_READ;
	}
	if (exchange->received > exchange->public.body_max_bytes) {
		refuse(exchange, PROMO_E_BODY_TOO_LARGE, NULL);
		drop_body(exchange);
	} else if (sink->take) {
		r = sink->take(sink->context, bytes, size);
		if (r)
			refuse(exchange, r, NULL);
		allow_time(exchange);
	} else if (!reserve(exchange, size)) {
		refuse(exchange, PROMO_E_UNAVAILABLE, "too many large requests are being read");
		drop_body(exchange);
	} else {
		memcpy(exchange->body + exchange->body_size, bytes, size);
		exchange->body_size += size;
		exchange->body[exchange->body_size] = '\0';
	}
	return STEP_READ;
}

enum step promod_exchange_whole(struct exchange *exchange)
{
	const struct traffic *traffic = exchange->traffic;

	if (exchange->stage == STAGE_BODY) {
		exchange->stage = STAGE_WAITING;
		exchange->public.answer_until_ms = promo_monotonic_ms() +
						   traffic->config.answer_timeout_ms +
						   (int64_t)(exchange->received / WORK_BYTES_A_MS);
		exchange->connection->deadline_ms = exchange->public.answer_until_ms;
		exchange->public.body = exchange->body;
		exchange->public.body_size = exchange->body_size;
		if (!exchange->has_reply && traffic->draining)
			refuse(exchange, PROMO_E_UNAVAILABLE, "the server is being stopped");
		if (!exchange->has_reply)
			traffic->handler->run(traffic->handler->context, &exchange->public);
	}
	return exchange->has_reply ? send_reply(exchange) : STEP_WAIT;
}

/*
 * Deadlines. The library only knows how long a connection was silent, so that who sends a byte now
 * and then would stay for ever. A socket that is shut down looks to it like a client that left.
 */

static void check(struct connection *connection, int64_t now_ms)
{
	struct exchange *exchange = connection->exchange;

	if (now_ms < connection->deadline_ms)
		return;
	connection->deadline_ms = INT64_MAX;
	if (exchange && exchange->stage == STAGE_ASKING && !exchange->has_reply)
		refuse(exchange, PROMO_E_UNAVAILABLE,
			"too many requests are waiting, try again soon");
	else if (!exchange || exchange->stage != STAGE_WAITING)
		(void)shutdown(connection->fd, SHUT_RDWR);
	else if (!exchange->has_reply)
		refuse(exchange, PROMO_E_OUTCOME_UNKNOWN, "no answer came in time");
}

void promod_traffic_check(struct traffic *traffic, int64_t now_ms)
{
	for (struct connection *each = traffic->first; each; each = each->next)
		check(each, now_ms);
}

void promod_traffic_drain(struct traffic *traffic)
{
	traffic->draining = true;
	for (struct connection *each = traffic->first; each; each = each->next)
		if (!each->exchange)
			(void)shutdown(each->fd, SHUT_RDWR);
}
