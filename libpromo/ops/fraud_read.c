/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/fraud.h"
#include "libpromo/ops/list.h"
#include "libpromo/store/rows_codes.h"

/* Gives each report its notes. The rows come case by case, the reports in any order. */
static int hand_out(struct promo_arena *arena, const struct promo_objects *rows,
	struct promo_fraud_report *reports, size_t count)
{
	const struct promo_fraud_note_row *row = rows->items;
	struct promo_fraud_note *notes;

	if (rows->count == 0)
		return 0;
	notes = promo_arena_alloc_array(arena, rows->count, sizeof(*notes));
	if (!notes)
		return promo_fault(-ENOMEM, "could not read notes");
	for (size_t i = 0; i < rows->count; i++)
		notes[i] = *row[i].note;
	for (size_t i = 0; i < rows->count;) {
		size_t end = i + 1;

		while (end < rows->count &&
			strcmp(row[end].fraud_report_id, row[i].fraud_report_id) == 0)
			end++;
		for (size_t k = 0; k < count; k++)
			if (strcmp(reports[k].id, row[i].fraud_report_id) == 0)
				reports[k].notes = (struct promo_objects){ .items = notes + i,
					.count = end - i };
		i = end;
	}
	return 0;
}

int promo_fraud_add_notes(struct promo_ctx *ctx, struct promo_fraud_report *reports, size_t count)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects rows;
	const char **ids;
	int r;

	if (count == 0)
		return 0;
	ids = promo_arena_alloc_array(ctx->arena, count, sizeof(*ids));
	if (!ids)
		return promo_fault(-ENOMEM, "could not read notes");
	for (size_t i = 0; i < count; i++)
		ids[i] = reports[i].id;
	promo_param_texts(&params, (struct promo_texts){ .items = ids, .count = count });
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_FRAUD_NOTE_LIST, &params, &rows);
	if (r)
		return r;
	return hand_out(ctx->arena, &rows, reports, count);
}

int promo_fraud_report_list(
	struct promo_ctx *ctx, const struct promo_fraud_report_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_fraud_report *reports;
	int r;

	promo_param_texts_or_null(&params, in->status);
	promo_param_texts_or_null(&params, in->priority);
	promo_param_text(&params, in->q);
	promo_param_time(&params, in->from);
	promo_param_time(&params, in->to);
	r = promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_FRAUD_REPORT_LIST, PROMO_Q_FRAUD_REPORT_COUNT), &params,
		ret);
	if (r || ret->count == 0)
		return r;
	reports = promo_arena_alloc_array(ctx->arena, ret->count, sizeof(*reports));
	if (!reports)
		return promo_fault(-ENOMEM, "could not read reports");
	memcpy(reports, ret->items, ret->count * sizeof(*reports));
	ret->items = reports;
	return promo_fraud_add_notes(ctx, reports, ret->count);
}

int promo_fraud_report_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_fraud_report *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_audit_entity(ctx, "fraud-report", in->id);
	promo_param_text(&params, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_FRAUD_REPORT_GET, &params, ret);
	if (r)
		return r;
	return promo_fraud_add_notes(ctx, ret, 1);
}
