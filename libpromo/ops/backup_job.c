/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/alert.h"
#include "libpromo/ops/backup_file.h"
#include "libpromo/ops/backup_load.h"
#include "libpromo/ops/backup_scratch.h"
#include "libpromo/ops/backup_work.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/store.h"

/* The steps of the jobs that make a backup and that restore one on trial. What they do is a thread's
 * (backup_work.h); a step waits for it for a moment, and the last one notes what came of it. */

struct evidence {
	const char *job_id, *backup_id;
};
#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_TEXT(T, job_id, ID, 0, 0, 0, "the job that failed"),
	PROMO_F_TEXT(T, backup_id, ID, 0, 0, 0, "the backup that it was to make or try"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "backup_evidence", evidence_fields);

/* What a trial that was broken off left, wherever that was. */
static int drop_scratch(struct promo_job_worker *worker, const char *backup_id)
{
	struct promo_problem problem = { 0 };
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	struct promo_backup_server_row server;
	char database[PROMO_SCRATCH_SIZE];
	const struct promo_backup_load load = {
		.uri = worker->config->backup.database,
		.bin_dir = worker->config->backup.postgres_bin,
		.database = database,
	};
	int r;

	r = promo_store_one(worker->store, worker->arena, PROMO_Q_BACKUP_SERVER, &none, &server);
	if (r)
		return r;
	promo_scratch_of_trial(server.oid, backup_id, database);
	/* A server that refuses this has refused to make it as well; else the next backup sees to it. */
	(void)!promo_backup_unload(&load, worker->arena, &problem);
	return 0;
}

int promo_backup_check(struct promo_backup_work *work)
{
	char path[PROMO_BACKUP_PATH_MAX], database[PROMO_SCRATCH_SIZE];
	struct promo_backup_manifest manifest;
	struct promo_backup_server_row server;
	const struct promo_backup_load load = {
		.path = path,
		.secret = work->config->backup.key,
		.uri = work->config->backup.database,
		.bin_dir = work->config->backup.postgres_bin,
		.database = database,
		.cut = &work->cut,
		.done = &work->done,
		.sealing = work->config->sealing,
	};
	int r;

	if (!work->backup.path)
		return promo_refuse(&work->problem, work->arena, PROMO_E_NOT_FOUND,
			"the backup has no file any more");
	r = promo_backup_server(load.uri, work->arena, &work->problem, &server);
	if (r)
		return r;
	promo_scratch_of_trial(server.oid, work->backup.id, database);
	(void)snprintf(path, sizeof(path), "%s/%s", work->config->backup.dir, work->backup.path);
	r = promo_backup_load(&load, work->arena, &work->problem, &manifest);
	if (r)
		return r;
	r = promo_backup_unload(&load, work->arena, &work->problem);
	if (!r && strcmp(manifest.id, work->backup.id) != 0)
		return promo_refuse(&work->problem, work->arena, PROMO_E_INVALID_INPUT,
			"the file is that of another backup, %s", manifest.id);
	return r;
}

static int read_backup(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_backup_file_row *ret, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, job->id);
	return promo_store_find(
		worker->store, worker->arena, PROMO_Q_BACKUP_OFJOB, &params, ret, ret_found);
}

static int settings_of(struct promo_job_worker *worker, struct promo_settings **ret)
{
	int r = promo_settings_new(ret);

	return r ? r : promo_settings_load(*ret, worker->store, promo_settings_version(*ret) + 1);
}

static int note_made(struct promo_job_worker *worker, const struct promo_backup_work *work)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params params = PROMO_PARAMS(worker->arena);
	char name[PROMO_BACKUP_NAME_SIZE];
	int r;

	r = settings_of(worker, &settings);
	if (r)
		return r;
	promo_backup_name(work->backup.id, name);
	promo_param_text(&params, work->backup.id);
	promo_param_text(&params, name);
	promo_param_int(&params, work->bytes);
	promo_param_text(&params, work->sha256);
	promo_param_text(&params, work->counts);
	promo_param_int(&params, promo_settings_int(settings, PROMO_SETTING_BACKUP_KEEP_DAYS));
	return promo_store_exec(worker->store, PROMO_Q_BACKUP_DONE, &params, NULL);
}

static int note_verified(struct promo_job_worker *worker, const struct promo_backup_work *work)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_text(&params, work->backup.id);
	return promo_store_exec(worker->store, PROMO_Q_BACKUP_VERIFIED, &params, NULL);
}

