/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/merkle.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/seal_log.h"
#include "libpromo/ops/sealer.h"
#include "libpromo/ops/seals.h"
#include "libpromo/rules/seal.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	ARENA_LIMIT = 32 * 1024 * 1024,
	LOGGED_AT_ONCE = 100,
	STATEMENT_MS =
		30 * 1000, /* rows of a seal that were long written may have to come from disk */
};

struct promo_seal_work {
	const struct promo_runner_config *config;
	struct promo_store *store;
	struct promo_arena *arena; /* of a round */
	struct promo_seal_log *log;
	char owner[PROMO_UUID_SIZE];
	int64_t leased_ms; /* until then the lease is ours, by the own clock; no need to ask */
	int64_t looked;    /* the last seal that was looked at for the log */
	bool told;         /* that another process keeps the log */
	struct promo_pacer pacer;
};

/* The leaves of a seal while its rows come. */
struct leaves {
	const struct promo_seal_range *ranges;
	size_t range_count, range;
	size_t before; /* rows of the ranges before this one */
	unsigned char *bytes;
	bool *there;
};

int promo_seal_work_new(const struct promo_runner_config *config, struct promo_seal_work **ret)
{
	struct promo_seal_work *work = calloc(1, sizeof(*work));

	if (work)
		work->arena = promo_arena_new(ARENA_LIMIT);
	if (!work || !work->arena) {
		free(work);
		return promo_fault(-ENOMEM, "could not start the sealer");
	}
	work->config = config;
	promo_uuid_new(work->owner);
	*ret = work;
	return 0;
}

void promo_seal_work_free(struct promo_seal_work *work)
{
	if (!work)
		return;
	promo_seal_log_close(work->log);
	promo_store_close(work->store);
	promo_arena_free(work->arena);
	free(work);
}

static int connect_sealer(struct promo_seal_work *work)
{
	const struct promo_store_config config = {
		.uri = work->config->database,
		.no_prepare = work->config->no_prepare,
		.no_skip_locked = work->config->no_skip_locked,
	};

	return work->store ? 0 : promo_store_open(&config, &work->store);
}

/* The lease is written anew when half of it is over: who has nothing to seal writes nothing. */
static void note_lease(struct promo_seal_work *work, bool ours)
{
	work->leased_ms = ours ? promo_monotonic_ms() + PROMO_SEALER_LEASE_S * 1000 / 2 : 0;
}

static int ask_lease(struct promo_seal_work *work, enum promo_query query, bool *ret_ours)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	int64_t taken;
	int r;

	promo_param_text(&params, work->owner);
	promo_param_int(&params, PROMO_SEALER_LEASE_S);
	r = promo_store_exec(work->store, query, &params, &taken);
	if (!r)
		*ret_ours = taken == 1;
	return r;
}

/* Whether there is something to seal; the lease is asked for only then. */
static int take_lease(struct promo_seal_work *work, bool *ret_ours)
{
	struct promo_params none = PROMO_PARAMS(work->arena);
	struct promo_objects due;
	int r;

	*ret_ours = promo_monotonic_ms() < work->leased_ms;
	if (*ret_ours)
		return 0;
	r = promo_store_all(work->store, work->arena, PROMO_Q_SEAL_DUE, &none, &due);
	if (r || due.count == 0)
		return r;
	r = ask_lease(work, PROMO_Q_SEAL_LEASE, ret_ours);
	if (!r)
		note_lease(work, *ret_ours);
	return r;
}

void promo_seal_work_rest(struct promo_seal_work *work)
{
	struct promo_params params = PROMO_PARAMS(work->arena);

	work->leased_ms = 0;
	if (!work->store)
		return;
	promo_arena_clear(work->arena);
	promo_param_text(&params, work->owner);
	if (promo_store_exec(work->store, PROMO_Q_SEAL_RELEASE, &params, NULL))
		promo_log(PROMO_LOG_DEBUG, "the next sealer waits for the lease of this one");
}

