/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/notices.h"

#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"

int promo_notification_list(
	struct promo_ctx *ctx, const struct promo_notification_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	if (promo_present(&promo_notification_list_in_schema, in, "unread"))
		promo_param_bool(&params, in->unread);
	else
		promo_param_null(&params);
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_NOTIFICATION_LIST, PROMO_Q_NOTIFICATION_COUNT), &params,
		ret);
}

int promo_notification_read(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_notification *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "notification", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_NOTIFICATION_READ, &params, ret);
}

int promo_notification_read_all(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_exec(ctx->store, PROMO_Q_NOTIFICATION_READALL, &params, NULL);
}
