/* SPDX-License-Identifier: MIT */
#include "promod/pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	struct promod_pool *pool;
	pthread_t thread;
	void *own;
	bool open, started;
};

struct promod_pool {
	struct promod_pool_config config;
	pthread_mutex_t lock; /* of all below but the workers */
	pthread_cond_t news;
	struct promod_task *first, **last;
	int queued, idle;
	bool stopping;
	struct worker workers[];
};

static void deliver_done(struct promod_mail *mail)
{
	struct promod_task *task =
		(struct promod_task *)((char *)mail - offsetof(struct promod_task, mail));

	task->done(task);
}

/* The next task; NULL when the pool is being stopped and nothing is left. */
static struct promod_task *take(struct promod_pool *pool)
{
	struct promod_task *task;

	pthread_mutex_lock(&pool->lock);
	pool->idle++;
	while (!pool->first && !pool->stopping)
		pthread_cond_wait(&pool->news, &pool->lock);
	pool->idle--;
	task = pool->first;
	if (task) {
		pool->first = task->next;
		if (!pool->first)
			pool->last = &pool->first;
		pool->queued--;
	}
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static void *run_worker(void *context)
{
	struct worker *worker = context;
	struct promod_task *task;

	(void)pthread_setname_np(pthread_self(), worker->pool->config.name);
	while ((task = take(worker->pool))) {
		task->work(task, worker->own);
		task->mail.deliver = deliver_done;
		promod_loop_post(worker->pool->config.loop, &task->mail);
	}
	return NULL;
}

static int start_worker(struct worker *worker)
{
	const struct promod_pool_config *config = &worker->pool->config;
	sigset_t all, before;
	int r;

	r = config->open(config->context, &worker->own);
	if (r)
		return r;
	worker->open = true;
	/* Signals are for the loop's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&worker->thread, NULL, run_worker, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r)
		return promo_fault(-r, "could not start a thread");
	worker->started = true;
	return 0;
}

int promod_pool_start(const struct promod_pool_config *config, struct promod_pool **ret)
{
	struct promod_pool *pool =
		calloc(1, sizeof(*pool) + (size_t)config->threads * sizeof(pool->workers[0]));

	if (!pool)
		return promo_fault(-ENOMEM, "could not make a pool of threads");
	pool->config = *config;
	pool->last = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->news, NULL);
	for (int i = 0; i < config->threads; i++) {
		int r;

		pool->workers[i].pool = pool;
		r = start_worker(&pool->workers[i]);
		if (r) {
			promod_pool_stop(pool);
			return r;
		}
	}
	*ret = pool;
	return 0;
}

bool promod_pool_push(struct promod_pool *pool, struct promod_task *task)
{
	bool taken;

	pthread_mutex_lock(&pool->lock);
	taken = !pool->stopping && pool->queued < pool->config.queue_max + pool->idle;
	if (taken) {
		task->next = NULL;
		*pool->last = task;
		pool->last = &task->next;
		pool->queued++;
		pthread_cond_signal(&pool->news);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

bool promod_pool_recall(struct promod_pool *pool, const struct promod_task *task)
{
	struct promod_task **at;
	bool found;

	pthread_mutex_lock(&pool->lock);
	for (at = &pool->first; *at && *at != task;)
		at = &(*at)->next;
	found = *at;
	if (found) {
		*at = task->next;
		if (pool->last == &task->next)
			pool->last = at;
		pool->queued--;
	}
	pthread_mutex_unlock(&pool->lock);
	return found;
}

void promod_pool_stop(struct promod_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->news);
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < pool->config.threads; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->started)
			pthread_join(worker->thread, NULL);
		if (worker->open)
			pool->config.close(worker->own);
	}
	pthread_cond_destroy(&pool->news);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