static int finish(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, struct promo_backup_work *work)
{
	int r = job->kind == PROMO_JOB_BACKUP ? note_made(worker, work)
					      : note_verified(worker, work);

	if (!r)
		r = promo_job_write(worker, job, PROMO_Q_BACKUP_RESULT);
	if (!r)
		r = promo_job_note_done(worker, job, stand->total);
	return r ? r : promo_job_finish(worker, job, PROMO_JOB_SUCCEEDED);
}

/* Somebody has to look into it, whoever asked. */
static int raise_alert(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const char *backup_id)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_teller teller = { .store = worker->store, .arena = worker->arena };
	const struct evidence evidence = { .job_id = job->id, .backup_id = backup_id };
	const struct promo_alert_cause cause = {
		.kind = PROMO_ALERT_BACKUP_FAILED,
		.about = "backup",
		.evidence_schema = &evidence_schema,
		.evidence = &evidence,
	};
	int r;

	r = settings_of(worker, &settings);
	if (r)
		return r;
	teller.settings = settings;
	return promo_alert_raise_by(&teller, &cause);
}

static int note_failed(struct promo_job_worker *worker, const char *backup_id)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int r;

	r = settings_of(worker, &settings);
	if (r)
		return r;
	promo_param_text(&params, backup_id);
	promo_param_int(&params, promo_settings_int(settings, PROMO_SETTING_BACKUP_KEEP_DAYS));
	return promo_store_exec(worker->store, PROMO_Q_BACKUP_FAIL, &params, NULL);
}

/* The thread takes away what it made; what another one left when it was killed goes with it. */
static int undo(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	char name[PROMO_BACKUP_NAME_SIZE];
	struct promo_backup_file_row backup;
	bool found;
	int r;

	promo_job_keep(worker, NULL, NULL);
	r = read_backup(worker, job, &backup, &found);
	if (!r && found && job->kind == PROMO_JOB_BACKUP) {
		promo_backup_name(backup.id, name);
		promo_backup_unlink(worker->config, name);
		r = note_failed(worker, backup.id);
	} else if (!r && found) {
		r = drop_scratch(worker, backup.id);
	}
	if (!r && found && stand->error_code)
		r = raise_alert(worker, job, backup.id);
	if (r)
		return r;
	*ret = PROMO_JOB_ENDED;
	return promo_job_finish(
		worker, job, stand->error_code ? PROMO_JOB_FAILED : PROMO_JOB_CANCELLED);
}

static int fail(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_backup_work *work)
{
	const char *detail = promo_arena_strdup(worker->arena, work->problem.detail);
	int r = work->result;

	promo_job_keep(worker, NULL, NULL);
	if (r < 0)
		return r;
	return promo_job_fail(worker, job, promo_error_info(r)->wire,
		detail ? detail : promo_error_info(r)->text);
}

static int begin(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	struct promo_backup_work **ret)
{
	struct promo_backup_file_row backup;
	bool found;
	int r;

	r = read_backup(worker, job, &backup, &found);
	if (!r && !found)
		return promo_job_fail(worker, job, promo_error_info(PROMO_E_NOT_FOUND)->wire,
			"the backup is not there any more");
	if (!r)
		r = promo_backup_work_start(worker->config, &backup,
			job->kind == PROMO_JOB_BACKUP ? promo_backup_make : promo_backup_check,
			ret);
	if (!r)
		promo_job_keep(worker, *ret, promo_backup_work_free);
	return r;
}

int promo_backup_step(struct promo_job_worker *worker, const struct promo_job_work_row *job,
	const struct promo_job_stand_row *stand, enum promo_job_step *ret)
{
	struct promo_backup_work *work = promo_job_kept(worker);
	int64_t done;
	int r;

	if (stand->cancel_requested || stand->error_code)
		return undo(worker, job, stand, ret);
	if (!work) {
		r = begin(worker, job, &work);
		if (r || !work)
			return r;
	}
	if (!promo_backup_work_await(work)) {
		done = atomic_load(&work->done);
		return promo_job_note_done(worker, job, done < stand->total ? done : 0);
	}
	if (work->result)
		return fail(worker, job, work);
	*ret = PROMO_JOB_ENDED;
	return finish(worker, job, stand, work);
}

int promo_backup_drop(struct promo_ctx *ctx, const struct promo_job_state_row *job)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_backup_file_row backup;
	bool found;
	int r;

	if (job->kind != PROMO_JOB_BACKUP)
		return 0;
	promo_param_text(&params, job->id);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_BACKUP_OFJOB, &params, &backup, &found);
	if (r || !found)
		return r;
	params = PROMO_PARAMS(ctx->arena);
	promo_param_text(&params, backup.id);
	return promo_store_exec(ctx->store, PROMO_Q_BACKUP_DELETE, &params, NULL);
}
