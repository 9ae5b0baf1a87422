/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/imports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/csv.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/idempotency.h"
#include "libpromo/ops/import_file.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/job_files.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/stream.h"
#include "libpromo/ops/upload.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	COMMIT_MS = 500,
	LOOK_MS = 100, /* how often the time is looked at while a file is stored */
};

static const char file_pointer[] = "/file";

int promo_code_import_check(struct promo_ctx *ctx, const struct promo_import_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch batch;

	if (!in->id)
		return 0;
	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_GET, &params, &batch);
}

/*
 * The file, as far as can be seen at once.
 */

static int read_upload(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	return promo_upload_read(context, offset, buffer, size, ret);
}

static int check_header(struct promo_ctx *ctx, const struct promo_csv_dialect *dialect)
{
	struct promo_import_header header;
	struct promo_csv_reader *reader;
	const char *code = "", *why = "";
	struct promo_csv_row row;
	bool found = false;
	int r;

	r = promo_csv_reader_new(
		dialect, dialect->start, dialect->line, read_upload, ctx->upload, &reader);
	if (r)
		return r;
	r = promo_csv_next(reader, &row, &found);
	if (!r && !found)
		r = promo_ctx_refuse_field(ctx, file_pointer, "file_empty", "is empty");
	else if (!r && row.trouble)
		r = promo_ctx_refuse_field(
			ctx, file_pointer, "not_csv", "has a first row that is no row of CSV");
	else if (!r && promo_import_header_read(row.fields, row.count, &header, &code, &why))
		r = promo_ctx_refuse_field(ctx, file_pointer, code, "%s", why);
	promo_csv_reader_free(reader);
	return r;
}

static int check_file(struct promo_ctx *ctx)
{
	char *head = promo_arena_alloc(ctx->arena, PROMO_CSV_HEAD_BYTES);
	struct promo_csv_dialect dialect;
	const char *what;
	size_t size;
	int r;

	if (!head)
		return promo_fault(-ENOMEM, "could not look at a file");
	r = promo_upload_read(ctx->upload, 0, head, PROMO_CSV_HEAD_BYTES, &size);
	if (r)
		return r;
	r = promo_csv_sniff(head, size, &dialect, &what);
	if (r > 0)
		return promo_ctx_refuse_field(ctx, file_pointer, "not_csv",
			"is %s and no CSV; save or export it as CSV first", what);
	return r ? r : check_header(ctx, &dialect);
}

/* The same bytes again would be nothing but duplicates; mostly somebody has sent the wrong file. */
static int check_repeat(struct promo_ctx *ctx, const struct promo_import_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_imported_before *before;
	struct promo_id_row row;
	bool found;
	int r;

	if (in->repeat || in->dry_run)
		return 0;
	promo_param_text(&params, promo_upload_sha256(ctx->upload));
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_IMPORT_AGAIN, &params, &row, &found);
	if (r || !found)
		return r;
	before = promo_arena_alloc(ctx->arena, sizeof(*before));
	if (!before)
		return promo_fault(-ENOMEM, "could not refuse a file");
	before->job_id = row.id;
	ctx->problem.member_schema = &promo_imported_before_schema;
	ctx->problem.members = before;
	return PROMO_E_FILE_ALREADY_IMPORTED;
}

/*
 * The job.
 */

/* Whether what is left of the time of an answer is needed for its end. */
static bool is_out_of_time(const struct promo_ctx *ctx)
{
	return ctx->request->answer_until_ms &&
	       promo_monotonic_ms() >= ctx->request->answer_until_ms - COMMIT_MS;
}

/* From here on the file is the database's, so that any daemon can go on with it; its job alone makes it
 * somebody's. */
static int keep_file(struct promo_ctx *ctx)
{
	const int64_t turn_ms = ctx->request->turn_ms;
	bool stored;
	int r;

	do {
		if (is_out_of_time(ctx))
			return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE,
				"the file could not be stored in time, so nothing of it is "
				"imported; try again, or split it");
		r = promo_upload_keep(ctx->upload, ctx->store,
			promo_monotonic_ms() + (turn_ms ? turn_ms : LOOK_MS), &stored);
	} while (!r && !stored && !turn_ms);
	if (!r)
		ctx->again = !stored;
	return r;
}

/* Whether the key is bound already: then nothing is to be looked at and kept. */
static int find_key(struct promo_ctx *ctx, bool *ret_bound)
{
	*ret_bound = false;
	return ctx->key ? promo_idempotency_look(ctx, ret_bound) : 0;
}

int promo_code_import_before(struct promo_ctx *ctx, const struct promo_import_in *in)
{
	bool bound;
	int r;

	r = find_key(ctx, &bound);
	if (r || bound)
		return r;
	r = promo_code_import_check(ctx, in);
	if (!r)
		r = check_file(ctx);
	if (!r)
		r = check_repeat(ctx, in);
	return r ? r : keep_file(ctx);
}

