/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/group_item.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/rules/redeem.h"

/*
 * The redemption of a code: where money is paid. What decides was read without a lock (group.c), is
 * decided here by the one rule, and is written by compare-and-set (group_write.c).
 *
 * The idempotency key stands in the redemption's own row and never expires. A refused attempt on a
 * code that exists is a row as well, and a replay is rebuilt from columns that nobody may change. So
 * what is answered first has to be what those columns will say.
 */

static int locate(struct promo_ctx *ctx, const char *id)
{
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/redemptions/%s", id);
	return ctx->location ? 0 : promo_fault(-ENOMEM, "could not name a redemption");
}

/* Refuses as the rule says, with what the clerk has to know about a code that was redeemed. */
static int refuse(
	struct promo_ctx *ctx, int error, const struct promo_code_found *code, const char *message)
{
	const struct promo_verified_redemption *first = code ? code->redemption : NULL;
	struct promo_redeemed_member *member;

	if (error == PROMO_E_CODE_ALREADY_REDEEMED && first) {
		member = promo_arena_alloc(ctx->arena, sizeof(*member));
		if (!member)
			return promo_fault(-ENOMEM, "could not refuse a redemption");
		member->redeemed_at = first->redeemed_at;
		member->phone_number = first->phone_number;
		member->redeemed_by = first->redeemed_by;
		ctx->problem.member_schema = &promo_redeemed_member_schema;
		ctx->problem.members = member;
	}
	return promo_ctx_refuse(ctx, error, "%s", message);
}

/* The key was used before. */
static int replay(
	struct promo_ctx *ctx, const struct promo_group_facts *facts, struct promo_redemption *ret)
{
	const struct promo_redemption *before = facts->before;

	if (strcmp(before->request_hash, ctx->in_hash) != 0)
		return PROMO_E_IDEMPOTENCY_KEY_REUSED;
	promo_audit_entity(ctx, "code", before->code_id);
	ctx->replayed = true;
	if (before->status == PROMO_REDEMPTION_FAILED)
		return refuse(ctx, promo_error_from_wire(before->error_code), facts->code,
			before->error_message);
	*ret = *before;
	return locate(ctx, before->id);
}

/* The answer, but for what is known only when it was written. */
static int promise(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_group_facts *facts, struct promo_redemption *ret)
{
	const struct promo_code_found *code = facts->code;
	struct parts {
		struct promo_batch_ref batch;
		struct promo_ref user;
		struct promo_customer_ref customer;
	} *parts = promo_arena_alloc(ctx->arena, sizeof(*parts));
	int r;

	if (!parts)
		return promo_fault(-ENOMEM, "could not redeem a code");
	parts->batch = (struct promo_batch_ref){ code->batch_id, code->batch_name };
	parts->user = (struct promo_ref){ ctx->actor->user_id, ctx->actor->name };
	parts->customer.phone_number = in->phone_number;
	facts->told = &parts->customer;
	*ret = (struct promo_redemption){
		.id = facts->id,
		.code_id = code->id,
		.code = code->code,
		.batch = &parts->batch,
		.user = &parts->user,
		.customer = &parts->customer,
		.amount = code->amount,
		.currency = code->currency,
		.status = PROMO_REDEMPTION_COMPLETED,
		.note = promo_text_given(in->note),
	};
	r = locate(ctx, facts->id);
	return r ? r : promo_code_note_change(ctx, PROMO_CODE_ACTIVE, PROMO_CODE_REDEEMED);
}

int promo_redeem_decide(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_group_facts *facts, struct promo_redemption *ret)
{
	struct promo_batch_facts batch;
	struct promo_code_facts code;
	int r;

	ctx->audit.phone = in->phone_number;
	if (facts->before)
		return replay(ctx, facts, ret);
	r = promo_code_judge(ctx, facts->code);
	if (r)
		return r;
	code = promo_code_facts_of(facts->code);
	batch = promo_batch_facts_of(facts->code);
	r = promo_rule_redeem(&code, &batch, ctx->now_ms);
	if (r < 0)
		return r;
	promo_uuid_new(facts->id);
	if (r) {
		ctx->commit_refusal = true;
		facts->follows = PROMO_FOLLOWS_REFUSAL;
		return refuse(ctx, r, facts->code, promo_error_info(r)->text);
	}
	facts->follows = PROMO_FOLLOWS_REDEMPTION;
	return promise(ctx, in, facts, ret);
}

void promo_redeem_settle(const struct promo_redeemed_row *row,
	const struct promo_group_facts *facts, struct promo_redemption *ret)
{
	facts->told->id = row->customer_id;
	facts->told->first_name = row->first_name;
	facts->told->last_name = row->last_name;
	ret->created_at = ret->completed_at = row->at;
}

int promo_redemption_create_check(
	struct promo_ctx *ctx, const struct promo_redemption_create_in *in)
{
	return promo_code_check(ctx, in->code);
}

int promo_redemption_create(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_redemption *ret)
{
	int r = promo_code_check(ctx, in->code);

	return r ? r : promo_group_alone(ctx, in, ret);
}
