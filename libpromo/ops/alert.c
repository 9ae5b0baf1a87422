/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alert.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/store/store.h"

int promo_alert_raise(struct promo_ctx *ctx, const struct promo_alert *alert)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const char *dedupe, *evidence;
	char id[PROMO_UUID_SIZE];
	int r;

	dedupe = promo_arena_printf(ctx->arena, "%s/%s", alert->kind, alert->about);
	if (!dedupe)
		return promo_fault(-ENOMEM, "could not raise an alert");
	r = promo_encode(alert->evidence_schema, alert->evidence, ctx->arena, &evidence);
	if (r)
		return r;
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, alert->kind);
	promo_param_text(&params, alert->severity);
	promo_param_text(&params, alert->title);
	promo_param_text(&params, dedupe);
	promo_param_text(&params, evidence);
	return promo_store_exec(ctx->store, PROMO_Q_ALERT_RAISE, &params, NULL);
}
