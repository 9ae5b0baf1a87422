/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>

#include "libpromo/base/random.h"
#include "libpromo/ops/jobs_hub.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/run.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * The inside of the job engine: what a worker thread hands to the code of a job kind. Every step is
 * one transaction that first locks the job and compares the fence. While the lock is held nobody
 * can claim the job, however long the step takes, so a lease needs no heartbeat: it only has to
 * span the moments between two steps.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_JOBS_STUCK_MAX = 64 /* that are looked for at once */
};

struct promo_job_worker {
	const struct promo_runner_config *config;
	const char *loader; /* URI; NULL: foreign keys are checked by the database */
	struct promo_random random;
	struct promo_store *store;
	struct promo_arena *arena; /* empty at the beginning of every step */
	struct promo_arena *scratch;
	struct promo_job_place place; /* of the job in hand */
	struct promo_pacer pacer;     /* for bulk work */
	int64_t writer;               /* of the audit trail */
	void *kept;                   /* see promo_job_keep() */
	void (*free_kept)(void *kept);
	bool kept_lightly;
	char kept_for[PROMO_UUID_SIZE]; /* the job */
	/* Who held jobs and had not gone on when they were last looked for; see jobs_stuck.c. */
	struct promo_jobs_stuck {
		struct promo_job_stuck {
			int64_t backend, since, bytes;
		} seen[PROMO_JOBS_STUCK_MAX];
		size_t count;
		int64_t looked_ms; /* monotonic */
	} stuck;
	int64_t cleaned_ms; /* when what nobody needs any more was taken away last, monotonic */
	int64_t backups_ms; /* when backups that are due were looked for last, monotonic */
};

enum promo_job_step {
	PROMO_JOB_GOES_ON = 1,
	PROMO_JOB_ENDED,
	PROMO_JOB_TAKEN, /* the fence has risen: it is somebody else's now */
	PROMO_JOB_RESTS, /* it goes on when maintenance mode is over */
	PROMO_JOB_CUT,   /* it was interrupted: roll back and look what is wanted */
};
/* What a step is and how a kind gets one: job_kinds.h. */

/* Keeps something of the step for the next one, in the place of what was kept, which `free_kept` then
 * takes; NULL: nothing. The engine takes it when it lets go of the job, and lets the job have its next
 * turn at once meanwhile, since nobody else has what is kept. */
static inline void promo_job_keep(
	struct promo_job_worker *worker, void *kept, void (*free_kept)(void *kept))
{
	if (worker->kept)
		worker->free_kept(worker->kept);
	worker->kept = kept;
	worker->free_kept = free_kept;
	worker->kept_lightly = false;
}
/* The same, but others get their turns: what is kept is there again if the next job of this thread is
 * the same one. Another worker may have gone on with it meanwhile. */
static inline void promo_job_keep_lightly(
	struct promo_job_worker *worker, void *kept, void (*free_kept)(void *kept))
{
	promo_job_keep(worker, kept, free_kept);
	worker->kept_lightly = true;
	(void)snprintf(worker->kept_for, sizeof(worker->kept_for), "%s", worker->place.job_id);
}
static inline void *promo_job_kept(const struct promo_job_worker *worker)
{
	return worker->kept;
}

/* Whether the step is to end now, since its job is to be cancelled or the engine to stop: a step that
 * may take longer than half a second asks now and then, and returns 0 with *ret = PROMO_JOB_CUT. */
static inline bool promo_job_unwanted(struct promo_job_worker *worker)
{
	return atomic_load_explicit(&worker->place.unwanted, memory_order_relaxed);
}

/* Begins a transaction with the job locked, in the place of the one that there may be; *ret_ours is
 * false where the fence has risen. The engine calls it before every step; a step calls it again where
 * an error has spoilt its transaction and there is another way. */
int promo_job_begin(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_job_stand_row *ret, bool *ret_ours) PROMO_CHECK;

/* Ends the connection of a worker that holds a job after its lease and does not go on; called between
 * jobs, it looks every few seconds. */
int promo_job_free_stuck(struct promo_job_worker *worker) PROMO_CHECK;

/* Notes inside a step how much there is to do, where nobody knew before. */
int promo_job_note_total(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	int64_t total) PROMO_CHECK;

/* Runs a statement on the job whose parameters are its id and its fence, such as the one that sets
 * `result`. */
int promo_job_write(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	enum promo_query query) PROMO_CHECK;

/*
 * Around a COPY of codes into the job's batch: where the daemon has a role for it, foreign keys are
 * checked set-wise between the two, once instead of for every row. promo_job_load_begin() keeps the
 * batch from being deleted, as each of those checks would. Everything else of the step stands
 * outside.
 */
int promo_job_load_begin(
	struct promo_job_worker *worker, const struct promo_job_work_row *job) PROMO_CHECK;
int promo_job_load_end(struct promo_job_worker *worker) PROMO_CHECK;

/* Inside a step that is not the last: its commit does not wait for the disk. A crash of the server may take
 * it back with the progress that it noted, but not once a later commit that waits has returned. */
int promo_job_hurry(struct promo_job_worker *worker) PROMO_CHECK;

/* Notes inside a step that a chunk of `count` is finished, `done` in all, and renews the lease. */
int promo_job_note_chunk(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	int64_t done, int64_t chunk, int64_t count) PROMO_CHECK;

/* Notes inside a step that `done` of the total are done, where there are no chunks, or left, while it takes
 * back what it did; renews the lease. */
int promo_job_note_done(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	int64_t done) PROMO_CHECK;

/* Notes inside a step why the job fails. From its next step on it takes back what it did. */
int promo_job_fail(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const char *code, const char *detail) PROMO_CHECK;

/* Writes down, inside a transaction, what the engine did by itself: like what people do. */
int promo_job_audit(struct promo_job_worker *worker, const char *action, int error,
	const struct promo_audit_note *note) PROMO_CHECK;

/* Tells, inside a step, that the job has ended, whoever wants to know. */
int promo_job_tell(
	struct promo_job_worker *worker, const struct promo_job_work_row *job) PROMO_CHECK;

/* Ends the job inside a step, with its row in the audit trail. */
int promo_job_finish(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	enum promo_job_status status) PROMO_CHECK;

/* What has to be done from time to time, whatever else: in transactions of its own. On an error the
 * caller rolls back; the next time comes soon. */
int promo_job_tidy(struct promo_job_worker *worker) PROMO_CHECK;

PROMO_END_DECLS
