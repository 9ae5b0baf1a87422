/* SPDX-License-Identifier: MIT */
#include "promod/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "libpromo/base/box.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/secret.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/backup_load.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"

enum {
	NAME_SIZE = 64,    /* of a database; the server's limit is 63 bytes */
	OLD_NAME_MAX = 40, /* that still has room for what is put behind it */
	MS_PER_S = 1000,
};

/*
 * Keys.
 */

static int read_public(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem, const unsigned char **ret)
{
	unsigned char *key = promo_arena_alloc(arena, PROMO_BOX_KEY_BYTES);

	if (!key)
		return promo_fault(-ENOMEM, "could not prepare backups");
	if (promo_hex_decode(config->backup_public_key, key, PROMO_BOX_KEY_BYTES))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"backup_public_key: '%s' is no public key, which has 64 hex digits; make "
			"one "
			"with promod backup-key FILE",
			config->backup_public_key);
	*ret = key;
	return 0;
}

static int read_secret(const char *path, struct promo_arena *arena, struct promo_problem *problem,
	const unsigned char **ret)
{
	unsigned char *key = promo_arena_alloc(arena, PROMO_BOX_KEY_BYTES);
	int r;

	if (!key)
		return promo_fault(-ENOMEM, "could not read the key of backups");
	r = promo_secret_file_read(path, key, PROMO_BOX_KEY_BYTES, arena, problem);
	if (r == PROMO_E_NOT_FOUND)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"there is no key of backups '%s'", path);
	if (!r)
		*ret = key;
	return r;
}

int promod_backup_prepare(const struct promod_config *config,
	const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_config *ret)
{
	const char *owner = promod_database_owner(database);
	int r = 0;

	ret->dir = config->backup_directory;
	ret->database = owner ? owner : promod_database_uri(database);
	ret->postgres_bin = config->postgres_bin[0] ? config->postgres_bin : NULL;
	if (mkdir(config->backup_directory, 0700) != 0 && errno != EEXIST)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not make the folder of backups '%s': %s", config->backup_directory,
			strerror(errno));
	if (config->backup_public_key[0])
		r = read_public(config, arena, problem, &ret->public_key);
	if (!r && config->backup_key_file[0])
		r = read_secret(config->backup_key_file, arena, problem, &ret->key);
	return r;
}

int promod_backup_key(const struct promod_options *options, struct promo_arena *arena,
	struct promo_problem *problem)
{
	unsigned char secret[PROMO_BOX_KEY_BYTES], public_key[PROMO_BOX_KEY_BYTES];
	char hex[PROMO_HEX_SIZE(PROMO_BOX_KEY_BYTES)];
	int r;

	r = promo_secret_file_create(options->file, secret, sizeof(secret), arena, problem);
	if (r)
		return r;
	promo_box_public(secret, public_key);
	promo_secret_wipe(secret, sizeof(secret));
	promo_hex_encode(public_key, sizeof(public_key), hex);
	printf("%s\n", hex);
	return 0;
}

/*
 * Restoring.
 */

struct restoring {
	const struct promod_options *options;
	const char *owner; /* URI */
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct promo_backup_server_row server;
	char fresh[NAME_SIZE], kept[NAME_SIZE];
};

static int look(struct restoring *restoring, struct promo_store *store)
{
	const struct promo_params none = PROMO_PARAMS(restoring->arena);
	int r;

	r = promo_store_one(
		store, restoring->arena, PROMO_Q_BACKUP_SERVER, &none, &restoring->server);
	if (r)
		return r;
	if (strlen(restoring->server.name) > OLD_NAME_MAX)
		return promo_refuse(restoring->problem, restoring->arena, PROMO_E_INVALID_INPUT,
			"the name of the database '%s' is too long to put another one in its place",
			restoring->server.name);
	if (restoring->server.others > 0 && !restoring->options->check)
		return promo_refuse(restoring->problem, restoring->arena, PROMO_E_UNAVAILABLE,
			"%" PRId64 " others are connected to the database '%s'; stop all daemons "
			"first",
			restoring->server.others, restoring->server.name);
	return 0;
}

