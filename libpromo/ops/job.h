/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_job.h"
#include "libpromo/ops/ctx.h"

/*
 * The operations on jobs; bind.h says when and how they are called, the rows of api/op_job.c what
 * they may refuse. And what every operation that starts a job ends with.
 */

PROMO_BEGIN_DECLS

/* Behind the statement that queued the job `id`, in the same transaction: reads it for the answer,
 * names it in the header Location, and has the engines woken once it is committed. */
int promo_job_answer(
	struct promo_ctx *ctx, const char *id, struct promo_job_answer *ret) PROMO_CHECK;

int promo_job_list(struct promo_ctx *ctx, const struct promo_job_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_job_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_job *ret) PROMO_CHECK;
int promo_job_cancel(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_job *ret) PROMO_CHECK;

PROMO_END_DECLS
