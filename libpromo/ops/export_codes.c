/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/export_codes.h"

#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/export.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * The codes are read by their serials, so many at a time: the first are there at once however many
 * follow, the database sorts in memory, and whoever waits hears how far it is. All pieces are read
 * from one snapshot.
 */

enum {
	PIECE = 50000
};

/* Of sql/query/code_export.sql; of code_exportfull.sql all. */
static const struct promo_export_column columns[] = {
	{ "code", PROMO_EXPORT_CODE },
	{ "batch", PROMO_EXPORT_TEXT },
	{ "amount", PROMO_EXPORT_VALUE },
	{ "currency", PROMO_EXPORT_VALUE },
	{ "status", PROMO_EXPORT_VALUE },
	{ "created", PROMO_EXPORT_TIME },
	{ "expires", PROMO_EXPORT_TIME },
	{ "serial", PROMO_EXPORT_VALUE },
	{ "redeemed", PROMO_EXPORT_TIME },
	{ "phone_number", PROMO_EXPORT_VALUE },
	{ "first_name", PROMO_EXPORT_TEXT },
	{ "last_name", PROMO_EXPORT_TEXT },
	{ "redeemed_by", PROMO_EXPORT_TEXT },
};
enum {
	COLUMNS_BARE = 8
};

struct codes {
	struct promo_export_order order;
	struct promo_export export;
};

void *promo_export_codes_new(struct promo_arena *arena, const struct promo_export_order *order)
{
	struct codes *codes = promo_arena_alloc(arena, sizeof(*codes));

	if (codes)
		codes->order = *order;
	return codes;
}

/* The codes behind serial `after`, up to `last`. */
static int read_piece(struct codes *codes, struct promo_store *store, int64_t after, int64_t last)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);

	if (!arena)
		return promo_fault(-ENOMEM, "no memory for an export");
	promo_param_text(&params, codes->order.batch_id);
	promo_param_texts_or_null(&params, codes->order.status);
	promo_param_int(&params, after);
	promo_param_int(&params, last);
	return promo_store_copy_out(store,
		codes->order.redemptions ? PROMO_Q_CODE_EXPORTFULL : PROMO_Q_CODE_EXPORT, &params,
		promo_export_row, &codes->export);
}

static int count_ready(const struct codes *codes, struct promo_store *store,
	struct promo_arena *arena, int64_t *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_count_row row;
	int r;

	promo_param_text(&params, codes->order.batch_id);
	r = promo_store_one(store, arena, PROMO_Q_BATCH_CODES, &params, &row);
	if (!r)
		*ret = row.count;
	return r;
}

int promo_export_codes_fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct codes *codes = context;
	int64_t ready;
	int r;

	r = promo_export_begin(&codes->export, columns,
		codes->order.redemptions ? (int)PROMO_COUNT(columns) : COLUMNS_BARE, arena, sink);
	if (!r)
		r = count_ready(codes, store, arena, &ready);
	for (int64_t after = 0; !r && after < ready; after += PIECE) {
		int64_t last = after + PIECE < ready ? after + PIECE : ready;

		r = read_piece(codes, store, after, last);
		if (!r)
			r = promo_stream_progress(sink, last);
	}
	return r;
}

int promo_code_download(struct promo_ctx *ctx, const struct promo_code_download_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_export_row row;
	const struct promo_export_format_row *format = promo_export_format_of(PROMO_FORMAT_CSV);
	const struct promo_export_order order = {
		.batch_id = in->id,
		.status = in->status,
		.redemptions = in->redemptions,
	};
	struct promo_stream *stream;
	void *codes;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_EXPORT, &params, &row);
	if (r)
		return r;
	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	codes = format->make(promo_stream_arena(stream), &order);
	if (!codes) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not start an export");
	}
	if (in->manifest)
		promo_stream_ask_manifest(stream);
	r = promo_stream_start(ctx, stream, promo_export_codes_fill, codes);
	if (r)
		return r;
	ctx->filename = promo_arena_printf(ctx->arena, "%s.csv", row.filename);
	return 0;
}
