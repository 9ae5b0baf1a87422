/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/backup_load.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/ops/seals.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/migrate.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"

struct loading {
	const struct promo_backup_load *load;
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct promo_backup_reader *reader;
	struct promo_dump *dump;
	struct promo_backup_server_row server;
	struct promo_backup_manifest manifest;
};

static int refuse_program(const struct loading *loading, int r, const char *what, const char *why)
{
	if (r <= 0)
		return r;
	return promo_refuse(
		loading->problem, loading->arena, PROMO_E_UNAVAILABLE, "%s: %s", what, why);
}

int promo_backup_server(const char *uri, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_backup_server_row *ret)
{
	const struct promo_store_config config = { .uri = uri, .no_prepare = true };
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_store *store;
	int r;

	r = promo_store_open(&config, &store);
	if (r > 0)
		return promo_refuse(problem, arena, r, "the database server cannot be reached");
	if (r)
		return r;
	r = promo_store_one(store, arena, PROMO_Q_BACKUP_SERVER, &none, ret);
	promo_store_close(store);
	return r;
}

static int look_at_server(struct loading *loading)
{
	int r = promo_backup_server(
		loading->load->uri, loading->arena, loading->problem, &loading->server);

	if (!r)
		r = promo_dump_new(loading->load->uri, loading->load->bin_dir,
			(int)loading->server.major, &loading->dump);
	return r == PROMO_E_NOT_FOUND
		       ? promo_refuse(loading->problem, loading->arena, PROMO_E_UNAVAILABLE,
				 "pg_restore of PostgreSQL %" PRId64
				 " or later is not installed here; install its client",
				 loading->server.major)
		       : r;
}

/* Also under those who are connected to it: the server may not have noticed yet that they were killed. */
static int drop(const struct loading *loading)
{
	const char *why = NULL;
	int r = promo_dump_drop(
		loading->dump, loading->load->database, /* force= */ true, loading->arena, &why);

	return refuse_program(loading, r, "what an earlier restore left could not be dropped", why);
}

static int open_file(struct loading *loading)
{
	const struct promo_backup_load *load = loading->load;
	int r;

	r = promo_backup_reader_open(load->path, load->secret, loading->arena, loading->problem,
		&loading->manifest, &loading->reader);
	if (r)
		return r;
	if (loading->manifest.schema > promo_migrate_known())
		return promo_refuse(loading->problem, loading->arena, PROMO_E_INVALID_INPUT,
			"the backup is of promo %s, which is newer than this one; restore it with "
			"that version",
			loading->manifest.version);
	return 0;
}

/* *ret_broken: pg_restore ended early, and says why itself. */
static int put(int fd, const char *bytes, size_t size, bool *ret_broken)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE) {
			*ret_broken = true;
			return 0;
		}
		if (n < 0)
			return promo_fault(
				-errno, "could not write to pg_restore: %s", strerror(errno));
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

static int feed(const struct loading *loading, struct promo_dump_child *child)
{
	const struct promo_backup_load *load = loading->load;
	const void *bytes = NULL;
	size_t size = 1;
	bool broken = false;
	int r = 0;

	while (!r && size > 0 && !broken) {
		if (load->cut && atomic_load(load->cut))
			return -ECANCELED;
		r = promo_backup_reader_next(
			loading->reader, loading->arena, loading->problem, &bytes, &size);
		if (!r)
			r = put(child->fd, bytes, size, &broken);
		if (load->done)
			atomic_store(load->done, promo_backup_reader_at(loading->reader));
	}
	return r;
}

/* All in one transaction, so that what is not read to its end leaves nothing. */
static int restore(const struct loading *loading)
{
	struct promo_dump_child child;
	const char *why = NULL;
	int r;

	r = promo_dump_restore(loading->dump, loading->load->database, &child);
	if (r)
		return r;
	r = feed(loading, &child);
	if (r) {
		promo_dump_kill(&child);
		return r;
	}
	r = promo_dump_end(&child, loading->load->cut, loading->arena, &why);
	return refuse_program(loading, r, "the backup could not be restored", why);
}

