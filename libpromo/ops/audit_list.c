/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/codes.h"
#include "libpromo/ops/list.h"

int promo_audit_list(
	struct promo_ctx *ctx, const struct promo_audit_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->actor_id);
	promo_param_texts_or_null(&params, in->action);
	promo_param_text(&params, in->entity_kind);
	promo_param_text(&params, in->entity_id);
	promo_param_texts_or_null(&params, in->outcome);
	promo_param_time(&params, in->from);
	promo_param_time(&params, in->to);
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_AUDIT_LIST, PROMO_Q_AUDIT_COUNT), &params, ret);
}
