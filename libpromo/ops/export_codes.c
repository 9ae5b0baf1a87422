/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/base/csv.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/stream.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/* The codes of a batch as CSV. */

enum {
	ROW_LIMIT = 64 * 1024
};

/* The columns of sql/query/code_export.sql. */
enum {
	CODE,
	BATCH,
	AMOUNT,
	CURRENCY,
	STATUS,
	CREATED,
	EXPIRES,
	SERIAL,
	COLUMNS
};

static const char *const header[COLUMNS] = { "code", "batch", "amount", "currency", "status",
	"created", "expires", "serial" };

struct export
{
	struct promo_params params;
	struct promo_buffer row;
	struct promo_csv csv;
	struct promo_stream_sink *sink;
};

static int write_row_end(struct export *export)
{
	const char *text;
	int r;

	promo_csv_row_end(&export->csv);
	r = promo_buffer_end(&export->row, &text);
	if (!r)
		r = promo_stream_write(export->sink, text, export->row.size);
	promo_buffer_clear(&export->row);
	return r;
}

static int write_row(void *context, int columns, const char *const *values)
{
	char shown[PROMO_CODE_SHOWN_SIZE];
	struct export *export = context;

	if (columns != COLUMNS || !values[CODE])
		return promo_fault(-EIO, "an export has other columns than its header");
	promo_code_show(values[CODE], shown);
	promo_csv_value(&export->csv, shown);
	promo_csv_text(&export->csv, values[BATCH]);
	for (int i = AMOUNT; i < COLUMNS; i++)
		promo_csv_value(&export->csv, values[i]);
	promo_stream_row(export->sink);
	return write_row_end(export);
}

static int fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct export *export = context;
	int r;

	export->sink = sink;
	export->row = (struct promo_buffer)PROMO_BUFFER(arena, ROW_LIMIT);
	export->csv.out = &export->row;
	for (int i = 0; i < COLUMNS; i++)
		promo_csv_value(&export->csv, header[i]);
	r = write_row_end(export);
	if (r)
		return r;
	return promo_store_each(store, PROMO_Q_CODE_EXPORT, &export->params, write_row, export);
}

static struct export *export_new(struct promo_arena *arena, const struct promo_code_download_in *in)
{
	struct export *export = promo_arena_alloc(arena, sizeof(*export));

	if (!export)
		return NULL;
	export->params = PROMO_PARAMS(arena);
	promo_param_text(&export->params, in->id);
	promo_param_texts_or_null(&export->params, in->status);
	return export;
}

int promo_code_download(struct promo_ctx *ctx, const struct promo_code_download_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_export_row row;
	struct promo_stream *stream;
	struct export *export;
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
	export = export_new(promo_stream_arena(stream), in);
	if (!export) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not start an export");
	}
	r = promo_stream_start(ctx, stream, fill, export);
	if (r)
		return r;
	ctx->filename = row.filename;
	return 0;
}
