/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/model/batch.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/fraud.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/rules/sheet.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * The whole life of one code, from the tables and the audit trail. However long the trail is, this
 * reads what audit_search has of the code and of its batch, and the rows of each writer that are newer
 * than that, of which there are few: the job engine keeps it up (jobs_tidy.c). Where there are more
 * than anybody would wait for, the answer says that it is not complete.
 */

enum {
	EVENTS_MAX = 1000,
	BEHIND_MAX = 20000, /* rows of one writer that are looked through */
};

static int read_code(struct promo_ctx *ctx, const char *id, struct promo_code_life *life)
{
	struct promo_code *code = promo_arena_alloc(ctx->arena, sizeof(*code));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params batch = PROMO_PARAMS(ctx->arena);
	struct promo_count_row serials;
	int r;

	if (!code)
		return promo_fault(-ENOMEM, "could not explain a code");
	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_GET, &params, code);
	if (r)
		return r;
	life->code = code;
	promo_param_text(&batch, code->batch->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_PAGES, &batch, &serials);
	if (r)
		return r;
	life->page = promo_sheet_page(code->serial);
	life->slot = promo_sheet_slot(code->serial);
	life->pages = promo_sheet_page(serials.count);
	return 0;
}

static int read_maker(struct promo_ctx *ctx, struct promo_code_life *life)
{
	struct promo_job *job = promo_arena_alloc(ctx->arena, sizeof(*job));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	bool found;
	int r;

	if (!job)
		return promo_fault(-ENOMEM, "could not explain a code");
	promo_param_text(&params, life->code->batch->id);
	promo_param_int(&params, life->code->serial);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_CODE_MAKER, &params, job, &found);
	if (!r && found)
		life->job = job;
	return r;
}

static int read_of_code(
	struct promo_ctx *ctx, enum promo_query query, const char *id, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_int(&params, EVENTS_MAX);
	return promo_store_all(ctx->store, ctx->arena, query, &params, ret);
}

static int read_cases(struct promo_ctx *ctx, struct promo_code_life *life)
{
	struct promo_fraud_report *reports;
	struct promo_objects rows;
	int r;

	r = read_of_code(ctx, PROMO_Q_FRAUD_REPORT_OFCODE, life->code->id, &rows);
	if (r || rows.count == 0)
		return r;
	reports = promo_arena_alloc_array(ctx->arena, rows.count, sizeof(*reports));
	if (!reports)
		return promo_fault(-ENOMEM, "could not explain a code");
	memcpy(reports, rows.items, rows.count * sizeof(*reports));
	life->fraud_reports = (struct promo_objects){ reports, rows.count };
	return promo_fraud_add_notes(ctx, reports, rows.count);
}

static bool is_download(const struct promo_code_event *event)
{
	static const char *const actions[] = { "code.download", "code.print", "batch.export" };

	for (size_t i = 0; i < PROMO_COUNT(actions); i++)
		if (strcmp(event->action, actions[i]) == 0)
			return true;
	return false;
}

/* Attempts to redeem it have rows of their own, which say more; whoever only reads of it, as here, does
 * nothing to it. */
static struct promo_objects *room_for(
	struct promo_code_life *life, const struct promo_code_event *event)
{
	if (is_download(event))
		return strcmp(event->outcome, "allowed") == 0 ? &life->downloads : NULL;
	if (strcmp(event->action, "code.verify") == 0)
		return &life->verifications;
	if (strcmp(event->action, "redemption.create") == 0 ||
		strcmp(event->action, "code.explain") == 0 ||
		strcmp(event->action, "code.show") == 0)
		return NULL;
	return &life->changes;
}

static int sort_events(
	struct promo_ctx *ctx, const struct promo_objects *events, struct promo_code_life *life)
{
	const struct promo_code_event *event = events->items;

	for (size_t i = 0; i < events->count; i++) {
		struct promo_objects *room = room_for(life, &event[i]);
		struct promo_code_event *items;

		if (!room)
			continue;
		if (!room->items)
			room->items =
				promo_arena_alloc_array(ctx->arena, events->count, sizeof(*items));
		if (!room->items)
			return promo_fault(-ENOMEM, "could not explain a code");
		items = (struct promo_code_event *)(uintptr_t)room->items;
		items[room->count++] = event[i];
	}
	return 0;
}

static int read_events(struct promo_ctx *ctx, struct promo_code_life *life)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params behind = PROMO_PARAMS(ctx->arena);
	const struct promo_code *code = life->code;
	struct promo_objects events;
	struct promo_truth_row more;
	int r;

	promo_param_text(&params, code->id);
	promo_param_text(&params, code->batch->id);
	promo_param_time(&params, code->created_at);
	promo_param_time(&params, code->blocked_at);
	promo_param_int(&params, BEHIND_MAX);
	promo_param_int(&params, EVENTS_MAX);
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_CODE_EVENTS, &params, &events);
	if (r)
		return r;
	promo_param_int(&behind, BEHIND_MAX);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_AUDIT_BEHIND, &behind, &more);
	if (r)
		return r;
	life->complete = !more.yes && events.count < EVENTS_MAX;
	return sort_events(ctx, &events, life);
}

int promo_code_explain(
	struct promo_ctx *ctx, const struct promo_code_explain_in *in, struct promo_code_life *ret)
{
	struct promo_code_found found;
	int r;

	r = promo_code_lookup(ctx, in->code, &found);
	if (!r)
		r = read_code(ctx, found.id, ret);
	if (!r)
		r = read_maker(ctx, ret);
	if (!r)
		r = read_of_code(ctx, PROMO_Q_REDEMPTION_OFCODE, ret->code->id, &ret->redemptions);
	if (!r)
		r = read_cases(ctx, ret);
	return r ? r : read_events(ctx, ret);
}
