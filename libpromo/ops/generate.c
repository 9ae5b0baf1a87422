/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/random.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/chunk.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_access.h"

/*
 * Generates the codes of a batch in chunks. A chunk is one transaction: its codes by COPY, the
 * job's progress, and a row of job_chunks, so that whoever goes on after a crash knows exactly what
 * is there. No code exists for anyone before the last step raises ready_codes.
 *
 * A chunk is sorted by code, which keeps the unique index warm and makes loading about 1.5 times
 * faster. Its serials are shuffled: serials give the places on printed sheets, and if they followed
 * the order of the codes, who holds one sheet could narrow down the codes between two neighbours.
 *
 * A code that exists already (once in 49 bits a day) breaks a COPY. The chunk is then done again by
 * a statement that looks for free codes and gives them the serials that are left.
 */

enum {
	FIND_AT_ONCE = 5000,   /* serials in one statement of the slow way */
	FIND_TRIES_MIN = 1000, /* candidates in one, also for a few serials */
	FIND_MISSES_MAX = 50,  /* statements in a row that find nothing free */
};

struct generation {
	struct promo_job_worker *worker;
	const struct promo_job_work_row *job;
	struct promo_generate_row params;
	struct promo_code_pattern pattern;
	struct promo_random random;
	struct promo_random_pool pool;
	int64_t done;  /* before this chunk */
	int64_t count; /* of this chunk */
};

static int read_params(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_generate_row *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	return promo_store_one(
		worker->store, worker->arena, PROMO_Q_JOB_PARAMSGENERATE, &params, ret);
}

static int prepare(struct generation *generation, const struct promo_job_stand_row *stand)
{
	struct promo_job_worker *worker = generation->worker;
	int64_t left = stand->total - stand->done;
	const char *why;
	int r;

	r = read_params(worker, generation->job, &generation->params);
	if (r)
		return r;
	r = promo_code_pattern_parse(generation->params.code_format, &generation->pattern, &why);
	if (r > 0)
		return promo_fault(-EINVAL, "the format of batch %s is not valid: %s",
			generation->job->batch_id, why);
	generation->random = promo_random_pooled(&generation->pool, worker->random);
	generation->done = stand->done;
	generation->count = left < PROMO_CHUNK_MAX ? left : PROMO_CHUNK_MAX;
	return r;
}

static int64_t first_serial(const struct generation *generation)
{
	return generation->params.first_serial + generation->done;
}

/*
 * The fast way: COPY.
 */

/* *ret_taken: a code of the chunk exists already, and the transaction is spoilt. *ret_cut: it was
 * interrupted. */
static int copy(struct generation *generation, const struct promo_chunk *chunk, bool *ret_taken,
	bool *ret_cut)
{
	struct promo_store *store = generation->worker->store;
	const char *violated;
	int64_t rows;
	int r;

	r = promo_job_load_begin(generation->worker, generation->job);
	if (!r)
		r = promo_store_copy_in(store, PROMO_Q_CODE_COPY);
	if (r)
		return r;
	r = promo_chunk_write(chunk, generation->worker->arena, generation->job->batch_id,
		generation->params.amount_per_code, generation->worker, ret_cut);
	if (r || *ret_cut)
		return r;
	r = promo_store_copy_finish(store, &rows);
	if (r) {
		violated = promo_store_constraint(store);
		*ret_taken = violated && strcmp(violated, "promo_codes_code_key") == 0;
		return r;
	}
	if (rows != generation->count)
		return promo_fault(-EIO, "a chunk of codes was not stored completely");
	return promo_job_load_end(generation->worker);
}

/*
 * The slow way: only codes that are free.
 */

