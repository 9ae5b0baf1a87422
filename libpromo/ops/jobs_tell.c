/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows_tell.h"

/* What people and programs are told of jobs: that one has ended, to whoever started it; and that the
 * codes of a batch are there, to whoever it is assigned to. */

static const char *const names[] = {
	[PROMO_JOB_GENERATE] = "Generation",
	[PROMO_JOB_IMPORT] = "Import",
	[PROMO_JOB_EXPORT] = "Export",
	[PROMO_JOB_PDF] = "PDF",
	[PROMO_JOB_BACKUP] = "Backup",
	[PROMO_JOB_RESTORE_CHECK] = "Restoring a backup on trial",
	[PROMO_JOB_BULK] = "Change of codes",
};

static const char *title_of(struct promo_arena *arena, const struct promo_job_told_row *job)
{
	const char *name = (size_t)job->kind < PROMO_COUNT(names) ? names[job->kind] : NULL;
	const char *end = job->status == PROMO_JOB_SUCCEEDED   ? "is done"
			  : job->status == PROMO_JOB_CANCELLED ? "was cancelled"
							       : "failed";

	if (!name)
		name = "Job";
	if (job->dry_run)
		name = "Import (dry run)";
	if (!job->batch_name)
		return promo_arena_printf(arena, "%s %s", name, end);
	return promo_arena_printf(arena, "%s of %s %s", name, job->batch_name, end);
}

static const char *body_of(struct promo_arena *arena, const struct promo_job_told_row *job)
{
	if (job->error_detail)
		return job->error_detail;
	if (job->status == PROMO_JOB_SUCCEEDED && job->accepted != PROMO_NULL_INT)
		return promo_arena_printf(arena, "%lld of %lld codes %s", (long long)job->accepted,
			(long long)job->done, job->dry_run ? "would be imported" : "imported");
	return promo_arena_printf(
		arena, "%lld of %lld", (long long)job->done, (long long)job->total);
}

static enum promo_event_kind event_of(const struct promo_job_told_row *job)
{
	if (job->status == PROMO_JOB_FAILED)
		return PROMO_EVENT_JOB_FAILED;
	if (job->status == PROMO_JOB_SUCCEEDED && job->kind == PROMO_JOB_IMPORT)
		return PROMO_EVENT_IMPORT_COMPLETED;
	return PROMO_EVENT_JOB_FINISHED;
}

static int tell_end(
	const struct promo_teller *teller, const char *job_id, const struct promo_job_told_row *job)
{
	const char *title = title_of(teller->arena, job);
	const char *body = body_of(teller->arena, job);

	if (!title || !body)
		return promo_fault(-ENOMEM, "could not tell of a job");
	return promo_tell_by(
		teller, &(struct promo_event){
				.kind = event_of(job),
				.about_kind = "job",
				.about_id = job_id,
				.title = title,
				.body = body,
				.user_id = job->created_by,
				.batch_id = job->batch_name ? job->batch_id : NULL,
				.batch_name = job->batch_name,
				.status = promo_word(&promo_job_status_words, job->status),
				.count = job->done,
			});
}

static bool made_codes(const struct promo_job_told_row *job)
{
	const bool imported = job->kind == PROMO_JOB_IMPORT && !job->dry_run && job->accepted > 0;

	return job->status == PROMO_JOB_SUCCEEDED && job->batch_name &&
	       (job->kind == PROMO_JOB_GENERATE || imported);
}

static int tell_ready(const struct promo_teller *teller, const struct promo_job_told_row *job)
{
	const char *title =
		promo_arena_printf(teller->arena, "The codes of %s are ready", job->batch_name);
	const char *body = promo_arena_printf(
		teller->arena, "it has %lld codes now", (long long)job->ready_codes);

	if (!title || !body)
		return promo_fault(-ENOMEM, "could not tell of a batch");
	return promo_tell_by(teller, &(struct promo_event){
					     .kind = PROMO_EVENT_BATCH_READY,
					     .about_kind = "batch",
					     .about_id = job->batch_id,
					     .title = title,
					     .body = body,
					     .user_id = job->assigned_user_id,
					     .by = job->created_by, /* knows of the job's end */
					     .batch_id = job->batch_id,
					     .batch_name = job->batch_name,
					     .count = job->ready_codes,
				     });
}

int promo_job_tell(struct promo_job_worker *worker, const struct promo_job_work_row *job)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_teller teller = { .store = worker->store, .arena = worker->arena };
	struct promo_job_told_row row;
	int r;

	r = promo_settings_new(&settings);
	if (!r)
		r = promo_settings_load(
			settings, worker->store, promo_settings_version(settings) + 1);
	if (r)
		return r;
	teller.settings = settings;
	promo_param_text(&params, job->id);
	r = promo_store_one(worker->store, worker->arena, PROMO_Q_JOB_TOLD, &params, &row);
	if (!r)
		r = tell_end(&teller, job->id, &row);
	if (!r && made_codes(&row))
		r = tell_ready(&teller, &row);
	return r;
}
