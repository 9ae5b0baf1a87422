/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/stream.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "libpromo/ops/run.h"
#include "libpromo/ops/spool.h"
#include "libpromo/store/store.h"

enum {
	RETRY_AFTER_S = 2,
	BUFFER_BYTES = 64 * 1024,
	ARENA_LIMIT = 16 * 1024 * 1024,
};

/*
 * Sinks.
 */

int promo_stream_flush(struct promo_stream_sink *sink)
{
	size_t size = sink->used;

	sink->used = 0;
	return size > 0 ? sink->put(sink, sink->buffer, size) : 0;
}

int promo_stream_write(struct promo_stream_sink *sink, const void *bytes, size_t size)
{
	const char *from = bytes;

	sink->bytes += (int64_t)size;
	while (size > 0) {
		size_t room = sink->capacity - sink->used;
		size_t part = size < room ? size : room;
		int r;

		memcpy(sink->buffer + sink->used, from, part);
		sink->used += part;
		from += part;
		size -= part;
		if (sink->used < sink->capacity)
			break;
		r = promo_stream_flush(sink);
		if (r)
			return r;
	}
	return 0;
}

int promo_stream_progress(struct promo_stream_sink *sink, int64_t done)
{
	return sink->progress ? sink->progress(sink, done) : 0;
}

/*
 * Places.
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static int running; /* under the lock */

static bool take_place(void)
{
	bool taken;

	(void)pthread_mutex_lock(&lock);
	taken = running < PROMO_STREAMS_MAX;
	if (taken)
		running++;
	(void)pthread_mutex_unlock(&lock);
	return taken;
}

static void give_place(void)
{
	(void)pthread_mutex_lock(&lock);
	running--;
	(void)pthread_cond_broadcast(&ended);
	(void)pthread_mutex_unlock(&lock);
}

void promo_streams_wait(void)
{
	(void)pthread_mutex_lock(&lock);
	while (running > 0)
		(void)pthread_cond_wait(&ended, &lock);
	(void)pthread_mutex_unlock(&lock);
}

/*
 * The thread of one.
 */

struct promo_stream {
	struct promo_stream_sink sink; /* first: the sink's pointer is ours */
	struct promo_arena *arena;     /* where all of this lives */
	struct promo_store_config store;
	promo_stream_fill_fn *fill;
	void *context;
	struct promo_spool *spool;
};

static int put(struct promo_stream_sink *sink, const char *bytes, size_t size)
{
	return promo_spool_write(((struct promo_stream *)sink)->spool, bytes, size);
}

int promo_stream_new(struct promo_ctx *ctx, struct promo_stream **ret)
{
	struct promo_stream *stream;
	struct promo_arena *arena;
	char *buffer;

	if (!take_place()) {
		ctx->problem.retry_after_s = RETRY_AFTER_S;
		return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE,
			"%d downloads are being prepared already, try again in a moment",
			PROMO_STREAMS_MAX);
	}
	arena = promo_arena_new(ARENA_LIMIT);
	stream = arena ? promo_arena_alloc(arena, sizeof(*stream)) : NULL;
	buffer = stream ? promo_arena_alloc(arena, BUFFER_BYTES) : NULL;
	if (!buffer) {
		promo_arena_free(arena);
		give_place();
		return promo_fault(-ENOMEM, "could not start an export");
	}
	stream->arena = arena;
	stream->sink.put = put;
	stream->sink.buffer = buffer;
	stream->sink.capacity = BUFFER_BYTES;
	stream->store.uri = ctx->config->database;
	stream->store.no_prepare = ctx->config->no_prepare;
	stream->store.patient = true;
	*ret = stream;
	return 0;
}

struct promo_arena *promo_stream_arena(struct promo_stream *stream)
{
	return stream->arena;
}

void promo_stream_free(struct promo_stream *stream)
{
	if (!stream)
		return;
	promo_arena_free(stream->arena);
	give_place();
}

static int make(struct promo_stream *stream)
{
	struct promo_store *store;
	int r;

	r = promo_store_open(&stream->store, &store);
	if (r)
		return r;
	r = promo_store_begin_snapshot(store);
	if (!r)
		r = stream->fill(stream->context, store, stream->arena, &stream->sink);
	promo_store_close(store);
	return r ? r : promo_stream_flush(&stream->sink);
}

static void *run(void *argument)
{
	struct promo_stream *stream = argument;
	struct promo_spool *spool = stream->spool;
	int r = make(stream);

	promo_arena_free(stream->arena);
	promo_spool_finish(spool, r);
	give_place();
	return NULL;
}

/* A thread that no signal of the program is delivered to. */
static int start_thread(struct promo_stream *stream)
{
	pthread_attr_t detached;
	sigset_t all, before;
	pthread_t thread;
	int error;

	(void)sigfillset(&all);
	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &detached, run, stream);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&detached);
	return error ? promo_fault(-error, "could not start an export") : 0;
}

int promo_stream_start(struct promo_ctx *ctx, struct promo_stream *stream,
	promo_stream_fill_fn *fill, void *context)
{
	struct promo_spool *spool;
	int r;

	stream->fill = fill;
	stream->context = context;
	r = promo_spool_new(ctx->config->spool_dir, &spool);
	if (r) {
		promo_stream_free(stream);
		return r;
	}
	stream->spool = spool;
	r = start_thread(stream);
	if (r) {
		promo_spool_finish(spool, r);
		promo_spool_close(spool);
		promo_stream_free(stream);
		return r;
	}
	ctx->spool = spool;
	return 0;
}