/* Ids and candidate codes for some serials, as parameters. */
static int param_candidates(struct generation *generation, struct promo_params *params,
	const int32_t *serials, size_t count)
{
	struct promo_arena *arena = generation->worker->scratch;
	size_t tries = 2 * count > FIND_TRIES_MIN ? 2 * count : FIND_TRIES_MIN;
	const char **ids = promo_arena_alloc_array(arena, count, sizeof(*ids));
	const char **codes = promo_arena_alloc_array(arena, tries, sizeof(*codes));
	const char **numbers = promo_arena_alloc_array(arena, count, sizeof(*numbers));
	char id[PROMO_UUID_SIZE], code[PROMO_CODE_SIZE];
	int r;

	if (!ids || !codes || !numbers)
		return promo_fault(-ENOMEM, "could not look for free codes");
	for (size_t i = 0; i < count; i++) {
		promo_uuid_new(id);
		ids[i] = promo_arena_strdup(arena, id);
		numbers[i] = promo_arena_printf(arena, "%d", serials[i]);
		if (!ids[i] || !numbers[i])
			return promo_fault(-ENOMEM, "could not look for free codes");
	}
	for (size_t i = 0; i < tries; i++) {
		r = promo_code_generate(
			&generation->pattern, generation->params.day, &generation->random, code);
		if (r)
			return r;
		codes[i] = promo_arena_strdup(arena, code);
		if (!codes[i])
			return promo_fault(-ENOMEM, "could not look for free codes");
	}
	promo_param_text(params, generation->job->batch_id);
	promo_param_money(params, generation->params.amount_per_code);
	promo_param_texts(params, (struct promo_texts){ .items = ids, .count = count });
	promo_param_texts(params, (struct promo_texts){ .items = codes, .count = tries });
	promo_param_texts(params, (struct promo_texts){ .items = numbers, .count = count });
	return 0;
}

/* Takes the serials that found a code out of the first `count` of those that are left. */
static size_t remove_found(
	int32_t *serials, size_t left, size_t count, const struct promo_objects *found)
{
	const struct promo_serial_row *rows = found->items;

	for (size_t i = 0; i < found->count; i++)
		for (size_t k = 0; k < count; k++)
			if (serials[k] == rows[i].serial) {
				serials[k] = serials[--count];
				serials[count] = serials[--left];
				break;
			}
	return left;
}

static int find_some(struct generation *generation, int32_t *serials, size_t *left)
{
	struct promo_job_worker *worker = generation->worker;
	size_t count = *left < FIND_AT_ONCE ? *left : FIND_AT_ONCE;
	struct promo_params params = PROMO_PARAMS(worker->scratch);
	struct promo_objects found;
	int r;

	promo_arena_clear(worker->scratch);
	r = param_candidates(generation, &params, serials, count);
	if (r)
		return r;
	r = promo_store_all(
		worker->store, worker->scratch, PROMO_Q_CODE_INSERT_FREE, &params, &found);
	if (r)
		return r;
	*left = remove_found(serials, *left, count, &found);
	return 0;
}

/* *ret_exhausted: next to none of the codes of this pattern and day are free. */
static int find_free(struct generation *generation, bool *ret_exhausted)
{
	size_t left = (size_t)generation->count;
	int32_t *serials;
	int misses = 0, r;

	r = promo_chunk_serials(&generation->random, generation->worker->arena,
		first_serial(generation), left, &serials);
	if (r)
		return r;
	while (left > 0 && misses < FIND_MISSES_MAX && !promo_job_unwanted(generation->worker)) {
		size_t before = left;

		r = find_some(generation, serials, &left);
		if (r)
			return r;
		misses = left == before ? misses + 1 : 0;
	}
	*ret_exhausted = left > 0;
	return 0;
}

/*
 * The steps.
 */

static int note(struct generation *generation)
{
	return promo_job_note_chunk(generation->worker, generation->job,
		generation->done + generation->count, generation->done / PROMO_CHUNK_MAX,
		generation->count);
}

/* Begins the step's transaction again after the fast way has spoilt it. */
static int begin_again(struct generation *generation, bool *ret_ours)
{
	struct promo_job_stand_row stand;
	int r;

	r = promo_job_begin(generation->worker, generation->job, &stand, ret_ours);
	if (!r && *ret_ours && stand.done != generation->done)
		return promo_fault(-EIO, "a job went on by itself");
	return r;
}

static int generate_slowly(struct generation *generation, enum promo_job_step *ret)
{
	struct promo_job_worker *worker = generation->worker;
	bool ours, exhausted;
	int r;

	r = begin_again(generation, &ours);
	if (r)
		return r;
	if (!ours) {
		*ret = PROMO_JOB_TAKEN;
		return 0;
	}
	r = find_free(generation, &exhausted);
	if (r)
		return r;
	if (promo_job_unwanted(worker)) {
		*ret = PROMO_JOB_CUT;
		return 0;
	}
	if (exhausted) {
		r = begin_again(generation, &ours);
		if (r)
			return r;
		return promo_job_fail(worker, generation->job, "code_space_exhausted",
			"too few codes of this format are left for today");
	}
	return note(generation);
}

