/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/sealer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "libpromo/base/time.h"

struct promo_sealer {
	struct promo_seal_work *work;
	int64_t every_ms;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping; /* under the lock */
};

/* Until it is time for the next round; true at the end. */
static bool await(struct promo_sealer *sealer, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };
	bool stopping;

	(void)pthread_mutex_lock(&sealer->lock);
	while (!sealer->stopping &&
		pthread_cond_timedwait(&sealer->changed, &sealer->lock, &until) == 0)
		;
	stopping = sealer->stopping;
	(void)pthread_mutex_unlock(&sealer->lock);
	return stopping;
}

static void *run(void *argument)
{
	struct promo_sealer *sealer = argument;
	bool over = false;

	while (!over) {
		bool more = true;

		over = await(sealer, promo_monotonic_ms() + sealer->every_ms);
		/* An error was told where it was born, and the next round comes. */
		while (more && promo_seal_work_round(sealer->work, &more) == 0)
			if (more && await(sealer, promo_monotonic_ms()))
				more = false;
	}
	promo_seal_work_rest(sealer->work);
	return NULL;
}

static int start_thread(struct promo_sealer *sealer)
{
	sigset_t all, before;
	int error;

	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&sealer->thread, NULL, run, sealer);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not start the sealer") : 0;
}

static void free_all(struct promo_sealer *sealer)
{
	promo_seal_work_free(sealer->work);
	(void)pthread_cond_destroy(&sealer->changed);
	(void)pthread_mutex_destroy(&sealer->lock);
	free(sealer);
}

int promo_sealer_start(
	const struct promo_runner_config *config, int64_t every_ms, struct promo_sealer **ret)
{
	struct promo_sealer *sealer = calloc(1, sizeof(*sealer));
	pthread_condattr_t attributes;
	int r;

	if (!sealer)
		return promo_fault(-ENOMEM, "could not start the sealer");
	sealer->every_ms = every_ms > 0 ? every_ms : PROMO_SEALER_EVERY_MS;
	(void)pthread_mutex_init(&sealer->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&sealer->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	r = promo_seal_work_new(config, &sealer->work);
	if (!r)
		r = start_thread(sealer);
	if (r) {
		free_all(sealer);
		return r;
	}
	*ret = sealer;
	return 0;
}

void promo_sealer_stop(struct promo_sealer *sealer)
{
	if (!sealer)
		return;
	(void)pthread_mutex_lock(&sealer->lock);
	sealer->stopping = true;
	(void)pthread_cond_broadcast(&sealer->changed);
	(void)pthread_mutex_unlock(&sealer->lock);
	(void)pthread_join(sealer->thread, NULL);
	free_all(sealer);
}
