/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/jobs_hub.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"

enum {
	BELLS_MAX = 16
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t news;
	uint64_t wakes;
	struct promo_job_place *places;
	int bells[BELLS_MAX];
	size_t bell_count;
} hub = { .lock = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER };

static void enter(void)
{
	(void)pthread_mutex_lock(&hub.lock);
}

static void leave(void)
{
	(void)pthread_mutex_unlock(&hub.lock);
}

static void wake(void)
{
	hub.wakes++;
	(void)pthread_cond_broadcast(&hub.news);
}

void promo_hub_wake(void)
{
	enter();
	wake();
	leave();
}

void promo_jobs_wake(void)
{
	const uint64_t one = 1;

	enter();
	wake();
	for (size_t i = 0; i < hub.bell_count; i++)
		if (write(hub.bells[i], &one, sizeof(one)) < 0)
			promo_log(PROMO_LOG_DEBUG, "others hear of a job a little later");
	leave();
}

uint64_t promo_hub_seen(void)
{
	uint64_t wakes;

	enter();
	wakes = hub.wakes;
	leave();
	return wakes;
}

bool promo_hub_stopping(const bool *stopping)
{
	bool is;

	enter();
	is = *stopping;
	leave();
	return is;
}

void promo_hub_stop(bool *stopping)
{
	enter();
	*stopping = true;
	wake();
	leave();
}

void promo_hub_wait(const bool *stopping, uint64_t seen, int timeout_ms)
{
	int64_t until_ms = promo_monotonic_ms() + timeout_ms;
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	enter();
	while (!*stopping && hub.wakes == seen)
		if (pthread_cond_clockwait(&hub.news, &hub.lock, CLOCK_MONOTONIC, &until))
			break;
	leave();
}

void promo_hub_enter(struct promo_job_place *place)
{
	enter();
	place->next = hub.places;
	hub.places = place;
	leave();
}

void promo_hub_leave(struct promo_job_place *place)
{
	struct promo_job_place **at = &hub.places;

	enter();
	while (*at && *at != place)
		at = &(*at)->next;
	if (*at)
		*at = place->next;
	leave();
}

void promo_hub_interrupt(const void *engine)
{
	enter();
	for (struct promo_job_place *place = hub.places; place; place = place->next)
		if (place->engine == engine)
			atomic_store(&place->unwanted, true);
	leave();
}

void promo_hub_cancel(const char *job_id)
{
	enter();
	for (struct promo_job_place *place = hub.places; place; place = place->next)
		if (!place->told && strcmp(place->job_id, job_id) == 0) {
			place->told = true;
			atomic_store(&place->unwanted, true);
		}
	leave();
}

size_t promo_hub_jobs(char (*ret)[PROMO_UUID_SIZE], size_t max)
{
	size_t count = 0;

	enter();
	for (struct promo_job_place *place = hub.places; place && count < max; place = place->next)
		if (!place->told)
			(void)snprintf(ret[count++], PROMO_UUID_SIZE, "%s", place->job_id);
	leave();
	return count;
}

bool promo_hub_add_bell(int fd)
{
	bool added;

	enter();
	added = hub.bell_count < BELLS_MAX;
	if (added)
		hub.bells[hub.bell_count++] = fd;
	leave();
	return added;
}

void promo_hub_remove_bell(int fd)
{
	enter();
	for (size_t i = 0; i < hub.bell_count; i++)
		if (hub.bells[i] == fd) {
			hub.bells[i] = hub.bells[--hub.bell_count];
			break;
		}
	leave();
}
