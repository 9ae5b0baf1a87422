/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/codes.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/rules/redeem.h"

static int tell_batch(
	struct promo_ctx *ctx, const struct promo_code_found *found, struct promo_verification *ret)
{
	struct promo_verified_batch *batch = promo_arena_alloc(ctx->arena, sizeof(*batch));
	struct promo_batch_facts facts = promo_batch_facts_of(found);

	if (!batch)
		return promo_fault(-ENOMEM, "could not tell the batch of a code");
	batch->id = found->batch_id;
	batch->batch_name = found->batch_name;
	batch->status = (int)promo_batch_effective_status(&facts, ctx->now_ms);
	ret->batch = batch;
	return 0;
}

static int tell_redemption(
	struct promo_ctx *ctx, const char *code_id, struct promo_verification *ret)
{
	struct promo_verified_redemption *redemption;
	bool found;
	int r;

	redemption = promo_arena_alloc(ctx->arena, sizeof(*redemption));
	if (!redemption)
		return promo_fault(-ENOMEM, "could not tell the redemption of a code");
	r = promo_code_redemption(ctx, code_id, redemption, &found);
	if (!r && found)
		ret->redemption = redemption;
	return r;
}

static int tell_report(struct promo_ctx *ctx, const char *code_id, struct promo_verification *ret)
{
	struct promo_verified_report *report = promo_arena_alloc(ctx->arena, sizeof(*report));
	bool found;
	int r;

	if (!report)
		return promo_fault(-ENOMEM, "could not tell the report of a code");
	r = promo_code_report(ctx, code_id, report, &found);
	if (!r && found)
		ret->fraud_report = report;
	return r;
}

int promo_code_verify(struct promo_ctx *ctx, const struct promo_code_verify_in *in,
	struct promo_verification *ret)
{
	struct promo_batch_facts batch;
	struct promo_code_facts code;
	struct promo_code_found found;
	int r;

	r = promo_code_lookup(ctx, in->code, &found);
	if (r)
		return r;
	code = promo_code_facts_of(&found);
	batch = promo_batch_facts_of(&found);

	ret->code_id = found.id;
	ret->code = found.code;
	ret->status = (int)promo_code_effective_status(&code, &batch, ctx->now_ms);
	ret->amount = found.amount;
	ret->currency = found.currency;
	ret->expires_at = promo_code_effective_end(&code, &batch);
	r = promo_rule_redeem(&code, &batch, ctx->now_ms);
	if (r < 0)
		return r;
	ret->redeemable = r == 0;
	ret->reason = r ? promo_error_info(r)->wire : NULL;
	r = tell_batch(ctx, &found, ret);
	if (r)
		return r;

	if (code.own_status != PROMO_CODE_REDEEMED && code.own_status != PROMO_CODE_REPORTED)
		return 0;
	r = tell_redemption(ctx, found.id, ret);
	if (r || code.own_status != PROMO_CODE_REPORTED)
		return r;
	return tell_report(ctx, found.id, ret);
}
