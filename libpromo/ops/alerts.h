/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_alert.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/ops/ctx.h"

/* The operations on alerts. Who may not see fraud finds no alert about it, nor acknowledges one.
 * What raises them: alert.h; what watches: alert_watch.h. */

PROMO_BEGIN_DECLS

enum {
	PROMO_ALERTS_AT_ONCE = 1000, /* that alert.acknowledge-all takes */
};

int promo_alert_list(struct promo_ctx *ctx, const struct promo_alert_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_alert_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_alert *ret) PROMO_CHECK;
int promo_alert_acknowledge(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_alert *ret) PROMO_CHECK;
int promo_alert_resolve(struct promo_ctx *ctx, const struct promo_alert_resolve_in *in,
	struct promo_alert *ret) PROMO_CHECK;
int promo_alert_acknowledge_all(struct promo_ctx *ctx,
	const struct promo_alert_acknowledge_all_in *in,
	struct promo_alerts_changed *ret) PROMO_CHECK;
int promo_alert_try(struct promo_ctx *ctx, const struct promo_alert_try_in *in,
	struct promo_alert_trials *ret) PROMO_CHECK;

PROMO_END_DECLS
