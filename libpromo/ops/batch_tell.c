/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/batch_change.h"
#include "libpromo/ops/tell.h"
#include "libpromo/rules/money.h"

/* What people and programs are told of batches; of their codes, see jobs_tell.c. */

/* What both have in common; `what` became of it. */
static int tell(struct promo_ctx *ctx, enum promo_event_kind kind, const struct promo_batch *batch,
	const char *what)
{
	char amount[PROMO_MONEY_SHOWN_SIZE];
	const char *title, *body;

	promo_money_show(batch->amount_per_code, amount);
	title = promo_arena_printf(ctx->arena, "%s %s", batch->batch_name, what);
	body = promo_arena_printf(ctx->arena, "%lld codes of %s %s, good until %s",
		(long long)batch->total_codes, amount, batch->currency, batch->expiration_date);
	if (!title || !body)
		return promo_fault(-ENOMEM, "could not tell of a batch");
	return promo_tell(
		ctx, &(struct promo_event){
			     .kind = kind,
			     .about_kind = "batch",
			     .about_id = batch->id,
			     .title = title,
			     .body = body,
			     .user_id = batch->assigned_user ? batch->assigned_user->id : NULL,
			     .batch_id = batch->id,
			     .batch_name = batch->batch_name,
			     .count = batch->total_codes,
		     });
}

int promo_batch_tell_created(struct promo_ctx *ctx, const struct promo_batch *batch)
{
	int r = tell(ctx, PROMO_EVENT_BATCH_CREATED, batch, "was created");

	return r ? r : promo_batch_tell_assigned(ctx, /* before= */ NULL, batch);
}

int promo_batch_tell_assigned(
	struct promo_ctx *ctx, const struct promo_batch *before, const struct promo_batch *batch)
{
	const struct promo_ref *was = before ? before->assigned_user : NULL;
	const struct promo_ref *is = batch->assigned_user;

	if (!is || (was && strcmp(was->id, is->id) == 0))
		return 0;
	return tell(ctx, PROMO_EVENT_BATCH_ASSIGNED, batch, "was assigned to you");
}
