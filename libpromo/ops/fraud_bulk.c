/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/bulk_request.h"
#include "libpromo/ops/fraud_case.h"
#include "libpromo/rules/fraud.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/* Many cases are moved on at once, in one transaction: those that may not become this stay as they are
 * and are named. */

struct meant {
	struct promo_texts ids;      /* as they were named, or as they fit */
	struct promo_objects locked; /* of struct promo_fraud_lock_row, by id */
};

static int take_fitting(
	struct promo_ctx *ctx, const struct promo_fraud_filter *filter, struct promo_texts *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_texts_or_null(&params, filter->status);
	promo_param_texts_or_null(&params, filter->priority);
	promo_param_text(&params, filter->q);
	promo_param_time(&params, filter->from);
	promo_param_time(&params, filter->to);
	return promo_bulk_fitting(ctx, "reports", PROMO_Q_FRAUD_REPORT_MATCH, &params, ret);
}

static bool says_something(const struct promo_fraud_filter *filter)
{
	return filter->q || filter->status.count > 0 || filter->priority.count > 0 ||
	       filter->from || filter->to;
}

static enum promo_fraud_status wanted(int action)
{
	switch ((enum promo_fraud_action)action) {
	case PROMO_FRAUDS_INVESTIGATE:
		return PROMO_FRAUD_INVESTIGATING;
	case PROMO_FRAUDS_RESOLVE:
		return PROMO_FRAUD_RESOLVED;
	case PROMO_FRAUDS_REJECT:
		break;
	}
	return PROMO_FRAUD_REJECTED;
}

static int find(
	struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in, struct meant *meant)
{
	int r;

	if ((in->ids.count > 0) == (in->filter != NULL))
		return promo_ctx_refuse_field(ctx, "/filter", "invalid_value",
			"exactly one of ids and filter has to be given");
	if (in->filter && !says_something(in->filter))
		return promo_ctx_refuse_field(ctx, "/filter", "required",
			"has to name something: status, priority, q, from or to");
	r = in->filter ? take_fitting(ctx, in->filter, &meant->ids)
		       : promo_bulk_named(ctx, &in->ids, &meant->ids);
	if (r)
		return r;
	return promo_fraud_lock(
		ctx, meant->ids, wanted(in->action) == PROMO_FRAUD_REJECTED, &meant->locked);
}

static int move(
	struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in, struct promo_texts ids)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const enum promo_fraud_status to = wanted(in->action);
	int r;

	if (ids.count == 0)
		return 0;
	promo_param_texts(&params, ids);
	promo_param_text(&params, promo_word(&promo_fraud_status_words, (int)to));
	promo_param_text(&params, in->resolution);
	r = promo_store_exec(ctx->store, PROMO_Q_FRAUD_REPORT_MOVE, &params, NULL);
	return r || to != PROMO_FRAUD_REJECTED ? r : promo_fraud_acquit(ctx, ids);
}

/* Takes those that may be moved on into *ret_ids; the others are named. */
static int choose(struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in,
	const struct meant *meant, struct promo_texts *ret_ids, struct promo_objects *ret_skipped)
{
	const struct promo_fraud_lock_row *rows = meant->locked.items;
	struct promo_skipped *skipped;
	size_t count = 0, skips = 0;
	const char **ids;

	skipped = promo_arena_alloc_array(ctx->arena, meant->ids.count, sizeof(*skipped));
	ids = promo_arena_alloc_array(ctx->arena, meant->ids.count, sizeof(*ids));
	if (meant->ids.count > 0 && (!skipped || !ids))
		return promo_fault(-ENOMEM, "could not say what was changed");
	for (size_t i = 0, at = 0; i < meant->ids.count; i++) {
		int error = PROMO_E_NOT_FOUND;

		if (at < meant->locked.count && strcmp(rows[at].id, meant->ids.items[i]) == 0)
			error = promo_fraud_may_become((enum promo_fraud_status)rows[at++].status,
					wanted(in->action))
					? 0
					: PROMO_E_INVALID_TRANSITION;
		if (error)
			skipped[skips++] = (struct promo_skipped){ meant->ids.items[i],
				promo_error_info(error)->wire };
		else
			ids[count++] = meant->ids.items[i];
	}
	*ret_ids = (struct promo_texts){ ids, count };
	*ret_skipped = (struct promo_objects){ skipped, skips };
	return 0;
}

/* Which they were is what undoing it needs; a filter may name people. */
static int note_request(struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in,
	struct promo_texts ids, const struct promo_bulk_answer *answer)
{
	const struct promo_schema *schema = &promo_fraud_report_bulk_in_schema;
	struct promo_fraud_report_bulk_in done = *in;
	int r;

	done.ids = ids;
	r = promo_audit_change(ctx, &promo_bulk_answer_schema, "changed", NULL, answer);
	if (!r)
		r = promo_audit_change(ctx, schema, "action", NULL, &done);
	if (!r)
		r = promo_audit_change(ctx, schema, "ids", NULL, &done);
	if (!r && in->resolution)
		r = promo_audit_change_hidden(ctx, "resolution");
	return r;
}

int promo_fraud_report_bulk(struct promo_ctx *ctx, const struct promo_fraud_report_bulk_in *in,
	struct promo_bulk_answer *ret)
{
	struct promo_bulk_answer answer;
	struct meant meant = { 0 };
	struct promo_texts ids;
	int r;

	r = find(ctx, in, &meant);
	if (r)
		return r;
	if ((int64_t)meant.locked.count != in->expected_count)
		return promo_bulk_refuse_count(
			ctx, "reports", (int64_t)meant.locked.count, in->expected_count);
	r = choose(ctx, in, &meant, &ids, &answer.skipped);
	if (!r)
		r = move(ctx, in, ids);
	if (r)
		return r;
	answer.changed = (int64_t)ids.count;
	*ret = answer;
	return note_request(ctx, in, ids, ret);
}
