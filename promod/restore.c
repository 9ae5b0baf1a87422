/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/backup_load.h"
#include "libpromo/ops/backup_scratch.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/seal_log.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"
#include "promod/backup.h"
#include "promod/sealing.h"

/*
 * The present database is not touched until the end, when two names change in one transaction: whenever this is
 * killed, one of the two is there, whole, under the name that daemons know. What else is left then is dropped by
 * the next one, or when the next backup is made (ops/backup_scratch.h).
 */

enum {
	KEPT_NAME_SIZE = 64, /* the server's limit is 63 bytes */
	OLD_NAME_MAX = 40,   /* that still has room for what is put behind it */
	MS_PER_S = 1000,
};

struct restoring {
	const struct promod_options *options;
	const struct promod_config *config;
	const char *owner; /* URI */
	bool embedded;
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct promo_backup_server_row server;
	char fresh[PROMO_SCRATCH_SIZE], kept[KEPT_NAME_SIZE];
	struct promo_store *lock; /* nobody else restores as long as it is open */
	struct promo_backup_manifest manifest;
	int64_t adopted, last_seal;
};

static const char *bin_dir(const struct restoring *restoring)
{
	return restoring->config->postgres_bin[0] ? restoring->config->postgres_bin : NULL;
}

static int open_database(
	const struct restoring *restoring, const char *name, struct promo_store **ret)
{
	struct promo_store_config config = { .no_prepare = true, .patient = true };
	int r = promo_dump_uri(restoring->owner, name, restoring->arena, &config.uri);

	return r ? r : promo_store_open(&config, ret);
}

/*
 * Before.
 */

static int look(struct restoring *restoring)
{
	const struct promo_backup_server_row *server = &restoring->server;
	int r;

	r = promo_backup_server(
		restoring->owner, restoring->arena, restoring->problem, &restoring->server);
	if (r)
		return r;
	promo_scratch_of_restore(server->oid, restoring->fresh);
	if (restoring->options->check)
		return 0;
	if (strlen(server->name) > OLD_NAME_MAX)
		return promo_refuse(restoring->problem, restoring->arena, PROMO_E_INVALID_INPUT,
			"the name of the database '%s' is too long to put another one in its place",
			server->name);
	if (server->others > 0)
		return promo_refuse(restoring->problem, restoring->arena, PROMO_E_UNAVAILABLE,
			"%" PRId64 " others are connected to the database '%s'; stop all daemons "
			"first",
			server->others, server->name);
	(void)snprintf(restoring->kept, sizeof(restoring->kept), "%s_before_%" PRId64, server->name,
		promo_now_ms() / MS_PER_S);
	return 0;
}

static int begin(struct restoring *restoring)
{
	const struct promo_scratch_place place = {
		.uri = restoring->owner, .bin_dir = bin_dir(restoring), .alone = true
	};
	int r;

	r = look(restoring);
	if (!r)
		r = promo_scratch_lock(restoring->owner, restoring->server.oid, restoring->arena,
			&restoring->lock);
	if (!r && !restoring->lock)
		return promo_refuse(restoring->problem, restoring->arena, PROMO_E_UNAVAILABLE,
			"another promod restore is at work on the database '%s'; wait for its end",
			restoring->server.name);
	/* Trials that are under way in daemons do not concern who only looks. */
	if (!r && !restoring->options->check)
		r = promo_scratch_sweep(&place, restoring->arena);
	return r;
}

static int load(struct restoring *restoring, struct promo_backup_load *load)
{
	const struct promod_options *options = restoring->options;
	int r = 0;

	*load = (struct promo_backup_load){
		.path = options->file,
		.uri = restoring->owner,
		.bin_dir = bin_dir(restoring),
		.database = restoring->fresh,
		.app_login = restoring->embedded,
	};
	if (options->key)
		r = promod_backup_secret(
			options->key, restoring->arena, restoring->problem, &load->secret);
	if (!r && !options->despite_seals)
		r = promod_sealing_make(
			restoring->config, restoring->arena, restoring->problem, &load->sealing);
	return r ? r
		 : promo_backup_load(
			   load, restoring->arena, restoring->problem, &restoring->manifest);
}

/*
 * The restored database, before anybody uses it: nobody is signed in, no backup is being made, and those that were
 * made since are listed.
 */

static int settle_in(struct restoring *restoring, struct promo_store *store)
{
	const struct promo_params none = PROMO_PARAMS(restoring->arena);
	struct promo_audit_seal last;
	bool found;
	int r;

	r = promo_store_exec(store, PROMO_Q_BACKUP_SETTLE, &none, NULL);
	if (!r)
		r = promo_backup_adopt(store, restoring->config->backup_directory, restoring->arena,
			&restoring->adopted);
	if (!r)
		r = promo_store_find(
			store, restoring->arena, PROMO_Q_SEAL_LAST, &none, &last, &found);
	if (!r && found)
		restoring->last_seal = last.id;
	return r;
}

static int settle(struct restoring *restoring)
{
	struct promo_store *store;
	int r;

	r = open_database(restoring, restoring->fresh, &store);
	if (r)
		return r;
	r = settle_in(restoring, store);
	promo_store_close(store);
	return r;
}

/*
 * Its place.
 */