static int queue(struct promo_ctx *ctx, const struct promo_import_in *in, const char *id)
{
	struct promo_params job = PROMO_PARAMS(ctx->arena);
	struct promo_params import = PROMO_PARAMS(ctx->arena);
	/* How many rows it seems to have: what the job tells of itself until it knows. */
	const int64_t lines = promo_upload_lines(ctx->upload);
	int64_t inserted;
	int r;

	r = promo_upload_claim(ctx->upload, ctx->store, ctx->arena);
	if (r)
		return r;
	promo_param_text(&job, id);
	promo_param_text(&job, in->id);
	promo_param_int(&job, lines > 1 ? lines - 1 : 1);
	promo_param_text(&job, ctx->actor->user_id);
	promo_param_int(&job, promo_settings_int(ctx->settings, PROMO_SETTING_CODES_MAX_PER_JOB));
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTIMPORT, &job, NULL);
	if (r)
		return r;
	promo_param_text(&import, id);
	promo_param_text(&import, in->id);
	promo_param_text(&import, promo_upload_sha256(ctx->upload));
	promo_param_int(&import, (int64_t)promo_upload_size(ctx->upload));
	promo_param_bool(&import, in->mode == PROMO_IMPORT_SKIP);
	promo_param_bool(&import, in->dry_run);
	promo_param_bool(&import, in->any_format);
	promo_param_text(&import, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_exec(ctx->store, PROMO_Q_IMPORT_INSERT, &import, &inserted);
	if (r)
		return r;
	return inserted == 1 ? 0 : PROMO_E_NOT_FOUND;
}

int promo_code_import(
	struct promo_ctx *ctx, const struct promo_import_in *in, struct promo_job_answer *ret)
{
	const char *id = promo_upload_id(ctx->upload);
	int r;

	/* Once more: the file may have been on its way for a while. */
	r = promo_code_import_check(ctx, in);
	if (!r)
		r = check_repeat(ctx, in);
	if (r)
		return r;
	r = queue(ctx, in, id);
	return r ? r : promo_job_answer(ctx, id, ret);
}

/*
 * The files that it gives.
 */

struct rejects {
	const char *job_id;
	int64_t parts;
};

static int fill_rejects(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	const struct rejects *rejects = context;
	char *part = promo_arena_alloc(arena, PROMO_JOB_FILE_PART_MAX);
	size_t size;
	int r = part ? 0 : promo_fault(-ENOMEM, "could not read rejects");

	for (int64_t i = 1; !r && i <= rejects->parts; i++) {
		r = promo_job_file_read(
			store, rejects->job_id, PROMO_JOB_FILE_REJECTS, i, part, &size);
		if (!r)
			r = size > 0 ? promo_stream_write(sink, part, size)
				     : promo_fault(-EIO, "a file of rejects is not whole");
	}
	return r;
}

static int stream_rejects(struct promo_ctx *ctx, const char *job_id, int64_t parts)
{
	struct promo_stream *stream;
	struct rejects *rejects;
	int r;

	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	rejects = promo_arena_alloc(promo_stream_arena(stream), sizeof(*rejects));
	if (rejects)
		*rejects = (struct rejects){
			.job_id = promo_arena_strdup(promo_stream_arena(stream), job_id),
			.parts = parts,
		};
	if (!rejects || !rejects->job_id) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not send rejects");
	}
	return promo_stream_start(ctx, stream, fill_rejects, rejects);
}

static int send_text(struct promo_ctx *ctx, struct promo_buffer *text, const char *filename)
{
	ctx->filename = filename;
	return promo_buffer_end(text, &ctx->body);
}

int promo_job_rejects(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_buffer header = PROMO_BUFFER(ctx->arena, PROMO_JOB_FILE_PART_MAX);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_import_rejects_row row;
	const char *filename;
	int64_t bytes;
	int r;

	promo_audit_entity(ctx, "job", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->own_only ? ctx->actor->user_id : NULL);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_JOB_REJECTS, &params, &row);
	if (r)
		return r;
	filename = promo_arena_printf(
		ctx->arena, "%s-rejects.csv", row.batch_name ? row.batch_name : "import");
	if (!filename)
		return promo_fault(-ENOMEM, "could not name a file");
	if (row.reject_parts == 0) {
		promo_import_rejects_header(&header);
		return send_text(ctx, &header, filename);
	}
	/* Files of jobs are kept for a while only. */
	r = promo_job_file_size(ctx->store, in->id, PROMO_JOB_FILE_REJECTS, &bytes);
	if (r || bytes == 0)
		return r ? r : PROMO_E_NOT_FOUND;
	r = stream_rejects(ctx, in->id, row.reject_parts);
	if (!r)
		ctx->filename = filename;
	return r;
}

/* The example cannot be mistaken for a code: no import takes it. */
int promo_code_template(struct promo_ctx *ctx)
{
	static const char *const example[] = { "(your code here)", "", "500.00", "RWF", "active",
		"", "2027-06-30" };
	struct promo_buffer text = PROMO_BUFFER(ctx->arena, PROMO_JOB_FILE_PART_MAX);
	struct promo_csv csv = { .out = &text };

	for (int i = 0; i < PROMO_IMPORT_SERIAL; i++)
		promo_csv_value(&csv, promo_import_column_name((enum promo_import_column)i));
	promo_csv_row_end(&csv);
	for (size_t i = 0; i < PROMO_COUNT(example); i++)
		promo_csv_value(&csv, example[i]);
	promo_csv_row_end(&csv);
	return send_text(ctx, &text, "import-template.csv");
}
