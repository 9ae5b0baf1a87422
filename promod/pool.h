/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/error.h"
#include "promod/loop.h"

/*
 * A bounded pool of threads, each with something of its own (a runner with its database
 * connection), which take tasks from a bounded queue and hand them back to the event loop. Full is
 * an answer: what cannot be served soon is refused at once.
 */

struct promod_pool;

/* Part of a larger object, which belongs to the pool from push to done(). */
struct promod_task {
	struct promod_task *next;
	void (*work)(struct promod_task *task, void *own); /* on a thread of the pool */
	void (*done)(struct promod_task *task);            /* on the loop's thread */
	bool piece;                                        /* the pool's */
	struct promod_mail mail;
};

struct promod_pool_config {
	const char *name; /* of its threads, for top and gdb */
	int threads, queue_max;
	/* Makes what a thread has of its own, on the caller's thread before any work; a refusal or a
	 * fault stops the start. */
	int (*open)(void *context, void **ret_own);
	void (*close)(void *own);
	void *context;
	struct promod_loop *loop;
};

int promod_pool_start(
	const struct promod_pool_config *config, struct promod_pool **ret) PROMO_CHECK;

/* False if the queue is full or the pool is being stopped; the task is the caller's again. From the
 * loop's thread. */
bool promod_pool_push(struct promod_pool *pool, struct promod_task *task);

/* For a piece of long work that others are not to wait for: one such task is worked at at a time, and in
 * turn with the others. False only if the pool is being stopped: how many there are bounds who pushes
 * them. From the loop's thread. */
bool promod_pool_push_piece(struct promod_pool *pool, struct promod_task *task);

/* Takes a task back that nobody has begun: it is the caller's again, and nothing of it was or will be
 * done. False if it is not in the queue. From the loop's thread. */
bool promod_pool_recall(struct promod_pool *pool, const struct promod_task *task);

/* How many threads are at work, and how many tasks wait for one. From any thread. */
void promod_pool_measure(struct promod_pool *pool, int *ret_busy, int *ret_queued);

/* Works off the queue and ends the threads. The done() of what they finished is still to be
 * delivered by the loop. NULL is fine. */
void promod_pool_stop(struct promod_pool *pool);
