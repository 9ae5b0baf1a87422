/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_notification.h"
#include "libpromo/ops/ctx.h"

/* The operations on one's own notifications. Who has something to tell does it by tell.h. */

PROMO_BEGIN_DECLS

int promo_notification_list(struct promo_ctx *ctx, const struct promo_notification_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_notification_read(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_notification *ret) PROMO_CHECK;
int promo_notification_read_all(struct promo_ctx *ctx) PROMO_CHECK;

PROMO_END_DECLS
