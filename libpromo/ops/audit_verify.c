/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/seal_log.h"
#include "libpromo/ops/sealer.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/stream.h"
#include "libpromo/rules/seal_check.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * The whole trail against its seals, in one snapshot and in bounded memory: seals from the database and
 * from the log side by side, their rows some 20,000 at a time. It takes as long as reading the trail does,
 * so it runs like an export, on a thread and a connection of its own; the answer begins with blanks, which
 * mean nothing in JSON, so that nobody on the way takes it for dead.
 */

enum {
	SEALS_AT_ONCE = 200,
	PROBLEMS_MAX = 1000,
	BATCH_LIMIT = 64 * 1024 * 1024,
	BLANK_EVERY_MS = 5000,
};

struct verifying {
	const struct promo_sealing *sealing;
	int64_t from, log_size;
	struct promo_store *store;
	struct promo_arena *arena; /* of all of it */
	struct promo_arena *batch; /* of the seals in hand */
	struct promo_stream_sink *sink;
	struct promo_seal_check check;
	struct promo_audit_problem problems[PROBLEMS_MAX];
	size_t problem_count;
	/* The log: its next seal, if it goes on. */
	struct promo_seal_reader reader;
	struct promo_arena *log_arena;
	const struct promo_audit_seal *logged;
	int64_t logged_id; /* the last one that was read */
	/* What is to be compared with rows. */
	struct promo_seal_use *uses[SEALS_AT_ONCE];
	size_t use_count, rows;
	/* While rows come. */
	size_t use, range_end; /* the open one, and the number of the range behind it */
	int64_t blank_ms, gap_writer;
};

static void note(void *context, enum promo_audit_problem_kind kind, int64_t writer_id, int64_t seq)
{
	struct verifying *verifying = context;

	/* A seal may be wrong in two ways that are called the same. */
	for (size_t i = 0; i < verifying->problem_count; i++)
		if (verifying->problems[i].kind == (int)kind &&
			verifying->problems[i].writer_id == writer_id &&
			verifying->problems[i].seq == seq)
			return;
	if (verifying->problem_count < PROBLEMS_MAX)
		verifying->problems[verifying->problem_count++] = (struct promo_audit_problem){
			.kind = (int)kind, .writer_id = writer_id, .seq = seq
		};
}

/*
 * Rows.
 */

/* Opens the next seal in hand. */
static void open_use(struct verifying *verifying, size_t use)
{
	verifying->use = use;
	verifying->range_end += verifying->uses[use]->range_count;
	promo_seal_check_open(&verifying->check, verifying->uses[use]);
}

static int take_row(void *context, int columns, const char *const *values)
{
	struct verifying *verifying = context;
	size_t range = (size_t)strtoull(values[0], NULL, 10) - 1;
	unsigned char leaf[PROMO_SEAL_HASH_BYTES];

	if (columns != 1 + PROMO_SEAL_COLUMNS)
		return promo_fault(-EPROTO, "a row of the audit trail is none");
	while (range >= verifying->range_end && verifying->use + 1 < verifying->use_count) {
		promo_seal_check_close(&verifying->check);
		open_use(verifying, verifying->use + 1);
	}
	promo_seal_leaf(values + 1, leaf);
	promo_seal_check_row(&verifying->check, strtoll(values[1 + PROMO_SEAL_WRITER_ID], NULL, 10),
		strtoll(values[1 + PROMO_SEAL_SEQ], NULL, 10), leaf);
	return 0;
}

static int all_ranges(
	const struct verifying *verifying, struct promo_seal_range **ret, size_t *ret_count)
{
	struct promo_seal_range *ranges = NULL;
	size_t count = 0, done = 0;

	for (size_t i = 0; i < verifying->use_count; i++)
		count += verifying->uses[i]->range_count;
	ranges = promo_arena_alloc_array(verifying->batch, count + 1, sizeof(*ranges));
	if (!ranges)
		return promo_fault(-ENOMEM, "could not check the audit trail");
	for (size_t i = 0; i < verifying->use_count; i++)
		for (size_t k = 0; k < verifying->uses[i]->range_count; k++)
			ranges[done++] = verifying->uses[i]->ranges[k];
	*ret = ranges;
	*ret_count = count;
	return 0;
}