static int compare_counts(const struct loading *loading, struct promo_store *store)
{
	struct promo_params none = PROMO_PARAMS(loading->arena);
	struct promo_params both = PROMO_PARAMS(loading->arena);
	struct promo_backup_counts_row holds;
	struct promo_truth_row differs;
	int r;

	r = promo_store_one(store, loading->arena, PROMO_Q_BACKUP_COUNTS, &none, &holds);
	if (r)
		return r;
	promo_param_text(&both, loading->manifest.counts);
	promo_param_text(&both, holds.counts);
	r = promo_store_one(store, loading->arena, PROMO_Q_BACKUP_DIFFERS, &both, &differs);
	if (r || !differs.yes)
		return r;
	return promo_refuse(loading->problem, loading->arena, PROMO_E_INVALID_INPUT,
		"what was restored is not what was backed up: it holds %s instead of %s",
		holds.counts, loading->manifest.counts);
}

static int check_seals(const struct loading *loading, struct promo_store *store)
{
	size_t problems = 0;
	int r = 0;

	if (loading->load->sealing)
		r = promo_seals_check(loading->load->sealing, store, loading->arena, &problems);
	if (r || problems == 0)
		return r;
	return promo_refuse(loading->problem, loading->arena, PROMO_E_INVALID_INPUT,
		"the audit trail that was restored does not fit its seals in %zu places, or was "
		"sealed with a key that is not trusted here (audit_trusted_keys)",
		problems);
}

static int compare(const struct loading *loading, const char *uri)
{
	const struct promo_store_config config = {
		.uri = uri, .no_prepare = true, .patient = true
	};
	struct promo_store *store;
	int r;

	r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = compare_counts(loading, store);
	if (!r)
		r = check_seals(loading, store);
	promo_store_close(store);
	return r;
}

static int fill(const struct loading *loading)
{
	const struct promo_backup_load *load = loading->load;
	struct promo_migrate_config migrate = { .app_login = load->app_login };
	int r;

	r = promo_dump_uri(load->uri, load->database, loading->arena, &migrate.uri);
	/* Those that the rights in the dump are given to. */
	if (!r)
		r = promo_migrate_roles(&migrate);
	if (!r)
		r = restore(loading);
	if (!r)
		r = promo_migrate(&migrate, NULL);
	return r ? r : compare(loading, migrate.uri);
}

static int load_all(struct loading *loading)
{
	const char *why = NULL;
	int r;

	r = open_file(loading);
	if (!r)
		r = look_at_server(loading);
	if (!r)
		r = drop(loading);
	if (r)
		return r;
	r = promo_dump_create(loading->dump, loading->load->database, loading->server.collation,
		loading->server.ctype, loading->arena, &why);
	r = refuse_program(loading, r, "a database to restore into could not be made", why);
	if (r)
		return r;
	r = fill(loading);
	if (r) {
		struct promo_problem problem = *loading->problem;

		(void)!drop(loading);
		*loading->problem = problem;
	}
	return r;
}

int promo_backup_load(const struct promo_backup_load *load, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_manifest *ret)
{
	struct loading loading = { .load = load, .arena = arena, .problem = problem };
	int r = load_all(&loading);

	promo_backup_reader_close(loading.reader);
	promo_dump_free(loading.dump);
	if (!r)
		*ret = loading.manifest;
	return r;
}

int promo_backup_unload(const struct promo_backup_load *load, struct promo_arena *arena,
	struct promo_problem *problem)
{
	struct loading loading = { .load = load, .arena = arena, .problem = problem };
	int r;

	r = look_at_server(&loading);
	if (!r)
		r = drop(&loading);
	promo_dump_free(loading.dump);
	return r;
}
