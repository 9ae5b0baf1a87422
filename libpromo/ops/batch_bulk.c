/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/batch_change.h"
#include "libpromo/ops/bulk_request.h"
#include "libpromo/rules/code_status.h"
#include "libpromo/store/rows_codes.h"

/* Many batches at once, in one transaction: locked in the order of their ids, counted, and only then
 * changed. Each of them is one row, however many codes it has. */

struct meant {
	struct promo_texts ids;      /* as they were named, or as they fit */
	struct promo_objects locked; /* of struct promo_batch_lock_row */
};

static int take_fitting(
	struct promo_ctx *ctx, const struct promo_batch_filter *filter, struct promo_texts *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, filter->q);
	promo_param_texts_or_null(&params, filter->status);
	promo_param_text(&params, filter->assigned_user_id);
	promo_param_text(&params, filter->expires_before);
	promo_param_text(&params, filter->expires_after);
	return promo_bulk_fitting(ctx, "batches", PROMO_Q_BATCH_MATCH, &params, ret);
}

static bool says_something(const struct promo_batch_filter *filter)
{
	return filter->q || filter->status.count > 0 || filter->assigned_user_id ||
	       filter->expires_before || filter->expires_after;
}

static int find(struct promo_ctx *ctx, const struct promo_batch_bulk_in *in, struct meant *meant)
{
	int r;

	if ((in->ids.count > 0) == (in->filter != NULL))
		return promo_ctx_refuse_field(ctx, "/filter", "invalid_value",
			"exactly one of ids and filter has to be given");
	if (in->filter && !says_something(in->filter))
		return promo_ctx_refuse_field(ctx, "/filter", "required",
			"has to name something: q, status, assigned_user_id, expires_before or "
			"expires_after");
	r = in->filter ? take_fitting(ctx, in->filter, &meant->ids)
		       : promo_bulk_named(ctx, &in->ids, &meant->ids);
	if (r)
		return r;
	return promo_batches_lock(ctx, meant->ids, &meant->locked);
}

static enum promo_batch_status wanted(int action)
{
	switch ((enum promo_batch_action)action) {
	case PROMO_BATCHES_BLOCK:
		return PROMO_BATCH_BLOCKED;
	case PROMO_BATCHES_UNBLOCK:
		return PROMO_BATCH_ACTIVE;
	case PROMO_BATCHES_EXPIRE:
		return PROMO_BATCH_EXPIRED;
	case PROMO_BATCHES_ARCHIVE:
	case PROMO_BATCHES_DELETE:
		break;
	}
	return PROMO_BATCH_ARCHIVED;
}

static int change_status(
	struct promo_ctx *ctx, const struct promo_batch_lock_row *batch, int action)
{
	const struct promo_batch_facts facts = {
		.status = (enum promo_batch_status)batch->status,
		.expires_at = batch->expires_at,
	};
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	if (action == PROMO_BATCHES_UNBLOCK && batch->status != PROMO_BATCH_BLOCKED)
		return PROMO_E_INVALID_TRANSITION;
	if (!promo_batch_may_become(&facts, wanted(action), ctx->now_ms))
		return PROMO_E_INVALID_TRANSITION;
	promo_param_text(&params, batch->id);
	promo_param_int(&params, batch->version);
	promo_param_text(&params, promo_word(&promo_batch_status_words, (int)wanted(action)));
	return promo_store_exec(ctx->store, PROMO_Q_BATCH_STATUS, &params, NULL);
}

static int change(struct promo_ctx *ctx, const struct promo_batch_bulk_in *in,
	const struct meant *meant, struct promo_bulk_answer *ret)
{
	const struct promo_batch_lock_row *rows = meant->locked.items;
	struct promo_skipped *skipped;
	size_t count = 0;
	int64_t changed = 0;

	skipped = promo_arena_alloc_array(ctx->arena, meant->ids.count, sizeof(*skipped));
	if (meant->ids.count > 0 && !skipped)
		return promo_fault(-ENOMEM, "could not say what was changed");
	for (size_t i = 0, at = 0; i < meant->ids.count; i++) {
		int r = PROMO_E_NOT_FOUND;

		if (at < meant->locked.count && strcmp(rows[at].id, meant->ids.items[i]) == 0) {
			const struct promo_batch_lock_row *batch = &rows[at++];

			r = in->action == PROMO_BATCHES_DELETE
				    ? promo_batch_bury(ctx, batch)
				    : change_status(ctx, batch, in->action);
		}
		if (r < 0)
			return r;
		if (r)
			skipped[count++] = (struct promo_skipped){ meant->ids.items[i],
				promo_error_info(r)->wire };
		else
			changed++;
	}
	/* Why single ones are refused stands in the answer. */
	ctx->problem = (struct promo_problem){ 0 };
	ret->changed = changed;
	ret->skipped = (struct promo_objects){ skipped, count };
	return 0;
}

/* Which batches they were is what undoing it needs. */
static int note_request(struct promo_ctx *ctx, const struct promo_batch_bulk_in *in,
	const struct promo_bulk_answer *answer)
{
	static const char *const fields[] = { "action", "ids", "filter", "reason" };
	int r;

	r = promo_audit_change(ctx, &promo_bulk_answer_schema, "changed", NULL, answer);
	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		if (promo_present(&promo_batch_bulk_in_schema, in, fields[i]))
			r = promo_audit_change(
				ctx, &promo_batch_bulk_in_schema, fields[i], NULL, in);
	return r;
}

int promo_batch_bulk(
	struct promo_ctx *ctx, const struct promo_batch_bulk_in *in, struct promo_bulk_answer *ret)
{
	struct meant meant = { 0 };
	int r;

	r = find(ctx, in, &meant);
	if (r)
		return r;
	if ((int64_t)meant.locked.count != in->expected_count)
		return promo_bulk_refuse_count(
			ctx, "batches", (int64_t)meant.locked.count, in->expected_count);
	r = change(ctx, in, &meant, ret);
	return r ? r : note_request(ctx, in, ret);
}
