/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"

/*
 * The log is read from its newest on, and what many fit is found there. For the rest there are several
 * ways, none of which reads more than a page is worth (docs/decisions/0047-the-log.md).
 */

enum {
	NEAR = 3000,  /* of the newest, looked through first */
	FAR = 5000,   /* looked through for a page where there is no other way */
	SMALL = 5000, /* codes of a batch that are */
	FEW = 5000,   /* redemptions of all who fit */
	CODE_PART_MAX = 12,
};

/* The way to what fits where the newest do not fill a page. */
enum way {
	WALK, /* so many of them for a page, and the cursor goes on behind those */
	FOUND,
	OF_BATCH,
};

static const struct {
	enum promo_query page;
	int64_t depth; /* how many are looked through beside what is found; 0: none */
} ways[] = {
	[WALK] = { PROMO_Q_REDEMPTION_NEAR, FAR },
	[FOUND] = { PROMO_Q_REDEMPTION_FOUND, NEAR },
	[OF_BATCH] = { PROMO_Q_REDEMPTION_OFBATCH, 0 },
};

/* A code may begin with what is looked for: the piece of its index, or nothing. */
static void param_beginning(struct promo_ctx *ctx, const char *q, struct promo_params *params)
{
	char *begins = promo_arena_alloc(ctx->arena, PROMO_CODE_SIZE);
	char *beyond = promo_arena_alloc(ctx->arena, PROMO_CODE_SIZE);

	if (!begins || !beyond) {
		params->failed = true;
		return;
	}
	if (!q || promo_code_canonical(q, begins) || strlen(begins) > CODE_PART_MAX) {
		promo_param_null(params);
		promo_param_null(params);
		return;
	}
	memcpy(beyond, begins, PROMO_CODE_SIZE);
	beyond[strlen(beyond) - 1]++;
	promo_param_text(params, begins);
	promo_param_text(params, beyond);
}

/* The statements of all searches take the same filters in the same order. */
void promo_redemption_filters(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	struct promo_params *params)
{
	promo_param_text(params, promo_customers_sought(ctx, in->q));
	promo_param_text(params, in->code_id);
	promo_param_text(params, in->customer_id);
	promo_param_text(params, in->phone_number);
	promo_param_text(params, in->batch_id);
	promo_param_text(params, in->user_id);
	promo_param_texts_or_null(params, in->status);
	promo_param_time(params, in->from);
	promo_param_time(params, in->to);
	param_beginning(ctx, in->q, params);
}

static void param_zone(const struct promo_ctx *ctx, struct promo_params *params)
{
	promo_param_text(params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
}

static int read_fitting(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	enum promo_query query, int64_t depth, const struct promo_page *page,
	struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_redemption_filters(ctx, in, &params);
	if (depth > 0)
		promo_param_int(&params, depth);
	promo_page_params(page, &params);
	if (query == PROMO_Q_REDEMPTION_NEAR)
		param_zone(ctx, &params);
	return promo_store_all(ctx->store, ctx->arena, query, &params, ret);
}

static int count_fitting(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, int64_t *ret)
{
	const bool by_pieces = in->q && promo_customers_by_pieces(in->q);
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_redemption_filters(ctx, in, &params);
	if (by_pieces)
		promo_param_int(&params, NEAR);
	return promo_list_count(ctx,
		by_pieces ? PROMO_Q_REDEMPTION_COUNTFOUND : PROMO_Q_REDEMPTION_COUNT, &params, ret);
}

static int go_on(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	const struct promo_page *page, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->batch_id);
	promo_param_text(&params, in->user_id);
	promo_param_texts_or_null(&params, in->status);
	promo_param_time(&params, in->from);
	promo_param_time(&params, in->to);
	promo_param_int(&params, FAR);
	promo_param_text(&params, page->after[0]);
	param_zone(ctx, &params);
	return promo_page_go_on(ctx, page, PROMO_Q_REDEMPTION_BEYOND, &params, ret);
}

