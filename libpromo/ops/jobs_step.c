/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/model/batch.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows.h"

/* What a step does to its job: always inside the step's transaction, with the job locked. */

static int hold(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_job_stand_row *ret, bool *ret_ours)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	return promo_store_find(
		worker->store, worker->arena, PROMO_Q_JOB_HOLD, &params, ret, ret_ours);
}

int promo_job_begin(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_job_stand_row *ret, bool *ret_ours)
{
	int r;

	promo_store_rollback(worker->store);
	r = promo_store_begin(worker->store);
	return r ? r : hold(worker, job, ret, ret_ours);
}

/* Every write compares the fence; since the job is locked, a miss is a mistake of ours. */
static int write_job(
	struct promo_job_worker *worker, enum promo_query query, const struct promo_params *params)
{
	int64_t written;
	int r;

	r = promo_store_exec(worker->store, query, params, &written);
	if (r)
		return r;
	return written == 1 ? 0 : promo_fault(-EIO, "a job that was held is gone");
}

int promo_job_note_chunk(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	int64_t done, int64_t chunk, int64_t count)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_int(&params, done);
	promo_param_int(&params, PROMO_JOBS_LEASE_S);
	promo_param_int(&params, chunk);
	promo_param_int(&params, count);
	return write_job(worker, PROMO_Q_JOB_PROGRESS, &params);
}

int promo_job_note_total(
	struct promo_job_worker *worker, const struct promo_job_work_row *job, int64_t total)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_int(&params, total);
	return write_job(worker, PROMO_Q_JOB_TOTAL, &params);
}

int promo_job_write(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	enum promo_query query)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	return write_job(worker, query, &params);
}

int promo_job_note_done(
	struct promo_job_worker *worker, const struct promo_job_work_row *job, int64_t done)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_int(&params, done);
	promo_param_int(&params, PROMO_JOBS_LEASE_S);
	return write_job(worker, PROMO_Q_JOB_DONE, &params);
}

int promo_job_fail(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const char *code, const char *detail)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_text(&params, code);
	promo_param_text(&params, detail);
	return write_job(worker, PROMO_Q_JOB_FAIL, &params);
}

int promo_job_audit(struct promo_job_worker *worker, const char *action, int error,
	const struct promo_audit_note *note)
{
	static const struct promo_request nobodys = { 0 };
	static const struct promo_actor system = { .kind = PROMO_ACTOR_SYSTEM };
	const struct promo_audit_row row = {
		.writer = worker->writer,
		.actor = &system,
		.request = &nobodys,
		.action = action,
		.error = error,
		.note = note,
		.hash_key = worker->config->hash_key,
	};

	return promo_audit_write(worker->store, worker->arena, /* folds= */ NULL, &row);
}

int promo_job_finish(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	enum promo_job_status status)
{
	const struct promo_job before = { .status = PROMO_JOB_RUNNING };
	const struct promo_job after = { .status = (int)status };
	struct promo_ctx ctx = { .arena = worker->arena };
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int r;

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_text(&params, promo_word(&promo_job_status_words, (int)status));
	r = write_job(worker, PROMO_Q_JOB_FINISH, &params);
	if (r)
		return r;
	r = promo_job_tell(worker, job);
	if (r)
		return r;
	promo_audit_entity(&ctx, "job", job->id);
	r = promo_audit_change(&ctx, &promo_job_schema, "status", &before, &after);
	if (r)
		return r;
	return promo_job_audit(worker, "job.finish",
		status == PROMO_JOB_FAILED ? PROMO_E_INTERNAL : 0, &ctx.audit);
}

static int switch_over(struct promo_job_worker *worker, enum promo_query query, const char *what)
{
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	struct promo_truth_row row;
	int r = promo_store_one(worker->store, worker->arena, query, &none, &row);

	if (!r && !row.yes)
		return promo_fault(-EIO, "%s could not be switched", what);
	return r;
}

static int switch_keys(struct promo_job_worker *worker, enum promo_query query)
{
	return switch_over(worker, query, "the check of foreign keys");
}

int promo_job_hurry(struct promo_job_worker *worker)
{
	return switch_over(worker, PROMO_Q_SESSION_HURRY, "the wait for the disk");
}

int promo_job_load_begin(struct promo_job_worker *worker, const struct promo_job_work_row *job)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_id_row batch;
	int r;

	if (!worker->loader)
		return 0;
	promo_param_text(&params, job->batch_id);
	r = promo_store_one(worker->store, worker->arena, PROMO_Q_BATCH_KEEP, &params, &batch);
	return r ? r : switch_keys(worker, PROMO_Q_LOADER_BEGIN);
}

int promo_job_load_end(struct promo_job_worker *worker)
{
	return worker->loader ? switch_keys(worker, PROMO_Q_LOADER_END) : 0;
}