/* Compares the seals in hand with their rows. */
static int check_rows(struct verifying *verifying)
{
	struct promo_params params = PROMO_PARAMS(verifying->batch);
	struct promo_seal_range *ranges = NULL;
	size_t count = 0;
	int r;

	if (verifying->use_count == 0)
		return 0;
	r = all_ranges(verifying, &ranges, &count);
	if (r)
		return r;
	promo_seal_param_ranges(&params, ranges, count);
	verifying->range_end = 0;
	open_use(verifying, 0);
	r = promo_store_each(verifying->store, PROMO_Q_SEAL_LEAVES, &params, take_row, verifying);
	if (r)
		return r;
	promo_seal_check_close(&verifying->check);
	while (verifying->use + 1 < verifying->use_count) {
		open_use(verifying, verifying->use + 1);
		promo_seal_check_close(&verifying->check);
	}
	verifying->use_count = 0;
	verifying->rows = 0;
	return 0;
}

/*
 * Seals.
 */

static int read_log(struct verifying *verifying)
{
	bool damaged = false, again = true;
	int r = 0;

	while (!r && again) {
		promo_arena_clear(verifying->log_arena);
		r = promo_seal_reader_next(
			&verifying->reader, verifying->log_arena, &verifying->logged, &damaged);
		if (r)
			return r;
		if (damaged)
			note(verifying, PROMO_AUDIT_LOG_CHANGED, PROMO_NULL_INT,
				verifying->logged_id + 1);
		again = verifying->logged && verifying->logged->id <= verifying->logged_id;
		/* Its order is that of the numbers. */
		if (again)
			note(verifying, PROMO_AUDIT_LOG_CHANGED, PROMO_NULL_INT,
				verifying->logged->id);
	}
	if (verifying->logged)
		verifying->logged_id = verifying->logged->id;
	return r;
}

static int take_seal(struct verifying *verifying, const struct promo_audit_seal *seal,
	const struct promo_audit_seal *logged)
{
	struct promo_seal_use *use;
	int r;

	r = promo_seal_check_take(&verifying->check, seal, logged,
		/* has_log= */ verifying->logged != NULL, verifying->batch, &use);
	if (!r && use) {
		verifying->uses[verifying->use_count++] = use;
		verifying->rows += use->rows;
	}
	if (!r && logged)
		r = read_log(verifying);
	if (!r && (verifying->use_count == SEALS_AT_ONCE || verifying->rows >= PROMO_SEAL_ROWS_MAX))
		r = check_rows(verifying);
	return r;
}

/* Seals of the log that the trail lacks, before this number. */
static int take_logged(struct verifying *verifying, int64_t before)
{
	int r = 0;

	while (!r && verifying->logged && verifying->logged->id < before)
		r = take_seal(verifying, NULL, verifying->logged);
	return r;
}

static int send_blank(struct verifying *verifying)
{
	int r;

	if (promo_monotonic_ms() < verifying->blank_ms + BLANK_EVERY_MS)
		return 0;
	verifying->blank_ms = promo_monotonic_ms();
	r = verifying->sink ? promo_stream_write(verifying->sink, "\n", 1) : 0;
	return r || !verifying->sink ? r : promo_stream_flush(verifying->sink);
}

static int take_some(
	struct verifying *verifying, int64_t after, size_t *ret_count, int64_t *ret_last)
{
	struct promo_params params = PROMO_PARAMS(verifying->batch);
	const struct promo_audit_seal *seals;
	struct promo_objects rows;
	int r;

	promo_param_int(&params, after);
	promo_param_int(&params, SEALS_AT_ONCE);
	promo_param_bool(&params, true);
	r = promo_store_all(verifying->store, verifying->batch, PROMO_Q_SEAL_LIST, &params, &rows);
	if (r)
		return r;
	seals = rows.items;
	for (size_t i = 0; !r && i < rows.count; i++) {
		const struct promo_audit_seal *logged;

		r = take_logged(verifying, seals[i].id);
		logged = verifying->logged && verifying->logged->id == seals[i].id
				 ? verifying->logged
				 : NULL;
		if (!r)
			r = take_seal(verifying, &seals[i], logged);
	}
	*ret_count = rows.count;
	if (rows.count > 0)
		*ret_last = seals[rows.count - 1].id;
	return r ? r : check_rows(verifying);
}

