/* SPDX-License-Identifier: MIT */
#include "promod/job_wait.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "libpromo/base/time.h"

enum {
	LOOK_MS = 100
};

struct promod_job_waits {
	struct promod_loop *loop;
	struct promod_pool *workers;
	struct promod_watch timer;
	struct promod_job_wait *first;
	int count;
	bool ending;
};

static void set_timer(struct promod_job_waits *waits, bool on)
{
	const struct timespec every = { .tv_nsec = on ? LOOK_MS * 1000000L : 0 };
	const struct itimerspec spec = { .it_interval = every, .it_value = every };

	(void)timerfd_settime(waits->timer.fd, 0, &spec, NULL);
}

static void remove_wait(struct promod_job_waits *waits, struct promod_job_wait *wait)
{
	struct promod_job_wait **at = &waits->first;

	while (*at != wait)
		at = &(*at)->next;
	*at = wait->next;
	if (--waits->count == 0)
		set_timer(waits, false);
	wait->over(wait);
}

static bool is_due(const struct promod_job_wait *wait)
{
	return wait->ended || wait->waits->ending || promo_monotonic_ms() >= wait->until_ms;
}

static struct promod_job_wait *wait_of(struct promod_task *task)
{
	return (struct promod_job_wait *)((char *)task - offsetof(struct promod_job_wait, task));
}

static void work(struct promod_task *task, void *own)
{
	struct promod_job_wait *wait = wait_of(task);

	wait->ended = wait->look(wait, own);
}

static void done(struct promod_task *task)
{
	struct promod_job_wait *wait = wait_of(task);

	wait->looking = false;
	if (is_due(wait))
		remove_wait(wait->waits, wait);
}

static void look_at_all(struct promod_job_waits *waits)
{
	struct promod_job_wait *next;

	for (struct promod_job_wait *wait = waits->first; wait; wait = next) {
		next = wait->next;
		if (wait->looking)
			continue;
		if (is_due(wait)) {
			remove_wait(waits, wait);
			continue;
		}
		wait->task = (struct promod_task){ .work = work, .done = done };
		wait->looking = promod_pool_push(waits->workers, &wait->task);
	}
}

static void on_timer(void *context, uint32_t events)
{
	struct promod_job_waits *waits = context;
	uint64_t ticks;

	(void)events;
	if (read(waits->timer.fd, &ticks, sizeof(ticks)) > 0)
		look_at_all(waits);
}

int promod_job_waits_new(struct promod_loop *loop, struct promod_job_waits **ret)
{
	struct promod_job_waits *waits = calloc(1, sizeof(*waits));
	int r;

	if (!waits)
		return promo_fault(-ENOMEM, "could not wait for jobs");
	waits->loop = loop;
	waits->timer = (struct promod_watch){
		.ready = on_timer,
		.context = waits,
		.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
	};
	r = waits->timer.fd < 0 ? promo_fault(-errno, "could not wait for jobs")
				: promod_loop_watch(loop, &waits->timer, EPOLLIN);
	if (r) {
		if (waits->timer.fd >= 0)
			(void)close(waits->timer.fd);
		free(waits);
		return r;
	}
	*ret = waits;
	return 0;
}

void promod_job_waits_free(struct promod_job_waits *waits)
{
	if (!waits)
		return;
	promod_loop_unwatch(waits->loop, &waits->timer);
	(void)close(waits->timer.fd);
	free(waits);
}

int promod_job_wait_seconds(const char *prefer)
{
	const char *at = prefer;

	/* Preferences with commas between them, each with parameters behind semicolons. */
	while (at && *at) {
		at += strspn(at, " \t,");
		if (strncasecmp(at, "wait=", 5) == 0) {
			char *end;
			long seconds = strtol(at + 5, &end, 10);

			if (end == at + 5 || seconds <= 0)
				return 0;
			return seconds < PROMOD_JOB_WAIT_MAX_S ? (int)seconds
							       : PROMOD_JOB_WAIT_MAX_S;
		}
		at += strcspn(at, ",");
	}
	return 0;
}

bool promod_job_waits_take(struct promod_job_waits *waits, struct promod_pool *workers,
	struct promod_job_wait *wait, int seconds)
{
	if (!waits || waits->ending || !workers || waits->count >= PROMOD_JOB_WAITS_MAX)
		return false;
	waits->workers = workers;
	wait->waits = waits;
	wait->until_ms = promo_monotonic_ms() + seconds * 1000;
	wait->ended = wait->looking = false;
	wait->next = waits->first;
	waits->first = wait;
	if (waits->count++ == 0)
		set_timer(waits, true);
	return true;
}

void promod_job_waits_end(struct promod_job_waits *waits)
{
	if (!waits)
		return;
	waits->ending = true;
	look_at_all(waits);
}
