/* SPDX-License-Identifier: MIT */
#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/worker.h"

/*
 * A process that was stopped, or a machine that was paused, still answers keepalives. In the middle of a
 * COPY no timeout of the server holds either, and with the transaction the lock on the job stays. So who
 * has nothing else to do looks whether a connection whose lease has ended is waited for and has sent
 * nothing between two looks, and ends it. Whoever it was finds the fence risen when he goes on. A step
 * that only takes long is not waited for, or gets on.
 */

enum {
	LOOK_MS = 5000, /* with the lease of 10 s another one goes on within 30 s */
};

int promo_job_free_stuck(struct promo_job_worker *worker)
{
	struct promo_params lease = PROMO_PARAMS(worker->arena);
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_job_stuck before = worker->stuck;
	struct promo_job_stuck_row row;
	bool found;
	int r;

	if (promo_monotonic_ms() < before.looked_ms + LOOK_MS)
		return 0;
	worker->stuck = (struct promo_job_stuck){ .looked_ms = promo_monotonic_ms() };
	promo_param_int(&lease, PROMO_JOBS_LEASE_S);
	r = promo_store_find(worker->store, worker->arena, PROMO_Q_JOB_STUCK, &lease, &row, &found);
	if (r || !found)
		return r;
	if (row.backend != before.backend || row.since != before.since ||
		row.bytes != before.bytes) {
		worker->stuck.backend = row.backend;
		worker->stuck.since = row.since;
		worker->stuck.bytes = row.bytes;
		return 0;
	}
	promo_log(PROMO_LOG_WARNING,
		"job %s does not go on where it was begun: its connection is ended, so that "
		"another worker can have it",
		row.id);
	promo_param_int(&params, row.backend);
	promo_param_time(&params, row.since);
	return promo_store_exec(worker->store, PROMO_Q_JOB_UNSTICK, &params, NULL);
}
