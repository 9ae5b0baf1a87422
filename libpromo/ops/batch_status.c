/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/rules/code_status.h"
#include "libpromo/store/store.h"

/*
 * Blocking, unblocking, expiring and archiving a batch, at once and whatever its size: what its codes
 * are follows from this one row. Expiring by hand leaves the batch its last day, so that it can be
 * made active again until then.
 */

static enum promo_batch_status wanted(const struct promo_batch_status_in *in)
{
	switch ((enum promo_batch_target)in->status) {
	case PROMO_BATCH_TO_ACTIVE:
		return PROMO_BATCH_ACTIVE;
	case PROMO_BATCH_TO_EXPIRED:
		return PROMO_BATCH_EXPIRED;
	case PROMO_BATCH_TO_BLOCKED:
		return PROMO_BATCH_BLOCKED;
	case PROMO_BATCH_TO_ARCHIVED:
		break;
	}
	return PROMO_BATCH_ARCHIVED;
}

static int read_batch(struct promo_ctx *ctx, const char *id, struct promo_batch *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_GET, &params, ret);
}

bool promo_batch_is_spent(const struct promo_batch *batch)
{
	return batch->total_codes > 0 &&
	       batch->counts->redeemed + batch->counts->reported >= batch->total_codes;
}

static int check(
	struct promo_ctx *ctx, const struct promo_batch *batch, enum promo_batch_status status)
{
	const struct promo_batch_facts facts = {
		.status = (enum promo_batch_status)batch->status,
		.expires_at = batch->expires_at,
	};

	if (!promo_batch_may_become(&facts, status, ctx->now_ms))
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"the batch is %s and cannot become %s",
			promo_word(&promo_batch_status_words, batch->status),
			promo_word(&promo_batch_status_words, (int)status));
	/* It was archived because nothing is left of it, and would be again within seconds. */
	if (status == PROMO_BATCH_ACTIVE && batch->status == PROMO_BATCH_ARCHIVED &&
		promo_batch_is_spent(batch))
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"every code of the batch is redeemed, so it stays archived");
	return 0;
}

/* Compare-and-set: a job or another administrator may have been faster. */
static int write_status(
	struct promo_ctx *ctx, const struct promo_batch *batch, enum promo_batch_status status)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t written;
	int r;

	promo_param_text(&params, batch->id);
	promo_param_int(&params, batch->version);
	promo_param_text(&params, promo_word(&promo_batch_status_words, (int)status));
	r = promo_store_exec(ctx->store, PROMO_Q_BATCH_STATUS, &params, &written);
	if (r || written == 1)
		return r;
	ctx->overtaken = true;
	return -EAGAIN;
}

int promo_batch_change_status(
	struct promo_ctx *ctx, const struct promo_batch_status_in *in, struct promo_batch *ret)
{
	enum promo_batch_status status = wanted(in);
	struct promo_batch before;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	r = read_batch(ctx, in->id, &before);
	if (!r)
		r = check(ctx, &before, status);
	if (!r)
		r = write_status(ctx, &before, status);
	if (!r)
		r = read_batch(ctx, in->id, ret);
	if (!r)
		r = promo_audit_change(ctx, &promo_batch_schema, "status", &before, ret);
	if (!r && in->reason)
		r = promo_audit_change(ctx, &promo_batch_status_in_schema, "reason", NULL, in);
	return r;
}
