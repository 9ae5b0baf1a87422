/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/model/audit.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/export.h"
#include "libpromo/ops/exports.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * What lists show, as files, each by one statement that takes the filters of the list: its rows come
 * one by one, so that memory stays the same however many there are. It is planned for the filters that
 * were given, which a COPY cannot be.
 */

static const struct promo_export_column redemption_columns[] = {
	{ "id", PROMO_EXPORT_VALUE },
	{ "code", PROMO_EXPORT_CODE },
	{ "batch", PROMO_EXPORT_TEXT },
	{ "amount", PROMO_EXPORT_VALUE },
	{ "currency", PROMO_EXPORT_VALUE },
	{ "status", PROMO_EXPORT_VALUE },
	{ "error", PROMO_EXPORT_VALUE },
	{ "phone_number", PROMO_EXPORT_VALUE },
	{ "first_name", PROMO_EXPORT_TEXT },
	{ "last_name", PROMO_EXPORT_TEXT },
	{ "redeemed_by", PROMO_EXPORT_TEXT },
	{ "note", PROMO_EXPORT_TEXT },
	{ "created", PROMO_EXPORT_TIME },
	{ "completed", PROMO_EXPORT_TIME },
};

static const struct promo_export_column fraud_columns[] = {
	{ "number", PROMO_EXPORT_VALUE },
	{ "type", PROMO_EXPORT_VALUE },
	{ "description", PROMO_EXPORT_TEXT },
	{ "status", PROMO_EXPORT_VALUE },
	{ "priority", PROMO_EXPORT_VALUE },
	{ "created", PROMO_EXPORT_TIME },
	{ "reported_by", PROMO_EXPORT_TEXT },
	{ "code", PROMO_EXPORT_CODE },
	{ "batch", PROMO_EXPORT_TEXT },
	{ "amount", PROMO_EXPORT_VALUE },
	{ "currency", PROMO_EXPORT_VALUE },
	{ "redeemed", PROMO_EXPORT_TIME },
	{ "redeemed_by", PROMO_EXPORT_TEXT },
	{ "redeemed_phone_number", PROMO_EXPORT_VALUE },
	{ "claimant_phone_number", PROMO_EXPORT_VALUE },
	{ "claimant_first_name", PROMO_EXPORT_TEXT },
	{ "claimant_last_name", PROMO_EXPORT_TEXT },
	{ "assignee", PROMO_EXPORT_TEXT },
	{ "resolution", PROMO_EXPORT_TEXT },
	{ "updated", PROMO_EXPORT_TIME },
	{ "id", PROMO_EXPORT_VALUE },
};

static const struct promo_export_column customer_columns[] = {
	{ "id", PROMO_EXPORT_VALUE },
	{ "phone_number", PROMO_EXPORT_VALUE },
	{ "first_name", PROMO_EXPORT_TEXT },
	{ "last_name", PROMO_EXPORT_TEXT },
	{ "email", PROMO_EXPORT_TEXT },
	{ "redemptions", PROMO_EXPORT_VALUE },
	{ "redeemed_amount", PROMO_EXPORT_VALUE },
	{ "last_redemption", PROMO_EXPORT_TIME },
	{ "created", PROMO_EXPORT_TIME },
	{ "updated", PROMO_EXPORT_TIME },
};

/* The first six are called as people know them from the panel. */
static const struct promo_export_column user_columns[] = {
	{ "Name", PROMO_EXPORT_TEXT },
	{ "Email", PROMO_EXPORT_TEXT },
	{ "Role", PROMO_EXPORT_TEXT },
	{ "Status", PROMO_EXPORT_VALUE },
	{ "Last Login", PROMO_EXPORT_TIME },
	{ "Created At", PROMO_EXPORT_TIME },
	{ "Phone Number", PROMO_EXPORT_VALUE },
	{ "ID", PROMO_EXPORT_VALUE },
};

/* A list on its way into a file. */
struct list_export {
	enum promo_query query;
	const struct promo_export_column *columns;
	int count;
	struct promo_params params;
	struct promo_export export;
};

static int fill_csv(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct list_export *list = context;
	int r;

	r = promo_export_begin(&list->export, list->columns, list->count, arena, sink);
	return r ? r
		 : promo_store_each(
			   store, list->query, &list->params, promo_export_row, &list->export);
}

/* A line of JSON comes from the database as it is: audit_export.sql. */
static int write_line(void *context, int columns, const char *const *values)
{
	struct list_export *list = context;
	struct promo_buffer *line = &list->export.row;
	const char *text;
	int r;

	if (columns != 1 || !values[0])
		return promo_fault(-EPROTO, "an entry of the audit trail is none");
	promo_buffer_clear(line);
	promo_buffer_text(line, values[0]);
	promo_buffer_char(line, '\n');
	r = promo_buffer_end(line, &text);
	if (r)
		return r;
	promo_stream_row(list->export.sink);
	return promo_stream_write(list->export.sink, text, line->size);
}

static int fill_lines(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct list_export *list = context;

	list->export.sink = sink;
	list->export.row = (struct promo_buffer)PROMO_BUFFER(arena, 8 * 1024 * 1024);
	return promo_store_each(store, list->query, &list->params, write_line, list);
}

