/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/bulk_request.h"
#include "libpromo/ops/code_change.h"
#include "libpromo/ops/code_match.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_codes.h"

/*
 * Many codes at once: those of a list or of a filter. How many there are is compared with what was
 * expected before anything is changed. Up to 10,000 are changed in the transaction of the request, more
 * by a job (bulk.c). What a list names and what is not there is skipped, and does not count.
 */

/* What is meant, by ids. */
struct meant {
	const char **ids;
	size_t count;
	int64_t missing; /* of a list: named and not there */
	const char **missing_ids;
	bool many; /* too many for one request */
	int64_t total;
};

static int refuse_item(
	struct promo_ctx *ctx, const char *list, size_t i, const char *code, const char *message)
{
	const char *pointer = promo_arena_printf(ctx->arena, "/%s/%zu", list, i);
	int r;

	if (!pointer)
		return promo_fault(-ENOMEM, "could not name a bad item");
	r = promo_ctx_refuse_field(ctx, pointer, code, "%s", message);
	return r < 0 ? r : 0;
}

/* The list in its normal form; every bad item is named. */
static int read_list(struct promo_ctx *ctx, const struct promo_code_bulk_in *in,
	const char ***ret_items, size_t *ret_count)
{
	const bool by_id = in->ids.count > 0;
	const struct promo_texts given = by_id ? in->ids : in->codes;
	const char **items = promo_arena_alloc_array(ctx->arena, given.count, sizeof(*items));
	unsigned char bytes[PROMO_UUID_BYTES];
	char id[PROMO_UUID_SIZE], code[PROMO_CODE_SIZE];
	int r = 0;

	if (!items)
		return promo_fault(-ENOMEM, "could not read a list of codes");
	for (size_t i = 0; !r && i < given.count; i++) {
		const char *item = by_id ? id : code;
		bool bad = by_id ? promo_uuid_parse(given.items[i], bytes) != 0
				 : promo_code_read(given.items[i], code) != 0;

		if (bad) {
			r = by_id ? refuse_item(ctx, "ids", i, "invalid_id", "has to be a UUID")
				  : refuse_item(ctx, "codes", i, "code_malformed",
					    "is not a promo code");
			continue;
		}
		if (by_id)
			promo_uuid_format(bytes, id);
		items[i] = promo_arena_strdup(ctx->arena, item);
		if (!items[i])
			r = promo_fault(-ENOMEM, "could not read a list of codes");
	}
	if (!r && ctx->problem.field_count > 0)
		r = PROMO_E_INVALID_INPUT;
	if (r)
		return r;
	*ret_count = promo_bulk_sort_once(items, given.count);
	*ret_items = items;
	return 0;
}

static int take_ids(struct promo_ctx *ctx, const struct promo_objects *rows, struct meant *meant)
{
	const struct promo_id_row *ids = rows->items;

	meant->ids = promo_arena_alloc_array(ctx->arena, rows->count + 1, sizeof(*meant->ids));
	if (!meant->ids)
		return promo_fault(-ENOMEM, "could not name the codes of a request");
	for (size_t i = 0; i < rows->count; i++)
		meant->ids[i] = ids[i].id;
	meant->count = rows->count;
	meant->total = (int64_t)rows->count;
	return 0;
}

/* Which of the ids of a list are not there. */
static int find_missing(
	struct promo_ctx *ctx, const char *const *items, size_t count, struct meant *meant)
{
	meant->missing_ids = promo_arena_alloc_array(ctx->arena, count, sizeof(*items));
	if (!meant->missing_ids)
		return promo_fault(-ENOMEM, "could not name what is not there");
	qsort(meant->ids, meant->count, sizeof(*meant->ids), promo_bulk_compare);
	for (size_t i = 0; i < count; i++)
		if (!bsearch(&items[i], meant->ids, meant->count, sizeof(*meant->ids),
			    promo_bulk_compare))
			meant->missing_ids[meant->missing++] = items[i];
	return 0;
}

static int find_listed(
	struct promo_ctx *ctx, const struct promo_code_bulk_in *in, struct meant *meant)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const bool by_id = in->ids.count > 0;
	const char **items = NULL;
	struct promo_objects rows;
	size_t count = 0;
	int r;

	r = read_list(ctx, in, &items, &count);
	if (r)
		return r;
	promo_param_texts(&params, (struct promo_texts){ items, count });
	r = promo_store_all(ctx->store, ctx->arena,
		by_id ? PROMO_Q_CODE_MATCHIDS : PROMO_Q_CODE_MATCHCODES, &params, &rows);
	if (!r)
		r = take_ids(ctx, &rows, meant);
	if (!r && by_id)
		return find_missing(ctx, items, count, meant);
	/* A code that is none is not said again: the answer is no place for it. */
	meant->missing = (int64_t)(count - meant->count);
	return r;
}

static int find_fitting(
	struct promo_ctx *ctx, const struct promo_code_match *match, struct meant *meant)
{
	const struct promo_code_filter *filter = &match->filter;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects rows;
	int r;

	promo_param_text(&params, filter->batch_id);
	promo_param_texts_or_null(&params, filter->status);
	promo_param_text(&params, match->pattern);
	promo_param_time(&params, filter->created_after);
	promo_param_time(&params, filter->created_before);
	promo_param_int(&params, PROMO_BULK_ITEMS_MAX + 1);
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_CODE_MATCHFILTER, &params, &rows);
	if (!r)
		r = take_ids(ctx, &rows, meant);
	meant->many = r == 0 && rows.count > PROMO_BULK_ITEMS_MAX;
	return r;
}

