/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/code_change.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/fraud.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"

/* One code is blocked, unblocked, or reported where it was redeemed. */

static int read_code(struct promo_ctx *ctx, const char *id, struct promo_code *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_GET, &params, ret);
}

static int refuse(struct promo_ctx *ctx, const struct promo_code *code, int target)
{
	return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
		"the code is %s by itself and cannot become %s",
		promo_word(&promo_code_status_words, code->own_status),
		promo_word(&promo_code_target_words, target));
}

static int block(
	struct promo_ctx *ctx, const struct promo_code *code, const struct promo_code_status_in *in)
{
	const struct promo_code_change change = {
		.action = in->status == PROMO_CODE_TO_BLOCKED ? PROMO_CODES_BLOCK
							      : PROMO_CODES_UNBLOCK,
		.time_zone = promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE),
		.lane = ctx->lane,
	};
	struct promo_code_changed changed;
	int r;

	r = promo_codes_change(
		ctx->store, ctx->arena, &change, (struct promo_texts){ &code->id, 1 }, &changed);
	if (r)
		return r;
	return changed.changed == 1 ? 0 : refuse(ctx, code, in->status);
}

/* A case that nobody claims: whoever reports it saw it in the books, not at a counter. */
static int report(
	struct promo_ctx *ctx, const struct promo_code *code, const struct promo_code_status_in *in)
{
	const struct promo_fraud_report_create_in input = {
		.type = PROMO_FRAUD_SUSPICIOUS_ACTIVITY,
		.description = in->reason,
	};
	const struct promo_texts codes = { .items = &code->code, .count = 1 };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_fraud_report opened;
	struct promo_code_found found;
	int r;

	if (code->own_status != PROMO_CODE_REDEEMED)
		return refuse(ctx, code, in->status);
	promo_param_texts(&params, codes);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_FIND, &params, &found);
	if (!r && !found.redemption)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"the code was imported as used, its redemption is not known here");
	if (!r)
		r = promo_fraud_open(ctx, &input, &found, &opened);
	ctx->location = NULL;
	return r;
}

int promo_code_change_status(
	struct promo_ctx *ctx, const struct promo_code_status_in *in, struct promo_code *ret)
{
	struct promo_code before;
	int r;

	promo_audit_entity(ctx, "code", in->id);
	r = read_code(ctx, in->id, &before);
	if (r)
		return r;
	r = in->status == PROMO_CODE_TO_REPORTED ? report(ctx, &before, in)
						 : block(ctx, &before, in);
	if (!r)
		r = read_code(ctx, in->id, ret);
	if (!r && in->status != PROMO_CODE_TO_REPORTED)
		r = promo_audit_change(ctx, &promo_code_schema, "own_status", &before, ret);
	if (!r && in->reason)
		r = promo_audit_change(ctx, &promo_code_status_in_schema, "reason", NULL, in);
	return r;
}
