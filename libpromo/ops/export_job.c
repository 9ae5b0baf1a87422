/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/export_formats.h"
#include "libpromo/ops/job_files.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows_access.h"

/*
 * A file of a batch's codes, made in the background. All of it is of one snapshot, so it is made in
 * one go, by a thread with a connection of its own and into a spool, as an answer is; the steps of the
 * job take from there what has come into the job's file, and renew the lease meanwhile. A worker that
 * has not begun it (its daemon was killed) begins anew.
 */

enum {
	PARTS_A_STEP = 4,
	WAIT_MS = 250,
	BUFFER_BYTES = 256 * 1024,
	ARENA_LIMIT = 64 * 1024 * 1024,
};

/* The making of one file. */
struct making {
	struct promo_stream_sink sink; /* first: the sink's pointer is ours */
	struct promo_arena *arena;
	char job_id[PROMO_UUID_SIZE];
	struct promo_store_config store;
	const struct promo_export_format_row *format;
	void *context;
	struct promo_spool *spool;
	pthread_t thread;
	atomic_llong done, rows;
	atomic_int result;
	/* Of the side that reads the spool. */
	struct promo_sha256 sha256;
	int64_t hashed;
	char *part;
	pthread_mutex_t lock;
	pthread_cond_t news;
	bool more; /* under the lock: the spool has news */
};

static int put(struct promo_stream_sink *sink, const char *bytes, size_t size)
{
	return promo_spool_write(((struct making *)sink)->spool, bytes, size);
}

static int progress(struct promo_stream_sink *sink, int64_t done)
{
	atomic_store(&((struct making *)sink)->done, done);
	return 0;
}

static void wake(void *context)
{
	struct making *making = context;

	(void)pthread_mutex_lock(&making->lock);
	making->more = true;
	(void)pthread_cond_signal(&making->news);
	(void)pthread_mutex_unlock(&making->lock);
}

static void wait_for_more(struct making *making)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	(void)pthread_mutex_lock(&making->lock);
	while (!making->more)
		if (pthread_cond_clockwait(&making->news, &making->lock, CLOCK_MONOTONIC, &until))
			break;
	making->more = false;
	(void)pthread_mutex_unlock(&making->lock);
}

static int make(struct making *making)
{
	struct promo_store *store;
	int r;

	r = promo_store_open(&making->store, &store);
	if (r)
		return r;
	r = promo_store_begin_snapshot(store);
	if (!r)
		r = making->format->fill(making->context, store, making->arena, &making->sink);
	promo_store_close(store);
	return r ? r : promo_stream_flush(&making->sink);
}

static void *run(void *argument)
{
	struct making *making = argument;
	int r = make(making);

	atomic_store(&making->rows, making->sink.rows);
	atomic_store(&making->result, r);
	promo_spool_finish(making->spool, r);
	return NULL;
}

/* Its thread is told by the spool that nobody reads any more. */
static void making_free(void *kept)
{
	struct making *making = kept;

	promo_spool_close(making->spool);
	(void)pthread_join(making->thread, NULL);
	(void)pthread_mutex_destroy(&making->lock);
	(void)pthread_cond_destroy(&making->news);
	promo_arena_free(making->arena);
}

static int start_thread(struct making *making)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&making->thread, NULL, run, making);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not start an export") : 0;
}

static int start(struct promo_job_worker *worker, struct making *making)
{
	int r;

	r = promo_spool_new(worker->config->spool_dir, &making->spool);
	if (r)
		return r;
	promo_spool_set_wake(making->spool, wake, making);
	r = start_thread(making);
	if (r) {
		promo_spool_finish(making->spool, r);
		promo_spool_close(making->spool);
	}
	return r;
}

static struct making *making_new(
	struct promo_job_worker *worker, const struct promo_job_work_row *job)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	struct making *making = arena ? promo_arena_alloc(arena, sizeof(*making)) : NULL;
	char *buffer = making ? promo_arena_alloc(arena, BUFFER_BYTES) : NULL;
	char *part = buffer ? promo_arena_alloc(arena, PROMO_JOB_FILE_PART_MAX) : NULL;

	if (!part) {
		promo_arena_free(arena);
		return NULL;
	}
	making->arena = arena;
	making->sink.put = put;
	making->sink.progress = progress;
	making->sink.buffer = buffer;
	making->sink.capacity = BUFFER_BYTES;
	making->part = part;
	memcpy(making->job_id, job->id, strlen(job->id) + 1);
	making->store.uri = worker->config->database;
	making->store.no_prepare = worker->config->no_prepare;
	making->store.patient = true;
	promo_sha256_start(&making->sha256);
	(void)pthread_mutex_init(&making->lock, NULL);
	(void)pthread_cond_init(&making->news, NULL);
	return making;
}

static int read_params(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_export_job_row *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	return promo_store_one(
		worker->store, worker->arena, PROMO_Q_JOB_PARAMSEXPORT, &params, ret);
}

/* Begins anew: what an earlier worker left is of another snapshot. */
static int begin(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_export_job_row *own, struct making **ret)
{
	const struct promo_export_order order = {
		.batch_id = job->batch_id,
		.status = own->status,
		.redemptions = own->redemptions,
		.qr = own->qr,
	};
	struct making *making = making_new(worker, job);
	int r = 0;

	if (!making)
		return promo_fault(-ENOMEM, "could not start an export");
	making->format = promo_export_format_find(job->kind);
	if (making->format)
		making->context = making->format->make(making->arena, &order);
	if (!making->context)
		r = promo_fault(-ENOMEM, "could not start an export");
	if (!r)
		r = start(worker, making);
	if (r) {
		promo_arena_free(making->arena);
		return r;
	}
	promo_job_keep(worker, making, making_free);
	*ret = making;
	return 0;
}

