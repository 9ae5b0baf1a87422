/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/job_files.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/hash.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/* Parts travel as hex, so each call has an arena of its own: a caller's would grow with the file. */

enum {
	ARENA_LIMIT = 4 * PROMO_JOB_FILE_PART_MAX
};

static int arena_new(struct promo_arena **ret)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);

	if (!arena)
		return promo_fault(-ENOMEM, "no memory for the file of a job");
	*ret = arena;
	return 0;
}

int promo_job_file_append(struct promo_store *store, const char *job_id, const char *name,
	int64_t part, const void *bytes, size_t size)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_params params;
	int r;

	assert(size > 0 && size <= PROMO_JOB_FILE_PART_MAX);
	r = arena_new(&arena);
	if (r)
		return r;
	params = PROMO_PARAMS(arena);
	promo_param_text(&params, job_id);
	promo_param_text(&params, name);
	promo_param_int(&params, part);
	promo_param_bytes(&params, bytes, size);
	return promo_store_exec(store, PROMO_Q_JOB_FILE_APPEND, &params, NULL);
}

struct part {
	void *buffer;
	size_t size;
};

static int take_part(void *context, int columns, const char *const *values)
{
	struct part *part = context;
	size_t length = columns == 1 && values[0] ? strlen(values[0]) : 0;

	if (length == 0 || length % 2 || length / 2 > PROMO_JOB_FILE_PART_MAX ||
		promo_hex_decode(values[0], part->buffer, length / 2))
		return promo_fault(-EPROTO, "a part of a job's file is none");
	part->size = length / 2;
	return 0;
}

int promo_job_part_read(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, void *buffer, size_t *ret_size)
{
	struct part found = { .buffer = buffer };
	int r = promo_store_each(store, query, params, take_part, &found);

	if (!r)
		*ret_size = found.size;
	return r;
}

int promo_job_file_read(struct promo_store *store, const char *job_id, const char *name,
	int64_t part, void *buffer, size_t *ret_size)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_params params;
	int r;

	r = arena_new(&arena);
	if (r)
		return r;
	params = PROMO_PARAMS(arena);
	promo_param_text(&params, job_id);
	promo_param_text(&params, name);
	promo_param_int(&params, part);
	return promo_job_part_read(store, PROMO_Q_JOB_FILE_READ, &params, buffer, ret_size);
}

int promo_job_file_size(
	struct promo_store *store, const char *job_id, const char *name, int64_t *ret_bytes)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_count_row row;
	struct promo_params params;
	int r;

	r = arena_new(&arena);
	if (r)
		return r;
	params = PROMO_PARAMS(arena);
	promo_param_text(&params, job_id);
	promo_param_text(&params, name);
	r = promo_store_one(store, arena, PROMO_Q_JOB_FILE_SIZE, &params, &row);
	if (!r)
		*ret_bytes = row.count;
	return r;
}

int promo_job_file_drop(struct promo_store *store, const char *job_id, const char *name)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_params params;
	int r;

	r = arena_new(&arena);
	if (r)
		return r;
	params = PROMO_PARAMS(arena);
	promo_param_text(&params, job_id);
	promo_param_text(&params, name);
	return promo_store_exec(store, PROMO_Q_JOB_FILE_DROP, &params, NULL);
}
