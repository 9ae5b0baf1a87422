/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/feed.h"
#include "libpromo/ops/live_inside.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

enum {
	ARENA_LIMIT = 64 * 1024 * 1024,
	ROWS_AT_ONCE = 500,
	RIGHTS_MS = 1000,       /* and rights, where there is nothing to tell */
	CATCH_UPS_AT_ONCE = 16, /* of streams, between two looks at what is new */
	RECONNECT_MS = 1000,
};

static int keep_text(char **at, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return promo_fault(-ENOMEM, "could not tell of events");
	free(*at);
	*at = copy;
	return 0;
}

/*
 * What is new, for those in step.
 */

static void tell_all(struct promo_live *live, const struct promo_live_found *found, size_t count,
	const struct promo_feed_batch *batch)
{
	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each; each = each->next) {
		if (each->state != PROMO_LIVE_IN_STEP)
			continue;
		if (batch->lost)
			promo_live_put_lost(each, live->position);
		for (size_t i = 0; i < count; i++)
			promo_live_tell(each, &found[i].event, found[i].event.position);
	}
	promo_live_unlock(live);
}

/* The events of a batch, each with its position; of several that one row tells of, the last has it. */
static int make_events(struct promo_live *live, unsigned kinds, struct promo_feed_batch *batch,
	struct promo_live_found **ret, size_t *ret_count)
{
	int r;

	r = promo_live_events(live, kinds, batch->rows, batch->count, ret, ret_count);
	for (size_t i = 0; !r && i < *ret_count; i++)
		if (i + 1 == *ret_count || (*ret)[i + 1].row != (*ret)[i].row)
			r = promo_feed_step(
				batch, (*ret)[i].row, live->arena, &(*ret)[i].event.position);
	return r;
}

/* Nothing is told, and nothing noted, unless all of it can be told: an error only makes it later. */
static int read_news(struct promo_live *live, bool *ret_more)
{
	struct promo_live_found *found = NULL;
	struct promo_feed_batch batch;
	struct promo_texts actions;
	const char *now;
	size_t count = 0;
	int r;

	*ret_more = false;
	if (!live->position) {
		r = promo_feed_now(live->store, live->arena, &now);
		return r ? r : keep_text(&live->position, now);
	}
	r = promo_live_actions(live->arena, &actions);
	if (!r)
		r = promo_feed_read(
			live->store, live->arena, live->position, actions, ROWS_AT_ONCE, &batch);
	if (!r)
		r = make_events(live, promo_live_kinds_wanted(live), &batch, &found, &count);
	/* What was taken away before it happened is not there any more to hear of it. */
	if (!r && (count > 0 || promo_monotonic_ms() - live->rights_ms >= RIGHTS_MS))
		r = promo_live_renew_rights(live);
	if (r)
		return r;
	if (count > 0 || batch.lost)
		tell_all(live, found, count, &batch);
	*ret_more = batch.more;
	return batch.position == live->position ? 0 : keep_text(&live->position, batch.position);
}

/*
 * Streams that come from further back.
 */

static bool is_behind(const struct promo_live_stream *stream, const void *context)
{
	(void)context;
	return stream->state == PROMO_LIVE_BEHIND;
}

static void put_in_step(struct promo_live *live, struct promo_live_stream *stream)
{
	promo_live_lock(live);
	if (stream->state == PROMO_LIVE_BEHIND)
		stream->state = PROMO_LIVE_IN_STEP;
	promo_live_unlock(live);
}

static void tell_one(struct promo_live *live, struct promo_live_stream *stream,
	const struct promo_live_found *found, size_t count, bool lost)
{
	promo_live_lock(live);
	if (lost)
		promo_live_put_lost(stream, stream->position);
	for (size_t i = 0; i < count; i++)
		promo_live_tell(stream, &found[i].event, found[i].event.position);
	promo_live_unlock(live);
}

/* Who comes from another daemon, or in the midst of a great deal, may have heard more than the others have so
 * far: he waits for them, or would hear it again. */
static int catch_up(struct promo_live *live, struct promo_live_stream *stream)
{
	struct promo_live_found *found = NULL;
	struct promo_feed_batch batch;
	struct promo_texts actions;
	bool ahead, joins;
	size_t count = 0;
	int r;

	r = promo_live_actions(live->arena, &actions);
	if (!r)
		r = promo_feed_read_until(live->store, live->arena, stream->position,
			live->position, actions, ROWS_AT_ONCE, &batch);
	if (!r)
		r = make_events(live, stream->kinds, &batch, &found, &count);
	/* Also of one who is further back, it is the moment of telling that counts. */
	if (!r)
		r = promo_live_look_at(live, stream);
	if (r)
		return r;
	tell_one(live, stream, found, count, batch.lost);
	r = promo_feed_is_ahead(live->arena, batch.position, live->position, &ahead);
	if (r)
		return r;
	joins = !batch.more && !ahead;
	r = keep_text(&stream->position, joins ? live->position : batch.position);
	if (!r && joins)
		r = promo_live_catch_up_notifications(live, stream);
	if (!r && joins)
		put_in_step(live, stream);
	return r;
}

static int catch_up_some(struct promo_live *live, bool *ret_more)
{
	struct promo_live_stream *streams[CATCH_UPS_AT_ONCE];
	size_t count;
	int r = 0;

	count = promo_live_hold(live, is_behind, NULL, streams, CATCH_UPS_AT_ONCE);
	for (size_t i = 0; i < count; i++) {
		if (!r)
			r = catch_up(live, streams[i]);
		promo_live_release(live, streams[i]);
	}
	*ret_more |= count > 0;
	return r;
}