/* Reads what has come behind `offset`, up to a part. *ret_end: there will be no more. */
static int gather(struct making *making, int64_t offset, size_t *ret_size, bool *ret_end)
{
	size_t size = 0;
	ptrdiff_t n = 1;

	*ret_end = false;
	while (size < PROMO_JOB_FILE_PART_MAX && n > 0) {
		n = promo_spool_read(making->spool, (uint64_t)offset + size, making->part + size,
			PROMO_JOB_FILE_PART_MAX - size);
		if (n > 0)
			size += (size_t)n;
	}
	if (n == PROMO_SPOOL_FAILED)
		return atomic_load(&making->result)
			       ? atomic_load(&making->result)
			       : promo_fault(-EIO, "an export could not be read back");
	*ret_end = n == PROMO_SPOOL_END;
	*ret_size = size;
	return 0;
}

/* A part that was taken before by a transaction that failed was hashed before. */
static void hash(struct making *making, int64_t offset, size_t size)
{
	if (offset != making->hashed)
		return;
	promo_sha256_add(&making->sha256, making->part, size);
	making->hashed += (int64_t)size;
}

static int find_end(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_job_file_end_row *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	promo_param_text(&params, PROMO_JOB_FILE_RESULT);
	return promo_store_one(worker->store, worker->arena, PROMO_Q_JOB_FILE_END, &params, ret);
}

/* Takes what has come into the job's file. */
static int take(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct making *making, bool *ret_end)
{
	struct promo_job_file_end_row at;
	size_t size = 0;
	int r;

	r = find_end(worker, job, &at);
	/* Of an earlier worker: nothing of ours can be there before it was hashed. */
	if (!r && making->hashed == 0 && at.bytes > 0)
		return promo_job_file_drop(worker->store, job->id, PROMO_JOB_FILE_RESULT);
	for (int i = 0; !r && i < PARTS_A_STEP; i++) {
		r = gather(making, at.bytes, &size, ret_end);
		if (r)
			return r;
		if (size < PROMO_JOB_FILE_PART_MAX && !*ret_end) {
			if (i == 0)
				wait_for_more(making);
			return 0;
		}
		if (size > 0) {
			hash(making, at.bytes, size);
			r = promo_job_file_append(worker->store, job->id, PROMO_JOB_FILE_RESULT,
				++at.parts, making->part, size);
			at.bytes += (int64_t)size;
		}
		if (*ret_end)
			return r;
	}
	return r;
}

static int finish(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, struct making *making)
{
	struct promo_sha256 sha256 = making->sha256;
	struct promo_params params = PROMO_PARAMS(worker->arena);
	char hex[PROMO_SHA256_HEX_SIZE];
	int r;

	promo_sha256_end(&sha256, hex);
	promo_param_text(&params, job->id);
	promo_param_int(&params, job->fence);
	promo_param_int(&params, atomic_load(&making->rows));
	promo_param_int(&params, making->hashed);
	promo_param_text(&params, hex);
	r = promo_store_exec(worker->store, PROMO_Q_JOB_RESULTEXPORT, &params, NULL);
	if (!r)
		r = promo_job_note_done(worker, job, stand->total);
	return r ? r : promo_job_finish(worker, job, PROMO_JOB_SUCCEEDED);
}

/* Nobody reads a file of which the rest will never come. */
static int undo(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	int r;

	promo_job_keep(worker, NULL, NULL);
	r = promo_job_file_drop(worker->store, job->id, PROMO_JOB_FILE_RESULT);
	if (r)
		return r;
	*ret = PROMO_JOB_ENDED;
	return promo_job_finish(
		worker, job, stand->error_code ? PROMO_JOB_FAILED : PROMO_JOB_CANCELLED);
}

/* The making broke off. Where there was no room it fails, else it begins anew, as after any fault. */
static int give_up(
	struct promo_job_worker *worker, const struct promo_job_work_row *job, int result)
{
	promo_job_keep(worker, NULL, NULL);
	if (result < 0)
		return result;
	return promo_job_fail(worker, job, promo_error_info(result)->wire,
		result == PROMO_E_NOT_FOUND
			? "the batch is not there any more"
			: "the file could not be written; is there room where the server spools?");
}

int promo_export_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	struct making *making = promo_job_kept(worker);
	struct promo_export_job_row own;
	int64_t done;
	bool end = false;
	int r;

	if (stand->cancel_requested || stand->error_code)
		return undo(worker, job, stand, ret);
	if (!making) {
		r = read_params(worker, job, &own);
		if (!r)
			r = begin(worker, job, &own, &making);
		if (r)
			return r > 0 ? give_up(worker, job, r) : r;
	}
	r = take(worker, job, making, &end);
	if (r)
		return atomic_load(&making->result) ? give_up(worker, job, r) : r;
	if (end) {
		*ret = PROMO_JOB_ENDED;
		return finish(worker, job, stand, making);
	}
	done = atomic_load(&making->done);
	return promo_job_note_done(worker, job, done < stand->total ? done : stand->total);
}
