/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/export_formats.h"
#include "libpromo/ops/exports.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/job_files.h"
#include "libpromo/ops/range.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/* Queues the making of a file of a batch's codes, and answers with the file once it is made. */

static int queue(struct promo_ctx *ctx, const struct promo_batch_export_in *in,
	const struct promo_export_format_row *format, const char *id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	bool qr = in->qr || !promo_present(&promo_batch_export_in_schema, in, "qr");
	int64_t queued;
	int r;

	promo_param_text(&params, id);
	promo_param_text(&params, promo_word(&promo_job_kind_words, (int)format->kind));
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_texts_or_null(&params, in->status);
	promo_param_bool(&params, in->redemptions);
	promo_param_bool(&params, qr);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_text(&params, format->extension);
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTEXPORT, &params, &queued);
	if (r)
		return r;
	return queued == 1 ? 0 : PROMO_E_NOT_FOUND;
}

int promo_batch_export(
	struct promo_ctx *ctx, const struct promo_batch_export_in *in, struct promo_job_answer *ret)
{
	const struct promo_export_format_row *format = promo_export_format_of(in->format);
	char id[PROMO_UUID_SIZE];
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	if (!format)
		return promo_ctx_refuse_field(
			ctx, "/format", "invalid_value", "this server does not make such files");
	promo_uuid_new(id);
	r = queue(ctx, in, format, id);
	return r ? r : promo_job_answer(ctx, id, ret);
}

/*
 * The file of a job.
 */

struct job_file {
	const char *job_id;
	struct promo_range range;
};

/* The bytes of a part that belong to the range; `at` is where it begins in the file. */
static int write_part(const struct job_file *file, struct promo_stream_sink *sink, const char *part,
	int64_t size, int64_t at)
{
	int64_t from = file->range.first > at ? file->range.first - at : 0;
	int64_t to = file->range.last + 1 - at < size ? file->range.last + 1 - at : size;

	return from < to ? promo_stream_write(sink, part + from, (size_t)(to - from)) : 0;
}

static int seek(const struct job_file *file, struct promo_store *store, struct promo_arena *arena,
	struct promo_job_file_end_row *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_text(&params, file->job_id);
	promo_param_text(&params, PROMO_JOB_FILE_RESULT);
	promo_param_int(&params, file->range.first);
	return promo_store_one(store, arena, PROMO_Q_JOB_FILE_SEEK, &params, ret);
}

static int fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	const struct job_file *file = context;
	char *part = promo_arena_alloc(arena, PROMO_JOB_FILE_PART_MAX);
	struct promo_job_file_end_row before;
	size_t size = 1;
	int r;

	if (!part)
		return promo_fault(-ENOMEM, "could not read the file of a job");
	r = seek(file, store, arena, &before);
	while (!r && size > 0 && before.bytes <= file->range.last) {
		r = promo_job_file_read(
			store, file->job_id, PROMO_JOB_FILE_RESULT, ++before.parts, part, &size);
		if (!r)
			r = write_part(file, sink, part, (int64_t)size, before.bytes);
		if (!r)
			before.bytes += (int64_t)size;
	}
	/* It may have been taken away since it was asked for. */
	if (!r && sink->bytes != file->range.last - file->range.first + 1)
		return promo_fault(-EIO, "the file of job %s is not whole", file->job_id);
	return r;
}

static int start(struct promo_ctx *ctx, const char *job_id, const struct promo_range *range)
{
	struct promo_stream *stream;
	struct job_file *file;
	int r;

	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	file = promo_arena_alloc(promo_stream_arena(stream), sizeof(*file));
	if (file) {
		file->range = *range;
		file->job_id = promo_arena_strdup(promo_stream_arena(stream), job_id);
	}
	if (!file || !file->job_id) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not read the file of a job");
	}
	return promo_stream_start(ctx, stream, fill, file);
}

int promo_file_range(
	struct promo_ctx *ctx, const char *sha256, int64_t bytes, struct promo_range *ret)
{
	const struct promo_request *request = ctx->request;
	bool same;

	ctx->etag = promo_arena_printf(ctx->arena, "\"%s\"", sha256 ? sha256 : "");
	if (!ctx->etag)
		return promo_fault(-ENOMEM, "could not answer with a file");
	same = !request->if_range || strcmp(request->if_range, ctx->etag) == 0;
	*ret = promo_range_parse(same ? request->range : NULL, bytes);
	if (ret->kind == PROMO_RANGE_WHOLE)
		return 0;
	ctx->content_range =
		ret->kind == PROMO_RANGE_BEYOND
			? promo_arena_printf(ctx->arena, "bytes */%" PRId64, bytes)
			: promo_arena_printf(ctx->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
				  ret->first, ret->last, bytes);
	if (!ctx->content_range)
		return promo_fault(-ENOMEM, "could not answer with a part of a file");
	if (ret->kind == PROMO_RANGE_BEYOND)
		return promo_ctx_refuse(ctx, PROMO_E_RANGE_NOT_SATISFIABLE,
			"the file has %" PRId64 " bytes", bytes);
	return 0;
}

int promo_job_file(struct promo_ctx *ctx, const struct promo_job_file_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const struct promo_export_format_row *format;
	struct promo_made_file_row row;
	struct promo_range range;
	int64_t bytes;
	int r;

	promo_audit_entity(ctx, "job", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->own_only ? ctx->actor->user_id : NULL);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_JOB_MADEFILE, &params, &row);
	if (r)
		return r;
	r = promo_job_file_size(ctx->store, in->id, PROMO_JOB_FILE_RESULT, &bytes);
	if (r)
		return r;
	if (!row.filename || bytes == 0 || bytes != row.bytes)
		return promo_ctx_refuse(ctx, PROMO_E_NOT_FOUND,
			"the job has made no file, or it was taken away since");
	format = promo_export_format_find(row.kind);
	r = promo_file_range(ctx, row.sha256, row.bytes, &range);
	if (!r)
		r = start(ctx, in->id, &range);
	if (r)
		return r;
	ctx->filename = row.filename;
	ctx->stream_bytes = range.last - range.first + 1;
	if (format)
		ctx->media_type = format->media_type;
	return 0;
}
