/* SPDX-License-Identifier: MIT */
#include "libpromo/store/migrate.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/store/pg.h"
#include "libpromo/store/rows.h"

enum {
	ATTEMPTS_MAX = 10, /* where others migrate at the same time; each waits for a lock */
	ARENA_BYTES = 1 << 20,
};

static void close_store(struct promo_store **store)
{
	promo_store_close(*store);
}

int promo_migrate_known(void)
{
	int count = 0;

	while (promo_migrations[count].version)
		count++;
	return count;
}

static int truth_of(
	struct promo_store *store, struct promo_arena *arena, enum promo_query query, bool *ret)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_truth_row row;
	int r = promo_store_one(store, arena, query, &none, &row);

	if (r == 0)
		*ret = row.yes;
	return r;
}

/* Makes a thing where it is missing. Who was overtaken sees it the next time. */
static int make_missing(struct promo_store *store, struct promo_arena *arena,
	enum promo_query exists, enum promo_query make)
{
	for (int attempt = 1;; attempt++) {
		bool there = false;
		int r = truth_of(store, arena, exists, &there);

		if (r || there)
			return r;
		r = promo_store_exec(store, make, NULL, NULL);
		if (promo_store_failure(store) != PROMO_STORE_RETRY || attempt == ATTEMPTS_MAX)
			return r;
	}
}

static int note(struct promo_store *store, struct promo_arena *arena,
	const struct promo_migration *migration)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_int(&params, migration->version);
	promo_param_text(&params, migration->name);
	promo_param_text(&params, migration->checksum);
	return promo_store_exec(store, PROMO_Q_MIGRATION_INSERT, &params, NULL);
}

/* Those that the schema gives rights to. */
static int make_roles(struct promo_store *store, struct promo_arena *arena,
	const struct promo_migrate_config *config)
{
	int r;

	r = make_missing(store, arena, PROMO_Q_APPROLE_FIND, PROMO_Q_APPROLE_CREATE);
	if (r) {
		promo_log(PROMO_LOG_ERROR,
			"the role promo_app is missing on this server and could not be made: "
			"let the administrator of the server make it, without login");
		return r;
	}
	if (!config->app_login)
		return 0;
	r = promo_store_exec(store, PROMO_Q_APPROLE_LOGIN, NULL, NULL);
	return r ? r : make_missing(store, arena, PROMO_Q_LOADER_FIND, PROMO_Q_LOADER_CREATE);
}

/* What a migration needs before the first one: the list of them and the role to give rights to. */
static int prepare(struct promo_store *store, struct promo_arena *arena,
	const struct promo_migrate_config *config)
{
	const struct promo_migration lease = { .name = "lease", .checksum = "" };
	int r;

	r = make_missing(store, arena, PROMO_Q_MIGRATION_EXISTS, PROMO_Q_MIGRATION_PREPARE);
	if (r)
		return r;
	r = note(store, arena, &lease);
	if (r)
		return r;
	return make_roles(store, arena, config);
}

/* How many of our migrations the database has; a fault if they are not ours. */
static int applied_count(struct promo_store *store, struct promo_arena *arena, int *ret)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_objects rows;
	const struct promo_migration_row *row;
	int known = promo_migrate_known();
	int r = promo_store_all(store, arena, PROMO_Q_MIGRATION_LIST, &none, &rows);

	if (r)
		return r;
	row = rows.items;
	for (size_t i = 0; i < rows.count; i++, row++) {
		const struct promo_migration *ours = &promo_migrations[i];

		if (row->version > known)
			return promo_fault(-EINVAL,
				"the database is newer than this program: it has the migration "
				"\"%s\", "
				"this program knows %d; install the newer one",
				row->name, known);
		if (row->version != ours->version)
			return promo_fault(-EINVAL,
				"the database lacks the migration \"%s\" but has \"%s\"",
				ours->name, row->name);
		if (strcmp(row->checksum, ours->checksum) != 0)
			return promo_fault(-EINVAL,
				"the file sql/schema/%s.sql was changed after it was applied to "
				"this "
				"database; take the released file, changes go into a new one",
				ours->name);
	}
	*ret = (int)rows.count;
	return 0;
}

static int run_file(struct promo_store *store, const struct promo_migration *migration)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;

	promo_pg_forget_failure(store);
	if (!PQsendQuery(store->conn, migration->text))
		return promo_pg_judge_send(store, migration->name, PROMO_PG_WRITING);
	result = promo_pg_finish(store);
	return promo_pg_judge(store, result, migration->name, PROMO_PG_WRITING);
}

