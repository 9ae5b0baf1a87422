/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/*
 * Long answers. A fill function makes one with a connection of its own, at full speed, and writes
 * it into a sink; it neither knows nor cares where that leads: into the spool of an answer, behind
 * which the client reads (so that a slow one holds neither a snapshot of the database nor a
 * worker), or into the file of a job (job_files.h). So each format is written down once.
 *
 * At most PROMO_STREAMS_MAX answers are made at once in a process (design section 3).
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_STREAMS_MAX = 4,
};

/*
 * The sink, as a fill function sees it.
 */

struct promo_stream_sink {
	/* Takes a piece of the file; what it returns ends the making. */
	int (*put)(struct promo_stream_sink *sink, const char *bytes, size_t size);
	/* Hears how far the making is; NULL: nobody asks. What it returns ends the making. */
	int (*progress)(struct promo_stream_sink *sink, int64_t done);
	char *buffer; /* pieces are as large as this one, but for the last */
	size_t used, capacity;
	int64_t rows;  /* what promo_stream_row() counted */
	int64_t bytes; /* what promo_stream_write() was given */
};

/* Appends. Whatever it returns but 0 (nobody reads any more, the disk is full, the job is somebody
 * else's or was cancelled) ends the making: return it. */
int promo_stream_write(struct promo_stream_sink *sink, const void *bytes, size_t size) PROMO_CHECK;

/* Counts a row (a code, a redemption, ...), for whoever has to know how many the file holds. */
static inline void promo_stream_row(struct promo_stream_sink *sink)
{
	sink->rows++;
}

/* Says that `done` of the whole work are behind it, in the unit of the job's total; now and then. */
int promo_stream_progress(struct promo_stream_sink *sink, int64_t done) PROMO_CHECK;

/* Puts what is still in the buffer: called by whoever called the fill function. */
int promo_stream_flush(struct promo_stream_sink *sink) PROMO_CHECK;

/* Makes the file. `store` is its own, inside a transaction that only reads, and all from one snapshot
 * (promo_store_begin_snapshot()), which the caller ends; `arena` is empty but for what
 * the caller prepared, `context` lives in it. 0: all of it was written. */
typedef int promo_stream_fill_fn(void *context, struct promo_store *store,
	struct promo_arena *arena, struct promo_stream_sink *sink);

/*
 * An answer that is made while it is sent.
 */

struct promo_stream;

/* Takes one of the few places; PROMO_E_UNAVAILABLE, with a Retry-After, if there is none. */
int promo_stream_new(struct promo_ctx *ctx, struct promo_stream **ret) PROMO_CHECK;
/* Where the context of the fill function belongs: it outlives the request. */
struct promo_arena *promo_stream_arena(struct promo_stream *stream);
/* The answer ends with how many rows and bytes the file has and with their hash, as trailers. */
void promo_stream_ask_manifest(struct promo_stream *stream);
/* Instead of promo_stream_start(). NULL is fine. */
void promo_stream_free(struct promo_stream *stream);
/* Sets ctx->spool, which a thread now fills; packed, where the client takes that and the operation's
 * media type is text. The stream is not the caller's any more, also after an
 * error. The operation sets ctx->filename. */
int promo_stream_start(struct promo_ctx *ctx, struct promo_stream *stream,
	promo_stream_fill_fn *fill, void *context) PROMO_CHECK;

/* Waits until no thread of a stream is left: at the end of a program, after it has closed the
 * spools that it was sending, which makes their writers stop. */
void promo_streams_wait(void);

PROMO_END_DECLS
