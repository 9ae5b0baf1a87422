/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/phone.h"
#include "libpromo/store/rows_access.h"

/*
 * Customers are searched by part of what they are called, among millions. What many fit is soon found
 * among the newest; what few fit by the pieces of three characters of it, in a table that the job engine
 * keeps up (customer_tidy.c). One or two characters make no piece: then a page is what the next
 * so many customers have of it, and the cursor goes on behind them
 * (docs/decisions/0038-people.md has the times).
 */

enum {
	NEAR = 5000, /* of the newest, looked through first; who is younger than the index is there */
	FAR = 10000, /* looked through for a page where there is no other way */
	FEW = 2000,  /* who are found by their pieces */
	PIECE = 3,   /* characters */
};

/* A zero in front may be that of a national number, and is looked for without it, too. */
bool promo_customers_by_pieces(const char *q)
{
	return promo_utf8_count(*q == '0' && q[1] ? q + 1 : q) >= PIECE;
}

/* A whole number as people write it, with blanks and dashes, is looked for as it is stored. */
const char *promo_customers_sought(struct promo_ctx *ctx, const char *q)
{
	const char *country = promo_settings_text(ctx->settings, PROMO_SETTING_COUNTRY_CODE);
	char *phone = promo_arena_alloc(ctx->arena, PROMO_PHONE_SIZE);

	if (!q || !phone || q[strspn(q, "+0123456789")] == '\0')
		return q;
	return promo_phone_normalize(q, country, phone) ? q : phone;
}

static int read_fitting(struct promo_ctx *ctx, const char *q, enum promo_query query, int64_t depth,
	const struct promo_page *page, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, q);
	promo_param_int(&params, depth);
	promo_page_params(page, &params);
	return promo_store_all(ctx->store, ctx->arena, query, &params, ret);
}

static int count_fitting(struct promo_ctx *ctx, const char *q, bool by_pieces, int64_t *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, q);
	if (by_pieces)
		promo_param_int(&params, NEAR);
	return promo_list_count(ctx,
		by_pieces ? PROMO_Q_CUSTOMER_COUNTFOUND : PROMO_Q_CUSTOMER_COUNT, &params, ret);
}

int promo_customers_few(
	struct promo_ctx *ctx, const char *q, const struct promo_params *begins, bool *ret)
{
	struct promo_params params = *begins;
	struct promo_count_row many;
	int r;

	promo_param_text(&params, promo_customers_sought(ctx, q));
	promo_param_int(&params, FEW + 1);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_MANY, &params, &many);
	if (!r)
		*ret = many.count <= FEW;
	return r;
}

static int choose_way(struct promo_ctx *ctx, const char *q, bool *ret)
{
	struct promo_params begins = PROMO_PARAMS(ctx->arena);

	promo_param_null(&begins);
	promo_param_null(&begins);
	return promo_customers_few(ctx, q, &begins, ret);
}

static int list_fitting(
	struct promo_ctx *ctx, const struct promo_customer_list_in *in, struct promo_list *ret)
{
	const bool by_pieces = promo_customers_by_pieces(in->q);
	int64_t total = PROMO_NULL_INT;
	const char *q = promo_customers_sought(ctx, in->q);
	struct promo_params beyond = PROMO_PARAMS(ctx->arena);
	struct promo_objects rows;
	struct promo_page page;
	bool few = by_pieces;
	int r;

	r = promo_page_open(ctx, "id", in->limit, in->cursor, &page);
	if (!r && in->count)
		r = count_fitting(ctx, q, by_pieces, &total);
	if (!r && by_pieces)
		r = read_fitting(ctx, q, PROMO_Q_CUSTOMER_NEAR, NEAR, &page, &rows);
	if (!r && (!by_pieces || rows.count <= (size_t)page.limit)) {
		if (by_pieces)
			r = choose_way(ctx, q, &few);
		if (!r)
			r = few ? read_fitting(ctx, q, PROMO_Q_CUSTOMER_SEARCH, NEAR, &page, &rows)
				: read_fitting(ctx, q, PROMO_Q_CUSTOMER_NEAR, FAR, &page, &rows);
	}
	if (!r)
		r = promo_page_close(ctx, &page, &rows, total, ret);
	if (r || few || ret->next_cursor)
		return r;
	promo_param_int(&beyond, FAR);
	promo_param_text(&beyond, page.after[0]);
	return promo_page_go_on(ctx, &page, PROMO_Q_CUSTOMER_BEYOND, &beyond, ret);
}

/* One at most; beside it nobody is called so. */
static int list_one(
	struct promo_ctx *ctx, const struct promo_customer_list_in *in, struct promo_list *ret)
{
	struct promo_customer *customer = promo_arena_alloc(ctx->arena, sizeof(*customer));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_page page;
	bool found = false;
	int r;

	if (!customer)
		return promo_fault(-ENOMEM, "could not find a customer");
	r = promo_page_open(ctx, "id", in->limit, in->cursor, &page);
	promo_param_text(&params, in->q);
	if (!r && !in->cursor)
		r = promo_store_find(
			ctx->store, ctx->arena, PROMO_Q_CUSTOMER_GET, &params, customer, &found);
	return r ? r
		 : promo_page_close(ctx, &page, &(struct promo_objects){ customer, found },
			   in->count ? (int64_t)found : PROMO_NULL_INT, ret);
}

int promo_customer_list(
	struct promo_ctx *ctx, const struct promo_customer_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	if (in->q && promo_uuid_valid(in->q))
		return list_one(ctx, in, ret);
	if (in->q)
		return list_fitting(ctx, in, ret);
	promo_param_null(&params);
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_CUSTOMER_LIST, PROMO_Q_CUSTOMER_COUNT), &params, ret);
}

int promo_customer_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_customer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "customer", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_GET, &params, ret);
}

int promo_customer_redemptions(struct promo_ctx *ctx,
	const struct promo_customer_redemptions_in *in, struct promo_list *ret)
{
	struct promo_params customer = PROMO_PARAMS(ctx->arena);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_customer found;
	int r;

	promo_audit_entity(ctx, "customer", in->id);
	promo_param_text(&customer, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_GET, &customer, &found);
	promo_param_text(&params, in->id);
	return r ? r
		 : promo_list_read(ctx,
			   PROMO_LISTING(in, PROMO_Q_REDEMPTION_OFCUSTOMER,
				   PROMO_Q_REDEMPTION_COUNTOFCUSTOMER),
			   &params, ret);
}
