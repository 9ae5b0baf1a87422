/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/live_inside.h"

/* What is not in the audit trail: notifications, by the time in their ids, and how far jobs are. */

enum {
	EXTRAS_MS = 1000,                     /* how often both are looked at */
	STALE_NOTED_MS = 24 * 60 * 60 * 1000, /* further back nobody's notifications are told */
};

/* What is told of in the order of the ids takes the time of a stream along, so that who is cut off in between
 * comes back for the rest. */
static void tell_noted(struct promo_live_stream *stream, const struct promo_live_event *event,
	const char *position)
{
	const int64_t at = promo_uuid_time_ms(event->notification_id);

	if (at < stream->floor_ms || promo_live_is_marked(stream, event->notification_id))
		return;
	if (stream->noted_ms < at)
		stream->noted_ms = at;
	promo_live_mark(stream, event->notification_id);
	promo_live_tell(stream, event, position);
}

int promo_live_catch_up_notifications(struct promo_live *live, struct promo_live_stream *stream)
{
	const int64_t now_ms = promo_now_ms();
	const char *user = stream->user_id;
	const struct promo_texts users = { &user, 1 };
	int64_t since_ms = stream->noted_ms - PROMO_LIVE_LATE_MS;
	size_t count = PROMO_LIVE_NOTED_AT_ONCE;
	char after[PROMO_UUID_SIZE];

	if (!promo_live_wants(stream, PROMO_LIVE_NOTIFICATION_CREATED))
		return 0;
	if (since_ms < now_ms - STALE_NOTED_MS)
		since_ms = now_ms - STALE_NOTED_MS;
	promo_uuid_at(since_ms, after);
	while (count == PROMO_LIVE_NOTED_AT_ONCE) {
		struct promo_live_event *events;
		int r = promo_live_notifications(live, users, after, &events, &count);

		if (r)
			return r;
		promo_live_lock(live);
		for (size_t i = 0; i < count; i++)
			tell_noted(stream, &events[i], stream->position);
		promo_live_unlock(live);
		if (count > 0)
			(void)snprintf(
				after, sizeof(after), "%s", events[count - 1].notification_id);
	}
	promo_live_lock(live);
	if (stream->noted_ms < now_ms)
		stream->noted_ms = now_ms;
	promo_live_unlock(live);
	return 0;
}

/* Those who want to hear of what they are told. */
static int find_noted(struct promo_live *live, struct promo_texts *ret)
{
	const char **users;
	size_t count = 0;

	promo_live_lock(live);
	users = promo_arena_alloc_array(live->arena, live->count ? live->count : 1, sizeof(*users));
	for (const struct promo_live_stream *each = live->first; users && each; each = each->next)
		if (each->state == PROMO_LIVE_IN_STEP &&
			promo_live_wants(each, PROMO_LIVE_NOTIFICATION_CREATED)) {
			users[count] = promo_arena_strdup(live->arena, each->user_id);
			count += users[count] != NULL;
		}
	promo_live_unlock(live);
	if (!users)
		return promo_fault(-ENOMEM, "could not tell of notifications");
	*ret = (struct promo_texts){ users, count };
	return 0;
}

static void tell_some_noted(
	struct promo_live *live, const struct promo_live_event *events, size_t count)
{
	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each; each = each->next)
		for (size_t i = 0; each->state == PROMO_LIVE_IN_STEP && i < count; i++)
			if (promo_live_wants(each, PROMO_LIVE_NOTIFICATION_CREATED) &&
				strcmp(events[i].owner, each->user_id) == 0)
				tell_noted(each, &events[i], live->position);
	promo_live_unlock(live);
}

/* Up to this time all was told. */
static void note_time(struct promo_live *live, int64_t now_ms)
{
	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each; each = each->next)
		if (each->state == PROMO_LIVE_IN_STEP && each->noted_ms < now_ms &&
			promo_live_wants(each, PROMO_LIVE_NOTIFICATION_CREATED))
			each->noted_ms = now_ms;
	promo_live_unlock(live);
}

static int tell_notifications(struct promo_live *live)
{
	const int64_t now_ms = promo_now_ms();
	size_t count = PROMO_LIVE_NOTED_AT_ONCE;
	char after[PROMO_UUID_SIZE];
	struct promo_texts users;
	int r;

	r = find_noted(live, &users);
	promo_uuid_at(now_ms - PROMO_LIVE_LATE_MS, after);
	while (!r && users.count > 0 && count == PROMO_LIVE_NOTED_AT_ONCE) {
		struct promo_live_event *events;

		r = promo_live_notifications(live, users, after, &events, &count);
		if (r || count == 0)
			break;
		tell_some_noted(live, events, count);
		(void)snprintf(after, sizeof(after), "%s", events[count - 1].notification_id);
	}
	if (!r)
		note_time(live, now_ms);
	return r;
}

static int tell_progress(struct promo_live *live)
{
	struct promo_live_event *events;
	size_t count;
	int r;

	r = promo_live_progress(live, &events, &count);
	if (r)
		return r;
	promo_live_lock(live);
	for (struct promo_live_stream *each = live->first; each; each = each->next)
		for (size_t i = 0; each->state == PROMO_LIVE_IN_STEP && i < count; i++)
			promo_live_tell(each, &events[i], NULL);
	promo_live_unlock(live);
	return 0;
}

int promo_live_tell_extras(struct promo_live *live)
{
	const unsigned kinds = promo_live_kinds_wanted(live);
	int r = 0;

	if (promo_monotonic_ms() - live->extras_ms < EXTRAS_MS)
		return 0;
	live->extras_ms = promo_monotonic_ms();
	if (kinds & (1U << PROMO_LIVE_NOTIFICATION_CREATED | 1U << PROMO_LIVE_JOB_PROGRESS))
		r = promo_live_renew_rights(live);
	if (!r && (kinds & (1U << PROMO_LIVE_NOTIFICATION_CREATED)))
		r = tell_notifications(live);
	if (!r && (kinds & (1U << PROMO_LIVE_JOB_PROGRESS)))
		r = tell_progress(live);
	return r;
}
