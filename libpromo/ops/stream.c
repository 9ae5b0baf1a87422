/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/stream.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "libpromo/base/gzip.h"
#include "libpromo/base/hash.h"
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
	struct promo_gzip *gzip; /* NULL: it is sent as it is */
	bool manifest;
	struct promo_sha256 sha256;
};

static int spool(void *context, const void *bytes, size_t size)
{
	return promo_spool_write(((struct promo_stream *)context)->spool, bytes, size);
}

static int put(struct promo_stream_sink *sink, const char *bytes, size_t size)
{
	struct promo_stream *stream = (struct promo_stream *)sink;

	if (stream->manifest)
		promo_sha256_add(&stream->sha256, bytes, size);
	return stream->gzip ? promo_gzip_write(stream->gzip, bytes, size)
			    : spool(stream, bytes, size);
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

void promo_stream_ask_manifest(struct promo_stream *stream)
{
	stream->manifest = true;
	promo_sha256_start(&stream->sha256);
}

void promo_stream_free(struct promo_stream *stream)
{
	if (!stream)
		return;
	promo_gzip_free(stream->gzip);
	promo_arena_free(stream->arena);
	give_place();
}

/* What is held back, and what the whole is compared with. */
static int end(struct promo_stream *stream)
{
	struct promo_spool_manifest manifest = { .rows = stream->sink.rows,
		.bytes = stream->sink.bytes };
	int r;

	r = promo_stream_flush(&stream->sink);
	if (!r && stream->gzip)
		r = promo_gzip_end(stream->gzip);
	if (r || !stream->manifest)
		return r;
	promo_sha256_end(&stream->sha256, manifest.sha256);
	promo_spool_set_manifest(stream->spool, &manifest);
	return 0;
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
	return r ? r : end(stream);
}

static void *run(void *argument)
{
	struct promo_stream *stream = argument;
	struct promo_spool *filled = stream->spool;
	int r = make(stream);

	promo_gzip_free(stream->gzip);
	promo_arena_free(stream->arena);
	promo_spool_finish(filled, r);
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

/* What is packed already, or has a length that is told, is left as it is. */
static bool is_packable(const struct promo_op *op)
{
	return strncmp(op->media_type, "text/", strlen("text/")) == 0 ||
	       strcmp(op->media_type, "application/x-ndjson") == 0;
}

int promo_stream_start(struct promo_ctx *ctx, struct promo_stream *stream,
	promo_stream_fill_fn *fill, void *context)
{
	bool manifest = stream->manifest;
	bool packed = ctx->request->takes_gzip && is_packable(ctx->op);
	struct promo_spool *filled;
	int r = 0;

	stream->fill = fill;
	stream->context = context;
	if (packed)
		r = promo_gzip_new(spool, stream, &stream->gzip);
	if (!r)
		r = promo_spool_new(ctx->config->spool_dir, &filled);
	if (r) {
		promo_stream_free(stream);
		return r;
	}
	stream->spool = filled;
	r = start_thread(stream);
	if (r) {
		promo_spool_finish(filled, r);
		promo_spool_close(filled);
		promo_stream_free(stream);
		return r;
	}
	ctx->content_encoding = packed ? "gzip" : NULL;
	ctx->manifest = manifest;
	ctx->spool = filled;
	return 0;
}
