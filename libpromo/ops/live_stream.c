/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/feed.h"
#include "libpromo/ops/live_inside.h"
#include "libpromo/store/store.h"

/* Streams of live events: their queues, which two threads share under the lock, and their positions. */

enum {
	QUEUE_FIRST_BYTES = 4096,
	ID_ROOM = 32 + PROMO_LIVE_MARKS * 10, /* behind the position in the trail */
	MARKS_FIRST = 16,
	MARKS_MAX = 64 * 1024,
};

void promo_live_lock(struct promo_live *live)
{
	(void)pthread_mutex_lock(&live->lock);
}

void promo_live_unlock(struct promo_live *live)
{
	(void)pthread_mutex_unlock(&live->lock);
}

static void free_stream(struct promo_live_stream *stream)
{
	free(stream->bytes);
	free(stream->position);
	free(stream->marks);
	free(stream);
}

/* With the lock. */
static void let_go(struct promo_live_stream *stream)
{
	if (--stream->holders == 0)
		free_stream(stream);
}

size_t promo_live_hold(struct promo_live *live,
	bool (*fits)(const struct promo_live_stream *stream, const void *context),
	const void *context, struct promo_live_stream **ret, size_t max)
{
	size_t count = 0;

	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each && count < max; each = each->next)
		if (fits(each, context)) {
			each->holders++;
			ret[count++] = each;
		}
	promo_live_unlock(live);
	return count;
}

void promo_live_release(struct promo_live *live, struct promo_live_stream *stream)
{
	promo_live_lock(live);
	let_go(stream);
	promo_live_unlock(live);
}

/*
 * The queue, with the lock.
 */

static void wake(struct promo_live_stream *stream)
{
	if (!stream->waiting)
		return;
	stream->waiting = false;
	stream->wake(stream->wake_context);
}

void promo_live_finish(struct promo_live_stream *stream)
{
	if (stream->state == PROMO_LIVE_TOO_SLOW)
		return;
	stream->state = PROMO_LIVE_OVER;
	wake(stream);
}

static void drop_queue(struct promo_live_stream *stream)
{
	free(stream->bytes);
	stream->bytes = NULL;
	stream->size = stream->taken = stream->capacity = 0;
}

static bool make_room(struct promo_live_stream *stream, size_t size)
{
	size_t capacity = stream->capacity ? stream->capacity : QUEUE_FIRST_BYTES;
	char *bytes;

	if (stream->taken > 0) {
		stream->size -= stream->taken;
		memmove(stream->bytes, stream->bytes + stream->taken, stream->size);
		stream->taken = 0;
	}
	if (stream->size + size <= stream->capacity)
		return true;
	while (capacity < stream->size + size)
		capacity *= 2;
	bytes = capacity <= PROMO_LIVE_QUEUE_MAX ? realloc(stream->bytes, capacity) : NULL;
	if (!bytes)
		return false;
	stream->bytes = bytes;
	stream->capacity = capacity;
	return true;
}

/* Who does not read is not waited for: he comes back with the last id that he read. */
static void put_bytes(struct promo_live_stream *stream, const char *bytes, size_t size)
{
	if (stream->closed || stream->state == PROMO_LIVE_OVER ||
		stream->state == PROMO_LIVE_TOO_SLOW)
		return;
	if (make_room(stream, size)) {
		memcpy(stream->bytes + stream->size, bytes, size);
		stream->size += size;
	} else {
		stream->state = PROMO_LIVE_TOO_SLOW;
		drop_queue(stream);
	}
	wake(stream);
}

static void put_line(struct promo_live_stream *stream, const char *name, const char *value)
{
	put_bytes(stream, name, strlen(name));
	put_bytes(stream, value, strlen(value));
	put_bytes(stream, "\n", 1);
}

/* "<position>.<time>-<mark>-<mark>": what was told of the trail, and of notifications. Where more were told than
 * can be named, the time is that of the first which is: what comes to light late is then not waited for. */
