/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/letters.h"

#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/store/store.h"

int promo_letter_list(
	struct promo_ctx *ctx, const struct promo_outbox_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_texts_or_null(&params, in->status);
	promo_param_text(&params, promo_word(&promo_channel_words, in->channel));
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_OUTBOX_LIST, PROMO_Q_OUTBOX_COUNT), &params, ret);
}

int promo_letter_retry(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_outbox_letter *ret)
{
	struct promo_params find = PROMO_PARAMS(ctx->arena), again = PROMO_PARAMS(ctx->arena);
	struct promo_outbox_letter before;
	bool found;
	int r;

	promo_audit_entity(ctx, "outbox_letter", in->id);
	promo_param_text(&find, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_OUTBOX_LOCK, &find, &before);
	if (r)
		return r;
	promo_param_text(&again, in->id);
	promo_param_int(&again, PROMO_LETTER_TRIED_S);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_OUTBOX_RETRY, &again, ret, &found);
	if (r)
		return r;
	if (!found)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			before.status == PROMO_OUTBOX_SENT ? "the letter has been sent"
			: before.status == PROMO_OUTBOX_WAITING
				? "the letter is waiting, and is tried again by itself"
				: "what the letter said was wiped, since it opened something; have "
				  "a "
				  "new one written");
	ctx->wake_jobs = true;
	return promo_audit_change(ctx, &promo_outbox_letter_schema, "status", &before, ret);
}
