/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"
#include "libpromo/api/op_system.h"
#include "libpromo/ops/ctx.h"

/*
 * The operations on codes, redemptions, customers and fraud reports, and the reading of the audit
 * trail; bind.h says when and how they are called, the rows of api/op_code.c what they may refuse.
 */

PROMO_BEGIN_DECLS

int promo_code_list(struct promo_ctx *ctx, const struct promo_code_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_code_fetch(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_code *ret) PROMO_CHECK;
int promo_code_verify(struct promo_ctx *ctx, const struct promo_code_verify_in *in,
	struct promo_verification *ret) PROMO_CHECK;

int promo_code_change_status(struct promo_ctx *ctx, const struct promo_code_status_in *in,
	struct promo_code *ret) PROMO_CHECK;
int promo_code_bulk(struct promo_ctx *ctx, const struct promo_code_bulk_in *in,
	struct promo_bulk_answer *ret) PROMO_CHECK;
int promo_code_validate(struct promo_ctx *ctx, const struct promo_code_validate_in *in,
	struct promo_code_checks *ret) PROMO_CHECK;
int promo_code_explain(struct promo_ctx *ctx, const struct promo_code_explain_in *in,
	struct promo_code_life *ret) PROMO_CHECK;

int promo_redemption_create_check(
	struct promo_ctx *ctx, const struct promo_redemption_create_in *in) PROMO_CHECK;
/* Keeps its Idempotency-Key itself, in the redemption's own row (PROMO_BIND_KEEPS_KEY). */
int promo_redemption_create(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_redemption *ret) PROMO_CHECK;
int promo_redemption_list(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_me_redemptions(struct promo_ctx *ctx, const struct promo_me_redemptions_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_redemption_show(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_redemption *ret) PROMO_CHECK;

int promo_fraud_report_create_check(
	struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in) PROMO_CHECK;
int promo_fraud_report_create(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	struct promo_fraud_report *ret) PROMO_CHECK;
int promo_fraud_report_list(struct promo_ctx *ctx, const struct promo_fraud_report_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_fraud_report_show(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_fraud_report *ret) PROMO_CHECK;

int promo_customer_list(struct promo_ctx *ctx, const struct promo_customer_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_customer_show(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_customer *ret) PROMO_CHECK;

int promo_audit_list(struct promo_ctx *ctx, const struct promo_audit_list_in *in,
	struct promo_list *ret) PROMO_CHECK;

PROMO_END_DECLS
