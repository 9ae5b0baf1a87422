/* SPDX-License-Identifier: MIT */
#pragma once

#include "promod/pool.h"

/*
 * Who started a job and said `Prefer: wait=N` (RFC 7240, 4.3) is answered when it has ended, or when
 * his time is over: until then his request waits here, on the loop, and a worker looks for the end of
 * the job now and then. Nobody holds a worker meanwhile.
 */

enum {
	PROMOD_JOB_WAIT_MAX_S = 30,
	PROMOD_JOB_WAITS_MAX = 64, /* more are not waited for */
};

/* Part of whatever waits, from promod_job_waits_take() to over(). */
struct promod_job_wait {
	struct promod_task task;
	/* Whether the job has ended; on a thread of the pool. */
	bool (*look)(struct promod_job_wait *wait, void *own);
	/* The end of the waiting, on the loop's thread. */
	void (*over)(struct promod_job_wait *wait);
	bool ended; /* the job, by then */
	/* The list's. */
	struct promod_job_wait *next;
	struct promod_job_waits *waits;
	int64_t until_ms;
	bool looking;
};

struct promod_job_waits;

int promod_job_waits_new(struct promod_loop *loop, struct promod_job_waits **ret) PROMO_CHECK;
/* Nothing waits any more: promod_job_waits_end() was called and the pool has stopped. NULL is fine. */
void promod_job_waits_free(struct promod_job_waits *waits);

/* Seconds of `Prefer: wait=N`; 0 where the value says nothing of that kind. */
int promod_job_wait_seconds(const char *prefer);

/* Looks from now on, for at most `seconds`, with workers of the pool. False where too many wait. */
bool promod_job_waits_take(struct promod_job_waits *waits, struct promod_pool *workers,
	struct promod_job_wait *wait, int seconds);

/* Whoever waits is answered now, and nobody waits any more. */
void promod_job_waits_end(struct promod_job_waits *waits);
