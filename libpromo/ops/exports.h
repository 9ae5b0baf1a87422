/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_export.h"
#include "libpromo/ops/ctx.h"

/* The operations that answer with files or make them; bind.h says when and how they are called, the
 * rows of api/op_export.c what they may refuse. */

PROMO_BEGIN_DECLS

struct promo_range; /* range.h */

int promo_redemption_export(
	struct promo_ctx *ctx, const struct promo_redemption_export_in *in) PROMO_CHECK;
int promo_fraud_report_export(
	struct promo_ctx *ctx, const struct promo_fraud_report_export_in *in) PROMO_CHECK;
int promo_customer_export(
	struct promo_ctx *ctx, const struct promo_customer_export_in *in) PROMO_CHECK;
int promo_user_export(struct promo_ctx *ctx, const struct promo_user_export_in *in) PROMO_CHECK;
int promo_audit_export(struct promo_ctx *ctx, const struct promo_audit_export_in *in) PROMO_CHECK;

int promo_batch_export(struct promo_ctx *ctx, const struct promo_batch_export_in *in,
	struct promo_job_answer *ret) PROMO_CHECK;
int promo_job_file(struct promo_ctx *ctx, const struct promo_job_file_in *in) PROMO_CHECK;

/* What is sent of a file of which the hash is known, as the request's Range says; whoever goes on with
 * another one (If-Range) gets all of it. Sets the headers. PROMO_E_RANGE_NOT_SATISFIABLE. */
int promo_file_range(struct promo_ctx *ctx, const char *sha256, int64_t bytes,
	struct promo_range *ret) PROMO_CHECK;

PROMO_END_DECLS
