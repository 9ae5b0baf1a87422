/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/random.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/chunk.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows_access.h"

/*
 * Generates the codes of a batch in chunks. A chunk is one transaction: its codes by COPY, the
 * job's progress, and a row of job_chunks, so that whoever goes on after a crash knows exactly what
 * is there. No code exists for anyone before the last step raises ready_codes.
 *
 * Codes are drawn and sorted a run at a time (ops/chunk.h), and the next run is drawn while the server
 * is at the end of the last chunk of this one, where it checks foreign keys and needs nothing of us. A
 * run lives in memory only: who goes on with one that somebody else began draws its rest anew.
 *
 * Chunks do not wait until they are on disk: the last step does, and with it they are.
 *
 * A code that exists already (once in 49 bits a day) breaks a COPY. The chunk is then done again by
 * a statement that looks for free codes and gives them the serials that are left.
 */

enum {
	FIND_AT_ONCE = 5000,   /* serials in one statement of the slow way */
	FIND_TRIES_MIN = 1000, /* candidates in one, also for a few serials */
	FIND_MISSES_MAX = 50,  /* statements in a row that find nothing free */
	SERIAL_SIZE = 11,      /* in an array, about */
};

struct generation {
	struct promo_job_worker *worker;
	const struct promo_job_work_row *job;
	struct promo_generate_row params;
	struct promo_code_pattern pattern;
	struct promo_random random;
	struct promo_random_pool pool;
	struct promo_run_plan plan;
	const struct promo_run *run; /* that the chunk is of */
	struct promo_run *next;      /* where it was drawn already */
	int64_t done;                /* before this chunk */
	int64_t count;               /* of this chunk */
};

static int read_params(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_generate_row *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	return promo_store_one(
		worker->store, worker->arena, PROMO_Q_JOB_PARAMSGENERATE, &params, ret);
}

static int plan(const struct promo_generate_row *params, struct promo_run_plan *ret)
{
	return promo_run_plan(params->key, params->run, params->total, params->first_serial, ret);
}

/* The run that the chunk is of: what was kept if it goes on from here, else a new one. */
static int find_run(struct generation *generation)
{
	struct promo_run *run = promo_job_kept(generation->worker);
	int r;

	if (!run || generation->done < run->from || generation->done >= run->end) {
		r = promo_run_new(&generation->plan, generation->done, &generation->pattern,
			&generation->random, &run);
		if (r)
			return r;
		promo_job_keep_lightly(generation->worker, run, promo_run_free);
	}
	generation->run = run;
	generation->count = promo_chunk_count(run, generation->done);
	return 0;
}

static int prepare(struct generation *generation, const struct promo_job_stand_row *stand)
{
	struct promo_job_worker *worker = generation->worker;
	const char *why;
	int r;

	r = read_params(worker, generation->job, &generation->params);
	if (r)
		return r;
	r = promo_code_pattern_parse(generation->params.code_format, &generation->pattern, &why);
	if (r > 0)
		return promo_fault(-EINVAL, "the format of batch %s is not valid: %s",
			generation->job->batch_id, why);
	if (!r)
		r = plan(&generation->params, &generation->plan);
	generation->random = promo_random_pooled(&generation->pool, worker->random);
	generation->done = stand->done;
	return r ? r : find_run(generation);
}

/*
 * The fast way: COPY.
 */

/* While the server is at work on the chunk: the run behind it, if this was the last one of its run. */
static int draw_ahead(struct generation *generation)
{
	const int64_t end = generation->done + generation->count;

	if (end < generation->run->end || end == generation->plan.total)
		return 0;
	return promo_run_new(&generation->plan, end, &generation->pattern, &generation->random,
		&generation->next);
}

/* The COPY of a piece of the chunk, mostly of all of it. */
static int copy_piece(struct generation *generation, struct promo_chunk *chunk, bool *ret_cut)
{
	struct promo_store *store = generation->worker->store;
	const size_t before = chunk->written;
	int64_t rows;
	int r;

	r = promo_store_copy_in(store, PROMO_Q_CODE_COPY);
	if (!r)
		r = promo_chunk_write(chunk, generation->worker, ret_cut);
	if (r || *ret_cut)
		return r;
	r = promo_store_copy_end(store);
	if (!r && chunk->written == chunk->count)
		r = draw_ahead(generation);
	if (!r)
		r = promo_store_copy_finish(store, &rows);
	if (r)
		return r;
	if (rows != (int64_t)(chunk->written - before))
		return promo_fault(-EIO, "a chunk of codes was not stored completely");
	promo_pacer_rest(&generation->worker->pacer, rows);
	return 0;
}

/* *ret_taken: a code of the chunk exists already, and the transaction is spoilt. *ret_cut: it was
 * interrupted. */
