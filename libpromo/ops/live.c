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
 * Telling.
 */

/* What one look at the trail brought. */
struct news {
	struct promo_feed_batch batch;
	const char *from; /* where it began */
	unsigned kinds;   /* that events were made of */
	struct promo_live_found *found;
	size_t count;
};

static void tell_all(struct promo_live *live, const struct news *news)
{
	const struct promo_live_found *found = news->found;

	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each; each = each->next) {
		if (each->state != PROMO_LIVE_IN_STEP)
			continue;
		if (news->batch.lost)
			promo_live_put_lost(each, live->position);
		for (size_t i = 0; i < news->count; i++)
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

/*
 * Streams that come now.
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

/* From now on he hears what the others hear. */
static int come_in_step(struct promo_live *live, struct promo_live_stream *stream)
{
	int r;

	r = keep_text(&stream->position, live->position);
	if (!r)
		r = promo_live_catch_up_notifications(live, stream);
	if (!r)
		put_in_step(live, stream);
	return r;
}

/* He stands within what was just read: the others were before it and are behind it now. */
static int is_within(const struct promo_live *live, const struct promo_live_stream *stream,
	const struct news *news, struct promo_arena *arena, bool *ret)
{
	bool within = false, ahead = false;
	int r;

	r = promo_feed_is_before(arena, news->from, stream->position, &within);
	if (!r && within)
		r = promo_feed_is_ahead(arena, stream->position, live->position, &ahead);
	if (!r)
		*ret = within && !ahead;
	return r;
}

static int join(struct promo_live *live, struct promo_live_stream *stream, const struct news *news,
	struct promo_arena *arena)
{
	const bool *behind;
	size_t rest;
	bool within;
	int r;

	promo_arena_clear(arena);
	r = is_within(live, stream, news, arena, &within);
	/* Who came after the events were made may want others. */
	if (r || !within || (stream->kinds & ~news->kinds))
		return r;
	r = promo_feed_behind(&news->batch, stream->position, arena, &behind, &rest);
	/* Or he would be told positions with which he hears again what he has heard. */
	for (size_t i = 0; !r && i < news->count; i++)
		if (news->found[i].row < rest && behind[news->found[i].row])
			return 0;
	if (r)
		return r;
	r = promo_live_look_at(live, stream);
	if (r)
		return r;
	promo_live_lock(live);
	if (news->batch.lost)
		promo_live_put_lost(stream, stream->position);
	for (size_t i = 0; i < news->count; i++)
		if (behind[news->found[i].row])
			promo_live_tell(
				stream, &news->found[i].event, news->found[i].event.position);
	promo_live_unlock(live);
	return come_in_step(live, stream);
}

/* Whoever begins now needs no reading of his own: of two thousand who come together each would read what the
 * coming of the others has left in the trail. */
static int join_some(struct promo_live *live, const struct news *news)
{
	struct promo_live_stream **streams = promo_arena_alloc_array(
		live->arena, live->config.streams_max, sizeof(struct promo_live_stream *));
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	size_t count = 0;
	int r = 0;

	if (streams && arena)
		count = promo_live_hold(live, is_behind, NULL, streams, live->config.streams_max);
	else
		r = promo_fault(-ENOMEM, "could not tell of events");
	for (size_t i = 0; i < count; i++) {
		if (!r)
			r = join(live, streams[i], news, arena);
		promo_live_release(live, streams[i]);
	}
	promo_arena_free(arena);
	return r;
}

/*
 * What is new.
 */

/* Nothing is told, and nothing noted, unless all of it can be told: an error only makes it later. */
static int find_news(struct promo_live *live, struct news *ret)
{
	struct news news = { .from = promo_arena_strdup(live->arena, live->position),
		.kinds = promo_live_kinds_wanted(live) };
	struct promo_texts actions;
	int r;

	r = news.from ? promo_live_actions(live->arena, &actions)
		      : promo_fault(-ENOMEM, "could not tell of events");
	if (!r)
		r = promo_feed_read(
			live->store, live->arena, news.from, actions, ROWS_AT_ONCE, &news.batch);
	if (!r)
		r = make_events(live, news.kinds, &news.batch, &news.found, &news.count);
	/* What was taken away before it happened is not there any more to hear of it. */
	if (!r && (news.count > 0 || promo_monotonic_ms() - live->rights_ms >= RIGHTS_MS))
		r = promo_live_renew_rights(live);
	if (!r)
		*ret = news;
	return r;
}

static int read_news(struct promo_live *live, bool *ret_more)
{
	struct news news;
	const char *now;
	int r;

	*ret_more = false;
	if (!live->position) {
		r = promo_feed_now(live->store, live->arena, &now);
		return r ? r : keep_text(&live->position, now);
	}
	r = find_news(live, &news);
	if (r)
		return r;
	if (news.count > 0 || news.batch.lost)
		tell_all(live, &news);
	*ret_more = news.batch.more;
	if (news.batch.position != news.from)
		r = keep_text(&live->position, news.batch.position);
	return r ? r : join_some(live, &news);
}

/*
 * Streams that come from further back.
 */

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
	bool ahead;
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
	return !batch.more && !ahead ? come_in_step(live, stream)
				     : keep_text(&stream->position, batch.position);
}

/* Who is told of what is long past need not be cut off for reading slower than the database. */
static bool has_room(const struct promo_live_stream *stream, const void *context)
{
	return is_behind(stream, context) &&
	       stream->size - stream->taken < PROMO_LIVE_QUEUE_MAX / 4;
}

static int catch_up_some(struct promo_live *live, bool *ret_more)
{
	struct promo_live_stream *streams[CATCH_UPS_AT_ONCE];
	size_t count;
	int r = 0;

	count = promo_live_hold(live, has_room, NULL, streams, CATCH_UPS_AT_ONCE);
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
