/* SPDX-License-Identifier: MIT */
#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/worker.h"

/*
 * A process that was stopped, or a machine that was paused, still answers keepalives. In the middle of a
 * COPY no timeout of the server holds either, and with the transaction the lock on the job stays. So who
 * has nothing else to do looks which connections hold a job whose lease has ended, are waited for and have
 * sent nothing between two looks, and ends them. Whoever it was finds the fence risen when he goes on. A
 * step that only takes long is not waited for, or gets on.
 */

enum {
	LOOK_MS = 5000, /* with the lease of 10 s another one goes on within 30 s */
};

static bool stands_still(
	const struct promo_jobs_stuck *before, const struct promo_job_stuck_row *row)
{
	for (size_t i = 0; i < before->count; i++)
		if (before->seen[i].backend == row->backend &&
			before->seen[i].since == row->since && before->seen[i].bytes == row->bytes)
			return true;
	return false;
}

static int end(struct promo_job_worker *worker, const struct promo_job_stuck_row *row)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_log(PROMO_LOG_WARNING,
		"job %s does not go on where it was begun: its connection is ended, so that "
		"another worker can have it",
		row->id);
	promo_param_int(&params, row->backend);
	promo_param_time(&params, row->since);
	return promo_store_exec(worker->store, PROMO_Q_JOB_UNSTICK, &params, NULL);
}

int promo_job_free_stuck(struct promo_job_worker *worker)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	const struct promo_jobs_stuck before = worker->stuck;
	struct promo_jobs_stuck *now = &worker->stuck;
	const struct promo_job_stuck_row *rows;
	struct promo_objects found;
	int r;

	if (promo_monotonic_ms() < before.looked_ms + LOOK_MS)
		return 0;
	*now = (struct promo_jobs_stuck){ .looked_ms = promo_monotonic_ms() };
	r = promo_store_all(worker->store, worker->arena, PROMO_Q_JOB_STUCK, &params, &found);
	if (r)
		return r;
	rows = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		if (stands_still(&before, &rows[i]))
			r = end(worker, &rows[i]);
		else if (now->count < PROMO_JOBS_STUCK_MAX)
			now->seen[now->count++] = (struct promo_job_stuck){ rows[i].backend,
				rows[i].since, rows[i].bytes };
	}
	return r;
}
