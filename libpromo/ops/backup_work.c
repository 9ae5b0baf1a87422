/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/backup_work.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "libpromo/base/time.h"

enum {
	WAIT_MS = 250,
	ARENA_LIMIT = 16 * 1024 * 1024,
};

static void *run(void *argument)
{
	struct promo_backup_work *work = argument;
	int r = work->run(work);

	(void)pthread_mutex_lock(&work->lock);
	work->result = r;
	work->ended = true;
	(void)pthread_cond_signal(&work->news);
	(void)pthread_mutex_unlock(&work->lock);
	return NULL;
}

/* A program that ends early is told by what writing to it returns, not by a signal. */
static int start_thread(struct promo_backup_work *work)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&work->thread, NULL, run, work);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not begin with a backup") : 0;
}

int promo_backup_work_start(const struct promo_runner_config *config,
	const struct promo_backup_file_row *backup, promo_backup_run_fn *run_fn,
	struct promo_backup_work **ret)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	struct promo_backup_work *work = arena ? promo_arena_alloc(arena, sizeof(*work)) : NULL;
	int r;

	if (work) {
		work->config = config;
		work->arena = arena;
		work->run = run_fn;
		work->backup = *backup;
		work->backup.id = promo_arena_strdup(arena, backup->id);
		work->backup.path = promo_arena_strdup(arena, backup->path);
		work->backup.sha256 = promo_arena_strdup(arena, backup->sha256);
	}
	if (!work || !work->backup.id) {
		promo_arena_free(arena);
		return promo_fault(-ENOMEM, "could not begin with a backup");
	}
	(void)pthread_mutex_init(&work->lock, NULL);
	(void)pthread_cond_init(&work->news, NULL);
	r = start_thread(work);
	if (r) {
		(void)pthread_cond_destroy(&work->news);
		(void)pthread_mutex_destroy(&work->lock);
		promo_arena_free(arena);
		return r;
	}
	*ret = work;
	return 0;
}

bool promo_backup_work_await(struct promo_backup_work *work)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
	bool ended;

	(void)pthread_mutex_lock(&work->lock);
	while (!work->ended)
		if (pthread_cond_clockwait(&work->news, &work->lock, CLOCK_MONOTONIC, &until))
			break;
	ended = work->ended;
	(void)pthread_mutex_unlock(&work->lock);
	return ended;
}

void promo_backup_work_free(void *kept)
{
	struct promo_backup_work *work = kept;

	atomic_store(&work->cut, true);
	(void)pthread_join(work->thread, NULL);
	(void)pthread_cond_destroy(&work->news);
	(void)pthread_mutex_destroy(&work->lock);
	promo_arena_free(work->arena);
}
