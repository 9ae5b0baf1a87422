/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_import.h"
#include "libpromo/ops/ctx.h"

/* The operations of imports; bind.h says when and how they are called, the rows of api/op_import.c what
 * they may refuse. The work is done by a job, import_job.c. */

PROMO_BEGIN_DECLS

/* Before the file is read. */
int promo_code_import_check(struct promo_ctx *ctx, const struct promo_import_in *in) PROMO_CHECK;
/* Before the transaction: looks at the file, and stores it, in turns where the request asks for that. */
int promo_code_import_before(struct promo_ctx *ctx, const struct promo_import_in *in) PROMO_CHECK;
int promo_code_import(struct promo_ctx *ctx, const struct promo_import_in *in,
	struct promo_job_answer *ret) PROMO_CHECK;
int promo_job_rejects(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;
int promo_code_template(struct promo_ctx *ctx) PROMO_CHECK;

PROMO_END_DECLS
