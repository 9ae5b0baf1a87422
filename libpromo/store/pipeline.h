/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/store.h"

/*
 * A connection for a thread that must not wait: statements travel in groups, each group is one
 * transaction of its own (libpq's pipeline mode: what stands before one Sync), and the thread's event
 * loop says when there is something to read or to write. The statements are those of sql/query, as
 * with a store; what a bad answer means is decided by the same code.
 *
 * One group is under way at a time. Belongs to one thread. Nothing here waits but the resolution of
 * a host's name while it connects. It connects by itself, and again after a loss: at once, then after
 * 100 ms, doubled up to 2 s. Of several hosts in the URI, one that does not answer within
 * connect_timeout is tried last the next time.
 *
 *	new -> DOWN <-> CONNECTING -> IDLE -- add.. send --> BUSY -- work --> DONE -- clear --> IDLE
 *	                                                                                  or DOWN
 */

PROMO_BEGIN_DECLS

struct promo_pipeline;

enum {
	PROMO_PIPELINE_MAX = 256 /* statements of a group, and statements it knows */
};

struct promo_pipeline_config {
	const char *uri; /* PostgreSQL connection string */
	bool no_prepare; /* for a pooler in transaction mode */
	/* Prepared in advance, in this order; ends with PROMO_Q_COUNT. Others cannot be run. */
	const enum promo_query *statements;
	int silence_ms; /* how long an answer may stay away before the connection is cut; 0: 15 s */
};

enum promo_pipeline_state {
	PROMO_PIPELINE_DOWN,       /* not connected; tried again at promo_pipeline_deadline_ms() */
	PROMO_PIPELINE_CONNECTING, /* connecting, or preparing its statements */
	PROMO_PIPELINE_IDLE,       /* ready for a group */
	PROMO_PIPELINE_BUSY,       /* a group is under way */
	PROMO_PIPELINE_DONE,       /* its results are there, until promo_pipeline_clear() */
};

/* Makes one and begins to connect. The texts of config are copied, the list is borrowed. A fault if
 * the URI is none or the list holds what cannot travel in a group (COPY); a server that cannot be
 * reached is none. */
int promo_pipeline_new(
	const struct promo_pipeline_config *config, struct promo_pipeline **ret) PROMO_CHECK;
void promo_pipeline_free(struct promo_pipeline *pipeline); /* NULL is fine; never waits */

/* What the event loop has to watch, level-triggered; both may be others after every call of this
 * file. */
int promo_pipeline_fd(const struct promo_pipeline *pipeline);           /* -1: nothing */
bool promo_pipeline_wants_write(const struct promo_pipeline *pipeline); /* beside reading */
/* Another number than before: the descriptor may be another socket, even where it is the same
 * number. poll() need not care; epoll has to be told of it again, since it forgets closed ones. */
unsigned promo_pipeline_watch_version(const struct promo_pipeline *pipeline);
/* When promo_pipeline_work() has to be called at the latest, monotonic; INT64_MAX: never. */
int64_t promo_pipeline_deadline_ms(const struct promo_pipeline *pipeline);

/* Goes on with whatever can go on: after an event or at the deadline, harmless at any other time.
 * The state it is in now. A connection that was lost under a group gives DONE, with a failure as
 * result, and is DOWN after promo_pipeline_clear(). */
enum promo_pipeline_state promo_pipeline_work(struct promo_pipeline *pipeline);
enum promo_pipeline_state promo_pipeline_state(const struct promo_pipeline *pipeline);
/* Counts the connections that became IDLE: with another number, what was known of the session (its
 * locks, its server) is no longer true. */
unsigned promo_pipeline_generation(const struct promo_pipeline *pipeline);

/* Adds a statement to the group that is being made, in IDLE. The parameters are borrowed until
 * promo_pipeline_send(). A fault (parameters without memory or of a wrong number) ends the group:
 * nothing of it was sent, it is DONE with that fault. */
int promo_pipeline_add(struct promo_pipeline *pipeline, enum promo_query query,
	const struct promo_params *params) PROMO_CHECK;
/* Sends what was added as one transaction: BUSY. `writes` says whether a loss from now on may have
 * left it committed (PROMO_STORE_UNKNOWN) or cannot have changed anything (PROMO_STORE_LOST).
 * Other than 0: the group is over already, DONE with this as its result. */
int promo_pipeline_send(struct promo_pipeline *pipeline, bool writes) PROMO_CHECK;

/* In DONE: how the group as a whole went. 0: every statement succeeded and the transaction is
 * committed. Else nothing of it holds, unless promo_pipeline_failure() is PROMO_STORE_UNKNOWN: a
 * refusal (a violated constraint that stands for one), or a fault. PROMO_STORE_RETRY is also what a
 * statement gives that has to be prepared again; the connection is made anew then. */
int promo_pipeline_result(const struct promo_pipeline *pipeline) PROMO_CHECK;
enum promo_store_failure promo_pipeline_failure(const struct promo_pipeline *pipeline);
/* In DONE, after a success: the rows of the statement that was added as number `index` (from 0), as
 * structs of its schema in the arena; none where it has no rows. */
int promo_pipeline_rows(struct promo_pipeline *pipeline, size_t index, struct promo_arena *arena,
	struct promo_objects *ret) PROMO_CHECK;
/* Forgets the results: IDLE, or DOWN after a loss. In IDLE: forgets what was added. */
enum promo_pipeline_state promo_pipeline_clear(struct promo_pipeline *pipeline);

PROMO_END_DECLS
