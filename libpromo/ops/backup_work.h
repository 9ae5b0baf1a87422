/* SPDX-License-Identifier: MIT */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/problem.h"
#include "libpromo/ops/run.h"
#include "libpromo/store/rows_backup.h"

/*
 * What a job on a backup does beside its steps: a thread that waits for the programs of PostgreSQL, while the
 * steps renew the lease and see whether the job is still wanted. A worker that lost it begins anew elsewhere; the
 * file and the scratch database of a backup have one name each, so what was left is overwritten.
 */

PROMO_BEGIN_DECLS

struct promo_backup_work;
/* Does it; above 0 a refusal with work->problem.detail. Looks at work->cut a few times a second. */
typedef int promo_backup_run_fn(struct promo_backup_work *work);

struct promo_backup_work {
	const struct promo_runner_config *config;
	struct promo_arena *arena; /* the thread's until it has ended */
	struct promo_backup_file_row backup;
	promo_backup_run_fn *run;
	atomic_bool cut; /* nobody wants it any more */
	atomic_llong done;
	/* Of the ended one. */
	int result;
	struct promo_problem problem;
	int64_t bytes;
	char sha256[PROMO_SHA256_HEX_SIZE];
	const char *counts;
	/* Inside. */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news;
	bool ended; /* under the lock */
};

/* Starts the thread. */
int promo_backup_work_start(const struct promo_runner_config *config,
	const struct promo_backup_file_row *backup, promo_backup_run_fn *run,
	struct promo_backup_work **ret) PROMO_CHECK;
/* Waits a little; whether it has ended. */
bool promo_backup_work_await(struct promo_backup_work *work);
/* Cuts it off, waits for its end and frees: for promo_job_keep(). */
void promo_backup_work_free(void *work);

promo_backup_run_fn promo_backup_make, promo_backup_check;

PROMO_END_DECLS
