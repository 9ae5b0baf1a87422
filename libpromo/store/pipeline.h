/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/store.h"

/*
 * A connection for a thread that must not wait: statements travel in groups, each group is one
 * transaction of its own (libpq's pipeline mode: what stands before one Sync), and the thread's event
 * loop says when there is something to read or to write. The statements are those of sql/query, as
 * with a store; what a bad answer means is decided by the same code.
 *
 * One group is under way at a time. Belongs to one thread. Nothing here blocks but
 * promo_pipeline_new() and, after a loss, the resolution of a host name.
 */

PROMO_BEGIN_DECLS

struct promo_pipeline;

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

/* Makes one and begins to connect. The texts of config are copied, the list is borrowed. */
int promo_pipeline_new(
	const struct promo_pipeline_config *config, struct promo_pipeline **ret) PROMO_CHECK;
void promo_pipeline_free(struct promo_pipeline *pipeline); /* NULL is fine */

/* What the event loop has to watch; both may be others after every call of this file. */
int promo_pipeline_fd(const struct promo_pipeline *pipeline);           /* -1: nothing */
bool promo_pipeline_wants_write(const struct promo_pipeline *pipeline); /* beside reading */
/* When promo_pipeline_work() has to be called at the latest, monotonic; INT64_MAX: never. */
int64_t promo_pipeline_deadline_ms(const struct promo_pipeline *pipeline);

/* Goes on with whatever can go on: after an event or at the deadline. The state it is in now. A
 * connection that was lost under a group gives DONE, with failures as results, and is DOWN after
 * promo_pipeline_clear(). Each new connection counts in promo_pipeline_generation(). */
enum promo_pipeline_state promo_pipeline_work(struct promo_pipeline *pipeline);
enum promo_pipeline_state promo_pipeline_state(const struct promo_pipeline *pipeline);
unsigned promo_pipeline_generation(const struct promo_pipeline *pipeline);

/* Adds a statement to the group that is being made; its parameters are copied by libpq. In IDLE. */
int promo_pipeline_add(struct promo_pipeline *pipeline, enum promo_query query,
	const struct promo_params *params) PROMO_CHECK;
/* Sends what was added as one transaction: BUSY. `writes` says whether a loss from now on may have
 * left it committed (PROMO_STORE_UNKNOWN) or cannot have changed anything (PROMO_STORE_LOST). */
int promo_pipeline_send(struct promo_pipeline *pipeline, bool writes) PROMO_CHECK;

/* In DONE: how the group as a whole went. 0: every statement succeeded and the transaction is
 * committed. Else nothing of it holds, unless promo_pipeline_failure() is PROMO_STORE_UNKNOWN: a
 * refusal (a violated constraint that stands for one), or a fault. */
int promo_pipeline_result(const struct promo_pipeline *pipeline) PROMO_CHECK;
enum promo_store_failure promo_pipeline_failure(const struct promo_pipeline *pipeline);
/* In DONE, after a success: the rows of the statement that was added as number `index` (from 0), as
 * structs of its schema in the arena; none where it has no rows. */
int promo_pipeline_rows(struct promo_pipeline *pipeline, size_t index, struct promo_arena *arena,
	struct promo_objects *ret) PROMO_CHECK;
/* Forgets the results: IDLE, or DOWN after a loss. */
enum promo_pipeline_state promo_pipeline_clear(struct promo_pipeline *pipeline);

PROMO_END_DECLS
