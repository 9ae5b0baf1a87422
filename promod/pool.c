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

struct queue {
	struct promod_task *first, **last;
};

struct promod_pool {
	struct promod_pool_config config;
	pthread_mutex_t lock; /* of all below but the workers */
	pthread_cond_t news;
	struct queue tasks, pieces;
	int queued, idle; /* queued: of tasks */
	bool at_piece;    /* a thread works at one */
	bool was_piece;   /* what was taken last */
	bool stopping;
	struct worker workers[];
};

static void deliver_done(struct promod_mail *mail)
{
	struct promod_task *task =
		(struct promod_task *)((char *)mail - offsetof(struct promod_task, mail));

	task->done(task);
}

/*
 * The queues.
 */

static void put(struct queue *queue, struct promod_task *task)
{
	task->next = NULL;
	*queue->last = task;
	queue->last = &task->next;
}

static struct promod_task *get(struct queue *queue)
{
	struct promod_task *task = queue->first;

	queue->first = task->next;
	if (!queue->first)
		queue->last = &queue->first;
	return task;
}

static bool drop(struct queue *queue, const struct promod_task *task)
{
	struct promod_task **at;

	for (at = &queue->first; *at && *at != task;)
		at = &(*at)->next;
	if (!*at)
		return false;
	*at = task->next;
	if (queue->last == &task->next)
		queue->last = at;
	return true;
}

/* The queue whose turn it is; NULL: nothing is to be done just now. */
static struct queue *next_queue(struct promod_pool *pool)
{
	const bool piece = pool->pieces.first && (!pool->at_piece || pool->stopping);

	if (piece && !(pool->was_piece && pool->tasks.first))
		return &pool->pieces;
	return pool->tasks.first ? &pool->tasks : NULL;
}

/* The next task; NULL when the pool is being stopped and nothing is left. */
static struct promod_task *take(struct promod_pool *pool)
{
	struct promod_task *task = NULL;
	struct queue *queue;

	pthread_mutex_lock(&pool->lock);
	pool->idle++;
	while (!(queue = next_queue(pool)) && !pool->stopping)
		pthread_cond_wait(&pool->news, &pool->lock);
	pool->idle--;
	if (queue) {
		task = get(queue);
		pool->was_piece = task->piece;
		if (task->piece)
			pool->at_piece = true;
		else
			pool->queued--;
		/* A thread may have woken for another task than the one that it took. */
		if (next_queue(pool))
			pthread_cond_signal(&pool->news);
	}
	pthread_mutex_unlock(&pool->lock);
	return task;
}

/* Lets the next piece begin, which nobody was woken for. */
static void end_piece(struct promod_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->at_piece = false;
	if (next_queue(pool))
		pthread_cond_signal(&pool->news);
	pthread_mutex_unlock(&pool->lock);
}

static void *run_worker(void *context)
{
	struct worker *worker = context;
	struct promod_pool *pool = worker->pool;
	struct promod_task *task;

	(void)pthread_setname_np(pthread_self(), pool->config.name);
	while ((task = take(pool))) {
		task->work(task, worker->own);
		if (task->piece)
			end_piece(pool);
		task->mail.deliver = deliver_done;
		promod_loop_post(pool->config.loop, &task->mail);
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
	pool->tasks.last = &pool->tasks.first;
	pool->pieces.last = &pool->pieces.first;
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
		task->piece = false;
		put(&pool->tasks, task);
		pool->queued++;
		pthread_cond_signal(&pool->news);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

bool promod_pool_push_piece(struct promod_pool *pool, struct promod_task *task)
{
	bool taken;

	pthread_mutex_lock(&pool->lock);
	taken = !pool->stopping;
	if (taken) {
		task->piece = true;
		put(&pool->pieces, task);
		pthread_cond_signal(&pool->news);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

bool promod_pool_recall(struct promod_pool *pool, const struct promod_task *task)
{
	bool found;

	pthread_mutex_lock(&pool->lock);
	found = drop(&pool->tasks, task);
	if (found)
		pool->queued--;
	else
		found = drop(&pool->pieces, task);
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

void promod_pool_measure(struct promod_pool *pool, int *ret_busy, int *ret_queued)
{
	(void)pthread_mutex_lock(&pool->lock);
	*ret_busy = pool->config.threads - pool->idle;
	*ret_queued = pool->queued;
	(void)pthread_mutex_unlock(&pool->lock);
}
