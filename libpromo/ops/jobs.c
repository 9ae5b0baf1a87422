/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/worker.h"

enum {
	THREADS_MAX = 16,
	STEP_FAILURES_MAX = 5, /* in a row, then another claim is needed */
	ATTEMPTS_MAX = 10,     /* claims in a row without progress, then the job fails */
	TIDY_MS = 5000,
	RECONNECT_MS = 2000, /* between looks while the database cannot be reached */
	ARENA_LIMIT = 8 * 1024 * 1024,
	SCRATCH_LIMIT = 32 * 1024 * 1024,
};

struct promo_jobs {
	const struct promo_runner_config *runner;
	struct promo_random random;
	int count;
	pthread_t threads[THREADS_MAX];
	bool stopping; /* under hub.lock */
};

/* Where the threads of all engines of the process wait. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t news;
	uint64_t wakes;
} hub = { .lock = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER };

void promo_jobs_wake(void)
{
	(void)pthread_mutex_lock(&hub.lock);
	hub.wakes++;
	(void)pthread_cond_broadcast(&hub.news);
	(void)pthread_mutex_unlock(&hub.lock);
}

static uint64_t wakes_now(void)
{
	uint64_t wakes;

	(void)pthread_mutex_lock(&hub.lock);
	wakes = hub.wakes;
	(void)pthread_mutex_unlock(&hub.lock);
	return wakes;
}

static bool is_stopping(struct promo_jobs *jobs)
{
	bool stopping;

	(void)pthread_mutex_lock(&hub.lock);
	stopping = jobs->stopping;
	(void)pthread_mutex_unlock(&hub.lock);
	return stopping;
}

/* Waits for a wake-up since `seen`, for the end, or for at most timeout_ms. */
static void wait_for_news(struct promo_jobs *jobs, uint64_t seen, int timeout_ms)
{
	int64_t until_ms = promo_monotonic_ms() + timeout_ms;
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	(void)pthread_mutex_lock(&hub.lock);
	while (!jobs->stopping && hub.wakes == seen)
		if (pthread_cond_clockwait(&hub.news, &hub.lock, CLOCK_MONOTONIC, &until))
			break;
	(void)pthread_mutex_unlock(&hub.lock);
}

/*
 * The connection of a thread.
 */

static int connect_worker(struct promo_job_worker *worker)
{
	const struct promo_store_config config = {
		.uri = worker->config->database,
		.no_prepare = worker->config->no_prepare,
		.no_skip_locked = worker->config->no_skip_locked,
		.patient = true,
	};
	int r;

	r = promo_store_open(&config, &worker->store);
	if (r)
		return r;
	r = promo_audit_open(worker->store, worker->arena, "jobs", &worker->writer);
	if (r) {
		promo_store_close(worker->store);
		worker->store = NULL;
	}
	return r;
}

/* After an error: what can be tried again on this connection is, all else begins with a new one. */
static void recover(struct promo_job_worker *worker)
{
	bool again = promo_store_failure(worker->store) == PROMO_STORE_RETRY &&
		     !promo_audit_writer_closed(worker->store);

	promo_store_rollback(worker->store);
	if (again)
		return;
	promo_store_close(worker->store);
	worker->store = NULL;
}

/*
 * The work.
 */

/* The kinds that this program knows: another version may have queued more. */
static int param_kinds(struct promo_params *params)
{
	const char **kinds =
		promo_arena_alloc_array(params->arena, promo_job_kind_count, sizeof(*kinds));

	if (!kinds)
		return promo_fault(-ENOMEM, "could not look for jobs");
	for (size_t i = 0; i < promo_job_kind_count; i++)
		kinds[i] = promo_word(&promo_job_kind_words, (int)promo_job_kinds[i].kind);
	promo_param_texts(
		params, (struct promo_texts){ .items = kinds, .count = promo_job_kind_count });
	return 0;
}

static int claim(struct promo_job_worker *worker, struct promo_arena *arena, const char *owner,
	struct promo_job_work_row *ret, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int r;

	promo_param_text(&params, owner);
	promo_param_int(&params, PROMO_JOBS_LEASE_S);
	r = param_kinds(&params);
	return r ? r
		 : promo_store_find(
			   worker->store, arena, PROMO_Q_JOB_CLAIM, &params, ret, ret_found);
}

static void release(struct promo_job_worker *worker, const struct promo_job_work_row *job)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	if (promo_store_exec(worker->store, PROMO_Q_JOB_RELEASE, &params, NULL))
		promo_log(PROMO_LOG_WARNING,
			"could not give back job %s, it goes on when its lease has ended", job->id);
}

/* One step: a transaction that begins with the job locked. A job that one worker after the other gave
 * up is failing for a reason of its own, and its step is then to note that. */