/*
 * One seal.
 */

/* As many rows as go into one seal. */
static int choose_ranges(struct promo_seal_work *work, const struct promo_objects *due,
	struct promo_seal_range **ret, size_t *ret_count, bool *ret_more)
{
	const struct promo_seal_due_row *rows = due->items;
	struct promo_seal_range *ranges =
		promo_arena_alloc_array(work->arena, due->count, sizeof(*ranges));
	int64_t left = PROMO_SEAL_ROWS_MAX;
	size_t count = 0;

	if (!ranges)
		return promo_fault(-ENOMEM, "could not seal the audit trail");
	*ret_more = false;
	for (size_t i = 0; i < due->count; i++) {
		int64_t to = rows[i].to;

		*ret_more |= to - rows[i].from >= left;
		if (to - rows[i].from >= left)
			to = rows[i].from + left - 1;
		if (left == 0)
			break;
		ranges[count++] = (struct promo_seal_range){
			.writer_id = rows[i].writer_id, .from = rows[i].from, .to = to
		};
		left -= to - rows[i].from + 1;
	}
	*ret = ranges;
	*ret_count = count;
	return 0;
}

static int take_leaf(void *context, int columns, const char *const *values)
{
	struct leaves *leaves = context;
	size_t range = (size_t)strtoull(values[0], NULL, 10) - 1;
	int64_t seq = strtoll(values[1 + PROMO_SEAL_SEQ], NULL, 10);
	size_t at;

	if (columns != 1 + PROMO_SEAL_COLUMNS || range >= leaves->range_count)
		return promo_fault(-EPROTO, "a row of the audit trail is none");
	for (; leaves->range < range; leaves->range++)
		leaves->before += (size_t)(leaves->ranges[leaves->range].to -
					   leaves->ranges[leaves->range].from + 1);
	at = leaves->before + (size_t)(seq - leaves->ranges[range].from);
	promo_seal_leaf(values + 1, leaves->bytes + at * PROMO_SEAL_HASH_BYTES);
	leaves->there[at] = true;
	return 0;
}

/* What is not there was taken away before it could be sealed: that stays visible. */
static void finish_ranges(const struct leaves *leaves, struct promo_seal_range *ranges)
{
	size_t at = 0;

	for (size_t i = 0; i < leaves->range_count; i++) {
		struct promo_merkle tree;
		int64_t missing = 0;

		promo_merkle_start(&tree);
		for (int64_t seq = ranges[i].from; seq <= ranges[i].to; seq++, at++) {
			missing += !leaves->there[at];
			promo_merkle_add(&tree, leaves->bytes + at * PROMO_SEAL_HASH_BYTES);
		}
		promo_merkle_root(&tree, ranges[i].root);
		if (missing > 0)
			promo_log(PROMO_LOG_ERROR,
				"%lld rows of writer %lld are missing in the audit trail; "
				"promo audit verify names them",
				(long long)missing, (long long)ranges[i].writer_id);
	}
}

static int hash_rows(struct promo_seal_work *work, struct promo_seal_range *ranges, size_t count,
	struct promo_audit_seal *seal)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	struct leaves leaves = { .ranges = ranges, .range_count = count };
	size_t rows = 0;
	char *hex;
	int r;

	for (size_t i = 0; i < count; i++)
		rows += (size_t)(ranges[i].to - ranges[i].from + 1);
	leaves.bytes = promo_arena_alloc_array(work->arena, rows, PROMO_SEAL_HASH_BYTES);
	leaves.there = promo_arena_alloc_array(work->arena, rows, sizeof(*leaves.there));
	hex = promo_arena_alloc(work->arena, PROMO_HEX_SIZE(rows * PROMO_SEAL_HASH_BYTES));
	if (!leaves.bytes || !leaves.there || !hex)
		return promo_fault(-ENOMEM, "could not seal the audit trail");
	promo_seal_param_ranges(&params, ranges, count);
	r = promo_store_each(work->store, PROMO_Q_SEAL_LEAVES, &params, take_leaf, &leaves);
	if (r)
		return r;
	finish_ranges(&leaves, ranges);
	promo_hex_encode(leaves.bytes, rows * PROMO_SEAL_HASH_BYTES, hex);
	seal->leaves = hex;
	return promo_seal_ranges_write(ranges, count, work->arena, &seal->ranges);
}

