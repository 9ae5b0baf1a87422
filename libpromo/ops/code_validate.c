/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/throttle.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/store.h"

/*
 * Whether texts are codes of this shop: of a list that somebody brings, such as returned vouchers. A
 * list is worth as many guesses as it has unknown codes, so beyond the first 50 of an hour they count
 * as misses, and a list with more of those than a user has left is not answered (throttle.h).
 */

/* A text of the list that could be a code. */
struct entry {
	const char *code; /* canonical */
	size_t place;     /* in the list */
};

struct list {
	struct promo_ctx *ctx;
	struct promo_checked_code *items;
	size_t count;
	struct entry *entries; /* by code, and by place among equals */
	size_t entry_count;
	int64_t unknown; /* codes that do not exist, each once */
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->code, y->code);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int compare_text(const void *key, const void *entry)
{
	return strcmp(key, ((const struct promo_code_next_row *)entry)->place);
}

static int compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct promo_code_next_row *)a)->place,
		((const struct promo_code_next_row *)b)->place);
}

/* Whether a batch has codes of the standard's shape without its date. */
static int other_shapes(struct promo_ctx *ctx, bool *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row other;
	int r;

	promo_param_text(&params, PROMO_CODE_FORMAT);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_OTHER_SHAPE, &params, &other);
	if (!r)
		*ret = other.count > 0;
	return r;
}

static int read_all(struct list *list, const struct promo_texts *texts)
{
	struct promo_ctx *ctx = list->ctx;
	char today[PROMO_DATE_SIZE], code[PROMO_CODE_SIZE];
	bool others;
	int r;

	r = other_shapes(ctx, &others);
	if (r)
		return r;
	promo_date_format(promo_time_days(ctx->now_ms), today);
	for (size_t i = 0; i < texts->count; i++) {
		list->items[i].code = texts->items[i];
		if (promo_code_read(texts->items[i], code) ||
			(!others && !promo_code_plausible(code, today)))
			continue;
		list->items[i].well_formed = true;
		list->entries[list->entry_count++] =
			(struct entry){ promo_arena_strdup(ctx->arena, code), i };
		if (!list->entries[list->entry_count - 1].code)
			return promo_fault(-ENOMEM, "could not read a list of codes");
	}
	qsort(list->entries, list->entry_count, sizeof(*list->entries), compare_entries);
	return 0;
}

static int find_all(struct list *list, struct promo_objects *ret)
{
	struct promo_ctx *ctx = list->ctx;
	const char **codes =
		promo_arena_alloc_array(ctx->arena, list->entry_count + 1, sizeof(*codes));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_code_next_row *sorted;
	int r;

	if (!codes)
		return promo_fault(-ENOMEM, "could not look for a list of codes");
	for (size_t i = 0; i < list->entry_count; i++)
		codes[i] = list->entries[i].code;
	promo_param_texts(&params, (struct promo_texts){ codes, list->entry_count });
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_CODE_EXIST, &params, ret);
	if (r || ret->count == 0)
		return r;
	sorted = promo_arena_alloc_array(ctx->arena, ret->count, sizeof(*sorted));
	if (!sorted)
		return promo_fault(-ENOMEM, "could not look for a list of codes");
	memcpy(sorted, ret->items, ret->count * sizeof(*sorted));
	qsort(sorted, ret->count, sizeof(*sorted), compare_rows);
	ret->items = sorted;
	return 0;
}

static void judge(struct list *list, const struct promo_objects *found)
{
	for (size_t i = 0; i < list->entry_count; i++) {
		const struct entry *entry = &list->entries[i];
		struct promo_checked_code *item = &list->items[entry->place];

		item->duplicate = i > 0 && strcmp(entry[-1].code, entry->code) == 0;
		item->exists = found->count > 0 &&
			       bsearch(entry->code, found->items, found->count,
				       sizeof(struct promo_code_next_row), compare_text) != NULL;
		list->unknown += !item->exists && !item->duplicate;
	}
}

int promo_code_validate(struct promo_ctx *ctx, const struct promo_code_validate_in *in,
	struct promo_code_checks *ret)
{
	const size_t count = in->codes.count;
	struct list list = { .ctx = ctx, .count = count };
	struct promo_objects found = { 0 };
	int r;

	list.items = promo_arena_alloc_array(ctx->arena, count, sizeof(*list.items));
	list.entries = promo_arena_alloc_array(ctx->arena, count, sizeof(*list.entries));
	if (!list.items || !list.entries)
		return promo_fault(-ENOMEM, "could not check a list of codes");
	memset(list.items, 0, count * sizeof(*list.items));
	r = read_all(&list, &in->codes);
	if (!r && list.entry_count > 0)
		r = find_all(&list, &found);
	if (r)
		return r;
	judge(&list, &found);
	r = promo_throttle_count_unknown(ctx, list.unknown);
	if (!r)
		ret->items = (struct promo_objects){ list.items, count };
	return r;
}
