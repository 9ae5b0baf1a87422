/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alert.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/tell.h"
#include "libpromo/store/rows_tell.h"
#include "libpromo/store/store.h"

static int tell(struct promo_ctx *ctx, const struct promo_alert *alert, const char *id)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_ALERT_OPENED,
				       .about_kind = "alert",
				       .about_id = id,
				       .title = alert->title,
				       .body = alert->severity,
				       .status = alert->kind,
				       .count = PROMO_NULL_INT,
				       .only_programs = alert->told,
			       });
}

int promo_alert_raise(struct promo_ctx *ctx, const struct promo_alert *alert)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_alert_raised_row raised;
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
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ALERT_RAISE, &params, &raised);
	if (r || raised.count > 1)
		return r;
	return tell(ctx, alert, raised.id);
}
