/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/codes.h"
#include "libpromo/ops/list.h"

int promo_audit_list(
	struct promo_ctx *ctx, const struct promo_audit_list_in *in, struct promo_list *ret)
{
	static const struct promo_texts none = { NULL, 0 };
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->actor_id);
	promo_param_text(&params, in->action.count == 1 ? in->action.items[0] : NULL);
	promo_param_texts_or_null(&params, in->action.count > 1 ? in->action : none);
	promo_param_text(&params, in->entity_kind);
	promo_param_text(&params, in->entity_id);
	promo_param_texts_or_null(&params, in->outcome);
	promo_param_time(&params, in->from);
	promo_param_time(&params, in->to);
	/* An entry that was counted for a while has the time of the first of its attempts, and ids are
	 * made before the time is: only the time is what people ask for. */
	return promo_list_read(ctx,
		PROMO_LISTING_BY(in, "place id", PROMO_Q_AUDIT_LIST, PROMO_Q_AUDIT_COUNT), &params,
		ret);
}
