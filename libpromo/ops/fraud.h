/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_code.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_codes.h"

/* Opening a case, for whoever reports a code. Not installed. */

PROMO_BEGIN_DECLS

/* Marks a redeemed code as reported and opens its case; `in` may name no claimant. Sets ctx->location.
 * PROMO_E_CODE_NOT_REDEEMED for a code that was imported as used, which has no redemption. */
int promo_fraud_open(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	const struct promo_code_found *code, struct promo_fraud_report *ret) PROMO_CHECK;

/* Gives each of the reports its notes, oldest first. */
int promo_fraud_add_notes(
	struct promo_ctx *ctx, struct promo_fraud_report *reports, size_t count) PROMO_CHECK;

PROMO_END_DECLS
