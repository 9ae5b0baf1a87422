/* SPDX-License-Identifier: MIT */
#include "tests/promod/stub.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "promod/listen.h"

enum {
	LATER_MS = 3,
	LINES = 100000,
	LINE_SIZE = 8,
};

struct pending {
	struct pending *next;
	struct promod_exchange *exchange;
	int ticks;
};

struct stream {
	struct stub *stub;
	struct promod_exchange *exchange;
	bool broken, waited;
};

struct stub_inside {
	pthread_t thread;
	struct promod_loop *loop;
	struct promod_http *http;
	struct promod_handler handler;
	struct promod_watch timer;
	struct pending *pending;
	struct promod_mail drain, stop;
	sem_t drained;
	bool draining, stopping;
};

const struct promod_http_config stub_config = {
	.connections_max = 1100,
	.head_max_bytes = 16 * 1024,
	.drain_max_bytes = 16 * 1024 * 1024,
	.body_memory_max_bytes = 64 * 1024 * 1024,
	.request_timeout_ms = 10000,
	.idle_timeout_ms = 30000,
	.answer_timeout_ms = 30000,
};

static void answer(
	struct stub *stub, struct promod_exchange *exchange, int status, const char *body)
{
	struct promod_reply reply = {
		.status = status,
		.fields = { { "Content-Type", "text/plain" } },
		.field_count = 1,
		.body = promo_arena_strdup(exchange->arena, body),
		.body_size = strlen(body),
	};

	if (promod_http_answer(exchange, &reply))
		stub->answered++;
}

static void on_begin(void *context, struct promod_exchange *exchange)
{
	struct stub *stub = context;

	stub->begun++;
	exchange->body_max_bytes = 1024 * 1024;
	if (strcmp(exchange->path, "/gone") == 0)
		answer(stub, exchange, 404, "gone");
}

static void later(struct stub *stub, struct promod_exchange *exchange, int ticks)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	assert(pending);
	pending->exchange = exchange;
	pending->ticks = ticks;
	pending->next = stub->inside->pending;
	stub->inside->pending = pending;
	exchange->data = pending;
	promod_http_keep(exchange);
}

static ptrdiff_t read_stream(void *context, uint64_t offset, void *buffer, size_t size)
{
	struct stream *stream = context;
	char line[LINE_SIZE + 1];

	if (offset == (uint64_t)LINES * LINE_SIZE)
		return PROMOD_SOURCE_END;
	if (stream->broken && offset > (uint64_t)LINES * LINE_SIZE / 2)
		return PROMOD_SOURCE_FAILED;
	stream->waited = !stream->waited;
	if (stream->waited) {
		later(stream->stub, stream->exchange, 0);
		return PROMOD_SOURCE_WAIT;
	}
	assert(size >= LINE_SIZE);
	size -= size % LINE_SIZE;
	if (size > (uint64_t)LINES * LINE_SIZE - offset)
		size = (size_t)((uint64_t)LINES * LINE_SIZE - offset);
	for (size_t i = 0; i < size; i += LINE_SIZE) {
		(void)snprintf(line, sizeof(line), "%07u\n",
			(unsigned)((offset + i) / LINE_SIZE % 10000000));
		memcpy((char *)buffer + i, line, LINE_SIZE);
	}
	return (ptrdiff_t)size;
}

static void close_stream(void *context)
{
	struct stream *stream = context;

	stream->stub->sources_closed++;
}

static void start_stream(struct stub *stub, struct promod_exchange *exchange, bool broken)
{
	struct stream *stream = promo_arena_alloc(exchange->arena, sizeof(*stream));
	struct promod_reply reply = { .status = 200,
		.source = { .read = read_stream, .close = close_stream, .context = stream } };

	assert(stream);
	*stream = (struct stream){ .stub = stub, .exchange = exchange, .broken = broken };
	stub->answered++;
	(void)promod_http_answer(exchange, &reply);
}

static ptrdiff_t read_nothing(void *context, uint64_t offset, void *buffer, size_t size)
{
	(void)context;
	(void)offset;
	(void)buffer;
	(void)size;
	return PROMOD_SOURCE_WAIT;
}

static void start_silence(struct stub *stub, struct promod_exchange *exchange)
{
	struct stream *stream = promo_arena_alloc(exchange->arena, sizeof(*stream));
	struct promod_reply reply = { .status = 200,
		.source = { .read = read_nothing,
			.close = close_stream,
			.context = stream,
			.ends_with_client = true } };

	assert(stream);
	*stream = (struct stream){ .stub = stub, .exchange = exchange };
	stub->answered++;
	(void)promod_http_answer(exchange, &reply);
}