static void put_id(struct promo_live_stream *stream, const char *position)
{
	const size_t named =
		stream->mark_count < PROMO_LIVE_MARKS ? stream->mark_count : PROMO_LIVE_MARKS;
	const size_t first = stream->mark_count - named;
	int64_t noted_ms = stream->noted_ms;
	char rest[ID_ROOM] = "";
	size_t size = 0;

	if (noted_ms && first > 0 && stream->marks[first].at > noted_ms - PROMO_LIVE_LATE_MS)
		noted_ms = stream->marks[first].at + PROMO_LIVE_LATE_MS;
	if (noted_ms)
		size = (size_t)snprintf(rest, sizeof(rest), ".%llx", (unsigned long long)noted_ms);
	for (size_t i = first; noted_ms && i < stream->mark_count; i++)
		if (stream->marks[i].at >= noted_ms - PROMO_LIVE_LATE_MS)
			size += (size_t)snprintf(rest + size, sizeof(rest) - size, "-%08x",
				(unsigned)stream->marks[i].bits);
	put_bytes(stream, "id: ", 4);
	put_bytes(stream, position, strlen(position));
	put_line(stream, "", rest);
}

void promo_live_put(struct promo_live_stream *stream, const struct promo_live_event *event,
	const char *position)
{
	put_line(stream, "event: ", promo_live_row(event->kind)->topic);
	/* What is not counted moves nobody on. */
	if (position)
		put_id(stream, position);
	put_line(stream, "data: ", event->data);
	put_bytes(stream, "\n", 1);
}

void promo_live_put_lost(struct promo_live_stream *stream, const char *position)
{
	put_line(stream, "event: ", "events.lost");
	put_id(stream, position);
	/* Without data a browser hears of nothing. */
	put_line(stream, "data: ", "{}");
	put_bytes(stream, "\n", 1);
}

void promo_live_beat(struct promo_live_stream *stream, const char *position)
{
	put_line(stream, ":", "");
	put_id(stream, position);
	put_bytes(stream, "\n", 1);
}

ptrdiff_t promo_live_read(struct promo_live_stream *stream, void *buffer, size_t size)
{
	struct promo_live *live = stream->live;
	ptrdiff_t result = PROMO_LIVE_WAIT;
	size_t left;

	promo_live_lock(live);
	left = stream->size - stream->taken;
	if (stream->state == PROMO_LIVE_TOO_SLOW) {
		result = PROMO_LIVE_CUT;
	} else if (left > 0) {
		if (size > left)
			size = left;
		memcpy(buffer, stream->bytes + stream->taken, size);
		stream->taken += size;
		result = (ptrdiff_t)size;
	} else if (stream->state == PROMO_LIVE_OVER) {
		result = PROMO_LIVE_END;
	} else {
		/* Most streams are idle most of the time. */
		drop_queue(stream);
		stream->waiting = true;
	}
	promo_live_unlock(live);
	return result;
}

void promo_live_set_wake(
	struct promo_live_stream *stream, void (*wake_fn)(void *context), void *context)
{
	promo_live_lock(stream->live);
	stream->wake = wake_fn;
	stream->wake_context = context;
	promo_live_unlock(stream->live);
}

void promo_live_close(struct promo_live_stream *stream)
{
	struct promo_live *live;

	if (!stream)
		return;
	live = stream->live;
	promo_live_lock(live);
	*stream->back = stream->next;
	if (stream->next)
		stream->next->back = stream->back;
	live->count--;
	stream->closed = true;
	stream->waiting = false;
	let_go(stream);
	promo_live_unlock(live);
}

/*
 * Notifications that were told.
 */

static uint32_t bits_of(const char *id)
{
	/* The end of an id is random. */
	return (uint32_t)strtoul(id + strlen(id) - 8, NULL, 16);
}

bool promo_live_is_marked(const struct promo_live_stream *stream, const char *notification_id)
{
	const uint32_t bits = bits_of(notification_id);

	for (size_t i = 0; i < stream->mark_count; i++)
		if (stream->marks[i].bits == bits)
			return true;
	return false;
}

