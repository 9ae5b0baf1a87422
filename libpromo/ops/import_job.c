/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>

#include "libpromo/ops/import_file.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/upload.h"

/*
 * The job of an import, in chunks of rows: each is one transaction with its codes, what of it was not
 * taken, and the place in the file behind it, so that whoever goes on after a crash goes on there. No
 * code exists for anyone before the last step raises ready_codes; where a strict import finds a row
 * that cannot be taken it goes on to the end all the same, to name every such row, and then takes back
 * what it stored.
 */

enum {
	LANES = 16,    /* rows of totals that workers spread over */
	TRIES_MAX = 5, /* of a chunk into which somebody else brings the same codes */
};

/*
 * A chunk.
 */

static int note(struct promo_import *import)
{
	struct promo_import_row *row = &import->row;
	const int64_t before = row->rows_read, accepted = (int64_t)import->count;
	struct promo_params params = PROMO_PARAMS(import->worker->arena);
	int r;

	for (size_t i = 0; i < import->count; i++) {
		const struct promo_import_code *code = &import->items[i].code;

		row->redeemed += code->status == PROMO_IMPORT_REDEEMED;
		row->blocked += code->status == PROMO_IMPORT_BLOCKED;
		row->unlike_ours = row->unlike_ours || code->unlike_ours;
	}
	promo_param_text(&params, import->job->id);
	promo_param_int(&params, import->next);
	promo_param_int(&params, import->next_line);
	promo_param_int(&params, before + import->rows);
	promo_param_int(&params, row->accepted + accepted);
	promo_param_int(&params, row->rejected + (int64_t)import->reject_count);
	promo_param_int(&params, row->duplicates);
	promo_param_int(&params, row->redeemed);
	promo_param_int(&params, row->blocked);
	promo_param_bool(&params, row->unlike_ours);
	promo_param_int(&params, row->reject_parts);
	r = promo_store_exec(import->worker->store, PROMO_Q_IMPORT_PROGRESS, &params, NULL);
	if (r)
		return r;
	/* A piece without any row: how far the job is, and that it is alive. */
	if (import->rows == 0)
		return promo_job_note_done(import->worker, import->job, before);
	return promo_job_note_chunk(
		import->worker, import->job, before + import->rows, before, accepted);
}

/* Stores the items; *ret is other than GOES_ON where the job is somebody else's by now, or is not to go
 * on. */
static int store(struct promo_import *import, enum promo_job_step *ret)
{
	struct promo_job_stand_row stand;
	bool taken, ours, cut = false;
	int r;

	for (int i = 0;; i++) {
		taken = false;
		r = promo_import_store(import, &taken, &cut);
		if (cut)
			*ret = PROMO_JOB_CUT;
		if (!taken || i == TRIES_MAX)
			return r;
		r = promo_job_begin(import->worker, import->job, &stand, &ours);
		if (r)
			return r;
		if (!ours) {
			*ret = PROMO_JOB_TAKEN;
			return 0;
		}
		r = promo_import_find_taken(import);
		if (r)
			return r;
	}
}

static int fail(struct promo_import *import, const char *code, const char *detail)
{
	return promo_job_fail(import->worker, import->job, code, detail);
}

static int fail_too_many(struct promo_import *import)
{
	char detail[160];

	(void)snprintf(detail, sizeof(detail),
		"the file has more than the %lld codes that one job may bring; split it, or raise "
		"codes.max_per_job",
		(long long)import->row.most);
	return fail(import, "too_many_codes", detail);
}

static int take_chunk(struct promo_import *import, enum promo_job_step *ret)
{
	/* Where the file has had codes that exist it will have more of them: ask first. */
	const bool look = import->row.dry_run || import->row.duplicates > 0;
	int r;

	r = promo_import_read_head(import);
	if (!r)
		r = promo_import_read(import);
	if (!r)
		r = promo_import_find_twice(import);
	if (!r && promo_job_unwanted(import->worker)) {
		*ret = PROMO_JOB_CUT;
		return 0;
	}
	if (!r && look)
		r = promo_import_find_taken(import);
	if (!r && import->row.accepted + (int64_t)import->count > import->row.most)
		return fail_too_many(import);
	if (!r)
		r = import->row.dry_run ? promo_import_remember(import) : store(import, ret);
	if (r || *ret != PROMO_JOB_GOES_ON)
		return r;
	r = promo_import_keep_rejects(import);
	return r ? r : note(import);
}

/*
 * The end.
 */

static int finish(struct promo_import *import, enum promo_job_status status)
{
	struct promo_job_worker *worker = import->worker;
	int r;

	r = promo_upload_drop(worker->store, worker->arena, import->job->id);
	if (!r)
		r = promo_job_write(worker, import->job, PROMO_Q_JOB_RESULTIMPORT);
	return r ? r : promo_job_finish(worker, import->job, status);
}

/* Takes away a piece of what a dry run remembered; *ret_left: there may be more. */
static int forget(struct promo_import *import, bool *ret_left)
{
	struct promo_params params = PROMO_PARAMS(import->worker->arena);
	int64_t forgotten;
	int r;

	promo_param_text(&params, import->job->id);
	promo_param_int(&params, PROMO_IMPORT_CHUNK);
	r = promo_store_exec(import->worker->store, PROMO_Q_IMPORT_FORGET, &params, &forgotten);
	if (!r)
		*ret_left = forgotten > 0;
	return r;
}

