/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/backup_scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"

void promo_scratch_of_trial(int64_t oid, const char *backup_id, char ret[PROMO_SCRATCH_SIZE])
{
	char *to = ret + snprintf(ret, PROMO_SCRATCH_SIZE, "promo_check_%" PRId64 "_", oid);

	/* Without its dashes, for which there is no room. */
	for (const char *c = backup_id; *c && to < ret + PROMO_SCRATCH_SIZE - 1; c++)
		if (*c != '-')
			*to++ = *c;
	*to = '\0';
}

void promo_scratch_of_restore(int64_t oid, char ret[PROMO_SCRATCH_SIZE])
{
	(void)snprintf(ret, PROMO_SCRATCH_SIZE, "promo_restore_%" PRId64, oid);
}

int promo_scratch_lock(
	const char *uri, int64_t oid, struct promo_arena *arena, struct promo_store **ret)
{
	struct promo_store_config config = { .no_prepare = true };
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_truth_row taken;
	struct promo_store *store;
	int r;

	r = promo_dump_uri(uri, "postgres", arena, &config.uri);
	if (!r)
		r = promo_store_open(&config, &store);
	if (r)
		return r;
	promo_param_int(&params, oid);
	r = promo_store_one(store, arena, PROMO_Q_SCRATCH_LOCK, &params, &taken);
	if (r || !taken.yes) {
		promo_store_close(store);
		store = NULL;
	}
	if (!r)
		*ret = store;
	return r;
}

struct sweeping {
	const struct promo_scratch_place *place;
	struct promo_arena *arena;
	struct promo_backup_server_row server;
	struct promo_objects left; /* of struct promo_backup_database_row */
	struct promo_dump *dump;
};

static int look(struct sweeping *sweeping, struct promo_store *store)
{
	const struct promo_params none = PROMO_PARAMS(sweeping->arena);
	struct promo_params params = PROMO_PARAMS(sweeping->arena);
	int r;

	r = promo_store_one(
		store, sweeping->arena, PROMO_Q_BACKUP_SERVER, &none, &sweeping->server);
	promo_param_bool(&params, sweeping->place->alone);
	if (!r)
		r = promo_store_all(
			store, sweeping->arena, PROMO_Q_SCRATCH_LIST, &params, &sweeping->left);
	return r;
}

static int open_and_look(struct sweeping *sweeping)
{
	const struct promo_store_config config = { .uri = sweeping->place->uri,
		.no_prepare = true };
	struct promo_store *store;
	int r;

	r = promo_store_open(&config, &store);
	if (r)
		return r;
	r = look(sweeping, store);
	promo_store_close(store);
	return r;
}

static int drop(struct sweeping *sweeping, const char *name)
{
	const char *why = NULL;
	int r = promo_dump_drop(
		sweeping->dump, name, sweeping->place->alone, sweeping->arena, &why);

	if (!r)
		promo_log(PROMO_LOG_INFO, "dropped %s, which a restore left that was broken off",
			name);
	/* Its last session may just be ending. */
	return r > 0 ? 0 : r;
}

/* What a command works on at this moment is left alone, and none begins while it is dropped. */
static int drop_of_restore(struct sweeping *sweeping, const char *name)
{
	struct promo_store *lock = NULL;
	int r = 0;

	if (!sweeping->place->alone)
		r = promo_scratch_lock(
			sweeping->place->uri, sweeping->server.oid, sweeping->arena, &lock);
	if (!r && (lock || sweeping->place->alone))
		r = drop(sweeping, name);
	promo_store_close(lock);
	return r;
}

static int drop_all(struct sweeping *sweeping)
{
	const struct promo_backup_database_row *rows = sweeping->left.items;
	char of_restore[PROMO_SCRATCH_SIZE];
	int r;

	promo_scratch_of_restore(sweeping->server.oid, of_restore);
	r = promo_dump_new(sweeping->place->uri, sweeping->place->bin_dir,
		(int)sweeping->server.major, &sweeping->dump);
	for (size_t i = 0; !r && i < sweeping->left.count; i++)
		r = strcmp(rows[i].name, of_restore) == 0 ? drop_of_restore(sweeping, rows[i].name)
							  : drop(sweeping, rows[i].name);
	promo_dump_free(sweeping->dump);
	return r;
}

int promo_scratch_sweep(const struct promo_scratch_place *place, struct promo_arena *arena)
{
	struct sweeping sweeping = { .place = place, .arena = arena };
	int r = open_and_look(&sweeping);

	return r || sweeping.left.count == 0 ? r : drop_all(&sweeping);
}
