/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/ops/worker.h"

/*
 * The kinds of jobs that this program can do, one row each. The engine (jobs.h) claims only these,
 * locks a job and calls its step until that says that the job has ended.
 *
 * If you add a kind: its word in model/words.c and in the CHECK of jobs.kind, a row here, a
 * statement that queues it (`job_insert<kind>.sql`, with its parameters as JSON in `params`), and
 * one that reads them back for its step (`job_params<kind>.sql`).
 */

PROMO_BEGIN_DECLS

/* One step, inside a transaction of worker->store that the engine has begun with the job locked and
 * commits afterwards; `stand` is where the job stands. It does a piece of work of a second or less
 * and notes that with promo_job_note_chunk(), or does the last and calls promo_job_finish() with
 * *ret = PROMO_JOB_ENDED. With stand->cancel_requested or stand->error_code it takes a piece of what
 * it did back instead (promo_job_note_done()), and finishes as cancelled or failed when nothing is
 * left. *ret is PROMO_JOB_GOES_ON before the call. On an error the engine rolls back and calls
 * again, here or in another process, so a step must only leave traces in this transaction. */
typedef int promo_job_step_fn(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret);

/* Takes away what was made for a job that is cancelled before anybody began with it: inside the
 * transaction of the operation that cancels. */
typedef int promo_job_drop_fn(struct promo_ctx *ctx, const struct promo_job_state_row *job);

struct promo_job_kind_row {
	enum promo_job_kind kind;
	enum promo_permission starts; /* and cancels */
	promo_job_step_fn *step;
	promo_job_drop_fn *drop; /* NULL: nothing waits with it */
	bool unresting;          /* goes on in maintenance mode: it changes nothing of the shop */
};
extern const struct promo_job_kind_row promo_job_kinds[];
extern const size_t promo_job_kind_count;

/* NULL where this program does not know the kind. */
const struct promo_job_kind_row *promo_job_kind_find(int kind);

promo_job_step_fn promo_generate_step, promo_import_step, promo_bulk_step, promo_export_step,
	promo_backup_step;
promo_job_drop_fn promo_generate_drop, promo_import_drop, promo_backup_drop;

PROMO_END_DECLS
