/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_outbox.h"
#include "libpromo/ops/ctx.h"

/* The operations on the outbox (outbox.h); bind.h says when and how they are called. */

PROMO_BEGIN_DECLS

int promo_letter_list(struct promo_ctx *ctx, const struct promo_outbox_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_letter_retry(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_outbox_letter *ret) PROMO_CHECK;

PROMO_END_DECLS
