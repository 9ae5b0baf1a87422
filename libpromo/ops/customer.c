/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/list.h"

int promo_customer_list(
	struct promo_ctx *ctx, const struct promo_customer_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->q);
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
