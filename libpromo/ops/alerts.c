/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alerts.h"

#include <errno.h>

#include "libpromo/ops/alert.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/list.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_tell.h"

static void add_filters(
	struct promo_ctx *ctx, const struct promo_alert_list_in *in, struct promo_params *params)
{
	promo_param_texts_or_null(params, in->status);
	promo_param_texts_or_null(params, in->severity);
	promo_param_texts_or_null(params, in->kind);
	promo_param_texts_or_null(params, promo_alert_hidden(ctx));
	promo_param_text(params, in->q);
	promo_param_time(params, in->from);
	promo_param_time(params, in->to);
}

int promo_alert_list(
	struct promo_ctx *ctx, const struct promo_alert_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	add_filters(ctx, in, &params);
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_ALERT_LIST, PROMO_Q_ALERT_COUNT), &params, ret);
}

static int get(struct promo_ctx *ctx, const char *id, struct promo_alert *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_texts_or_null(&params, promo_alert_hidden(ctx));
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_ALERT_GET, &params, ret);
}

int promo_alert_show(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_alert *ret)
{
	promo_audit_entity(ctx, "alert", in->id);
	return get(ctx, in->id, ret);
}

/* Locks it, where it is there for who asks. */
static int lock(struct promo_ctx *ctx, const char *id, struct promo_alert_stand_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "alert", id);
	promo_param_text(&params, id);
	promo_param_texts_or_null(&params, promo_alert_hidden(ctx));
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_ALERT_LOCK, &params, ret);
}

/* Programs hear of it; people see it where they look. */
static int tell(struct promo_ctx *ctx, const struct promo_alert_stand_row *alert, int status)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_ALERT_FOLLOWED,
				       .about_kind = "alert",
				       .about_id = alert->id,
				       .title = alert->title,
				       .body = promo_word(&promo_alert_status_words, status),
				       .status = promo_word(&promo_alert_status_words, status),
				       .count = PROMO_NULL_INT,
				       .only_programs = true,
			       });
}

static int finish(
	struct promo_ctx *ctx, const struct promo_alert_stand_row *before, struct promo_alert *ret)
{
	const struct promo_alert was = { .status = before->status };
	int r;

	r = get(ctx, before->id, ret);
	if (!r)
		r = promo_audit_change(ctx, &promo_alert_schema, "status", &was, ret);
	return r ? r : tell(ctx, before, ret->status);
}

int promo_alert_acknowledge(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_alert *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_alert_stand_row alert;
	int r;

	r = lock(ctx, in->id, &alert);
	if (r)
		return r;
	if (alert.status != PROMO_ALERT_OPEN)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"the alert is %s; only an open one can be acknowledged",
			promo_word(&promo_alert_status_words, alert.status));
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_ALERT_ACKNOWLEDGE, &params, NULL);
	return r ? r : finish(ctx, &alert, ret);
}

int promo_alert_resolve(
	struct promo_ctx *ctx, const struct promo_alert_resolve_in *in, struct promo_alert *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_alert_stand_row alert;
	int r;

	r = lock(ctx, in->id, &alert);
	if (r)
		return r;
	if (alert.status == PROMO_ALERT_RESOLVED)
		return promo_ctx_refuse(
			ctx, PROMO_E_INVALID_TRANSITION, "the alert was resolved before");
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, in->note);
	r = promo_store_exec(ctx->store, PROMO_Q_ALERT_RESOLVE, &params, NULL);
	if (!r)
		r = promo_audit_change_hidden(ctx, "note");
	return r ? r : finish(ctx, &alert, ret);
}

/*
 * All at once.
 */

/* The audit row names every one of them: a JSON array of ids. */
static int note_all(struct promo_ctx *ctx, const struct promo_alert_stand_row *rows, size_t count)
{
	const char **ids = promo_arena_alloc_array(ctx->arena, count, sizeof(*ids));
	struct {
		struct promo_texts ids;
	} all;
	static const struct promo_field field = {
		.name = "ids", .kind = PROMO_TEXTS, .help = "alerts"
	};
	const char *json;
	int r;

	if (!ids)
		return promo_fault(-ENOMEM, "could not note what was acknowledged");
	for (size_t i = 0; i < count; i++)
		ids[i] = rows[i].id;
	all.ids = (struct promo_texts){ .items = ids, .count = count };
	r = promo_encode_value(&field, &all, ctx->arena, &json);
	return r ? r : promo_audit_change_json(ctx, "acknowledged", NULL, json);
}

static int count_open(
	struct promo_ctx *ctx, const struct promo_alert_acknowledge_all_in *in, int64_t *ret)
{
	const char *const open[] = { promo_word(&promo_alert_status_words, PROMO_ALERT_OPEN) };
	const char *const severity[] = { promo_word(&promo_alert_severity_words, in->severity) };
	const struct promo_alert_list_in filter = {
		.status = { .items = open, .count = 1 },
		.severity = { .items = severity, .count = in->severity ? 1 : 0 },
	};
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row row;
	int r;

	add_filters(ctx, &filter, &params);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ALERT_COUNT, &params, &row);
	if (!r)
		*ret = row.count;
	return r;
}

int promo_alert_acknowledge_all(struct promo_ctx *ctx,
	const struct promo_alert_acknowledge_all_in *in, struct promo_alerts_changed *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const struct promo_alert_stand_row *rows;
	struct promo_objects changed;
	int r;

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, promo_word(&promo_alert_severity_words, in->severity));
	promo_param_texts_or_null(&params, promo_alert_hidden(ctx));
	promo_param_int(&params, PROMO_ALERTS_AT_ONCE);
	r = promo_store_all(
		ctx->store, ctx->arena, PROMO_Q_ALERT_ACKNOWLEDGEALL, &params, &changed);
	rows = changed.items;
	for (size_t i = 0; !r && i < changed.count; i++)
		r = tell(ctx, &rows[i], PROMO_ALERT_ACKNOWLEDGED);
	if (!r && changed.count > 0)
		r = note_all(ctx, rows, changed.count);
	if (!r)
		r = count_open(ctx, in, &ret->left);
	if (!r)
		ret->changed = (int64_t)changed.count;
	return r;
}
