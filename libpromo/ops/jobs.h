/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/error.h"

/*
 * The engine of background jobs. Jobs are rows: any engine of any process claims one by a lease
 * that it renews with every piece of work, so that a job whose worker died goes on elsewhere soon
 * after its lease ends. Every claim raises the job's fence, and every write of a worker compares
 * it: who lost the lease can change nothing any more. Each thread has a connection of its own and
 * begins and ends its own transactions.
 *
 * A job that fails is put off for a while, longer each time, and fails for good after ten tries that
 * got it no further. Users take turns of a few seconds, so that nobody's many jobs keep another
 * one's waiting. The design and what was measured: docs/decisions/0017.
 */

PROMO_BEGIN_DECLS

struct promo_jobs;
struct promo_random;
struct promo_runner_config;

enum {
	PROMO_JOBS_LEASE_S = 10,
	PROMO_JOBS_POLL_MS = 500, /* jobs queued by other processes are seen this soon */
};

struct promo_jobs_config {
	const struct promo_runner_config *runner; /* outlives the engine */
	int threads;                              /* 0: one; below: none, it only tells others */
	const char
		*loader; /* URI of a role that may check foreign keys itself; NULL: there is none */
	const char *listen; /* URI for LISTEN; NULL: the runner's, unless a pooler is in front */
	const struct promo_random *random; /* NULL: the system's; tests choose */
};

/* Starts the threads; the database need not be reachable yet. */
int promo_jobs_start(const struct promo_jobs_config *config, struct promo_jobs **ret) PROMO_CHECK;

/* Tells the engines of this process, and those of others as far as one here has a bell, that a job
 * was queued, is to be cancelled or has ended; from any thread, also without an engine. The runner
 * calls it after the commit. */
void promo_jobs_wake(void);

/* Ends the threads between two pieces of work; what is unfinished goes on with the next engine, at
 * once. NULL is fine. */
void promo_jobs_stop(struct promo_jobs *jobs);

PROMO_END_DECLS
