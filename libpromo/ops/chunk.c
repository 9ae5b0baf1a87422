/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/chunk.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/ops/worker.h"

enum {
	ROUNDS_MAX = 8, /* of drawing again what came twice */
	FEW = 100,      /* where more are missing, most came twice, and the pattern holds no more */
	KEY_TEXT_SIZE = 2 * PROMO_RANDOM_KEY_BYTES + 1,
};
static_assert(PROMO_RUN_MAX % PROMO_CHUNK_MAX == 0, "a run is whole chunks");

/*
 * Where codes lie.
 */

void promo_run_params(struct promo_params *params)
{
	const struct promo_random random = promo_random_system();
	unsigned char key[PROMO_RANDOM_KEY_BYTES];
	char text[KEY_TEXT_SIZE];

	random.fill(random.context, key, sizeof(key));
	promo_hex_encode(key, sizeof(key), text);
	promo_param_text(params, text);
	promo_param_int(params, PROMO_RUN_MAX);
}

int promo_run_plan(const char *key, int64_t length, int64_t total, int64_t first_serial,
	struct promo_run_plan *ret)
{
	const struct promo_random random = promo_random_system();
	struct promo_run_plan plan = {
		.total = total, .length = length, .first_serial = first_serial
	};

	if (!key) {
		/* A run of one chunk is written as a whole, so any order of its serials will do. */
		random.fill(random.context, plan.key, sizeof(plan.key));
		plan.length = PROMO_CHUNK_MAX;
	} else if (promo_hex_decode(key, plan.key, sizeof(plan.key)) || length < PROMO_CHUNK_MAX ||
		   length > PROMO_RUN_MAX || length % PROMO_CHUNK_MAX != 0) {
		return promo_fault(-EINVAL, "a job has no proper key for its serials");
	}
	*ret = plan;
	return 0;
}

/* Fisher and Yates: every order is equally likely. */
static void shuffle(const struct promo_run_plan *plan, struct promo_run *run)
{
	const size_t count = (size_t)(run->end - run->first);
	struct promo_random_stream stream;
	const struct promo_random random =
		promo_random_streamed(&stream, plan->key, (uint64_t)run->first);

	for (size_t i = 0; i < count; i++)
		run->serials[i] = (int32_t)(plan->first_serial + run->first + (int64_t)i);
	for (size_t i = count; i > 1; i--) {
		size_t other = promo_random_below(&random, (uint32_t)i);
		int32_t moved = run->serials[i - 1];

		run->serials[i - 1] = run->serials[other];
		run->serials[other] = moved;
	}
	promo_random_stream_wipe(&stream);
}

int promo_run_new_serials(
	const struct promo_run_plan *plan, int64_t position, struct promo_run **ret)
{
	struct promo_run *run = calloc(1, sizeof(*run));
	int64_t past;

	assert(position >= 0 && position < plan->total);
	assert(plan->first_serial >= 1 && plan->first_serial + plan->total - 1 <= INT32_MAX);
	if (!run)
		return promo_fault(-ENOMEM, "could not number codes");
	run->end = PROMO_CHUNK_MAX;
	if (position >= PROMO_CHUNK_MAX) {
		past = (position - PROMO_CHUNK_MAX) % plan->length;
		run->first = position - past;
		run->end = run->first + plan->length;
	}
	run->end = run->end < plan->total ? run->end : plan->total;
	run->from = position;
	run->serials = calloc((size_t)(run->end - run->first), sizeof(*run->serials));
	if (!run->serials) {
		promo_run_free(run);
		return promo_fault(-ENOMEM, "could not number codes");
	}
	shuffle(plan, run);
	*ret = run;
	return 0;
}

int64_t promo_chunk_count(const struct promo_run *run, int64_t position)
{
	/* Runs are whole chunks, so chunks begin at the same positions for everyone. */
	int64_t left = run->end - position, most = PROMO_CHUNK_MAX - position % PROMO_CHUNK_MAX;

	return left < most ? left : most;
}

const int32_t *promo_chunk_serials(const struct promo_run *run, int64_t position)
{
	return run->serials + (position - run->first);
}

/*
 * The codes.
 */

