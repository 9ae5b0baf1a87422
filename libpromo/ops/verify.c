/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/group_item.h"
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

int promo_verify_decide(struct promo_ctx *ctx, const struct promo_group_facts *facts,
	struct promo_verification *ret)
{
	const struct promo_code_found *found = facts->code;
	struct promo_batch_facts batch;
	struct promo_code_facts code;
	int r;

	r = promo_code_judge(ctx, found);
	if (r)
		return r;
	code = promo_code_facts_of(found);
	batch = promo_batch_facts_of(found);

	ret->code_id = found->id;
	ret->code = found->code;
	ret->status = (int)promo_code_effective_status(&code, &batch, ctx->now_ms);
	ret->amount = found->amount;
	ret->currency = found->currency;
	ret->expires_at = promo_code_effective_end(&code, &batch);
	r = promo_rule_redeem(&code, &batch, ctx->now_ms);
	if (r < 0)
		return r;
	ret->redeemable = r == 0;
	ret->reason = r ? promo_error_info(r)->wire : NULL;
	ret->redemption = found->redemption;
	ret->fraud_report = found->report;
	return tell_batch(ctx, found, ret);
}

int promo_code_verify(struct promo_ctx *ctx, const struct promo_code_verify_in *in,
	struct promo_verification *ret)
{
	int r = promo_code_check(ctx, in->code);

	return r ? r : promo_group_alone(ctx, in, ret);
}