static int batch_small(struct promo_ctx *ctx, const char *id, bool *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row size;
	bool known;
	int r;

	promo_param_text(&params, id);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_BATCH_SIZE, &params, &size, &known);
	if (!r)
		*ret = !known || size.count <= SMALL;
	return r;
}

/* Also of few customers one may have very many. */
static int found_few(struct promo_ctx *ctx, const char *q, bool *ret)
{
	struct promo_params begins = PROMO_PARAMS(ctx->arena);
	struct promo_params params;
	struct promo_count_row many;
	bool few = false;
	int r;

	param_beginning(ctx, q, &begins);
	params = begins;
	r = promo_customers_few(ctx, q, &begins, &few);
	if (r || !few) {
		*ret = false;
		return r;
	}
	promo_param_text(&params, promo_customers_sought(ctx, q));
	promo_param_int(&params, FEW + 1);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_REDEMPTION_MANY, &params, &many);
	if (!r)
		*ret = many.count <= FEW;
	return r;
}

static int choose_way(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, enum way *ret)
{
	bool few = false, small = false;
	int r = 0;

	if (in->q && promo_customers_by_pieces(in->q))
		r = found_few(ctx, in->q, &few);
	/* What a clerk redeemed is in the order of its times. */
	if (!r && !few && in->batch_id && !in->user_id)
		r = batch_small(ctx, in->batch_id, &small);
	if (!r)
		*ret = few ? FOUND : small ? OF_BATCH : WALK;
	return r;
}

static int list_fitting(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, struct promo_list *ret)
{
	int64_t total = PROMO_NULL_INT;
	struct promo_objects rows;
	struct promo_page page;
	enum way way = FOUND;
	int r;

	r = promo_page_open(ctx, "id", in->limit, in->cursor, &page);
	if (!r && in->count)
		r = count_fitting(ctx, in, &total);
	if (!r)
		r = read_fitting(ctx, in, PROMO_Q_REDEMPTION_NEAR, NEAR, &page, &rows);
	if (!r && rows.count <= (size_t)page.limit) {
		r = choose_way(ctx, in, &way);
		if (!r)
			r = read_fitting(ctx, in, ways[way].page, ways[way].depth, &page, &rows);
	}
	if (!r)
		r = promo_page_close(ctx, &page, &rows, total, ret);
	return r || way != WALK || ret->next_cursor ? r : go_on(ctx, in, &page, ret);
}

/* Most are completed: only the others have an index of their own. */
static bool refused_only(const struct promo_texts *status)
{
	for (size_t i = 0; i < status->count; i++)
		if (strcmp(status->items[i], "completed") == 0)
			return false;
	return status->count > 0;
}

/* Redemptions have the customer's id: a planner that knows it takes his index, also where somebody else has
 * a hundred thousand. A number that nobody has is nobody's. */
static int find_customer(struct promo_ctx *ctx, struct promo_redemption_list_in *in)
{
	const char *const phones[] = { in->phone_number };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_customer_found *customer = promo_arena_alloc(ctx->arena, sizeof(*customer));
	bool known;
	int r;

	if (!customer)
		return promo_fault(-ENOMEM, "could not find a customer");
	promo_param_texts(&params, (struct promo_texts){ phones, 1 });
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_CUSTOMER_FIND, &params, customer, &known);
	if (!r && !in->customer_id)
		in->customer_id = known ? customer->id : "00000000-0000-0000-0000-000000000000";
	return r;
}

int promo_redemption_list(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, struct promo_list *ret)
{
	struct promo_redemption_list_in filter = *in;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r = 0;

	if (in->phone_number)
		r = find_customer(ctx, &filter);
	if (r)
		return r;
	/* What one code or one customer has is found by its own index. */
	if ((in->q || in->batch_id || in->user_id || refused_only(&in->status)) && !in->code_id &&
		!in->customer_id && !in->phone_number)
		return list_fitting(ctx, in, ret);
	promo_redemption_filters(ctx, &filter, &params);
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
	param_zone(ctx, &params);
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