/* The number after all that were seen, also where they are gone: none is given twice. */
static int follow_last(struct promo_seal_work *work, struct promo_audit_seal *seal)
{
	struct promo_params none = PROMO_PARAMS(work->arena);
	char *previous = promo_arena_strdup(work->arena, promo_seal_no_hash);
	struct promo_audit_seal last;
	int64_t logged = work->log ? promo_seal_log_last(work->log) : 0;
	bool found;
	int r;

	if (!previous)
		return promo_fault(-ENOMEM, "could not seal the audit trail");
	r = promo_store_find(work->store, work->arena, PROMO_Q_SEAL_LAST, &none, &last, &found);
	if (r)
		return r;
	if (found && !promo_seal_hash(&last, previous))
		promo_log(PROMO_LOG_ERROR, "seal %lld of the audit trail was changed",
			(long long)last.id);
	/* What nobody trusted has signed may not speak for us. */
	if (found && promo_seal_signed(
			     &last, work->config->sealing->keys, work->config->sealing->key_count))
		seal->dropped_to = last.dropped_to;
	r = promo_seal_wish(work->config, work->store, work->arena, &seal->dropped_to);
	if (r)
		return r;
	seal->id = found ? last.id + 1 : 1;
	if (logged >= seal->id) {
		promo_log(PROMO_LOG_ERROR,
			"seals %lld to %lld are in the log of seals and not in the database: it "
			"was "
			"restored, or tampered with",
			(long long)seal->id, (long long)logged);
		seal->id = logged + 1;
	}
	seal->previous = previous;
	return 0;
}

static int insert_seal(struct promo_seal_work *work, const struct promo_audit_seal *seal,
	const struct promo_seal_range *ranges, size_t count)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	struct promo_params notes = PROMO_PARAMS(work->arena);
	struct promo_array writers = promo_array_new(work->arena, count, 8);
	struct promo_array ends = promo_array_new(work->arena, count, 8);
	int r;

	promo_param_int(&params, seal->id);
	promo_param_time(&params, seal->at);
	promo_param_text(&params, seal->ranges);
	promo_param_text(&params, seal->root);
	promo_param_text(&params, seal->previous);
	promo_param_int(&params, seal->dropped_to);
	promo_param_text(&params, seal->key_id);
	promo_param_text(&params, seal->signature);
	promo_param_text(&params, seal->leaves);
	r = promo_store_exec(work->store, PROMO_Q_SEAL_INSERT, &params, NULL);
	if (r)
		return r;
	for (size_t i = 0; i < count; i++) {
		promo_array_int(&writers, ranges[i].writer_id);
		promo_array_int(&ends, ranges[i].to);
	}
	promo_param_array(&notes, &writers);
	promo_param_array(&notes, &ends);
	promo_param_int(&notes, seal->id);
	return promo_store_exec(work->store, PROMO_Q_SEAL_NOTE, &notes, NULL);
}

/* *ret_kept: the lease is still ours, so nobody else read the same rows meanwhile. */
static int make_seal(struct promo_seal_work *work, bool *ret_kept, bool *ret_more)
{
	struct promo_params none = PROMO_PARAMS(work->arena);
	struct promo_audit_seal seal = { 0 };
	struct promo_seal_range *ranges = NULL;
	struct promo_objects due;
	size_t count = 0;
	int r;

	*ret_kept = true;
	r = promo_store_all(work->store, work->arena, PROMO_Q_SEAL_DUE, &none, &due);
	if (r || due.count == 0)
		return r;
	seal.at = ((const struct promo_seal_due_row *)due.items)->at;
	r = choose_ranges(work, &due, &ranges, &count, ret_more);
	if (!r)
		r = follow_last(work, &seal);
	if (!r)
		r = hash_rows(work, ranges, count, &seal);
	if (!r)
		r = promo_seal_sign(work->config->sealing->seed, work->arena, &seal);
	if (!r)
		r = ask_lease(work, PROMO_Q_SEAL_KEEP, ret_kept);
	if (!r)
		note_lease(work, *ret_kept);
	return r || !*ret_kept ? r : insert_seal(work, &seal, ranges, count);
}

