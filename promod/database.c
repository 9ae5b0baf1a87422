/* SPDX-License-Identifier: MIT */
#include "promod/database.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/store/embedded.h"
#include "libpromo/store/migrate.h"
#include "libpromo/store/store.h"

enum {
	WATCH_EVERY_MS = 1000
};

struct promod_database {
	const char *uri, *owner_uri; /* owner_uri is NULL where we are not told */
	const char *loader_uri;      /* NULL: not wanted */
	bool no_prepare, no_skip_locked;
	struct promo_embedded *embedded; /* NULL: the database is configured */
	pthread_t watcher;
	int stop_fd; /* an eventfd: the watcher is to end */
	bool watched;
};

static int open_embedded(
	struct promod_database *database, const struct promod_config *config, const char *path)
{
	const struct promo_embedded_config embedded = {
		.state_dir = config->state_dir,
		.bin_dir = config->postgres_bin[0] ? config->postgres_bin : NULL,
		.path = path,
	};
	int r;

	r = promo_embedded_start(&embedded, &database->embedded);
	if (r)
		return r;
	database->uri = promo_embedded_app_uri(database->embedded);
	database->owner_uri = promo_embedded_owner_uri(database->embedded);
	if (config->loader)
		database->loader_uri = promo_embedded_loader_uri(database->embedded);
	return 0;
}

int promod_database_open(const struct promod_config *config, struct promod_database **ret)
{
	struct promod_database *database = calloc(1, sizeof(*database));
	int r = 0;

	if (!database)
		return promo_fault(-ENOMEM, "could not open the database");
	database->stop_fd = -1;
	database->no_prepare = !config->prepare;
	database->no_skip_locked = !config->skip_locked;
	if (config->database[0]) {
		database->uri = config->database;
		if (config->loader && config->loader_database[0])
			database->loader_uri = config->loader_database;
		else if (config->loader)
			promo_log(PROMO_LOG_WARNING,
				"loader is yes, but loader_database names no role: codes are "
				"loaded as everything else is written");
		database->owner_uri = config->owner_database[0] ? config->owner_database : NULL;
	} else {
		r = open_embedded(database, config, getenv("PATH"));
	}
	if (r) {
		promod_database_close(database);
		return r;
	}
	*ret = database;
	return 0;
}

int promod_database_check(const struct promod_database *database)
{
	const struct promo_store_config config = {
		.uri = database->uri,
		.no_prepare = database->no_prepare,
		.no_skip_locked = database->no_skip_locked,
	};
	struct promo_store *store;
	int r;

	r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = promo_store_check(store);
	promo_store_close(store);
	return r;
}

bool promod_database_can_migrate(const struct promod_database *database)
{
	return database->owner_uri != NULL;
}

int promod_database_migrate(const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, int *ret_applied)
{
	const struct promo_migrate_config config = {
		.uri = database->owner_uri,
		.app_login = database->embedded != NULL,
	};

	if (!config.uri)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not migrate the database: 'owner_database' does not say how to "
			"connect as its owner");
	return promo_migrate(&config, ret_applied);
}

const char *promod_database_loader(const struct promod_database *database)
{
	return database->loader_uri;
}

const char *promod_database_owner(const struct promod_database *database)
{
	return database->owner_uri;
}

bool promod_database_embedded(const struct promod_database *database)
{
	return database->embedded != NULL;
}

const char *promod_database_uri(const struct promod_database *database)
{
	return database->uri;
}

static void *watch(void *context)
{
	struct promod_database *database = context;
	struct pollfd stop = { .fd = database->stop_fd, .events = POLLIN };

	/* What goes wrong is logged there, and tried again. */
	do
		(void)!promo_embedded_ensure(database->embedded);
	while (poll(&stop, 1, WATCH_EVERY_MS) <= 0);
	return NULL;
}

int promod_database_watch(struct promod_database *database)
{
	sigset_t all, before;
	int error;

	if (!database->embedded)
		return 0;
	database->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (database->stop_fd < 0)
		return promo_fault(-errno, "could not look after the database server");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&database->watcher, NULL, watch, database);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return promo_fault(-error, "could not look after the database server");
	database->watched = true;
	return 0;
}

void promod_database_close(struct promod_database *database)
{
	const uint64_t one = 1;

	if (!database)
		return;
	if (database->watched) {
		(void)!write(database->stop_fd, &one, sizeof(one));
		pthread_join(database->watcher, NULL);
	}
	if (database->stop_fd >= 0)
		close(database->stop_fd);
	if (promo_embedded_stop(database->embedded))
		promo_log(PROMO_LOG_ERROR, "the database server could not be stopped");
	free(database);
}