static void on_run(void *context, struct promod_exchange *exchange)
{
	struct stub *stub = context;
	char text[64];

	if (strcmp(exchange->path, "/now") == 0) {
		answer(stub, exchange, 200, "now");
	} else if (strcmp(exchange->path, "/later") == 0) {
		later(stub, exchange, LATER_MS);
	} else if (strcmp(exchange->path, "/never") == 0) {
		later(stub, exchange, 1000000);
	} else if (strcmp(exchange->path, "/echo") == 0) {
		(void)snprintf(text, sizeof(text), "%zu", exchange->body_size);
		answer(stub, exchange, 200, text);
	} else if (strcmp(exchange->path, "/stream") == 0) {
		start_stream(stub, exchange, false);
	} else if (strcmp(exchange->path, "/broken") == 0) {
		start_stream(stub, exchange, true);
	} else if (strcmp(exchange->path, "/silent") == 0) {
		start_silence(stub, exchange);
	} else {
		answer(stub, exchange, 404, "not_found");
	}
}

static void on_refuse(void *context, struct promod_exchange *exchange, int error, const char *why)
{
	struct stub *stub = context;

	(void)why;
	stub->refused++;
	answer(stub, exchange, promo_error_info(error)->http_status, promo_error_info(error)->wire);
}

static void on_end(void *context, struct promod_exchange *exchange, const struct promod_end *end)
{
	struct stub *stub = context;

	(void)exchange;
	stub->bytes += end->bytes;
	stub->ended++;
}

/* Answers what has waited long enough: never in the turn in which it was suspended. */
static void on_timer(void *context, uint32_t events)
{
	struct stub *stub = context;
	struct pending **at = &stub->inside->pending;
	uint64_t expirations;

	(void)events;
	(void)!read(stub->inside->timer.fd, &expirations, sizeof(expirations));
	while (*at) {
		struct pending *pending = *at;

		if (pending->ticks-- > 0) {
			at = &pending->next;
			continue;
		}
		*at = pending->next;
		if (strcmp(pending->exchange->path, "/later") == 0)
			answer(stub, pending->exchange, 200, "later");
		else
			promod_http_wake(pending->exchange);
		promod_http_let_go(pending->exchange);
		free(pending);
	}
}

static void on_drain(struct promod_mail *mail)
{
	struct stub_inside *inside =
		(struct stub_inside *)((char *)mail - offsetof(struct stub_inside, drain));

	inside->draining = true;
	promod_http_drain(inside->http);
}

static void on_stop(struct promod_mail *mail)
{
	struct stub_inside *inside =
		(struct stub_inside *)((char *)mail - offsetof(struct stub_inside, stop));

	inside->stopping = true;
}

static void *run_stub(void *context)
{
	struct stub *stub = context;
	struct stub_inside *inside = stub->inside;

	while (!inside->stopping) {
		int ready;

		assert(promod_loop_wait(
			       inside->loop, promod_http_timeout_ms(inside->http), &ready) == 0);
		promod_http_turn(inside->http, ready == 0);
		if (inside->draining && promod_http_busy(inside->http) == 0) {
			inside->draining = false;
			sem_post(&inside->drained);
		}
	}
	while (inside->pending) {
		struct pending *pending = inside->pending;

		inside->pending = pending->next;
		promod_http_let_go(pending->exchange);
		free(pending);
	}
	promod_http_free(inside->http);
	return NULL;
}

void stub_start(struct stub *stub, const struct promod_http_config *config)
{
	struct stub_inside *inside = calloc(1, sizeof(*inside));
	struct itimerspec every_ms = { .it_interval.tv_nsec = 1000000,
		.it_value.tv_nsec = 1000000 };
	struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_problem problem = { 0 };
	const char *address;
	int fd;

	assert(inside && arena);
	*stub = (struct stub){ .inside = inside };
	inside->drain.deliver = on_drain;
	inside->stop.deliver = on_stop;
	inside->handler = (struct promod_handler){ .begin = on_begin,
		.run = on_run,
		.refuse = on_refuse,
		.end = on_end,
		.context = stub };
	assert(sem_init(&inside->drained, 0, 0) == 0);
	assert(promod_loop_new(&inside->loop) == 0);
	assert(promod_http_new(config, &inside->handler, inside->loop, &inside->http) == 0);
	assert(promod_listen("127.0.0.1:0", &(struct promod_listen_rules){ 0 }, arena, &problem,
		       &fd, &address) == 0);
	stub->port = (unsigned)strtoul(strrchr(address, ':') + 1, NULL, 10);
	assert(promod_http_accept(inside->http, fd) == 0);
	inside->timer = (struct promod_watch){ .ready = on_timer,
		.context = stub,
		.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK) };
	assert(timerfd_settime(inside->timer.fd, 0, &every_ms, NULL) == 0);
	assert(promod_loop_watch(inside->loop, &inside->timer, EPOLLIN) == 0);
	promo_arena_free(arena);
	assert(pthread_create(&inside->thread, NULL, run_stub, stub) == 0);
}

void stub_drain(struct stub *stub)
{
	promod_loop_post(stub->inside->loop, &stub->inside->drain);
	while (sem_wait(&stub->inside->drained) < 0)
		continue;
}

void stub_stop(struct stub *stub)
{
	struct stub_inside *inside = stub->inside;

	promod_loop_post(inside->loop, &inside->stop);
	assert(pthread_join(inside->thread, NULL) == 0);
	close(inside->timer.fd);
	promod_loop_free(inside->loop);
	sem_destroy(&inside->drained);
	free(inside);
}
