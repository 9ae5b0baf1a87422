/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/jobs_bell.h"
#include "libpromo/ops/jobs_hub.h"
#include "libpromo/ops/worker.h"

enum {
	THREADS_MAX = 16,
	CONFLICTS_MAX = 5, /* in a row, then the job is put off */
	FAILURES_MAX = 2,  /* the same for what is not likely to pass */
	ATTEMPTS_MAX = 10, /* claims in a row without progress, then the job fails */
	PAUSE_MS = 1000,   /* after the first failure; doubled each time */
	PAUSE_MAX_MS = 5 * 60 * 1000,
	TURN_MS = 2000, /* then others get theirs, if there are any */
	TIDY_MS = 5000,
	RECONNECT_MS = 2000, /* between looks while the database cannot be reached */
	ARENA_LIMIT = 8 * 1024 * 1024,
	SCRATCH_LIMIT = 32 * 1024 * 1024,
};

struct promo_jobs {
	const struct promo_runner_config *runner;
	struct promo_random random;
	const char *loader;
	struct promo_bell *bell;
	int count;
	pthread_t threads[THREADS_MAX];
	bool stopping; /* as the hub guards it */
};

/*
 * The connection of a thread.
 */

static int connect_worker(struct promo_job_worker *worker)
{
	const struct promo_store_config config = {
		.uri = worker->loader ? worker->loader : worker->config->database,
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

/* The kinds that this program knows, or those of them that never rest: another version may have queued
 * more. */
static int param_kinds(struct promo_params *params, bool unresting)
{
	const char **kinds =
		promo_arena_alloc_array(params->arena, promo_job_kind_count, sizeof(*kinds));
	size_t count = 0;

	if (!kinds)
		return promo_fault(-ENOMEM, "could not look for jobs");
	for (size_t i = 0; i < promo_job_kind_count; i++)
		if (!unresting || promo_job_kinds[i].unresting)
			kinds[count++] =
				promo_word(&promo_job_kind_words, (int)promo_job_kinds[i].kind);
	promo_param_texts(params, (struct promo_texts){ .items = kinds, .count = count });
	return 0;
}

static int claim(struct promo_job_worker *worker, struct promo_arena *arena, const char *owner,
	struct promo_job_work_row *ret, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int r;

	promo_param_text(&params, owner);
	promo_param_int(&params, PROMO_JOBS_LEASE_S);
	r = param_kinds(&params, /* unresting= */ false);
	if (!r)
		r = param_kinds(&params, /* unresting= */ true);
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

/* What is told of a failure: which it was in the log, whose it was here. */
static const char *reason(int r, enum promo_store_failure failure)
{
	if (r > 0)
		return promo_error_info(r)->text;
	switch (failure) {
	case PROMO_STORE_RETRY:
		return "others were at work on the same rows";
	case PROMO_STORE_LOST:
	case PROMO_STORE_UNKNOWN:
		return "the connection to the database was lost";
	case PROMO_STORE_FULL:
		return "the database ran out of room or time";
	case PROMO_STORE_FINE:
	case PROMO_STORE_FAULT:
		break;
	}
	return "there was an internal error; the log of the daemon says which";
}

/* Twice as long each time, and never the same for two jobs that failed together. */
static int64_t pause_ms(struct promo_job_worker *worker, int64_t attempts)
{
	int64_t pause = PAUSE_MS;

	while (--attempts > 0 && pause < PAUSE_MAX_MS)
		pause *= 2;
	pause = pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
	return pause / 2 + promo_random_below(&worker->random, (uint32_t)pause);
}

/* Puts a job off that could not be gone on with. Where not even that can be noted, it goes on when its
 * lease has ended. */
static void put_off(
	struct promo_job_worker *worker, const struct promo_job_work_row *job, const char *why)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int64_t pause = pause_ms(worker, job->attempts);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_int(&params, pause);
	promo_param_text(&params, why);
	if (promo_store_exec(worker->store, PROMO_Q_JOB_RETRY, &params, NULL))
		recover(worker);
	else
		promo_log(PROMO_LOG_WARNING, "job %s is put off for %lld ms: %s", job->id,
			(long long)pause, why);
}

static int give_up(struct promo_job_worker *worker, const struct promo_job_work_row *job)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_text(&params, promo_error_info(PROMO_E_INTERNAL)->wire);
	promo_param_int(&params, job->attempts - 1);
	return promo_store_exec(worker->store, PROMO_Q_JOB_GIVEUP, &params, NULL);
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
	/* To take back is what is wanted then. */
	if (ours && stand.cancel_requested)
		atomic_store(&worker->place.unwanted, false);
	if (!ours)
		step = PROMO_JOB_TAKEN;
	else if (stand.maintenance && !promo_job_kind_find(job->kind)->unresting)
		step = PROMO_JOB_RESTS;
	else if (failing)
		r = give_up(worker, job);
	else
		r = promo_job_kind_find(job->kind)->step(worker, job, &stand, &step);
	if (!r && step == PROMO_JOB_CUT)
		promo_store_rollback(worker->store);
	else if (!r)
		r = promo_store_commit(worker->store);
	if (!r)
		*ret = step == PROMO_JOB_CUT ? PROMO_JOB_GOES_ON : step;
	return r;
}

/* Until the job has ended, is somebody else's, is put off, or it is the turn of another one. */
static void take_steps(struct promo_jobs *jobs, struct promo_job_worker *worker,
	const struct promo_job_work_row *job)
{
	const int64_t until_ms = promo_monotonic_ms() + TURN_MS;
	enum promo_job_step step = PROMO_JOB_GOES_ON;
	enum promo_store_failure failure;
	bool failing = job->attempts > ATTEMPTS_MAX;
	int failures = 0, r;

	while (step == PROMO_JOB_GOES_ON) {
		bool turn_over = promo_monotonic_ms() >= until_ms &&
				 (!promo_job_kept(worker) || worker->kept_lightly);

		if (promo_hub_stopping(&jobs->stopping) || turn_over) {
			if (worker->store && !failures)
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
		failure = worker->store ? promo_store_failure(worker->store) : PROMO_STORE_LOST;
		if (worker->store)
			recover(worker);
		if (++failures >= (failure == PROMO_STORE_RETRY ? CONFLICTS_MAX : FAILURES_MAX)) {
			if (worker->store || !connect_worker(worker))
				put_off(worker, job, reason(r, failure));
			return;
		}
	}
	if (step == PROMO_JOB_RESTS && worker->store)
		release(worker, job);
	/* Somebody may wait for the end of it. */
	if (step == PROMO_JOB_ENDED)
		promo_jobs_wake();
}

static void work_on(struct promo_jobs *jobs, struct promo_job_worker *worker,
	const struct promo_job_work_row *job)
{
	worker->place = (struct promo_job_place){ .engine = jobs, .job_id = job->id };
	promo_hub_enter(&worker->place);
	if (promo_job_kept(worker) && strcmp(worker->kept_for, job->id) != 0)
		promo_job_keep(worker, NULL, NULL);
	take_steps(jobs, worker, job);
	if (!worker->kept_lightly)
		promo_job_keep(worker, NULL, NULL);
	promo_hub_leave(&worker->place);
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
	r = promo_job_free_stuck(worker);
	if (!r)
		r = claim(worker, job_arena, owner, &job, &found);
	if (!r && found) {
		work_on(jobs, worker, &job);
		return true;
	}
	promo_job_keep(worker, NULL, NULL);
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
	struct promo_job_worker worker = {
		.config = jobs->runner,
		.loader = jobs->loader,
		.random = jobs->random,
	};
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *job_arena = NULL;
	int64_t tidied_ms = 0;

	promo_pacer_begin(&worker.pacer, jobs->runner->pace);
	job_arena = promo_arena_new(ARENA_LIMIT);
	worker.arena = promo_arena_new(ARENA_LIMIT);
	worker.scratch = promo_arena_new(SCRATCH_LIMIT);
	if (!job_arena || !worker.arena || !worker.scratch)
		(void)promo_fault(-ENOMEM, "could not start a thread for jobs");
	else
		while (!promo_hub_stopping(&jobs->stopping)) {
			uint64_t seen = promo_hub_seen();

			if (!look(jobs, &worker, job_arena, &tidied_ms))
				promo_hub_wait(&jobs->stopping, seen,
					worker.store ? PROMO_JOBS_POLL_MS : RECONNECT_MS);
		}
	/* What is still counted is better told now than when the next engine starts. */
	if (worker.store) {
		promo_arena_clear(worker.arena);
		if (promo_audit_folds_flush(
			    worker.store, worker.arena, worker.writer, /* all= */ true))
			promo_log(PROMO_LOG_DEBUG, "could not move what was counted");
	}
	promo_job_keep(&worker, NULL, NULL);
	promo_store_close(worker.store);
	promo_arena_free(worker.arena);
	promo_arena_free(worker.scratch);
	return NULL;
}

int promo_jobs_start(const struct promo_jobs_config *config, struct promo_jobs **ret)
{
	int wanted = config->threads ? config->threads : 1, error = 0, r;
	struct promo_jobs *jobs = calloc(1, sizeof(*jobs));
	sigset_t all, before;

	if (!jobs)
		return promo_fault(-ENOMEM, "could not start the job engine");
	jobs->runner = config->runner;
	jobs->loader = config->loader;
	jobs->random = config->random ? *config->random : promo_random_system();
	r = promo_bell_start(config->listen ? config->listen : config->runner->database,
		!config->listen && config->runner->no_prepare, &jobs->bell);
	if (r) {
		free(jobs);
		return r;
	}
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
	promo_hub_stop(&jobs->stopping);
	promo_hub_interrupt(jobs);
	for (int i = 0; i < jobs->count; i++)
		(void)pthread_join(jobs->threads[i], NULL);
	promo_bell_stop(jobs->bell);
	free(jobs);
}
