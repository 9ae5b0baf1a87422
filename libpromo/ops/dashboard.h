/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_dashboard.h"
#include "libpromo/ops/ctx.h"

/* The overview of the shop: see the row in api/op_dashboard.c. */

PROMO_BEGIN_DECLS

int promo_dashboard_show(struct promo_ctx *ctx, const struct promo_dashboard_in *in,
	struct promo_dashboard *ret) PROMO_CHECK;

PROMO_END_DECLS
