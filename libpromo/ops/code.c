/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/store/store.h"

int promo_code_fetch(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_code *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "code", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_GET, &params, ret);
}
