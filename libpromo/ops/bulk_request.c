/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/bulk_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/model/bulk.h"
#include "libpromo/ops/ctx.h"

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