/* Room for one more: what is too old to come again is forgotten first. Without memory it is the oldest. */
static bool make_mark_room(struct promo_live_stream *stream)
{
	const int64_t from_ms = stream->noted_ms - PROMO_LIVE_LATE_MS;
	struct promo_live_mark *marks;
	size_t kept = 0;
	size_t room;

	if (stream->mark_count < stream->mark_room)
		return true;
	for (size_t i = 0; i < stream->mark_count; i++)
		if (stream->marks[i].at >= from_ms)
			stream->marks[kept++] = stream->marks[i];
	stream->mark_count = kept;
	if (kept < stream->mark_room)
		return true;
	room = stream->mark_room ? stream->mark_room * 2 : MARKS_FIRST;
	marks = room <= MARKS_MAX ? realloc(stream->marks, room * sizeof(*marks)) : NULL;
	if (marks) {
		stream->marks = marks;
		stream->mark_room = room;
	} else if (stream->mark_count > 0) {
		memmove(stream->marks, stream->marks + 1,
			--stream->mark_count * sizeof(*stream->marks));
	}
	return stream->mark_count < stream->mark_room;
}

static void add_mark(struct promo_live_stream *stream, uint32_t bits, int64_t at)
{
	if (make_mark_room(stream))
		stream->marks[stream->mark_count++] = (struct promo_live_mark){ bits, at };
}

void promo_live_mark(struct promo_live_stream *stream, const char *notification_id)
{
	add_mark(stream, bits_of(notification_id), promo_uuid_time_ms(notification_id));
}

int promo_live_position_read(struct promo_live_stream *stream, const char *text)
{
	const char *at = text + strcspn(text, ".");
	char *end;

	stream->position = strndup(text, (size_t)(at - text));
	if (!stream->position)
		return promo_fault(-ENOMEM, "could not open a stream of events");
	if (*at == '\0')
		return 0;
	errno = 0;
	stream->noted_ms = (int64_t)(strtoull(at + 1, &end, 16) & INT64_MAX);
	stream->floor_ms = stream->noted_ms - PROMO_LIVE_LATE_MS;
	stream->resumed = true;
	while (end > at + 1 && !errno && *end == '-') {
		at = end;
		add_mark(stream, (uint32_t)strtoul(at + 1, &end, 16), stream->noted_ms);
	}
	return end > at + 1 && !errno && *end == '\0' ? 0 : PROMO_E_INVALID_INPUT;
}

/*
 * Opening.
 */

int promo_event_stream_check(struct promo_ctx *ctx, const struct promo_event_stream_in *in)
{
	int r = 0;

	for (size_t i = 0; i < in->topics.count; i++)
		if (promo_live_topic(in->topics.items[i]) == 0)
			r = promo_ctx_refuse_field(ctx, "?topics", "invalid_value",
				"there is no event '%s', and none below it", in->topics.items[i]);
	return r;
}

static unsigned kinds_of(const struct promo_event_stream_in *in)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < in->topics.count; i++)
		kinds |= promo_live_topic(in->topics.items[i]);
	return in->topics.count ? kinds : ~0U;
}

/* From where it goes on: behind the event that was heard last, or from now on. */
static int find_position(struct promo_ctx *ctx, const struct promo_event_stream_in *in,
	struct promo_live_stream *stream)
{
	const char *last =
		ctx->request->last_event_id ? ctx->request->last_event_id : in->last_event_id;
	bool known = true;
	int r;

	if (!last) {
		r = promo_feed_now(ctx->store, ctx->arena, &last);
		return r ? r : promo_live_position_read(stream, last);
	}
	r = promo_live_position_read(stream, last);
	if (!r)
		r = promo_feed_known(ctx->store, ctx->arena, stream->position, &known);
	if (r == PROMO_E_INVALID_INPUT)
		return promo_ctx_refuse_field(
			ctx, "?last_event_id", "invalid_value", "this is no id of an event");
	if (r || known)
		return r;
	/* Of another database, or of long ago: that is told instead of what nobody knows. */
	free(stream->position);
	stream->position = NULL;
	r = promo_feed_now(ctx->store, ctx->arena, &last);
	if (!r)
		r = promo_live_position_read(stream, last);
	if (!r)
		promo_live_put_lost(stream, stream->position);
	return r;
}

