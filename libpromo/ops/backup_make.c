/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/backup_file.h"
#include "libpromo/ops/backup_scratch.h"
#include "libpromo/ops/backup_work.h"
#include "libpromo/ops/backups.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/store.h"

/*
 * Makes the file of a backup. pg_dump is told to share the snapshot of a transaction that counts, meanwhile, what
 * is there: so the manifest says exactly what the dump holds. The transaction ends as soon as pg_dump has begun to
 * write, since it holds the snapshot itself by then.
 */

enum {
	POLL_MS = 250,
	PIECE_BYTES = 256 * 1024,
};

struct making {
	struct promo_backup_work *work;
	struct promo_store *store; /* NULL once the snapshot is pg_dump's alone */
	struct promo_dump *dump;
	struct promo_dump_child child;
	struct promo_backup_writer *writer;
	struct promo_backup_origin_row origin;
};

static int refuse_disk(struct promo_backup_work *work, int r)
{
	if (r < 0)
		return r;
	return promo_refuse(&work->problem, work->arena, PROMO_E_UNAVAILABLE,
		"the backup could not be written to %s; is there room?", work->config->backup.dir);
}

static int begin_snapshot(struct making *making)
{
	struct promo_backup_work *work = making->work;
	const struct promo_store_config config = {
		.uri = work->config->backup.database,
		.no_prepare = true,
		.patient = true,
	};
	const struct promo_params none = PROMO_PARAMS(work->arena);
	struct promo_backup_server_row server;
	int r;

	r = promo_store_open(&config, &making->store);
	if (!r)
		r = promo_store_begin_snapshot(making->store);
	if (!r)
		r = promo_store_one(
			making->store, work->arena, PROMO_Q_BACKUP_SERVER, &none, &server);
	if (!r)
		r = promo_store_one(
			making->store, work->arena, PROMO_Q_BACKUP_BEGIN, &none, &making->origin);
	if (r)
		return r;
	r = promo_dump_new(work->config->backup.database, work->config->backup.postgres_bin,
		(int)server.major, &making->dump);
	if (r == PROMO_E_NOT_FOUND)
		return promo_refuse(&work->problem, work->arena, PROMO_E_UNAVAILABLE,
			"the programs pg_dump and pg_restore of PostgreSQL %d or later are not "
			"installed here; install its client, or say where they are as postgres_bin",
			(int)server.major);
	return r;
}

/* While pg_dump looks at the schema. */
static int write_manifest(struct making *making)
{
	struct promo_backup_work *work = making->work;
	const struct promo_params none = PROMO_PARAMS(work->arena);
	char made_at[PROMO_TIME_SIZE];
	struct promo_backup_manifest manifest = {
		.id = work->backup.id,
		.made_at = made_at,
		.version = work->config->version,
		.schema = making->origin.schema,
	};
	struct promo_backup_counts_row row;
	const char *text;
	int r;

	r = promo_store_one(making->store, work->arena, PROMO_Q_BACKUP_COUNTS, &none, &row);
	if (r)
		return r;
	work->counts = row.counts;
	manifest.counts = row.counts;
	promo_time_format(making->origin.made_at, made_at);
	r = promo_backup_manifest_format(&manifest, work->arena, &text);
	if (r)
		return r;
	r = promo_backup_writer_manifest(making->writer, text);
	return r ? refuse_disk(work, r) : 0;
}

/* Something to read; the transaction is kept from being idle for too long until then. */
static int wait_for_dump(struct making *making)
{
	struct pollfd poller = { .fd = making->child.fd, .events = POLLIN };
	int n = 0;

	while (n <= 0) {
		n = poll(&poller, 1, POLL_MS);
		if (n < 0 && errno != EINTR)
			return promo_fault(-errno, "could not wait for pg_dump");
		if (atomic_load(&making->work->cut))
			return -ECANCELED;
		if (n == 0 && making->store && promo_store_ping(making->store))
			return PROMO_E_UNAVAILABLE;
	}
	return 0;
}

static int copy(struct making *making)
{
	char *piece = promo_arena_alloc(making->work->arena, PIECE_BYTES);
	ssize_t n = 1;
	int r = piece ? 0 : promo_fault(-ENOMEM, "could not make a backup");

	while (!r && n > 0) {
		r = wait_for_dump(making);
		if (r)
			return r;
		n = read(making->child.fd, piece, PIECE_BYTES);
		if (n < 0)
			return promo_fault(-errno, "could not read what pg_dump writes");
		if (making->store) {
			promo_store_close(making->store);
			making->store = NULL;
		}
		r = promo_backup_writer_add(making->writer, piece, (size_t)n);
		if (r)
			return refuse_disk(making->work, r);
	}
	return r;
}

/* With pg_dump at work. */
static int finish(struct making *making)
{
	struct promo_backup_work *work = making->work;
	const char *why = NULL;
	int r;

	r = write_manifest(making);
	if (!r)
		r = copy(making);
	if (r) {
		promo_dump_kill(&making->child);
		return r;
	}
	r = promo_dump_end(&making->child, &work->cut, work->arena, &why);
	if (r > 0)
		return promo_refuse(&work->problem, work->arena, r, "%s", why);
	if (!r)
		r = promo_backup_writer_end(making->writer, &work->bytes, work->sha256);
	return r ? refuse_disk(work, r) : 0;
}

static int make(struct making *making)
{
	struct promo_backup_work *work = making->work;
	char name[PROMO_BACKUP_NAME_SIZE];
	int r;

	promo_backup_name(work->backup.id, name);
	r = promo_backup_writer_new(
		work->config->backup.dir, name, work->config->backup.public_key, &making->writer);
	if (r)
		return refuse_disk(work, r);
	r = begin_snapshot(making);
	if (!r)
		r = promo_dump_begin(making->dump, making->origin.snapshot, &making->child);
	return r ? r : finish(making);
}

int promo_backup_make(struct promo_backup_work *work)
{
	const struct promo_scratch_place place = {
		.uri = work->config->backup.database,
		.bin_dir = work->config->backup.postgres_bin,
	};
	struct making making = { .work = work };
	int r;

	/* That takes room, but what keeps it from going keeps no backup from being made. */
	(void)!promo_scratch_sweep(&place, work->arena);
	r = make(&making);

	promo_store_close(making.store);
	promo_dump_free(making.dump);
	promo_backup_writer_free(making.writer);
	return r;
}
