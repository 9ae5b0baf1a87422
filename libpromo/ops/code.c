/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/list.h"

int promo_code_list(
	struct promo_ctx *ctx, const struct promo_code_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->batch_id);
	promo_param_texts_or_null(&params, in->status);
	promo_param_text(&params, in->q);
	promo_param_time(&params, in->created_after);
	promo_param_time(&params, in->created_before);
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_CODE_LIST, PROMO_Q_CODE_COUNT), &params, ret);
}

int promo_code_fetch(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_code *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "code", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_GET, &params, ret);
}