/* What he was told of before he came is not told again, though it may be told a little later. */
static int mark_earlier(struct promo_ctx *ctx, struct promo_live_stream *stream)
{
	const int64_t now_ms = promo_now_ms();
	const char *user = stream->user_id;
	struct promo_objects found = { .count = PROMO_LIVE_NOTED_AT_ONCE };
	char after[PROMO_UUID_SIZE];

	if (stream->resumed)
		return 0;
	stream->noted_ms = now_ms;
	promo_uuid_at(now_ms - PROMO_LIVE_LATE_MS, after);
	while (found.count == PROMO_LIVE_NOTED_AT_ONCE) {
		struct promo_params params = PROMO_PARAMS(ctx->arena);
		const struct promo_live_notification_row *rows;
		int r;

		promo_param_text(&params, after);
		promo_param_texts(&params, (struct promo_texts){ &user, 1 });
		promo_param_int(&params, PROMO_LIVE_NOTED_AT_ONCE);
		r = promo_store_all(
			ctx->store, ctx->arena, PROMO_Q_LIVE_NOTIFICATIONS, &params, &found);
		if (r)
			return r;
		rows = found.items;
		for (size_t i = 0; i < found.count; i++) {
			promo_live_mark(stream, rows[i].id);
			(void)snprintf(after, sizeof(after), "%s", rows[i].id);
		}
	}
	return 0;
}

/* With the lock: 0, or why there is no room. */
static int take_place(struct promo_live *live, struct promo_live_stream *stream)
{
	size_t own = 0;

	for (const struct promo_live_stream *each = live->first; each; each = each->next)
		own += strcmp(each->user_id, stream->user_id) == 0;
	if (own >= PROMO_LIVE_OF_USER_MAX)
		return PROMO_E_TOO_MANY_REQUESTS;
	if (live->ending || live->count >= live->config.streams_max)
		return PROMO_E_UNAVAILABLE;
	stream->next = live->first;
	stream->back = &live->first;
	if (stream->next)
		stream->next->back = &stream->next;
	live->first = stream;
	live->count++;
	live->opened = true;
	(void)pthread_cond_signal(&live->changed);
	return 0;
}

static int prepare(struct promo_ctx *ctx, const struct promo_event_stream_in *in,
	struct promo_live_stream *stream)
{
	int r;

	stream->live = ctx->config->live;
	stream->holders = 1;
	stream->kinds = kinds_of(in);
	stream->beat_at_ms = promo_monotonic_ms() + stream->live->config.beat_ms;
	(void)snprintf(stream->user_id, sizeof(stream->user_id), "%s", ctx->actor->user_id);
	(void)snprintf(
		stream->ip, sizeof(stream->ip), "%s", ctx->request->ip ? ctx->request->ip : "");
	if (!promo_auth_bearer(ctx->request->token, &stream->bearer))
		return PROMO_E_UNAUTHENTICATED;
	r = find_position(ctx, in, stream);
	if (!r)
		r = mark_earlier(ctx, stream);
	if (r)
		return r;
	/* Who is cut off before the first event goes on from here. */
	put_line(stream, "retry: ", "2000");
	put_id(stream, stream->position);
	put_bytes(stream, "\n", 1);
	return 0;
}

int promo_event_stream(struct promo_ctx *ctx, const struct promo_event_stream_in *in)
{
	struct promo_live *live = ctx->config->live;
	struct promo_live_stream *stream;
	int r;

	r = promo_event_stream_check(ctx, in);
	if (r)
		return r;
	if (!live)
		return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE, "events are not told here");
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return promo_fault(-ENOMEM, "could not open a stream of events");
	r = prepare(ctx, in, stream);
	if (!r) {
		promo_live_lock(live);
		r = take_place(live, stream);
		promo_live_unlock(live);
	}
	if (r) {
		free_stream(stream);
		if (r == PROMO_E_TOO_MANY_REQUESTS)
			return promo_ctx_refuse(ctx, r,
				"you hear of events in %d places already; close one of them",
				PROMO_LIVE_OF_USER_MAX);
		if (r == PROMO_E_UNAVAILABLE)
			return promo_ctx_refuse(
				ctx, r, "as many hear of events here as the server has room for");
		return r;
	}
	ctx->live = stream;
	return 0;
}