static int take_seals(struct verifying *verifying)
{
	int64_t after = verifying->check.last_id;
	size_t count = 1;
	int r;

	r = read_log(verifying);
	/* What is before the part that was asked for. */
	while (!r && verifying->logged && verifying->logged->id <= after)
		r = read_log(verifying);
	while (!r && count > 0) {
		promo_arena_clear(verifying->batch);
		r = take_some(verifying, after, &count, &after);
		if (!r)
			r = send_blank(verifying);
	}
	if (!r)
		r = take_logged(verifying, INT64_MAX);
	return r ? r : check_rows(verifying);
}

/*
 * What is not sealed yet.
 */

static int take_gap(void *context, int columns, const char *const *values)
{
	struct verifying *verifying = context;

	(void)columns;
	note(verifying, PROMO_AUDIT_ROW_MISSING, verifying->gap_writer,
		strtoll(values[0], NULL, 10));
	return 0;
}

static int take_stray(void *context, int columns, const char *const *values)
{
	(void)columns;
	note(context, PROMO_AUDIT_ROW_UNEXPECTED, strtoll(values[0], NULL, 10),
		strtoll(values[1], NULL, 10));
	return 0;
}

struct writers {
	struct verifying *verifying;
	struct promo_seal_due_row *rows;
	size_t count, room;
};

static int take_writer(void *context, int columns, const char *const *values)
{
	struct writers *writers = context;
	int64_t id = strtoll(values[0], NULL, 10), seq = strtoll(values[1], NULL, 10);
	int64_t sealed = promo_seal_check_writer(&writers->verifying->check, id, seq);

	(void)columns;
	if (seq <= sealed || writers->verifying->check.partial)
		return 0;
	if (writers->count == writers->room) {
		size_t room = writers->room ? writers->room * 2 : 64;
		struct promo_seal_due_row *rows =
			promo_arena_alloc_array(writers->verifying->batch, room, sizeof(*rows));

		if (!rows)
			return promo_fault(-ENOMEM, "could not check the audit trail");
		for (size_t i = 0; i < writers->count; i++)
			rows[i] = writers->rows[i];
		writers->rows = rows;
		writers->room = room;
	}
	writers->rows[writers->count++] =
		(struct promo_seal_due_row){ .writer_id = id, .from = sealed + 1, .to = seq };
	return 0;
}

static int check_tail(struct verifying *verifying)
{
	struct promo_params none = PROMO_PARAMS(verifying->batch);
	struct writers writers = { .verifying = verifying };
	int r;

	promo_arena_clear(verifying->batch);
	r = promo_store_each(verifying->store, PROMO_Q_SEAL_WRITERS, &none, take_writer, &writers);
	if (!r)
		promo_seal_check_end(&verifying->check);
	for (size_t i = 0; !r && i < writers.count; i++) {
		struct promo_params params = PROMO_PARAMS(verifying->batch);

		promo_param_int(&params, writers.rows[i].writer_id);
		promo_param_int(&params, writers.rows[i].from);
		promo_param_int(&params, writers.rows[i].to);
		verifying->gap_writer = writers.rows[i].writer_id;
		r = promo_store_each(
			verifying->store, PROMO_Q_SEAL_GAPS, &params, take_gap, verifying);
	}
	return r ? r
		 : promo_store_each(
			   verifying->store, PROMO_Q_SEAL_STRAYS, &none, take_stray, verifying);
}

/*
 * The operation.
 */

static int find_begin(struct verifying *verifying)
{
	struct promo_params params = PROMO_PARAMS(verifying->batch);
	struct promo_count_row before;
	int r;

	if (!verifying->from)
		return 0;
	promo_param_time(&params, verifying->from);
	r = promo_store_one(
		verifying->store, verifying->batch, PROMO_Q_SEAL_BEFORE, &params, &before);
	if (!r && before.count > 0) {
		verifying->check.partial = true;
		verifying->check.last_id = before.count;
	}
	return r;
}