static int generate(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	struct generation generation = { .worker = worker, .job = job };
	struct promo_chunk chunk;
	bool complete, taken = false, cut = false;
	int r;

	r = prepare(&generation, stand);
	if (r)
		return r;
	r = promo_chunk_make(&generation.pattern, generation.params.day, &generation.random,
		worker->arena, first_serial(&generation), (size_t)generation.count, &chunk,
		&complete);
	if (!r && complete) {
		r = copy(&generation, &chunk, &taken, &cut);
		if (!r && !cut)
			r = note(&generation);
	}
	if (taken || (!r && !complete))
		r = generate_slowly(&generation, ret);
	if (cut)
		*ret = PROMO_JOB_CUT;
	promo_random_pool_wipe(&generation.pool);
	return r;
}

/* All are there: from now on they exist for everyone. */
static int complete(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_params batch = PROMO_PARAMS(worker->arena);
	struct promo_generate_row own;
	struct promo_count_row stored;
	int64_t raised;
	int r;

	promo_param_text(&params, job->id);
	r = promo_store_one(worker->store, worker->arena, PROMO_Q_JOB_CHUNK_SUM, &params, &stored);
	if (r)
		return r;
	if (stored.count != stand->total)
		return promo_fault(-EIO, "the chunks of job %s are not complete", job->id);
	r = read_params(worker, job, &own);
	if (r)
		return r;
	promo_param_text(&batch, job->batch_id);
	promo_param_bool(&batch, own.revives);
	r = promo_store_exec(worker->store, PROMO_Q_BATCH_READY, &batch, &raised);
	if (r)
		return r;
	if (raised != 1)
		return promo_fault(-EIO, "the batch of job %s has its codes already", job->id);
	r = promo_job_write(worker, job, PROMO_Q_JOB_RESULTGENERATE);
	return r ? r : promo_job_finish(worker, job, PROMO_JOB_SUCCEEDED);
}

/* Takes one chunk back, the last first; then the batch, if it was made for this job, or the room in
 * it. */
static int undo(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	int64_t left = stand->done > PROMO_CHUNK_MAX ? stand->done - PROMO_CHUNK_MAX : 0;
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_generate_row own;
	int r;

	r = read_params(worker, job, &own);
	if (r)
		return r;
	promo_param_text(&params, job->batch_id);
	if (stand->done > 0) {
		promo_param_int(&params, own.first_serial + left);
		promo_param_int(&params, own.first_serial + stand->done - 1);
		r = promo_store_exec(worker->store, PROMO_Q_CODE_DELETE, &params, NULL);
		return r ? r : promo_job_note_done(worker, job, left);
	}
	if (!own.made_batch)
		promo_param_int(&params, stand->total);
	r = promo_store_exec(worker->store,
		own.made_batch ? PROMO_Q_BATCH_DELETE : PROMO_Q_BATCH_SHRINK, &params, NULL);
	if (r)
		return r;
	*ret = PROMO_JOB_ENDED;
	return promo_job_finish(
		worker, job, stand->error_code ? PROMO_JOB_FAILED : PROMO_JOB_CANCELLED);
}

int promo_generate_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	if (stand->cancel_requested || stand->error_code)
		return undo(worker, job, stand, ret);
	if (stand->done < stand->total)
		return generate(worker, job, stand, ret);
	*ret = PROMO_JOB_ENDED;
	return complete(worker, job, stand);
}

int promo_generate_drop(struct promo_ctx *ctx, const struct promo_job_state_row *job)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params room = PROMO_PARAMS(ctx->arena);
	struct promo_generate_row own;
	int r;

	promo_param_text(&params, job->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_JOB_PARAMSGENERATE, &params, &own);
	if (r)
		return r;
	promo_param_text(&room, job->batch_id);
	if (!own.made_batch)
		promo_param_int(&room, own.total);
	return promo_store_exec(ctx->store,
		own.made_batch ? PROMO_Q_BATCH_DELETE : PROMO_Q_BATCH_SHRINK, &room, NULL);
}
