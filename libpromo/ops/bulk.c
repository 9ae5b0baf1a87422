/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/code_change.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/store/rows_bulk.h"

/*
 * Changes as many codes as there are, some at a time, each time in a transaction so short that nobody
 * at a counter notices that it had locks. How far the job is stands in its own row, written with the
 * codes, so that whoever goes on after a crash does nothing twice and leaves nothing out. What was
 * changed stays changed when the job is cancelled or fails: the result says how many that are. What
 * does not fit any more when its turn comes, since it was redeemed meanwhile, counts as skipped.
 *
 * The same job takes away what a deleted batch leaves behind, which nobody sees any more.
 */

enum {
	AT_ONCE = 1000, /* codes; some 20 ms with their locks */
	LANES = 16,     /* as many as connections spread over in run.c */
};

struct bulk {
	struct promo_job_worker *worker;
	const struct promo_job_work_row *job;
	const struct promo_job_stand_row *stand;
	struct promo_job_bulk_row params;
};

static int find_next(const struct bulk *bulk, struct promo_objects *ret)
{
	const struct promo_job_bulk_row *own = &bulk->params;
	enum promo_query query = PROMO_Q_CODE_NEXTALL;
	const char *first = "";
	struct promo_params params = PROMO_PARAMS(bulk->worker->arena);

	if (bulk->job->batch_id) {
		query = own->whole_batch ? PROMO_Q_CODE_NEXTGONE : PROMO_Q_CODE_NEXTBATCH;
		first = "0";
		promo_param_text(&params, bulk->job->batch_id);
	}
	if (!own->whole_batch) {
		promo_param_texts_or_null(&params, own->status);
		promo_param_text(&params, own->part);
		promo_param_time(&params, own->created_after);
		promo_param_time(&params, own->created_before);
	}
	promo_param_text(&params, own->after ? own->after : first);
	if (query == PROMO_Q_CODE_NEXTBATCH)
		promo_param_int(&params, own->last);
	else if (query == PROMO_Q_CODE_NEXTALL)
		promo_param_text(&params, own->growing);
	promo_param_int(&params, AT_ONCE);
	return promo_store_all(bulk->worker->store, bulk->worker->arena, query, &params, ret);
}

static int note(const struct bulk *bulk, const char *after, int64_t changed, int64_t skipped)
{
	struct promo_params params = PROMO_PARAMS(bulk->worker->arena);
	int64_t written;
	int r;

	promo_param_text(&params, bulk->job->id);
	promo_param_int(&params, bulk->job->fence);
	promo_param_text(&params, after);
	promo_param_int(&params, changed);
	promo_param_int(&params, skipped);
	r = promo_store_exec(bulk->worker->store, PROMO_Q_JOB_RESULTBULK, &params, &written);
	if (!r && written != 1)
		r = promo_fault(-EIO, "a job that was held is gone");
	return r;
}

/* A piece of the change, told like one that somebody makes: at the very moment of its codes. */
static int tell(const struct bulk *bulk, const struct promo_code_changed *changed)
{
	const struct promo_bulk_answer after = { .changed = changed->changed };
	struct promo_ctx ctx = { .arena = bulk->worker->arena };
	int r;

	if (changed->changed == 0 || bulk->params.whole_batch)
		return 0;
	promo_audit_entity(&ctx, "job", bulk->job->id);
	r = promo_audit_change(&ctx, &promo_bulk_answer_schema, "changed", NULL, &after);
	return r ? r : promo_job_audit(bulk->worker, "code.bulk", /* error= */ 0, &ctx.audit);
}

static int change(const struct bulk *bulk, const struct promo_objects *next)
{
	const struct promo_code_change what = {
		.action = (enum promo_code_action)bulk->params.action,
		.time_zone = bulk->params.time_zone,
		.lane = bulk->worker->writer % LANES,
		.seal = bulk->params.whole_batch,
	};
	struct promo_arena *arena = bulk->worker->arena;
	const char **ids = promo_arena_alloc_array(arena, next->count, sizeof(*ids));
	const struct promo_code_next_row *rows = next->items;
	struct promo_code_changed changed;
	size_t count = 0;
	int64_t all, done;
	int r;

	if (!ids)
		return promo_fault(-ENOMEM, "could not change codes");
	for (size_t i = 0; i < next->count; i++)
		if (rows[i].fits)
			ids[count++] = rows[i].id;
	r = promo_codes_change(
		bulk->worker->store, arena, &what, (struct promo_texts){ ids, count }, &changed);
	if (r)
		return r;
	done = bulk->stand->done + (int64_t)count;
	all = bulk->params.changed + changed.changed;
	r = note(bulk, rows[next->count - 1].place, all, done - all);
	if (!r)
		r = tell(bulk, &changed);
	if (r)
		return r;
	/* Nothing of it was meant: how far the job is, and that it is alive, is all there is to say. */
	if (count == 0)
		return promo_job_note_done(bulk->worker, bulk->job, done);
	return promo_job_note_chunk(
		bulk->worker, bulk->job, done, bulk->params.chunk, (int64_t)count);
}

static int finish(const struct bulk *bulk, enum promo_job_status status)
{
	const int64_t changed = bulk->params.changed;
	const int64_t meant =
		status == PROMO_JOB_SUCCEEDED ? bulk->stand->total : bulk->stand->done;
	struct promo_params params = PROMO_PARAMS(bulk->worker->arena);
	int r;

	r = note(bulk, bulk->params.after, changed, meant > changed ? meant - changed : 0);
	if (!r && bulk->params.whole_batch) {
		promo_param_text(&params, bulk->job->batch_id);
		r = promo_store_exec(bulk->worker->store, PROMO_Q_BATCH_DROP, &params, NULL);
	}
	return r ? r : promo_job_finish(bulk->worker, bulk->job, status);
}

static int step(const struct bulk *bulk, enum promo_job_step *ret)
{
	struct promo_objects next;
	int r;

	/* What a deleted batch leaves behind is of no use to anybody, so that is always finished. */
	if ((bulk->stand->cancel_requested && !bulk->params.whole_batch) ||
		bulk->stand->error_code) {
		*ret = PROMO_JOB_ENDED;
		return finish(
			bulk, bulk->stand->error_code ? PROMO_JOB_FAILED : PROMO_JOB_CANCELLED);
	}
	r = find_next(bulk, &next);
	if (r)
		return r;
	if (next.count > 0)
		return change(bulk, &next);
	*ret = PROMO_JOB_ENDED;
	return finish(bulk, PROMO_JOB_SUCCEEDED);
}

int promo_bulk_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	struct bulk bulk = { .worker = worker, .job = job, .stand = stand };
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int r;

	promo_param_text(&params, job->id);
	r = promo_store_one(
		worker->store, worker->arena, PROMO_Q_JOB_PARAMSBULK, &params, &bulk.params);
	return r ? r : step(&bulk, ret);
}
