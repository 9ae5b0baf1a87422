/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/list.h"

int promo_redemption_list(
	struct promo_ctx *ctx, const struct promo_redemption_list_in *in, struct promo_list *ret)
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
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_REDEMPTION_LIST, PROMO_Q_REDEMPTION_COUNT), &params, ret);
}

int promo_redemption_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_redemption *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "redemption", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_REDEMPTION_GET, &params, ret);
}
