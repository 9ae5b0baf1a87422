/* SPDX-License-Identifier: MIT */
#include "promod/upkeep.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/sealer_parts.h"
#include "promod/daemon.h"
#include "promod/database.h"

enum {
	FIRST_MS = 60 * 1000, /* whoever starts has other things to do */
	EVERY_MS = 60 * 60 * 1000,
};

struct promod_upkeep {
	const struct promo_runner_config *runner;
	const char *owner;
	pthread_t thread;
	atomic_bool stop;
	int stop_fd; /* an eventfd: readable with the wish to stop */
};

static void *run(void *context)
{
	struct promod_upkeep *upkeep = context;
	struct pollfd stop = { .fd = upkeep->stop_fd, .events = POLLIN };
	struct promo_parts_done done;
	int wait_ms = FIRST_MS;

	/* What goes wrong is logged where it is born, and tried again. */
	while (poll(&stop, 1, wait_ms) <= 0) {
		(void)!promo_audit_keep_parts(upkeep->runner, upkeep->owner, &upkeep->stop, &done);
		wait_ms = EVERY_MS;
	}
	return NULL;
}

int promod_upkeep_start(const struct promo_runner_config *runner,
	const struct promod_database *database, struct promod_upkeep **ret)
{
	const char *owner = promod_database_owner(database);
	struct promod_upkeep *upkeep = owner ? calloc(1, sizeof(*upkeep)) : NULL;
	sigset_t all, before;
	int error;

	if (!upkeep)
		return owner ? promo_fault(-ENOMEM, "could not start the upkeep") : 0;
	upkeep->runner = runner;
	upkeep->owner = owner;
	upkeep->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (upkeep->stop_fd < 0) {
		error = errno;
		free(upkeep);
		return promo_fault(-error, "could not start the upkeep");
	}
	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&upkeep->thread, NULL, run, upkeep);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error) {
		(void)close(upkeep->stop_fd);
		free(upkeep);
		return promo_fault(-error, "could not start the upkeep");
	}
	*ret = upkeep;
	return 0;
}

void promod_upkeep_stop(struct promod_upkeep *upkeep)
{
	const uint64_t one = 1;

	if (!upkeep)
		return;
	atomic_store(&upkeep->stop, true);
	(void)!write(upkeep->stop_fd, &one, sizeof(one));
	(void)pthread_join(upkeep->thread, NULL);
	(void)close(upkeep->stop_fd);
	free(upkeep);
}

static int maintain(const struct promo_runner_config *runner, const char *owner)
{
	struct promo_parts_done done;
	int r;

	r = promo_audit_keep_parts(runner, owner, /* stop= */ NULL, &done);
	if (!r)
		printf("audit trail: %" PRId64 " parts begun, %" PRId64 " dropped\n", done.begun,
			done.dropped);
	return r;
}

static int with_database(const struct promod_config *config, const char *version,
	struct promod_database *database, struct promo_arena *arena, struct promo_problem *problem)
{
	const char *owner = promod_database_owner(database);
	struct promo_runner_config runner = { 0 };
	int r;

	if (!owner)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not maintain the database: 'owner_database' does not say how to "
			"connect as its owner");
	r = promod_runner_config_make(config, version, database, arena, problem, &runner);
	if (!r)
		r = maintain(&runner, owner);
	promo_hash_slots_free(runner.hash_slots);
	promo_hash_slots_free(runner.test_slots);
	promo_audit_folds_free(runner.audit_folds);
	return r;
}

int promod_maintain(const struct promod_config *config, const char *version,
	struct promo_arena *arena, struct promo_problem *problem)
{
	struct promod_database *database;
	int r;

	r = promod_database_open(config, &database);
	if (r)
		return r;
	r = with_database(config, version, database, arena, problem);
	promod_database_close(database);
	return r;
}
