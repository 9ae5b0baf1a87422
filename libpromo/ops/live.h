/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_event.h"
#include "libpromo/ops/ctx.h"

/*
 * Live events (GET /events, docs/decisions/0037). One thread of the process, with a connection of its own,
 * reads the audit trail once for all who listen (feed.h), makes events of its rows, and puts them into the
 * queue of each stream whose user may hear of them at that moment. A stream that comes with the id of an
 * event is brought up to where the others are first; so nothing is skipped or told twice, whichever daemon
 * it comes to. Where nobody listens nothing is read.
 *
 * A stream belongs to whoever opened it: he reads and closes it, from one thread, and never waits for
 * the database or for another stream. A queue is bounded; who does not read is cut off.
 */

PROMO_BEGIN_DECLS

struct promo_live;
struct promo_live_stream;

struct promo_live_config {
	const struct promo_runner_config *runner; /* outlives it */
	size_t streams_max;                       /* of the process */
	int64_t every_ms; /* how often the trail is looked at; 0: PROMO_LIVE_EVERY_MS */
	int64_t beat_ms; /* how often a stream without events gets a comment; 0: PROMO_LIVE_BEAT_MS */
};
enum {
	PROMO_LIVE_EVERY_MS = 200,
	PROMO_LIVE_BEAT_MS = 15 * 1000,
	PROMO_LIVE_OF_USER_MAX = 10,        /* streams of one user */
	PROMO_LIVE_QUEUE_MAX = 1024 * 1024, /* bytes that wait for a reader */
};

int promo_live_start(const struct promo_live_config *config, struct promo_live **ret) PROMO_CHECK;
/* Ends all streams, and opens none any more. */
void promo_live_end(struct promo_live *live); /* NULL is fine */
/* The thread ends. Every stream was closed before. NULL is fine. */
void promo_live_stop(struct promo_live *live);
size_t promo_live_count(struct promo_live *live); /* of open streams */

/* GET /events: opens a stream, in ctx->live. */
int promo_event_stream(struct promo_ctx *ctx, const struct promo_event_stream_in *in) PROMO_CHECK;
int promo_event_stream_check(
	struct promo_ctx *ctx, const struct promo_event_stream_in *in) PROMO_CHECK;

/* What promo_live_read() returns beside a number of bytes above 0: those of promo_spool_read(). */
enum {
	PROMO_LIVE_WAIT = 0,
	PROMO_LIVE_END = -1,
	PROMO_LIVE_CUT = -2, /* too slow */
};
ptrdiff_t promo_live_read(struct promo_live_stream *stream, void *buffer, size_t size);
/* Called from another thread, once after each PROMO_LIVE_WAIT, when there is more; it may only hand on the
 * news. Never after promo_live_close(). Before the first read. */
void promo_live_set_wake(
	struct promo_live_stream *stream, void (*wake)(void *context), void *context);
void promo_live_close(struct promo_live_stream *stream); /* NULL is fine */

PROMO_END_DECLS