static int copy(struct generation *generation, bool *ret_taken, bool *ret_cut)
{
	const struct promo_chunk_form form = {
		.pattern = &generation->pattern,
		.random = &generation->random,
		.date = generation->params.day,
		.batch_id = generation->job->batch_id,
		.amount_minor = generation->params.amount_per_code,
	};
	struct promo_job_worker *worker = generation->worker;
	struct promo_chunk chunk;
	const char *violated;
	int r;

	r = promo_job_load_begin(worker, generation->job);
	if (!r)
		r = promo_chunk_begin(generation->run, generation->done, &form, worker, &chunk);
	if (r)
		return r;
	promo_pacer_begin(&worker->pacer, worker->config->pace);
	while (!r && !*ret_cut && chunk.written < chunk.count)
		r = copy_piece(generation, &chunk, ret_cut);
	if (r) {
		violated = promo_store_constraint(worker->store);
		*ret_taken = violated && strcmp(violated, "promo_codes_code_key") == 0;
		return r;
	}
	return *ret_cut ? 0 : promo_job_load_end(worker);
}

/*
 * The slow way: only codes that are free.
 */

/* Ids and candidate codes for some serials, as parameters. */
static int param_candidates(struct generation *generation, struct promo_params *params,
	const int32_t *serials, size_t count)
{
	struct promo_arena *arena = generation->worker->scratch;
	const size_t tries = 2 * count > FIND_TRIES_MIN ? 2 * count : FIND_TRIES_MIN;
	struct promo_array ids = promo_array_new(arena, count, PROMO_UUID_SIZE);
	struct promo_array codes = promo_array_new(arena, tries, PROMO_CODE_SIZE);
	struct promo_array numbers = promo_array_new(arena, count, SERIAL_SIZE);
	char id[PROMO_UUID_SIZE], code[PROMO_CODE_SIZE];
	int r;

	for (size_t i = 0; i < count; i++) {
		promo_uuid_new(id);
		promo_array_plain(&ids, id);
		promo_array_int(&numbers, serials[i]);
	}
	for (size_t i = 0; i < tries; i++) {
		r = promo_code_generate(
			&generation->pattern, generation->params.day, &generation->random, code);
		if (r)
			return r;
		promo_array_text(&codes, code);
	}
	promo_param_text(params, generation->job->batch_id);
	promo_param_money(params, generation->params.amount_per_code);
	promo_param_array(params, &ids);
	promo_param_array(params, &codes);
	promo_param_array(params, &numbers);
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
	int32_t *serials =
		promo_arena_alloc_array(generation->worker->arena, left, sizeof(*serials));
	int misses = 0, r;

	if (!serials)
		return promo_fault(-ENOMEM, "could not number codes");
	memcpy(serials, promo_chunk_serials(generation->run, generation->done),
		left * sizeof(*serials));
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
	bool ours, exhausted = false;
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
	bool taken = false, cut = false;
	int r;

	r = prepare(&generation, stand);
	if (!r)
		r = promo_job_hurry(worker);
	if (!r && generation.run->drawn)
		r = copy(&generation, &taken, &cut);
	if (taken || (!r && !generation.run->drawn))
		r = generate_slowly(&generation, ret);
	else if (!r && !cut)
		r = note(&generation);
	if (cut)
		*ret = PROMO_JOB_CUT;
	if (generation.next)
		promo_job_keep_lightly(worker, generation.next, promo_run_free);
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

/* The serials of the chunk at `from`, as parameter. */
static int param_serials(
	struct promo_params *params, const struct promo_generate_row *own, int64_t from)
{
	struct promo_run_plan own_plan;
	struct promo_array serials;
	struct promo_run *run;
	size_t count;
	int r;

	r = plan(own, &own_plan);
	if (!r)
		r = promo_run_new_serials(&own_plan, from, &run);
	if (r)
		return r;
	count = (size_t)promo_chunk_count(run, from);
	serials = promo_array_new(params->arena, count, SERIAL_SIZE);
	for (size_t i = 0; i < count; i++)
		promo_array_int(&serials, promo_chunk_serials(run, from)[i]);
	promo_run_free(run);
	promo_param_array(params, &serials);
	return 0;
}

/* Takes the last chunk back that there is. */
static int remove_chunk(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_generate_row *own, int64_t done)
{
	const int64_t from = (done - 1) / PROMO_CHUNK_MAX * PROMO_CHUNK_MAX;
	struct promo_params params = PROMO_PARAMS(worker->scratch);
	int r;

	promo_arena_clear(worker->scratch);
	promo_param_text(&params, job->batch_id);
	r = param_serials(&params, own, from);
	if (!r)
		r = promo_store_exec(worker->store, PROMO_Q_CODE_UNDRAW, &params, NULL);
	return r ? r : promo_job_note_done(worker, job, from);
}

/* Takes one chunk back, the last first; then the batch, if it was made for this job, or the room in
 * it. */
static int undo(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_generate_row own;
	int r;

	r = read_params(worker, job, &own);
	if (r)
		return r;
	if (stand->done > 0)
		return remove_chunk(worker, job, &own, stand->done);
	promo_param_text(&params, job->batch_id);
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
	const bool undoing = stand->cancel_requested || stand->error_code;

	if (!undoing && stand->done < stand->total)
		return generate(worker, job, stand, ret);
	promo_job_keep(worker, NULL, NULL);
	if (undoing)
		return undo(worker, job, stand, ret);
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
