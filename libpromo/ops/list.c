/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/list.h"

#include <assert.h>

#include "libpromo/store/rows_access.h"

enum {
	COUNT_MS = 1000
};

static int open_page(
	struct promo_ctx *ctx, const struct promo_listing *listing, struct promo_page *ret)
{
	const struct promo_field *field;
	const char *sort = "-created_at";

	if (!listing->sorted)
		return promo_page_open(ctx, listing->keys ? listing->keys : "id", listing->limit,
			listing->cursor, ret);
	field = promo_schema_field(ctx->op->in, "sort");
	assert(field);
	if (listing->sort)
		sort = promo_word(field->words, listing->sort);
	return promo_page_open_sorted(ctx, sort, NULL, listing->limit, listing->cursor, ret);
}

int promo_list_count(struct promo_ctx *ctx, enum promo_query count,
	const struct promo_params *filters, int64_t *ret)
{
	struct promo_count_row total;
	bool in_time = false;
	int r;

	r = promo_store_one_within(
		ctx->store, ctx->arena, count, filters, COUNT_MS, &total, &in_time);
	if (!r)
		*ret = in_time ? total.count : PROMO_TOTAL_UNCOUNTED;
	return r;
}

int promo_list_read(struct promo_ctx *ctx, const struct promo_listing *listing,
	struct promo_params *filters, struct promo_list *ret)
{
	int64_t total = PROMO_NULL_INT;
	struct promo_objects rows;
	struct promo_page page;
	int r;

	r = open_page(ctx, listing, &page);
	if (r)
		return r;
	if (listing->counted) {
		r = promo_list_count(ctx, listing->count, filters, &total);
		if (r)
			return r;
	}
	promo_page_params(&page, filters);
	r = promo_store_all(ctx->store, ctx->arena, listing->list, filters, &rows);
	if (r)
		return r;
	return promo_page_close(ctx, &page, &rows, total, ret);
}
