/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/code_match.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "libpromo/ops/list.h"
#include "libpromo/store/rows_access.h"

/* q is literal, and codes have only letters and digits: whatever else stands in it is in no code, so
 * nothing of it has a meaning to LIKE. */
static int read_part(
	struct promo_ctx *ctx, const char *q, const char *pointer, struct promo_code_match *match)
{
	char *part = promo_arena_alloc(ctx->arena, strlen(q) + 1);
	size_t length = 0, size;
	int32_t c;

	if (!part)
		return promo_fault(-ENOMEM, "could not look for codes");
	for (; (size = promo_utf8_next(q, &c)) > 0; q += size) {
		if (promo_utf8_is_space(c) || promo_utf8_is_dash(c))
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			part[length++] = (char)c;
		else
			match->nothing = true;
	}
	part[length] = '\0';
	if (length == 0 && !match->nothing)
		return promo_ctx_refuse_field(
			ctx, pointer, "too_short", "needs a letter or a digit");
	match->part = part;
	/* No code is as short as the empty text. */
	match->pattern = match->nothing ? "" : promo_arena_printf(ctx->arena, "%%%s%%", part);
	match->prefix = promo_arena_printf(ctx->arena, "%s%%", part);
	if (!match->pattern || !match->prefix)
		return promo_fault(-ENOMEM, "could not look for codes");
	return 0;
}

int promo_code_match(struct promo_ctx *ctx, const struct promo_code_filter *filter,
	const char *pointer, struct promo_code_match *ret)
{
	struct promo_code_match match = { .filter = *filter };
	int r = 0;

	if (filter->q)
		r = read_part(ctx, filter->q, pointer, &match);
	if (!r)
		*ret = match;
	return r;
}

static struct promo_params params_of(
	const struct promo_ctx *ctx, const struct promo_code_match *match)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, match->filter.batch_id);
	promo_param_texts_or_null(&params, match->filter.status);
	promo_param_text(&params, match->pattern);
	promo_param_time(&params, match->filter.created_after);
	promo_param_time(&params, match->filter.created_before);
	return params;
}

int promo_code_match_count(
	struct promo_ctx *ctx, const struct promo_code_match *match, int64_t *ret)
{
	const struct promo_params params = params_of(ctx, match);
	struct promo_count_row row;
	int r;

	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_COUNT, &params, &row);
	if (!r)
		*ret = row.count;
	return r;
}

int promo_code_match_total(
	struct promo_ctx *ctx, const struct promo_code_match *match, int64_t *ret)
{
	const struct promo_params params = params_of(ctx, match);

	return promo_list_count(ctx, PROMO_Q_CODE_COUNT, &params, ret);
}