static int seal_once(struct promo_seal_work *work, bool *ret_more)
{
	bool ours = false, kept = false;
	int r;

	r = take_lease(work, &ours);
	if (r || !ours)
		return r;
	r = promo_store_begin(work->store);
	if (!r)
		r = promo_store_allow_ms(work->store, STATEMENT_MS);
	if (!r)
		r = make_seal(work, &kept, ret_more);
	if (!r && !kept) {
		promo_store_rollback(work->store);
		*ret_more = false;
		return 0;
	}
	return r ? r : promo_store_commit(work->store);
}

/*
 * The log.
 */

static int open_log(struct promo_seal_work *work)
{
	const char *path = work->config->sealing->log;
	int r;

	if (!path)
		return 0;
	if (work->log && !promo_seal_log_is_at(work->log, path)) {
		promo_log(PROMO_LOG_WARNING, "%s was moved away: it is begun anew", path);
		promo_seal_log_close(work->log);
		work->log = NULL;
	}
	if (work->log)
		return 0;
	r = promo_seal_log_open(path, work->arena, &work->log);
	work->looked = work->log ? promo_seal_log_last(work->log) : 0;
	if (!r && !work->log && !work->told) {
		promo_log(PROMO_LOG_INFO, "another daemon keeps %s", path);
		work->told = true;
	}
	return r;
}

static int bring_up_to_date(struct promo_seal_work *work, bool *ret_more)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	const struct promo_audit_seal *seals;
	struct promo_objects rows;
	int r;

	if (!work->log)
		return 0;
	promo_param_int(&params, work->looked);
	promo_param_int(&params, LOGGED_AT_ONCE);
	promo_param_bool(&params, false);
	r = promo_store_all(work->store, work->arena, PROMO_Q_SEAL_LIST, &params, &rows);
	if (r)
		return r;
	seals = rows.items;
	/* What nobody trusted has signed is for verify to tell of, not for the log. */
	for (size_t i = 0; !r && i < rows.count; i++) {
		if (promo_seal_signed(&seals[i], work->config->sealing->keys,
			    work->config->sealing->key_count))
			r = promo_seal_log_append(work->log, &seals[i], work->arena);
		if (!r)
			work->looked = seals[i].id;
	}
	*ret_more |= rows.count == LOGGED_AT_ONCE;
	return r;
}

static void disconnect(struct promo_seal_work *work)
{
	promo_store_close(work->store);
	work->store = NULL;
	work->leased_ms = 0;
}

int promo_seal_work_round(struct promo_seal_work *work, bool *ret_more)
{
	bool more = false;
	int r, log;

	promo_arena_clear(work->arena);
	r = connect_sealer(work);
	if (r)
		return r;
	/* A log that cannot be written catches up later: sealing goes on. */
	log = open_log(work);
	r = seal_once(work, &more);
	if (r) {
		disconnect(work);
		return r;
	}
	/* Who seals keeps up what the trail is searched by, too: once is enough. */
	if (work->leased_ms > 0)
		r = promo_audit_index(
			work->store, work->arena, &work->pacer, work->config->pace, &more);
	if (r) {
		disconnect(work);
		return r;
	}
	if (!log)
		log = bring_up_to_date(work, &more);
	if (log) {
		promo_seal_log_close(work->log);
		work->log = NULL;
		disconnect(work);
		return log;
	}
	*ret_more = more;
	return 0;
}