/* What the last seal says of rows that are gone. */
static int find_last(struct verifying *verifying)
{
	const struct promo_params none = PROMO_PARAMS(verifying->batch);
	struct promo_audit_seal last;
	bool found;
	int r;

	r = promo_store_find(
		verifying->store, verifying->batch, PROMO_Q_SEAL_LAST, &none, &last, &found);
	if (!r && found)
		promo_seal_check_last(&verifying->check, &last);
	return r;
}

static int check_all(struct verifying *verifying)
{
	static const unsigned char nobody[1][PROMO_SIGN_PUBLIC_BYTES];
	const struct promo_sealing *sealing = verifying->sealing;
	int r;

	verifying->check.arena = verifying->arena;
	verifying->check.keys = sealing ? sealing->keys : nobody;
	verifying->check.key_count = sealing ? sealing->key_count : 0;
	verifying->check.found = note;
	verifying->check.context = verifying;
	verifying->blank_ms = promo_monotonic_ms();
	r = find_begin(verifying);
	if (!r)
		r = promo_seal_check_start(&verifying->check);
	if (!r)
		r = find_last(verifying);
	if (!r && sealing && sealing->log)
		r = promo_seal_reader_open(sealing->log, verifying->log_size, &verifying->reader);
	if (!r)
		r = take_seals(verifying);
	return r ? r : check_tail(verifying);
}

static int answer(struct verifying *verifying)
{
	const struct promo_audit_verification verification = {
		.ok = verifying->problem_count == 0,
		.sealed_until = verifying->check.sealed_until,
		.dropped_until = verifying->check.dropped_until,
		.entries = verifying->check.entries,
		.problems = { verifying->problems, verifying->problem_count },
	};
	const char *json;
	int r;

	r = promo_encode(&promo_audit_verification_schema, &verification, verifying->arena, &json);
	if (!r)
		r = promo_stream_write(verifying->sink, json, strlen(json));
	return r ? r : promo_stream_write(verifying->sink, "\n", 1);
}

static int check_in(
	struct verifying *verifying, struct promo_store *store, struct promo_arena *arena)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *batch = promo_arena_new(BATCH_LIMIT);
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *log = promo_arena_new(BATCH_LIMIT);
	int r;

	if (!batch || !log)
		return promo_fault(-ENOMEM, "could not check the audit trail");
	verifying->store = store;
	verifying->arena = arena;
	verifying->batch = batch;
	verifying->log_arena = log;
	r = check_all(verifying);
	promo_seal_reader_close(&verifying->reader);
	return r;
}

static int fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct verifying *verifying = context;
	int r;

	verifying->sink = sink;
	r = check_in(verifying, store, arena);
	return r ? r : answer(verifying);
}

int promo_seals_check(const struct promo_sealing *sealing, struct promo_store *store,
	struct promo_arena *arena, size_t *ret_problems)
{
	struct verifying *verifying = promo_arena_alloc(arena, sizeof(*verifying));
	struct promo_sealing unlogged = *sealing;
	int r;

	if (!verifying)
		return promo_fault(-ENOMEM, "could not check the audit trail");
	unlogged.log = NULL;
	verifying->sealing = &unlogged;
	r = check_in(verifying, store, arena);
	if (!r)
		*ret_problems = verifying->problem_count;
	return r;
}

int promo_audit_verify(struct promo_ctx *ctx, const struct promo_audit_verify_in *in)
{
	const struct promo_sealing *sealing = ctx->config->sealing;
	struct verifying *verifying;
	struct promo_stream *stream;
	int r;

	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	verifying = promo_arena_alloc(promo_stream_arena(stream), sizeof(*verifying));
	if (!verifying) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not check the audit trail");
	}
	verifying->sealing = sealing;
	verifying->from = in->from;
	/* Before the snapshot: what is logged was committed before. */
	verifying->log_size = sealing && sealing->log ? promo_seal_log_size(sealing->log) : 0;
	return promo_stream_start(ctx, stream, fill, verifying);
}