/* What a file of this name is called, with the time in the shop's zone. */
static int name_file(struct promo_ctx *ctx, const char *name, const char *extension)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_export_row row;
	int r;

	promo_param_text(&params, name);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_EXPORT_NAME, &params, &row);
	if (r)
		return r;
	ctx->filename = promo_arena_printf(ctx->arena, "%s.%s", row.filename, extension);
	return ctx->filename ? 0 : promo_fault(-ENOMEM, "could not name a file");
}

/* A place, and in its arena a list whose filters are still to be named. */
static int list_new(struct promo_ctx *ctx, bool manifest, struct promo_stream **ret_stream,
	struct list_export **ret_list)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	list = promo_arena_alloc(promo_stream_arena(stream), sizeof(*list));
	if (!list) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not start an export");
	}
	if (manifest)
		promo_stream_ask_manifest(stream);
	list->params = PROMO_PARAMS(promo_stream_arena(stream));
	*ret_stream = stream;
	*ret_list = list;
	return 0;
}

int promo_redemption_export(struct promo_ctx *ctx, const struct promo_redemption_export_in *in)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	r = name_file(ctx, "REDEMPTIONS", "csv");
	if (!r)
		r = list_new(ctx, in->manifest, &stream, &list);
	if (r)
		return r;
	list->query = PROMO_Q_REDEMPTION_EXPORT;
	list->columns = redemption_columns;
	list->count = (int)PROMO_COUNT(redemption_columns);
	promo_redemption_filters(ctx,
		&(struct promo_redemption_list_in){ .q = in->q,
			.code_id = in->code_id,
			.customer_id = in->customer_id,
			.phone_number = in->phone_number,
			.batch_id = in->batch_id,
			.user_id = in->user_id,
			.status = in->status,
			.from = in->from,
			.to = in->to },
		&list->params);
	return promo_stream_start(ctx, stream, fill_csv, list);
}

int promo_fraud_report_export(struct promo_ctx *ctx, const struct promo_fraud_report_export_in *in)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	r = name_file(ctx, "FRAUD-REPORTS", "csv");
	if (!r)
		r = list_new(ctx, in->manifest, &stream, &list);
	if (r)
		return r;
	list->query = PROMO_Q_FRAUD_REPORT_EXPORT;
	list->columns = fraud_columns;
	list->count = (int)PROMO_COUNT(fraud_columns);
	promo_param_texts_or_null(&list->params, in->status);
	promo_param_texts_or_null(&list->params, in->priority);
	promo_param_text(&list->params, in->q);
	promo_param_time(&list->params, in->from);
	promo_param_time(&list->params, in->to);
	return promo_stream_start(ctx, stream, fill_csv, list);
}

int promo_customer_export(struct promo_ctx *ctx, const struct promo_customer_export_in *in)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	r = name_file(ctx, "CUSTOMERS", "csv");
	if (!r)
		r = list_new(ctx, in->manifest, &stream, &list);
	if (r)
		return r;
	list->query = PROMO_Q_CUSTOMER_EXPORT;
	list->columns = customer_columns;
	list->count = (int)PROMO_COUNT(customer_columns);
	promo_param_text(&list->params, promo_customers_sought(ctx, in->q));
	return promo_stream_start(ctx, stream, fill_csv, list);
}

int promo_user_export(struct promo_ctx *ctx, const struct promo_user_export_in *in)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	r = name_file(ctx, "USERS", "csv");
	if (!r)
		r = list_new(ctx, in->manifest, &stream, &list);
	if (r)
		return r;
	list->query = PROMO_Q_USER_EXPORT;
	list->columns = user_columns;
	list->count = (int)PROMO_COUNT(user_columns);
	promo_param_text(&list->params, in->q);
	promo_param_text(&list->params, in->role);
	if (promo_present(&promo_user_export_in_schema, in, "is_active"))
		promo_param_bool(&list->params, in->is_active);
	else
		promo_param_null(&list->params);
	return promo_stream_start(ctx, stream, fill_csv, list);
}

static int fill_sealed(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	(void)context;
	return promo_seals_write(store, arena, sink);
}

static bool is_filtered(const struct promo_audit_export_in *in)
{
	return in->actor_id || in->action.count > 0 || in->entity_kind || in->entity_id ||
	       in->outcome.count > 0 || in->from || in->to;
}

int promo_audit_export(struct promo_ctx *ctx, const struct promo_audit_export_in *in)
{
	struct promo_stream *stream;
	struct list_export *list;
	int r;

	if (in->seals && is_filtered(in))
		return promo_refuse_field(&ctx->problem, ctx->arena, "?seals", "invalid_value",
			"seals prove the whole trail: leave the filters out");
	r = name_file(ctx, "AUDIT", "ndjson");
	if (!r)
		r = list_new(ctx, in->manifest, &stream, &list);
	if (r)
		return r;
	if (in->seals)
		return promo_stream_start(ctx, stream, fill_sealed, list);
	list->query = PROMO_Q_AUDIT_EXPORT;
	promo_param_text(&list->params, in->actor_id);
	promo_param_texts_or_null(&list->params, in->action);
	promo_param_text(&list->params, in->entity_kind);
	promo_param_text(&list->params, in->entity_id);
	promo_param_texts_or_null(&list->params, in->outcome);
	promo_param_time(&list->params, in->from);
	promo_param_time(&list->params, in->to);
	return promo_stream_start(ctx, stream, fill_lines, list);
}