static int rename_both(struct restoring *restoring, struct promo_store *store)
{
	const struct promo_params none = PROMO_PARAMS(restoring->arena);
	struct promo_params params = PROMO_PARAMS(restoring->arena);
	struct promo_truth_row named;
	int r;

	promo_param_text(&params, restoring->server.name);
	promo_param_text(&params, restoring->kept);
	promo_param_text(&params, restoring->fresh);
	r = promo_store_one(store, restoring->arena, PROMO_Q_DATABASE_NAME, &params, &named);
	return r ? r : promo_store_exec(store, PROMO_Q_DATABASE_SWAP, &none, NULL);
}

/* The connection may have broken when all was done. */
static bool is_renamed(struct restoring *restoring)
{
	struct promo_params params = PROMO_PARAMS(restoring->arena);
	struct promo_truth_row there = { 0 };
	struct promo_store *store;

	if (open_database(restoring, "postgres", &store))
		return false;
	promo_param_text(&params, restoring->kept);
	if (promo_store_one(store, restoring->arena, PROMO_Q_DATABASE_NAMED, &params, &there))
		there.yes = false;
	promo_store_close(store);
	return there.yes;
}

/* By a session of neither database: the server renames none that somebody is connected to. */
static int swap(struct restoring *restoring)
{
	struct promo_store *store;
	int r;

	r = open_database(restoring, "postgres", &store);
	if (r)
		return r;
	r = rename_both(restoring, store);
	promo_store_close(store);
	if (!r || is_renamed(restoring))
		return 0;
	return promo_refuse(restoring->problem, restoring->arena, PROMO_E_UNAVAILABLE,
		"the restored database could not be put in the place of '%s': somebody has "
		"connected meanwhile, or the role may not rename databases",
		restoring->server.name);
}

/*
 * Afterwards.
 */

/* The log is behind the database after a crash, but ahead of it only now. */
static void tell_of_log(const struct restoring *restoring)
{
	const char *path = restoring->config->audit_seals_file;
	struct promo_seal_log *log = NULL;
	int64_t logged;

	if (promo_seal_log_size(path) == 0 || promo_seal_log_open(path, restoring->arena, &log) ||
		!log)
		return;
	logged = promo_seal_log_last(log);
	promo_seal_log_close(log);
	if (logged > restoring->last_seal)
		printf("%s knows seals up to %" PRId64 ", the restored trail up to %" PRId64
		       ": keep that file as the proof of what there was, and begin another one "
		       "before promod starts (audit_seals_file), or promo audit verify goes on "
		       "to tell of it\n",
			path, logged, restoring->last_seal);
}

static void tell(struct restoring *restoring)
{
	struct promo_params params = PROMO_PARAMS(restoring->arena);
	const struct promo_backup_database_row *rows;
	struct promo_objects kept = { .count = 0 };
	int r;

	printf("it is now the database '%s'; what was there is kept as '%s': drop that once all is "
	       "well\n",
		restoring->server.name, restoring->kept);
	if (restoring->adopted > 0)
		printf("%" PRId64 " backups of %s that it did not know of are listed again, and "
		       "kept until they are deleted\n",
			restoring->adopted, restoring->config->backup_directory);
	tell_of_log(restoring);
	promo_param_text(&params, restoring->server.name);
	r = promo_store_all(
		restoring->lock, restoring->arena, PROMO_Q_DATABASE_KEPT, &params, &kept);
	rows = kept.items;
	for (size_t i = 0; !r && i < kept.count; i++)
		if (strcmp(rows[i].name, restoring->kept) != 0)
			printf("an earlier one is still kept as '%s'\n", rows[i].name);
}

static int put_in_place(struct restoring *restoring, const struct promo_backup_load *loaded)
{
	struct promo_problem problem;
	int r;

	r = settle(restoring);
	if (!r)
		r = swap(restoring);
	if (!r) {
		tell(restoring);
		return 0;
	}
	problem = *restoring->problem;
	(void)!promo_backup_unload(loaded, restoring->arena, restoring->problem);
	*restoring->problem = problem;
	return r;
}

static int restore(struct restoring *restoring)
{
	struct promo_backup_load loaded;
	int r;

	r = begin(restoring);
	if (!r)
		r = load(restoring, &loaded);
	if (r)
		return r;
	printf("the backup %s of %s is whole: %s\n", restoring->manifest.id,
		restoring->manifest.made_at, restoring->manifest.counts);
	puts(loaded.sealing ? "its audit trail fits its seals" : "its seals were not checked");
	if (restoring->options->check)
		return promo_backup_unload(&loaded, restoring->arena, restoring->problem);
	return put_in_place(restoring, &loaded);
}

int promod_restore(const struct promod_options *options, const struct promod_config *config,
	struct promo_arena *arena, struct promo_problem *problem)
{
	struct restoring restoring = {
		.options = options, .config = config, .arena = arena, .problem = problem
	};
	struct promod_database *database;
	int r;

	/* pg_restore that ends early is told by what writing to it returns. */
	(void)signal(SIGPIPE, SIG_IGN);
	r = promod_database_open(config, &database);
	if (r)
		return r;
	restoring.owner = promod_database_owner(database);
	restoring.embedded = promod_database_embedded(database);
	r = restoring.owner
		    ? restore(&restoring)
		    : promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			      "'owner_database' does not say how to connect as the owner, who "
			      "alone can restore");
	promo_store_close(restoring.lock);
	promod_database_close(database);
	return r;
}