static int take_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	bool failing, enum promo_job_step *ret)
{
	enum promo_job_step step = PROMO_JOB_GOES_ON;
	struct promo_job_stand_row stand;
	bool ours;
	int r;

	promo_arena_clear(worker->arena);
	r = promo_job_begin(worker, job, &stand, &ours);
	if (r)
		return r;
	if (!ours)
		step = PROMO_JOB_TAKEN;
	else if (failing)
		r = promo_job_fail(worker, job, promo_error_info(PROMO_E_INTERNAL)->wire,
			"it was tried again and again and never got on; the log says why");
	else
		r = promo_job_kind_find(job->kind)->step(worker, job, &stand, &step);
	if (!r)
		r = promo_store_commit(worker->store);
	if (!r)
		*ret = step;
	return r;
}

static void work_on(struct promo_jobs *jobs, struct promo_job_worker *worker,
	const struct promo_job_work_row *job)
{
	enum promo_job_step step = PROMO_JOB_GOES_ON;
	bool failing = job->attempts > ATTEMPTS_MAX;
	int failures = 0, r;

	while (step == PROMO_JOB_GOES_ON && failures < STEP_FAILURES_MAX) {
		if (is_stopping(jobs)) {
			if (worker->store)
				release(worker, job);
			return;
		}
		r = worker->store ? 0 : connect_worker(worker);
		if (!r)
			r = take_step(worker, job, failing, &step);
		if (!r) {
			failing = false;
			failures = 0;
			continue;
		}
		if (worker->store)
			recover(worker);
		if (++failures > 1)
			wait_for_news(jobs, wakes_now(), PROMO_JOBS_POLL_MS);
	}
}

/* One look for work; false if there was none, or it could not be looked for. */
static bool look(struct promo_jobs *jobs, struct promo_job_worker *worker,
	struct promo_arena *job_arena, int64_t *tidied_ms)
{
	struct promo_job_work_row job;
	char owner[PROMO_UUID_SIZE];
	bool found;
	int r;

	promo_arena_clear(job_arena);
	promo_arena_clear(worker->arena);
	r = worker->store ? 0 : connect_worker(worker);
	if (r)
		return false;
	promo_uuid_new(owner);
	r = claim(worker, job_arena, owner, &job, &found);
	if (!r && found) {
		work_on(jobs, worker, &job);
		return true;
	}
	if (!r && promo_monotonic_ms() >= *tidied_ms + TIDY_MS) {
		*tidied_ms = promo_monotonic_ms();
		r = promo_job_tidy(worker);
	}
	if (r)
		recover(worker);
	return false;
}

static void *run(void *argument)
{
	struct promo_jobs *jobs = argument;
	struct promo_job_worker worker = { .config = jobs->runner, .random = jobs->random };
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *job_arena = NULL;
	int64_t tidied_ms = 0;

	job_arena = promo_arena_new(ARENA_LIMIT);
	worker.arena = promo_arena_new(ARENA_LIMIT);
	worker.scratch = promo_arena_new(SCRATCH_LIMIT);
	if (!job_arena || !worker.arena || !worker.scratch)
		(void)promo_fault(-ENOMEM, "could not start a thread for jobs");
	else
		while (!is_stopping(jobs)) {
			uint64_t seen = wakes_now();

			if (!look(jobs, &worker, job_arena, &tidied_ms))
				wait_for_news(jobs, seen,
					worker.store ? PROMO_JOBS_POLL_MS : RECONNECT_MS);
		}
	/* What is still counted is better told now than when the next engine starts. */
	if (worker.store) {
		promo_arena_clear(worker.arena);
		if (promo_audit_folds_flush(
			    worker.store, worker.arena, worker.writer, /* all= */ true))
			promo_log(PROMO_LOG_DEBUG, "could not move what was counted");
	}
	promo_store_close(worker.store);
	promo_arena_free(worker.arena);
	promo_arena_free(worker.scratch);
	return NULL;
}

int promo_jobs_start(const struct promo_jobs_config *config, struct promo_jobs **ret)
{
	int wanted = config->threads > 0 ? config->threads : 1, error = 0;
	struct promo_jobs *jobs = calloc(1, sizeof(*jobs));
	sigset_t all, before;

	if (!jobs)
		return promo_fault(-ENOMEM, "could not start the job engine");
	jobs->runner = config->runner;
	jobs->random = config->random ? *config->random : promo_random_system();
	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	while (!error && jobs->count < wanted && jobs->count < THREADS_MAX) {
		error = pthread_create(&jobs->threads[jobs->count], NULL, run, jobs);
		if (!error)
			jobs->count++;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error) {
		promo_jobs_stop(jobs);
		return promo_fault(-error, "could not start the job engine");
	}
	*ret = jobs;
	return 0;
}

void promo_jobs_stop(struct promo_jobs *jobs)
{
	if (!jobs)
		return;
	(void)pthread_mutex_lock(&hub.lock);
	jobs->stopping = true;
	(void)pthread_cond_broadcast(&hub.news);
	(void)pthread_mutex_unlock(&hub.lock);
	for (int i = 0; i < jobs->count; i++)
		(void)pthread_join(jobs->threads[i], NULL);
	free(jobs);
}
