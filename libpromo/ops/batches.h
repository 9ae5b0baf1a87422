/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_batch_change.h"
#include "libpromo/ops/ctx.h"

/*
 * The operations on batches and on their codes as a file; bind.h says when and how they
 * are called, the rows of api/op_batch.c what they may refuse.
 */

PROMO_BEGIN_DECLS

/* Every code that it has was redeemed, which archives a batch by itself. */
bool promo_batch_is_spent(const struct promo_batch *batch);

int promo_batch_create_check(
	struct promo_ctx *ctx, const struct promo_batch_create_in *in) PROMO_CHECK;
int promo_batch_create(struct promo_ctx *ctx, const struct promo_batch_create_in *in,
	struct promo_batch_created *ret) PROMO_CHECK;
int promo_batch_list(struct promo_ctx *ctx, const struct promo_batch_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_batch_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_batch *ret) PROMO_CHECK;
int promo_batch_change_status(struct promo_ctx *ctx, const struct promo_batch_status_in *in,
	struct promo_batch *ret) PROMO_CHECK;

int promo_batch_generate_check(
	struct promo_ctx *ctx, const struct promo_batch_generate_in *in) PROMO_CHECK;
int promo_batch_generate(struct promo_ctx *ctx, const struct promo_batch_generate_in *in,
	struct promo_job_answer *ret) PROMO_CHECK;
int promo_batch_update_before(
	struct promo_ctx *ctx, const struct promo_batch_update_in *in) PROMO_CHECK;
int promo_batch_update(struct promo_ctx *ctx, const struct promo_batch_update_in *in,
	struct promo_batch *ret) PROMO_CHECK;
int promo_batch_assign(struct promo_ctx *ctx, const struct promo_batch_assign_in *in,
	struct promo_batch *ret) PROMO_CHECK;
int promo_batch_delete(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;
int promo_batch_bulk(struct promo_ctx *ctx, const struct promo_batch_bulk_in *in,
	struct promo_bulk_answer *ret) PROMO_CHECK;

/* Sets ctx->spool, which a thread with a connection of its own then fills. */
int promo_code_download(struct promo_ctx *ctx, const struct promo_code_download_in *in) PROMO_CHECK;

PROMO_END_DECLS