static int open_and_look(struct restoring *restoring)
{
	const struct promo_store_config config = { .uri = restoring->owner, .no_prepare = true };
	struct promo_store *store;
	int r;

	r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = look(restoring, store);
	promo_store_close(store);
	if (r)
		return r;
	(void)snprintf(restoring->fresh, sizeof(restoring->fresh), "%s_%s", restoring->server.name,
		restoring->options->check ? "checked" : "restored");
	(void)snprintf(restoring->kept, sizeof(restoring->kept), "%s_before_%" PRId64,
		restoring->server.name, promo_now_ms() / MS_PER_S);
	return 0;
}

/* In the restored database: nobody is signed in, and no backup is being made. */
static int settle(struct restoring *restoring)
{
	const struct promo_params none = PROMO_PARAMS(restoring->arena);
	struct promo_store_config config = { .no_prepare = true, .patient = true };
	struct promo_store *store;
	int r;

	r = promo_dump_uri(restoring->owner, restoring->fresh, restoring->arena, &config.uri);
	if (!r)
		r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = promo_store_exec(store, PROMO_Q_BACKUP_SETTLE, &none, NULL);
	promo_store_close(store);
	return r;
}

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

/* By a session of neither database: the server renames none that somebody is connected to. */
static int swap(struct restoring *restoring)
{
	struct promo_store_config config = { .no_prepare = true, .patient = true };
	struct promo_store *store;
	int r;

	r = promo_dump_uri(restoring->owner, "postgres", restoring->arena, &config.uri);
	if (!r)
		r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = rename_both(restoring, store);
	promo_store_close(store);
	if (!r)
		return 0;
	return promo_refuse(restoring->problem, restoring->arena, PROMO_E_UNAVAILABLE,
		"the restored database could not be put in the place of '%s': somebody has "
		"connected meanwhile, or the role may not rename databases",
		restoring->server.name);
}

static int load(struct restoring *restoring, const struct promod_config *config,
	const struct promod_database *database, struct promo_backup_load *load,
	struct promo_backup_manifest *ret)
{
	const unsigned char *secret = NULL;
	int r = 0;

	if (restoring->options->key)
		r = read_secret(
			restoring->options->key, restoring->arena, restoring->problem, &secret);
	if (r)
		return r;
	*load = (struct promo_backup_load){
		.path = restoring->options->file,
		.secret = secret,
		.uri = restoring->owner,
		.bin_dir = config->postgres_bin[0] ? config->postgres_bin : NULL,
		.database = restoring->fresh,
		.app_login = promod_database_embedded(database),
	};
	return promo_backup_load(load, restoring->arena, restoring->problem, ret);
}

static int restore(struct restoring *restoring, const struct promod_config *config,
	const struct promod_database *database)
{
	struct promo_backup_manifest manifest;
	struct promo_backup_load loaded;
	int r;

	r = open_and_look(restoring);
	if (!r)
		r = load(restoring, config, database, &loaded, &manifest);
	if (r)
		return r;
	printf("the backup %s of %s is whole: %s\n", manifest.id, manifest.made_at,
		manifest.counts);
	if (restoring->options->check)
		return promo_backup_unload(&loaded, restoring->arena, restoring->problem);
	r = settle(restoring);
	if (!r)
		r = swap(restoring);
	if (r) {
		struct promo_problem problem = *restoring->problem;

		(void)!promo_backup_unload(&loaded, restoring->arena, restoring->problem);
		*restoring->problem = problem;
		return r;
	}
	printf("it is now the database '%s'; what was there is kept as '%s': drop that once all is "
	       "well\n",
		restoring->server.name, restoring->kept);
	return 0;
}

int promod_restore(const struct promod_options *options, const struct promod_config *config,
	struct promo_arena *arena, struct promo_problem *problem)
{
	struct restoring restoring = { .options = options, .arena = arena, .problem = problem };
	struct promod_database *database;
	int r;

	/* pg_restore that ends early is told by what writing to it returns. */
	(void)signal(SIGPIPE, SIG_IGN);
	r = promod_database_open(config, &database);
	if (r)
		return r;
	restoring.owner = promod_database_owner(database);
	r = restoring.owner
		    ? restore(&restoring, config, database)
		    : promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			      "'owner_database' does not say how to connect as the owner, who "
			      "alone can restore");
	promod_database_close(database);
	return r;
}