static int answer(struct promo_ctx *ctx, const struct meant *meant,
	const struct promo_code_changed *changed, struct promo_bulk_answer *ret)
{
	const size_t count = changed->skipped_count + (size_t)meant->missing;
	struct promo_skipped *skipped =
		promo_arena_alloc_array(ctx->arena, count, sizeof(*skipped));
	const char *missing =
		promo_error_info(meant->missing_ids ? PROMO_E_NOT_FOUND : PROMO_E_CODE_NOT_FOUND)
			->wire;

	if (count > 0 && !skipped)
		return promo_fault(-ENOMEM, "could not say what was changed");
	if (changed->skipped_count > 0)
		memcpy(skipped, changed->skipped, changed->skipped_count * sizeof(*skipped));
	for (int64_t i = 0; i < meant->missing; i++)
		skipped[changed->skipped_count + (size_t)i] =
			(struct promo_skipped){ meant->missing_ids ? meant->missing_ids[i] : NULL,
				missing };
	ret->changed = changed->changed;
	ret->skipped = (struct promo_objects){ skipped, count };
	return 0;
}

static int change_now(struct promo_ctx *ctx, const struct promo_code_bulk_in *in,
	const struct meant *meant, struct promo_bulk_answer *ret)
{
	const struct promo_code_change change = {
		.action = (enum promo_code_action)in->action,
		.time_zone = promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE),
		.lane = ctx->lane,
	};
	struct promo_code_changed changed;
	int r;

	r = promo_codes_change(ctx->store, ctx->arena, &change,
		(struct promo_texts){ meant->ids, meant->count }, &changed);
	if (!r)
		r = answer(ctx, meant, &changed, ret);
	return r ? r : promo_audit_change(ctx, &promo_bulk_answer_schema, "changed", NULL, ret);
}

static int queue(struct promo_ctx *ctx, const struct promo_code_bulk_in *in,
	const struct promo_code_match *match)
{
	struct promo_job_answer *job = promo_arena_alloc(ctx->arena, sizeof(*job));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	int r;

	if (!job || !id)
		return promo_fault(-ENOMEM, "could not queue a job");
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, match->filter.batch_id);
	promo_param_int(&params, in->expected_count);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, promo_word(&promo_code_action_words, in->action));
	promo_param_texts_or_null(&params, match->filter.status);
	promo_param_text(&params, match->pattern);
	promo_param_time(&params, match->filter.created_after);
	promo_param_time(&params, match->filter.created_before);
	promo_param_bool(&params, false);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTBULK, &params, NULL);
	if (!r)
		r = promo_job_answer(ctx, id, job);
	if (r)
		return r;
	promo_audit_entity(ctx, "job", id);
	ctx->other = job;
	return 0;
}

static int note_request(struct promo_ctx *ctx, const struct promo_code_bulk_in *in)
{
	static const char *const fields[] = { "action", "expected_count", "filter", "reason" };
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		if (promo_present(&promo_code_bulk_in_schema, in, fields[i]))
			r = promo_audit_change(
				ctx, &promo_code_bulk_in_schema, fields[i], NULL, in);
	return r;
}

static bool says_something(const struct promo_code_filter *filter)
{
	return filter->batch_id || filter->status.count > 0 || filter->q || filter->created_after ||
	       filter->created_before;
}

/* One way to name codes, and a filter that says something. */
static int check_ways(struct promo_ctx *ctx, const struct promo_code_bulk_in *in)
{
	const int ways = (in->ids.count > 0) + (in->codes.count > 0) + (in->filter != NULL);

	if (ways != 1)
		return promo_ctx_refuse_field(ctx, "/filter", "invalid_value",
			"exactly one of ids, codes and filter has to be given");
	if (in->filter && !says_something(in->filter))
		return promo_ctx_refuse_field(ctx, "/filter", "required",
			"has to name something: batch_id, status, q, created_after or "
			"created_before");
	return 0;
}

/* The job is queued before its codes are counted: what becomes ready in between is then counted and
 * not meant, never the other way round. If the count is another, nothing of it is committed. */
static int change_later(struct promo_ctx *ctx, const struct promo_code_bulk_in *in,
	const struct promo_code_match *match)
{
	int64_t total;
	int r;

	r = queue(ctx, in, match);
	if (!r)
		r = promo_code_match_count(ctx, match, &total);
	if (!r && total != in->expected_count)
		r = promo_bulk_refuse_count(ctx, "codes", total, in->expected_count);
	return r;
}

int promo_code_bulk(
	struct promo_ctx *ctx, const struct promo_code_bulk_in *in, struct promo_bulk_answer *ret)
{
	struct promo_code_match match = { 0 };
	struct meant meant = { 0 };
	int r;

	r = check_ways(ctx, in);
	if (r)
		return r;
	if (in->filter && in->filter->batch_id)
		promo_audit_entity(ctx, "batch", in->filter->batch_id);
	r = note_request(ctx, in);
	if (!r && in->filter)
		r = promo_code_match(ctx, in->filter, "/filter/q", &match);
	if (!r)
		r = in->filter ? find_fitting(ctx, &match, &meant) : find_listed(ctx, in, &meant);
	if (r || meant.many)
		return r ? r : change_later(ctx, in, &match);
	if (meant.total != in->expected_count)
		return promo_bulk_refuse_count(ctx, "codes", meant.total, in->expected_count);
	return change_now(ctx, in, &meant, ret);
}