/*
 * The time.
 */

static bool is_to_beat(const struct promo_live_stream *stream, const void *context)
{
	return stream->state == PROMO_LIVE_IN_STEP &&
	       stream->beat_at_ms <= *(const int64_t *)context;
}

/* A sign of life; and whose session has come to its end is looked at again. */
static int beat(struct promo_live *live)
{
	const int64_t now_ms = promo_monotonic_ms();
	struct promo_live_stream *streams[CATCH_UPS_AT_ONCE];
	size_t count = PROMO_COUNT(streams);
	int r = 0;

	while (!r && count == PROMO_COUNT(streams)) {
		count = promo_live_hold(live, is_to_beat, &now_ms, streams, PROMO_COUNT(streams));
		for (size_t i = 0; i < count; i++) {
			streams[i]->beat_at_ms = now_ms + live->config.beat_ms;
			if (!r && promo_live_is_out_of_time(live, streams[i]))
				r = promo_live_look_at(live, streams[i]);
			promo_live_lock(live);
			promo_live_beat(streams[i], live->position);
			promo_live_unlock(live);
			promo_live_release(live, streams[i]);
		}
	}
	return r;
}

/*
 * The thread.
 */

static int connect_live(struct promo_live *live)
{
	const struct promo_store_config config = {
		.uri = live->config.runner->database,
		.no_prepare = live->config.runner->no_prepare,
		.no_skip_locked = live->config.runner->no_skip_locked,
	};

	return live->store ? 0 : promo_store_open(&config, &live->store);
}

static int round_of(struct promo_live *live, bool *ret_more)
{
	int r;

	promo_arena_clear(live->arena);
	r = connect_live(live);
	if (!r)
		r = read_news(live, ret_more);
	if (!r)
		r = catch_up_some(live, ret_more);
	if (!r)
		r = promo_live_tell_extras(live);
	return r ? r : beat(live);
}

/* Until it is time for the next round; without streams until there is one. */
static bool await(struct promo_live *live, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };
	bool stopping, timed_out = false;

	promo_live_lock(live);
	while (!live->stopping && !live->opened && (!timed_out || !live->first)) {
		if (!live->first) {
			/* Who comes next begins with a position of his own. */
			free(live->position);
			live->position = NULL;
			(void)pthread_cond_wait(&live->changed, &live->lock);
		} else {
			timed_out = pthread_cond_timedwait(&live->changed, &live->lock, &until) ==
				    ETIMEDOUT;
		}
	}
	live->opened = false;
	stopping = live->stopping;
	promo_live_unlock(live);
	return stopping;
}

static void *run(void *argument)
{
	struct promo_live *live = argument;
	int64_t wait_ms = 0;

	while (!await(live, promo_monotonic_ms() + wait_ms)) {
		bool more = false;

		wait_ms = live->config.every_ms;
		if (round_of(live, &more)) {
			promo_store_close(live->store);
			live->store = NULL;
			wait_ms = RECONNECT_MS;
		} else if (more) {
			wait_ms = 0;
		}
	}
	promo_store_close(live->store);
	return NULL;
}

static int start_thread(struct promo_live *live)
{
	sigset_t all, before;
	int error;

	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&live->thread, NULL, run, live);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not start what tells of events") : 0;
}

static void free_all(struct promo_live *live)
{
	promo_settings_free(live->settings);
	promo_arena_free(live->arena);
	free(live->position);
	(void)pthread_cond_destroy(&live->changed);
	(void)pthread_mutex_destroy(&live->lock);
	free(live);
}

int promo_live_start(const struct promo_live_config *config, struct promo_live **ret)
{
	struct promo_live *live = calloc(1, sizeof(*live));
	pthread_condattr_t attributes;
	int r;

	if (!live)
		return promo_fault(-ENOMEM, "could not start what tells of events");
	live->config = *config;
	if (live->config.every_ms <= 0)
		live->config.every_ms = PROMO_LIVE_EVERY_MS;
	if (live->config.beat_ms <= 0)
		live->config.beat_ms = PROMO_LIVE_BEAT_MS;
	live->epoch = live->looked_version = -1;
	(void)pthread_mutex_init(&live->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&live->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	live->arena = promo_arena_new(ARENA_LIMIT);
	r = live->arena ? promo_settings_new(&live->settings)
			: promo_fault(-ENOMEM, "could not start what tells of events");
	if (!r)
		r = start_thread(live);
	if (r) {
		free_all(live);
		return r;
	}
	*ret = live;
	return 0;
}

void promo_live_end(struct promo_live *live)
{
	if (!live)
		return;
	promo_live_lock(live);
	live->ending = true;
	for (struct promo_live_stream *each = live->first; each; each = each->next)
		promo_live_finish(each);
	promo_live_unlock(live);
}

void promo_live_stop(struct promo_live *live)
{
	if (!live)
		return;
	promo_live_lock(live);
	live->stopping = true;
	(void)pthread_cond_broadcast(&live->changed);
	promo_live_unlock(live);
	(void)pthread_join(live->thread, NULL);
	free_all(live);
}

size_t promo_live_count(struct promo_live *live)
{
	size_t count;

	promo_live_lock(live);
	count = live->count;
	promo_live_unlock(live);
	return count;
}
