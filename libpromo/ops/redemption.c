/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"

enum {
	NEAR = 3000, /* of the newest, looked through first */
	FAR = 10000, /* looked through for a page where there is no other way */
};

/* The statements of both searches take the same filters in the same order. */
static struct promo_params filters(
	const struct promo_ctx *ctx, const struct promo_redemption_list_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->q);
	promo_param_text(&params, in->code_id);
	promo_param_text(&params, in->customer_id);
	promo_param_text(&params, in->phone_number);
	promo_param_text(&params, in->batch_id);
	promo_param_text(&params, in->user_id);
	promo_param_texts_or_null(&params, in->status);
	promo_param_time(&params, in->from);
	promo_param_time(&params, in->to);
	return params;
}

static int read_fitting(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	enum promo_query query, int64_t depth, const struct promo_page *page,
	struct promo_objects *ret)
{
	struct promo_params params = filters(ctx, in);

	promo_param_int(&params, depth);
	promo_page_params(page, &params);
	return promo_store_all(ctx->store, ctx->arena, query, &params, ret);
}

static int count_fitting(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	bool by_pieces, int64_t *ret)
{
	struct promo_params params = filters(ctx, in);
	struct promo_count_row total;
	int r;

	if (by_pieces)
		promo_param_int(&params, NEAR);
	r = promo_store_one(ctx->store, ctx->arena,
		by_pieces ? PROMO_Q_REDEMPTION_COUNTFOUND : PROMO_Q_REDEMPTION_COUNT, &params,
		&total);
	if (!r)
		*ret = total.count;
	return r;
}

/* As customers are searched, by the same pieces: see customer.c. */
static int list_fitting(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, struct promo_list *ret)
{
	const bool by_pieces = promo_customers_by_pieces(in->q);
	int64_t total = PROMO_NULL_INT;
	struct promo_objects rows;
	struct promo_page page;
	int r;

	r = promo_page_open(ctx, "id", in->limit, in->cursor, &page);
	if (!r && in->count)
		r = count_fitting(ctx, in, by_pieces, &total);
	if (!r)
		r = read_fitting(
			ctx, in, PROMO_Q_REDEMPTION_NEAR, by_pieces ? NEAR : FAR, &page, &rows);
	if (!r && by_pieces && rows.count <= (size_t)page.limit)
		r = read_fitting(ctx, in, PROMO_Q_REDEMPTION_FOUND, NEAR, &page, &rows);
	if (!r)
		r = promo_page_close(ctx, &page, &rows, total, ret);
	if (!r && !by_pieces && !ret->next_cursor)
		r = promo_page_go_on(ctx, &page, PROMO_Q_REDEMPTION_BEYOND, FAR, ret);
	return r;
}

int promo_redemption_list(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, struct promo_list *ret)
{
	struct promo_params params = filters(ctx, in);

	if (in->q)
		return list_fitting(ctx, in, ret);
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_REDEMPTION_LIST, PROMO_Q_REDEMPTION_COUNT), &params, ret);
}

/* A whole code stands in no query string, so this is a question of its own, and a guess like any other. */
int promo_redemption_search(
	struct promo_ctx *ctx, const struct promo_redemption_search_in *in, struct promo_list *ret)
{
	struct promo_redemption_list_in filter = {
		.limit = in->limit, .cursor = in->cursor, .count = in->count
	};
	struct promo_code_found code;
	int r;

	r = promo_code_lookup(ctx, in->code, &code);
	if (r)
		return r;
	filter.code_id = code.id;
	return promo_redemption_list(ctx, &filter, ret);
}

/* The instants at which the first day begins and the last one is over. */
static int find_days(
	struct promo_ctx *ctx, const char *from, const char *to, struct promo_day_range_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, from);
	promo_param_text(&params, to);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_DAY_RANGE, &params, ret);
}

static struct promo_params own_params(
	const struct promo_ctx *ctx, const struct promo_day_range_row *range)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_time(&params, range->begins_at);
	promo_param_time(&params, range->ends_at);
	return params;
}

int promo_me_redemptions(
	struct promo_ctx *ctx, const struct promo_me_redemptions_in *in, struct promo_list *ret)
{
	struct promo_redemption_totals *totals = promo_arena_alloc(ctx->arena, sizeof(*totals));
	struct promo_day_range_row range = { 0 };
	struct promo_params params;
	struct promo_list list;
	int r = 0;

	if (!totals)
		return promo_fault(-ENOMEM, "could not add redemptions up");
	if (in->from || in->to)
		r = find_days(ctx, in->from, in->to, &range);
	if (r)
		return r;
	params = own_params(ctx, &range);
	promo_param_texts_or_null(&params, in->status);
	r = promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_REDEMPTION_LISTOWN, PROMO_Q_REDEMPTION_COUNTOWN), &params,
		&list);
	if (r)
		return r;
	params = own_params(ctx, &range);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_REDEMPTION_SUMOWN, &params, totals);
	if (r)
		return r;
	list.totals = totals;
	*ret = list;
	return 0;
}

int promo_redemption_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_redemption *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "redemption", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_REDEMPTION_GET, &params, ret);
}
