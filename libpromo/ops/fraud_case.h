/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_fraud_case.h"
#include "libpromo/ops/ctx.h"

/*
 * Work on fraud reports: one is moved on, given to somebody, noted upon; many are moved on at once.
 * The redemption that a case is about is never touched. Locks: codes in their order where a case is
 * rejected, then cases by id, then totals.
 */

PROMO_BEGIN_DECLS

int promo_fraud_report_update(struct promo_ctx *ctx, const struct promo_fraud_report_update_in *in,
	struct promo_fraud_report *ret) PROMO_CHECK;
int promo_fraud_report_note(struct promo_ctx *ctx, const struct promo_fraud_report_note_in *in,
	struct promo_fraud_report *ret) PROMO_CHECK;
int promo_fraud_report_bulk(struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in,
	struct promo_bulk_answer *ret) PROMO_CHECK;

/* Locks cases (and, if they are to be rejected, their codes before); *ret are those that are there,
 * by id, of struct promo_fraud_lock_row. */
int promo_fraud_lock(struct promo_ctx *ctx, struct promo_texts ids, bool rejecting,
	struct promo_objects *ret) PROMO_CHECK;
/* Gives the codes of rejected cases back to their redemptions. */
int promo_fraud_acquit(struct promo_ctx *ctx, struct promo_texts ids) PROMO_CHECK;

PROMO_END_DECLS