/* Sums of a batch stand in numeric(18,2), serials in an integer. */
static bool is_too_much(const struct promo_import_row *row)
{
	const int64_t most = INT64_C(999999999999999999);
	const int64_t count = row->first_serial + row->accepted;
	int64_t worth;

	return count > INT32_MAX || __builtin_mul_overflow(count, row->amount_per_code, &worth) ||
	       worth > most;
}

static int fail_strict(struct promo_import *import)
{
	char detail[160];

	(void)snprintf(detail, sizeof(detail),
		"%lld of %lld rows cannot be taken, so none was; the file of rejects names each",
		(long long)import->row.rejected, (long long)import->row.rows_read);
	return fail(import, "rows_rejected", detail);
}

/* From now on the codes exist for everyone; *ret_raised is false where they no longer fit their batch. */
static int make_ready(struct promo_import *import, bool *ret_raised)
{
	const struct promo_import_row *row = &import->row;
	struct promo_job_worker *worker = import->worker;
	struct promo_params batch = PROMO_PARAMS(worker->arena);
	struct promo_params totals = PROMO_PARAMS(worker->arena);
	struct promo_params own = PROMO_PARAMS(worker->arena);
	int64_t raised = 0;
	int r;

	promo_param_text(&batch, import->job->batch_id);
	promo_param_int(&batch, row->accepted);
	promo_param_bool(&batch, row->unlike_ours);
	r = promo_store_exec(worker->store, PROMO_Q_BATCH_READYIMPORT, &batch, &raised);
	*ret_raised = raised == 1;
	if (r || raised != 1)
		return r;
	promo_param_text(&own, import->job->id);
	r = promo_store_exec(worker->store, PROMO_Q_IMPORT_COMPLETE, &own, NULL);
	if (r || row->redeemed + row->blocked == 0)
		return r;
	promo_param_text(&totals, import->job->batch_id);
	promo_param_text(&totals, row->zone);
	promo_param_int(&totals, worker->writer % LANES);
	promo_param_int(&totals, row->redeemed);
	promo_param_int(&totals, row->blocked);
	return promo_store_exec(worker->store, PROMO_Q_TOTAL_IMPORT, &totals, NULL);
}

static int complete(struct promo_import *import, const struct promo_job_stand_row *stand,
	enum promo_job_step *ret)
{
	const struct promo_import_row *row = &import->row;
	bool left = false, raised = true;
	int r = 0;

	if (row->rows_read == 0)
		return fail(import, "file_empty", "there is no row below the names of the columns");
	if (row->dry_run)
		r = forget(import, &left);
	if (r)
		return r;
	if (left)
		return promo_job_note_done(import->worker, import->job, stand->done);
	if (!row->dry_run && !row->skip && row->rejected > 0)
		return fail_strict(import);
	if (is_too_much(row))
		return fail(import, "too_many_codes",
			"the batch would have more codes than can be counted or paid");
	r = promo_job_note_total(import->worker, import->job, stand->done);
	if (!r && !row->dry_run && row->accepted > 0)
		r = make_ready(import, &raised);
	if (!r && !raised)
		return fail(import, "batch_changed",
			"the batch was changed while its codes came; import the file again");
	*ret = PROMO_JOB_ENDED;
	return r ? r : finish(import, PROMO_JOB_SUCCEEDED);
}

/* Takes one chunk back, the last first. */
static int undo(struct promo_import *import, const struct promo_job_stand_row *stand,
	enum promo_job_step *ret)
{
	struct promo_job_worker *worker = import->worker;
	struct promo_params codes = PROMO_PARAMS(worker->arena);
	struct promo_params own = PROMO_PARAMS(worker->arena);
	const int64_t there = import->row.accepted;
	const int64_t stay = there > PROMO_IMPORT_CHUNK ? there - PROMO_IMPORT_CHUNK : 0;
	bool left = false;
	int r = 0;

	if (there == 0 || import->row.dry_run) {
		r = forget(import, &left);
	} else {
		left = true;
		promo_param_text(&codes, import->job->batch_id);
		promo_param_int(&codes, import->row.first_serial + stay);
		promo_param_int(&codes, import->row.first_serial + there - 1);
		r = promo_store_exec(worker->store, PROMO_Q_CODE_DELETE, &codes, NULL);
		promo_param_text(&own, import->job->id);
		promo_param_int(&own, stay);
		if (!r)
			r = promo_store_exec(worker->store, PROMO_Q_IMPORT_UNDO, &own, NULL);
	}
	if (r)
		return r;
	if (left)
		return promo_job_note_done(worker, import->job, stay);
	*ret = PROMO_JOB_ENDED;
	return finish(import, stand->error_code ? PROMO_JOB_FAILED : PROMO_JOB_CANCELLED);
}

int promo_import_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	const bool undoing = stand->cancel_requested || stand->error_code;
	struct promo_import import;
	bool found;
	int r;

	r = promo_import_open(&import, worker, job, &found);
	if (r)
		return r;
	if (!found && !undoing)
		return promo_job_fail(worker, job, "batch_gone", "the batch is not there any more");
	/* Without its batch there are no codes to take back. */
	if (undoing)
		return undo(&import, stand, ret);
	if (import.row.position < import.row.bytes)
		return take_chunk(&import, ret);
	return complete(&import, stand, ret);
}

int promo_import_drop(struct promo_ctx *ctx, const struct promo_job_state_row *job)
{
	return promo_upload_drop(ctx->store, ctx->arena, job->id);
}
