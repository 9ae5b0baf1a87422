/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alert_watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/alert_work.h"

struct promo_alert_watch {
	struct promo_alert_work *work;
	int64_t every_ms;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping; /* under the lock */
};

/* Until then; true at the end. */
static bool await(struct promo_alert_watch *watch, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };
	bool stopping;

	(void)pthread_mutex_lock(&watch->lock);
	while (!watch->stopping &&
		pthread_cond_timedwait(&watch->changed, &watch->lock, &until) == 0)
		;
	stopping = watch->stopping;
	(void)pthread_mutex_unlock(&watch->lock);
	return stopping;
}

int64_t promo_alert_pause_ms(int64_t took_ms, int64_t every_ms, bool more)
{
	const int64_t rest_ms = took_ms * PROMO_ALERT_REST;

	if (rest_ms > PROMO_ALERT_REST_MAX_MS)
		return PROMO_ALERT_REST_MAX_MS;
	return more || rest_ms > every_ms ? rest_ms : every_ms;
}

static void *run(void *argument)
{
	struct promo_alert_watch *watch = argument;
	int64_t pause_ms = watch->every_ms;

	while (!await(watch, promo_monotonic_ms() + pause_ms)) {
		const int64_t began_ms = promo_monotonic_ms();
		bool more = false;

		/* An error was told where it was born, and the next round comes. */
		if (promo_alert_work_round(watch->work, &more))
			more = false;
		pause_ms = promo_alert_pause_ms(
			promo_monotonic_ms() - began_ms, watch->every_ms, more);
	}
	promo_alert_work_rest(watch->work);
	return NULL;
}

static int start_thread(struct promo_alert_watch *watch)
{
	sigset_t all, before;
	int error;

	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&watch->thread, NULL, run, watch);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not start the watch over alerts") : 0;
}

static void free_all(struct promo_alert_watch *watch)
{
	promo_alert_work_free(watch->work);
	(void)pthread_cond_destroy(&watch->changed);
	(void)pthread_mutex_destroy(&watch->lock);
	free(watch);
}

int promo_alert_watch_start(
	const struct promo_runner_config *config, int64_t every_ms, struct promo_alert_watch **ret)
{
	struct promo_alert_watch *watch = calloc(1, sizeof(*watch));
	pthread_condattr_t attributes;
	int r;

	if (!watch)
		return promo_fault(-ENOMEM, "could not start the watch over alerts");
	watch->every_ms = every_ms > 0 ? every_ms : PROMO_ALERT_EVERY_MS;
	(void)pthread_mutex_init(&watch->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&watch->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	r = promo_alert_work_new(config, &watch->work);
	if (!r)
		r = start_thread(watch);
	if (r) {
		free_all(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

void promo_alert_watch_stop(struct promo_alert_watch *watch)
{
	if (!watch)
		return;
	(void)pthread_mutex_lock(&watch->lock);
	watch->stopping = true;
	(void)pthread_cond_broadcast(&watch->changed);
	(void)pthread_mutex_unlock(&watch->lock);
	(void)pthread_join(watch->thread, NULL);
	free_all(watch);
}
