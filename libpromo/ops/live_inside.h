/* SPDX-License-Identifier: MIT */
#pragma once

#include <pthread.h>

#include "libpromo/base/uuid.h"
#include "libpromo/model/live.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/live.h"
#include "libpromo/ops/run.h"
#include "libpromo/store/rows_feed.h"

/*
 * The inside of live events: live.c is the thread, live_stream.c the streams and their queues,
 * live_events.c makes events of rows, live_extras.c tells of what is not in the trail, live_rights.c
 * says who may hear of one. Not installed.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_LIVE_MARKS = 64, /* notifications that an id names, at most */
	PROMO_LIVE_NOTED_AT_ONCE = 200,
	/* For so long after the time in its id a notification may still come to light. */
	PROMO_LIVE_LATE_MS = 60 * 1000,
	PROMO_LIVE_ADDRESS_SIZE = 64,
};

/* Something that happened, as it is told. Texts are of the round. */
struct promo_live_event {
	enum promo_live_kind kind;
	const char *data;     /* JSON in one line */
	const char *position; /* behind it; NULL: it is not in the audit trail */
	const char *owner;    /* whose it is; NULL: nobody's */
	struct promo_texts concerned;
	bool fraud;                  /* an alert of such a kind */
	const char *notification_id; /* NULL: it is none */
};

/* A notification that was told: some bits of its id, and the time in it. */
struct promo_live_mark {
	uint32_t bits;
	int64_t at;
};

enum promo_live_state {
	PROMO_LIVE_BEHIND,  /* still reads what came before */
	PROMO_LIVE_IN_STEP, /* hears what the others hear */
	PROMO_LIVE_OVER,    /* ends when all of its queue was read */
	PROMO_LIVE_TOO_SLOW,
};

struct promo_live_stream {
	struct promo_live *live;
	/* Under the lock. */
	struct promo_live_stream *next, **back;
	unsigned holders; /* its reader, and the thread while it works for it */
	bool closed, waiting;
	enum promo_live_state state;
	void (*wake)(void *context);
	void *wake_context;
	char *bytes;
	size_t size, capacity, taken;
	/* As it was opened. */
	unsigned kinds;
	struct promo_auth_bearer bearer;
	char user_id[PROMO_UUID_SIZE], ip[PROMO_LIVE_ADDRESS_SIZE];
	/* The thread's; of the actor only user_id and whether he came with a key are there. */
	struct promo_auth_known known;
	char *position; /* in the audit trail, behind what it was told */
	int64_t beat_at_ms;
	int64_t noted_ms; /* notifications up to this time and PROMO_LIVE_LATE_MS before were told */
	bool resumed;     /* at noted_ms by an earlier stream */
	int64_t floor_ms;              /* what is older was told by that, or is too late */
	struct promo_live_mark *marks; /* those of the last PROMO_LIVE_LATE_MS, as they were told */
	size_t mark_count, mark_room;
};

struct promo_live {
	struct promo_live_config config;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock. */
	struct promo_live_stream *first;
	size_t count;
	bool ending, stopping, opened;
	/* The thread's. */
	struct promo_store *store;
	struct promo_settings *settings;
	struct promo_arena *arena;    /* of a round */
	char *position;               /* of those in step; NULL: nobody is */
	int64_t epoch, now_ms;        /* of the database, when rights were looked at */
	int64_t looked_version;       /* of the settings by which all were looked at */
	int64_t rights_ms, extras_ms; /* when what was done last, monotonic */
	struct promo_live_progress {
		char id[PROMO_UUID_SIZE];
		int64_t done;
	} progress[32];
	size_t progress_count;
};

/* live_events.c: events of rows of the trail, each with the index of its row. */
struct promo_live_found {
	struct promo_live_event event;
	size_t row;
};
/* The actions that events of these kinds come from. */
int promo_live_actions(struct promo_arena *arena, struct promo_texts *ret) PROMO_CHECK;
int promo_live_events(struct promo_live *live, unsigned kinds, const struct promo_feed_row *rows,
	size_t count, struct promo_live_found **ret, size_t *ret_count) PROMO_CHECK;
/* Jobs that went on since the last time. */
int promo_live_progress(
	struct promo_live *live, struct promo_live_event **ret, size_t *ret_count) PROMO_CHECK;
/* What users were told of behind this id (promo_uuid_at()), at most PROMO_LIVE_NOTED_AT_ONCE. */
int promo_live_notifications(struct promo_live *live, struct promo_texts users, const char *after,
	struct promo_live_event **ret, size_t *ret_count) PROMO_CHECK;

/* live_extras.c: what is not in the trail. */
int promo_live_tell_extras(struct promo_live *live) PROMO_CHECK;
/* What one was told of that lies behind the time of his last event, but for what he heard of then. */
int promo_live_catch_up_notifications(
	struct promo_live *live, struct promo_live_stream *stream) PROMO_CHECK;

/* live_rights.c. */
bool promo_live_wants(const struct promo_live_stream *stream, enum promo_live_kind kind);
/* What those in step, and those who may come to be, want to hear of, together. */
unsigned promo_live_kinds_wanted(struct promo_live *live);
/* With the lock: puts it where the stream wants and may hear of it. */
void promo_live_tell(struct promo_live_stream *stream, const struct promo_live_event *event,
	const char *position);
bool promo_live_may_hear(const struct promo_live_event *event, const struct promo_actor *actor);
/* Reads who listens and what he may now; ends his stream where he may not listen any more. */
int promo_live_look_at(struct promo_live *live, struct promo_live_stream *stream) PROMO_CHECK;
/* Looks at all whose rights changed since the last time, and keeps what the database says of now. */
int promo_live_renew_rights(struct promo_live *live) PROMO_CHECK;
/* Whether the time of this stream's session is over, as far as is known. */
bool promo_live_is_out_of_time(
	const struct promo_live *live, const struct promo_live_stream *stream);

/* live_stream.c. */
void promo_live_lock(struct promo_live *live);
void promo_live_unlock(struct promo_live *live);
/* Streams that fit, up to `max`, held for the thread. */
size_t promo_live_hold(struct promo_live *live,
	bool (*fits)(const struct promo_live_stream *stream, const void *context),
	const void *context, struct promo_live_stream **ret, size_t max);
void promo_live_release(struct promo_live *live, struct promo_live_stream *stream);
/* With the lock: */
void promo_live_put(struct promo_live_stream *stream, const struct promo_live_event *event,
	const char *position);
void promo_live_put_lost(struct promo_live_stream *stream, const char *position);
void promo_live_beat(struct promo_live_stream *stream, const char *position);
void promo_live_finish(struct promo_live_stream *stream);
bool promo_live_is_marked(const struct promo_live_stream *stream, const char *notification_id);
void promo_live_mark(struct promo_live_stream *stream, const char *notification_id);
/* A position of a stream taken apart and put together: that of the trail, and its notifications. */
int promo_live_position_read(struct promo_live_stream *stream, const char *text) PROMO_CHECK;

PROMO_END_DECLS
