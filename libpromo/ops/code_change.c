/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/code_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/rules/code_status.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/rows_codes.h"

struct work {
	struct promo_store *store;
	struct promo_arena *arena;
	const struct promo_code_change *change;
	struct promo_code_changed result;
	const char **ids; /* to be changed */
	size_t count;
	const char **tried; /* to be deleted, and on record */
	size_t tried_count;
};

static void skip(struct work *work, const char *id, int error)
{
	work->result.skipped[work->result.skipped_count++] =
		(struct promo_skipped){ id, promo_error_info(error)->wire };
}

static bool may_change(const struct work *work, const struct promo_code_lock_row *code)
{
	enum promo_code_status from = (enum promo_code_status)code->own_status;

	switch (work->change->action) {
	case PROMO_CODES_BLOCK:
		return promo_code_may_become(from, PROMO_CODE_BLOCKED);
	case PROMO_CODES_UNBLOCK:
		return from == PROMO_CODE_BLOCKED;
	case PROMO_CODES_DELETE:
		return from == PROMO_CODE_ACTIVE || from == PROMO_CODE_BLOCKED;
	}
	return false;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names those that went away between being found and being locked. */
static void skip_missing(struct work *work, const struct promo_code_lock_row *rows, size_t count,
	struct promo_texts ids)
{
	const char **there = promo_arena_alloc_array(work->arena, count, sizeof(*there));

	if (!there)
		return;
	for (size_t i = 0; i < count; i++)
		there[i] = rows[i].id;
	qsort(there, count, sizeof(*there), compare_texts);
	for (size_t i = 0; i < ids.count; i++)
		if (!bsearch(&ids.items[i], there, count, sizeof(*there), compare_texts))
			skip(work, ids.items[i], PROMO_E_NOT_FOUND);
}

static int lock(struct work *work, struct promo_texts ids)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	const struct promo_code_lock_row *rows;
	struct promo_objects codes;
	int r;

	promo_param_texts(&params, ids);
	r = promo_store_all(work->store, work->arena, PROMO_Q_CODE_LOCK, &params, &codes);
	if (r)
		return r;
	rows = codes.items;
	for (size_t i = 0; i < codes.count; i++)
		if (may_change(work, &rows[i]))
			work->ids[work->count++] = rows[i].id;
		else
			skip(work, rows[i].id, PROMO_E_INVALID_TRANSITION);
	if (codes.count < ids.count)
		skip_missing(work, rows, codes.count, ids);
	return 0;
}

/* What somebody was refused with is on record for good, and the record names the code. */
static int spare_tried(struct work *work)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	const struct promo_id_row *rows;
	struct promo_objects tried;
	int r;

	promo_param_texts(&params, (struct promo_texts){ work->ids, work->count });
	r = promo_store_all(work->store, work->arena, PROMO_Q_CODE_TRIED, &params, &tried);
	if (r)
		return r;
	rows = tried.items;
	work->tried = promo_arena_alloc_array(work->arena, tried.count, sizeof(*work->tried));
	if (tried.count > 0 && !work->tried)
		return promo_fault(-ENOMEM, "could not delete codes");
	for (size_t i = 0; i < tried.count; i++)
		for (size_t k = 0; k < work->count; k++)
			if (strcmp(work->ids[k], rows[i].id) == 0) {
				skip(work, rows[i].id, PROMO_E_INVALID_TRANSITION);
				work->tried[work->tried_count++] = rows[i].id;
				work->ids[k] = work->ids[--work->count];
				break;
			}
	return 0;
}

/* A redemption that read such a code before its batch was deleted may come at any time after it. */
static int seal_tried(struct work *work)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	struct promo_count_row row;

	promo_param_texts(&params, (struct promo_texts){ work->tried, work->tried_count });
	promo_param_text(&params, work->change->time_zone);
	promo_param_int(&params, work->change->lane);
	return promo_store_one(work->store, work->arena, PROMO_Q_CODE_BLOCK, &params, &row);
}

static int write_codes(struct work *work)
{
	static const enum promo_query queries[] = {
		[PROMO_CODES_BLOCK] = PROMO_Q_CODE_BLOCK,
		[PROMO_CODES_UNBLOCK] = PROMO_Q_CODE_UNBLOCK,
		[PROMO_CODES_DELETE] = PROMO_Q_CODE_REMOVE,
	};
	struct promo_params params = PROMO_PARAMS(work->arena);
	struct promo_count_row row;
	int r;

	if (work->count == 0)
		return 0;
	promo_param_texts(&params, (struct promo_texts){ work->ids, work->count });
	promo_param_text(&params, work->change->time_zone);
	promo_param_int(&params, work->change->lane);
	r = promo_store_one(work->store, work->arena, queries[work->change->action], &params, &row);
	if (r)
		return r;
	if (row.count != (int64_t)work->count)
		return promo_fault(-EIO, "codes that were locked were changed by somebody else");
	work->result.changed = row.count;
	return 0;
}

int promo_codes_change(struct promo_store *store, struct promo_arena *arena,
	const struct promo_code_change *change, struct promo_texts ids,
	struct promo_code_changed *ret)
{
	struct work work = { .store = store, .arena = arena, .change = change };
	int r;

	work.ids = promo_arena_alloc_array(arena, ids.count, sizeof(*work.ids));
	work.result.skipped =
		promo_arena_alloc_array(arena, ids.count, sizeof(struct promo_skipped));
	if (ids.count > 0 && (!work.ids || !work.result.skipped))
		return promo_fault(-ENOMEM, "could not change codes");
	r = ids.count > 0 ? lock(&work, ids) : 0;
	if (!r && change->action == PROMO_CODES_DELETE && work.count > 0)
		r = spare_tried(&work);
	if (!r && change->seal && work.tried_count > 0)
		r = seal_tried(&work);
	if (!r)
		r = write_codes(&work);
	if (!r)
		*ret = work.result;
	return r;
}