static int compare(const void *a, const void *b)
{
	const uint64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* Sorts and drops what stands there twice; returns how many are left. */
static size_t sort_unique(uint64_t *drawn, size_t count)
{
	size_t kept = 1;

	qsort(drawn, count, sizeof(*drawn), compare);
	for (size_t i = 1; i < count; i++)
		if (drawn[i] != drawn[kept - 1])
			drawn[kept++] = drawn[i];
	return kept;
}

int promo_run_new(const struct promo_run_plan *plan, int64_t position,
	const struct promo_code_pattern *pattern, const struct promo_random *random,
	struct promo_run **ret)
{
	struct promo_run *run;
	size_t count, made = 0;
	int r;

	r = promo_run_new_serials(plan, position, &run);
	if (r)
		return r;
	count = (size_t)(run->end - run->from);
	run->drawn = calloc(count, sizeof(*run->drawn));
	if (!run->drawn) {
		promo_run_free(run);
		return promo_fault(-ENOMEM, "could not make codes");
	}
	for (int round = 0; made < count && round < ROUNDS_MAX; round++) {
		const size_t before = made;

		for (; made < count; made++)
			run->drawn[made] = promo_code_draw(pattern, random);
		made = sort_unique(run->drawn, count);
		if (count - made > FEW && 4 * (made - before) < count - before)
			break;
	}
	if (made < count) {
		free(run->drawn);
		run->drawn = NULL;
	}
	*ret = run;
	return 0;
}

void promo_run_free(void *run)
{
	struct promo_run *own = run;

	if (!own)
		return;
	free(own->drawn);
	free(own->serials);
	free(own);
}

/*
 * A chunk on its way to the database.
 */

struct promo_chunk_row {
	uint64_t drawn;
	int32_t serial;
};

static int by_serial(const void *a, const void *b)
{
	const struct promo_chunk_row *one = a, *other = b;

	return (one->serial > other->serial) - (one->serial < other->serial);
}

/* The codes of a chunk lie close together and its serials do not: in their order both indexes are
 * read and written where the processor has them at hand. */
int promo_chunk_begin(const struct promo_run *run, int64_t position,
	const struct promo_chunk_form *form, struct promo_job_worker *worker,
	struct promo_chunk *ret)
{
	struct promo_chunk chunk = {
		.form = form,
		.count = (size_t)promo_chunk_count(run, position),
	};
	int r;

	assert(form->amount_minor > 0 && run->drawn && position >= run->from);
	if (promo_uuid_parse(form->batch_id, chunk.batch))
		return promo_fault(-EINVAL, "a batch has no proper id");
	chunk.rows = promo_arena_alloc_array(worker->arena, chunk.count, sizeof(*chunk.rows));
	if (!chunk.rows)
		return promo_fault(-ENOMEM, "could not write codes");
	for (size_t i = 0; i < chunk.count; i++)
		chunk.rows[i] = (struct promo_chunk_row){
			.drawn = run->drawn[position - run->from + (int64_t)i],
			.serial = promo_chunk_serials(run, position)[i],
		};
	qsort(chunk.rows, chunk.count, sizeof(*chunk.rows), by_serial);
	r = promo_copy_rows_begin(&chunk.copy, worker->store, worker->arena);
	if (!r)
		*ret = chunk;
	return r;
}

static int put_row(struct promo_chunk *chunk, const struct promo_chunk_row *row)
{
	const struct promo_chunk_form *form = chunk->form;
	struct promo_copy_rows *copy = &chunk->copy;
	unsigned char id[PROMO_UUID_BYTES];
	char code[PROMO_CODE_SIZE];
	int r;

	r = promo_code_spell(form->pattern, form->date, row->drawn, form->random, code);
	if (r)
		return r;
	promo_uuid_new_bytes(id);
	promo_copy_row(copy, 5);
	promo_copy_bytes(copy, id, sizeof(id));
	promo_copy_bytes(copy, code, strlen(code));
	promo_copy_bytes(copy, chunk->batch, PROMO_UUID_BYTES);
	promo_copy_int4(copy, row->serial);
	promo_copy_money(copy, form->amount_minor);
	return copy->error;
}

int promo_chunk_write(struct promo_chunk *chunk, struct promo_job_worker *worker, bool *ret_cut)
{
	bool due = false, cut = false;
	int r = 0;

	if (chunk->written > 0)
		promo_copy_rows_again(&chunk->copy);
	while (!r && !due && !cut && chunk->written < chunk->count) {
		r = put_row(chunk, &chunk->rows[chunk->written++]);
		cut = promo_job_unwanted(worker);
		due = chunk->written % PROMO_PACE_ROWS == 0 && promo_pacer_is_due(&worker->pacer);
	}
	if (!r)
		r = promo_copy_rows_end(&chunk->copy);
	if (!r)
		*ret_cut = cut;
	return r;
}
