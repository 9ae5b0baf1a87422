/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/bulk_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/model/bulk.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

int promo_bulk_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t promo_bulk_sort_once(const char **items, size_t count)
{
	size_t kept = 0;

	qsort(items, count, sizeof(*items), promo_bulk_compare);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(items[kept - 1], items[i]) != 0)
			items[kept++] = items[i];
	return kept;
}

int promo_bulk_named(
	struct promo_ctx *ctx, const struct promo_texts *given, struct promo_texts *ret)
{
	const char **ids = promo_arena_alloc_array(ctx->arena, given->count, sizeof(*ids));
	unsigned char bytes[PROMO_UUID_BYTES];
	size_t count = 0;

	if (given->count > 0 && !ids)
		return promo_fault(-ENOMEM, "could not read a list of ids");
	for (size_t i = 0; i < given->count; i++) {
		char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
		const char *pointer = promo_arena_printf(ctx->arena, "/ids/%zu", i);

		if (!id || !pointer)
			return promo_fault(-ENOMEM, "could not read a list of ids");
		if (promo_uuid_parse(given->items[i], bytes)) {
			const int r = promo_ctx_refuse_field(
				ctx, pointer, "invalid_id", "has to be a UUID");

			if (r < 0)
				return r;
			continue;
		}
		promo_uuid_format(bytes, id);
		ids[count++] = id;
	}
	if (ctx->problem.field_count > 0)
		return PROMO_E_INVALID_INPUT;
	*ret = (struct promo_texts){ ids, promo_bulk_sort_once(ids, count) };
	return 0;
}

int promo_bulk_fitting(struct promo_ctx *ctx, const char *what, enum promo_query query,
	struct promo_params *params, struct promo_texts *ret)
{
	const struct promo_id_row *rows;
	struct promo_objects found;
	const char **ids;
	int r;

	promo_param_int(params, PROMO_BULK_ROWS_MAX + 1);
	r = promo_store_all(ctx->store, ctx->arena, query, params, &found);
	if (r)
		return r;
	if (found.count > PROMO_BULK_ROWS_MAX)
		return promo_ctx_refuse_field(ctx, "/filter", "too_many", "fits more than %d %s",
			PROMO_BULK_ROWS_MAX, what);
	ids = promo_arena_alloc_array(ctx->arena, found.count, sizeof(*ids));
	if (found.count > 0 && !ids)
		return promo_fault(-ENOMEM, "could not name what a request means");
	rows = found.items;
	for (size_t i = 0; i < found.count; i++)
		ids[i] = rows[i].id;
	*ret = (struct promo_texts){ ids, promo_bulk_sort_once(ids, found.count) };
	return 0;
}

int promo_bulk_refuse_count(
	struct promo_ctx *ctx, const char *what, int64_t count, int64_t expected)
{
	struct promo_count_member *member = promo_arena_alloc(ctx->arena, sizeof(*member));

	if (!member)
		return promo_fault(-ENOMEM, "could not name a count");
	member->count = count;
	ctx->problem.member_schema = &promo_count_member_schema;
	ctx->problem.members = member;
	return promo_ctx_refuse(ctx, PROMO_E_COUNT_MISMATCH,
		"%lld %s fit, not %lld; nothing was changed", (long long)count, what,
		(long long)expected);
}