/* In a transaction: the next missing migration; *ret tells whether there was one. */
static int apply_next(struct promo_store *store, struct promo_arena *arena, bool *ret)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	const struct promo_migration *next;
	struct promo_moment_row lease;
	int applied = 0, r;

	r = promo_store_one(store, arena, PROMO_Q_MIGRATION_LOCK, &none, &lease);
	if (r)
		return r;
	r = applied_count(store, arena, &applied);
	if (r)
		return r;
	next = &promo_migrations[applied];
	if (!next->version) {
		*ret = false;
		return 0;
	}
	r = run_file(store, next);
	if (r)
		return r;
	r = note(store, arena, next);
	if (r)
		return r;
	*ret = true;
	return 0;
}

static int apply_in_transaction(struct promo_store *store, struct promo_arena *arena, bool *ret)
{
	bool more = false;
	int r = promo_store_begin(store);

	if (r)
		return r;
	r = apply_next(store, arena, &more);
	if (r) {
		enum promo_store_failure failure = store->failure;

		promo_store_rollback(store);
		store->failure = failure;
		return r;
	}
	r = promo_store_commit(store);
	if (r)
		return r;
	*ret = more;
	return 0;
}

static int migrate(
	const struct promo_migrate_config *config, struct promo_arena *arena, int *ret_applied)
{
	PROMO_CLEANUP(close_store) struct promo_store *store = NULL;
	struct promo_store_config store_config = { .uri = config->uri, .patient = true };
	int applied = 0, attempt = 0;
	int r = promo_store_open(&store_config, &store);

	if (r)
		return r;
	r = prepare(store, arena, config);
	if (r)
		return r;
	for (;;) {
		bool more = false;

		r = apply_in_transaction(store, arena, &more);
		if (store->failure == PROMO_STORE_RETRY && ++attempt < ATTEMPTS_MAX)
			continue;
		if (r)
			return r;
		if (!more)
			break;
		applied++;
	}
	*ret_applied = applied;
	return 0;
}

int promo_migrate_roles(const struct promo_migrate_config *config)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(ARENA_BYTES);
	PROMO_CLEANUP(close_store) struct promo_store *store = NULL;
	const struct promo_store_config store_config = { .uri = config->uri, .patient = true };
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "no memory to look for roles");
	r = promo_store_open(&store_config, &store);
	return r ? r : make_roles(store, arena, config);
}

int promo_migrate(const struct promo_migrate_config *config, int *ret_applied)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(ARENA_BYTES);
	int applied = 0, r;

	if (!arena)
		return promo_fault(-ENOMEM, "no memory to migrate the database");
	r = migrate(config, arena, &applied);
	if (r)
		return r;
	if (applied)
		promo_log(PROMO_LOG_INFO, "applied %d migrations", applied);
	if (ret_applied)
		*ret_applied = applied;
	return 0;
}

static enum promo_migration_standing standing_of(
	const struct promo_migration *ours, const struct promo_migration_row *row)
{
	if (!row)
		return PROMO_MIGRATION_MISSING;
	if (!ours->version)
		return PROMO_MIGRATION_UNKNOWN;
	return strcmp(row->checksum, ours->checksum) == 0 ? PROMO_MIGRATION_APPLIED
							  : PROMO_MIGRATION_CHANGED;
}

static int read_applied(const char *uri, struct promo_arena *arena, struct promo_objects *ret)
{
	PROMO_CLEANUP(close_store) struct promo_store *store = NULL;
	const struct promo_store_config config = { .uri = uri };
	const struct promo_params none = PROMO_PARAMS(arena);
	bool exists = false;
	int r = promo_store_open(&config, &store);

	if (r)
		return r;
	r = truth_of(store, arena, PROMO_Q_MIGRATION_EXISTS, &exists);
	if (r)
		return r;
	*ret = (struct promo_objects){ .count = 0 };
	return exists ? promo_store_all(store, arena, PROMO_Q_MIGRATION_LIST, &none, ret) : 0;
}

int promo_migrate_status(const char *uri, struct promo_arena *arena,
	const struct promo_migration_state **ret, size_t *ret_count)
{
	struct promo_objects applied;
	struct promo_migration_state *states;
	size_t known = (size_t)promo_migrate_known(), count;
	int r = read_applied(uri, arena, &applied);

	if (r)
		return r;
	count = applied.count > known ? applied.count : known;
	states = promo_arena_alloc_array(arena, count, sizeof(*states));
	if (!states)
		return promo_fault(-ENOMEM, "no memory for the list of migrations");
	for (size_t i = 0; i < count; i++) {
		const struct promo_migration *ours = &promo_migrations[i < known ? i : known];
		const struct promo_migration_row *row =
			i < applied.count ? (const struct promo_migration_row *)applied.items + i
					  : NULL;

		states[i] = (struct promo_migration_state){
			.version = (int)i + 1,
			.name = ours->version ? ours->name
				: row         ? row->name
					      : "",
			.standing = standing_of(ours, row),
			.applied_at = row ? row->applied_at : 0,
		};
	}
	*ret = states;
	*ret_count = count;
	return 0;
}
