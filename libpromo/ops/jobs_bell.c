/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/jobs_bell.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/ops/jobs_hub.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	LOOK_MS = 1000,     /* for wishes, in case a word was lost */
	DEAF_LOOK_MS = 250, /* where no word comes */
	RECONNECT_MS = 2000,
	ARENA_LIMIT = 1024 * 1024,
};

struct promo_bell {
	pthread_t thread;
	const char *database;
	bool deaf;
	int fd;        /* an eventfd: there are news in this process, or the end has come */
	bool stopping; /* as the hub guards it */
	struct promo_store *store;
	struct promo_arena *arena;
};

static int connect_bell(struct promo_bell *bell)
{
	const struct promo_store_config config = { .uri = bell->database,
		.no_prepare = bell->deaf };
	int r;

	r = promo_store_open(&config, &bell->store);
	if (!r && !bell->deaf)
		r = promo_store_listen(bell->store);
	/* What was said before this one listened was heard by nobody. */
	if (!r)
		promo_hub_wake();
	return r;
}

/* Steps of jobs that are to be cancelled end now. */
static int look_for_wishes(struct promo_bell *bell)
{
	char ids[PROMO_HUB_JOBS_MAX][PROMO_UUID_SIZE];
	const char *items[PROMO_HUB_JOBS_MAX];
	struct promo_params params = PROMO_PARAMS(bell->arena);
	size_t count = promo_hub_jobs(ids, PROMO_HUB_JOBS_MAX);
	struct promo_objects found;
	const struct promo_id_row *rows;
	int r;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		items[i] = ids[i];
	promo_param_texts(&params, (struct promo_texts){ .items = items, .count = count });
	r = promo_store_all(bell->store, bell->arena, PROMO_Q_JOB_UNWANTED, &params, &found);
	if (r)
		return r;
	rows = found.items;
	for (size_t i = 0; i < found.count; i++)
		promo_hub_cancel(rows[i].id);
	return 0;
}

/* Until something happens here or elsewhere. */
static int listen_once(struct promo_bell *bell)
{
	uint64_t rung = 0;
	bool heard = false;
	int r;

	promo_arena_clear(bell->arena);
	r = bell->store ? 0 : connect_bell(bell);
	if (!r)
		r = look_for_wishes(bell);
	if (!r)
		r = promo_store_await(
			bell->store, bell->fd, bell->deaf ? DEAF_LOOK_MS : LOOK_MS, &heard);
	if (r)
		return r;
	if (heard)
		promo_hub_wake();
	/* All that came since the last time is one word to the others. */
	if (read(bell->fd, &rung, sizeof(rung)) < 0)
		rung = 0;
	return rung && !bell->deaf ? promo_store_notify(bell->store) : 0;
}

static void wait_to_reconnect(struct promo_bell *bell)
{
	promo_store_close(bell->store);
	bell->store = NULL;
	/* What is rung meanwhile is told then. */
	for (int waited_ms = 0; waited_ms < RECONNECT_MS && !promo_hub_stopping(&bell->stopping);
		waited_ms += RECONNECT_MS / 8)
		(void)poll(NULL, 0, RECONNECT_MS / 8);
}

static void *run(void *argument)
{
	struct promo_bell *bell = argument;

	while (!promo_hub_stopping(&bell->stopping))
		if (listen_once(bell))
			wait_to_reconnect(bell);
	return NULL;
}

int promo_bell_start(const char *database, bool deaf, struct promo_bell **ret)
{
	struct promo_bell *bell = calloc(1, sizeof(*bell));
	sigset_t all, before;
	int error;

	if (!bell)
		return promo_fault(-ENOMEM, "could not listen for jobs");
	bell->database = database;
	bell->deaf = deaf;
	bell->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bell->arena = promo_arena_new(ARENA_LIMIT);
	error = bell->fd < 0 || !bell->arena || !promo_hub_add_bell(bell->fd) ? ENOMEM : 0;
	if (!error) {
		(void)sigfillset(&all);
		(void)pthread_sigmask(SIG_SETMASK, &all, &before);
		error = pthread_create(&bell->thread, NULL, run, bell);
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	if (error) {
		promo_hub_remove_bell(bell->fd);
		if (bell->fd >= 0)
			(void)close(bell->fd);
		promo_arena_free(bell->arena);
		free(bell);
		return promo_fault(-error, "could not listen for jobs");
	}
	*ret = bell;
	return 0;
}

void promo_bell_stop(struct promo_bell *bell)
{
	const uint64_t one = 1;

	if (!bell)
		return;
	promo_hub_remove_bell(bell->fd);
	promo_hub_stop(&bell->stopping);
	if (write(bell->fd, &one, sizeof(one)) < 0)
		promo_log(PROMO_LOG_DEBUG, "the bell of the jobs ends a little later");
	(void)pthread_join(bell->thread, NULL);
	promo_store_close(bell->store);
	promo_arena_free(bell->arena);
	(void)close(bell->fd);
	free(bell);
}
