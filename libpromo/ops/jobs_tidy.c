/* SPDX-License-Identifier: MIT */
#include "libpromo/base/time.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/webhook.h"
#include "libpromo/ops/worker.h"
#include "libpromo/rules/signin.h"

/* What the engine does from time to time beside its jobs. Nobody waits for any of it, so it needs no
 * place on the path of a request. */

enum {
	MS_PER_S = 1000,
	CLEAN_EVERY_MS = 10 * 60 * 1000,
	BACKUPS_EVERY_MS = 30 * 1000,
	/* An idle connection is registered anew when it is used again, which is cheap; it only must not
	 * happen all the time. */
	WRITER_IDLE_S = 24 * 60 * 60,
	/* Of rights. A group that has not heard of so many looks at everybody anew anyway. */
	CHANGES_KEPT = 10000,
	/* Redemptions younger than that may not all be committed yet. */
	INDEX_REST_S = 10,
	/* A notification that nobody reads is not kept for ever. */
	UNREAD_KEPT_DAYS = 365,
	KEYS_KEPT_DAYS = 90,
	/* What is sent moves, or is given up by the daemon that takes it, within minutes. */
	UPLOAD_KEPT_S = 60 * 60,
};

/* Batches of which every code was redeemed. */
static int archive_batches(struct promo_job_worker *worker)
{
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	const struct promo_id_row *rows;
	struct promo_objects batches;
	int r;

	r = promo_store_begin(worker->store);
	if (r)
		return r;
	r = promo_store_all(worker->store, worker->arena, PROMO_Q_BATCH_ARCHIVE, &none, &batches);
	if (r)
		return r;
	rows = batches.items;
	for (size_t i = 0; i < batches.count; i++) {
		const struct promo_audit_note note = { .entity_kind = "batch",
			.entity_id = rows[i].id };

		r = promo_job_audit(worker, "batch.archive", /* error= */ 0, &note);
		if (r)
			return r;
	}
	return promo_store_commit(worker->store);
}

/* Writers of connections that are long gone, so that who changes a batch need not pass them. */
static int close_writers(struct promo_job_worker *worker)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_int(&params, WRITER_IDLE_S);
	return promo_store_exec(worker->store, PROMO_Q_WRITER_CLOSE, &params, NULL);
}

static int forget_changes(struct promo_job_worker *worker)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_int(&params, CHANGES_KEPT);
	return promo_store_exec(worker->store, PROMO_Q_AUTH_PURGE, &params, NULL);
}

static int load_settings(struct promo_job_worker *worker, struct promo_settings **ret)
{
	int r;

	r = promo_settings_new(ret);
	return r ? r : promo_settings_load(*ret, worker->store, promo_settings_version(*ret) + 1);
}

/* Jobs that ended long ago, with their chunks and files, which go earlier, since they are large and
 * full of codes; notifications; and registrations. */
static int forget_jobs(struct promo_job_worker *worker)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_params jobs = PROMO_PARAMS(worker->arena);
	struct promo_params files = PROMO_PARAMS(worker->arena);
	struct promo_params letters = PROMO_PARAMS(worker->arena);
	struct promo_params notices = PROMO_PARAMS(worker->arena);
	struct promo_params people = PROMO_PARAMS(worker->arena);
	int r;

	r = load_settings(worker, &settings);
	if (r)
		return r;
	promo_param_int(&files, promo_settings_int(settings, PROMO_SETTING_FILES_KEEP_DAYS));
	r = promo_store_exec(worker->store, PROMO_Q_JOB_PURGEFILES, &files, NULL);
	if (r)
		return r;
	promo_param_int(&jobs, promo_settings_int(settings, PROMO_SETTING_JOBS_KEEP_DAYS));
	r = promo_store_exec(worker->store, PROMO_Q_JOB_PURGE, &jobs, NULL);
	promo_param_int(&notices, promo_settings_int(settings, PROMO_SETTING_NOTICES_KEEP_DAYS));
	promo_param_int(&notices, UNREAD_KEPT_DAYS);
	if (!r)
		r = promo_store_exec(worker->store, PROMO_Q_NOTIFICATION_PURGE, &notices, NULL);
	promo_param_int(
		&people, promo_settings_int(settings, PROMO_SETTING_REGISTRATION_KEEP_DAYS));
	if (!r)
		r = promo_store_exec(worker->store, PROMO_Q_REGISTRATION_PURGE, &people, NULL);
	promo_param_int(&letters, promo_settings_int(settings, PROMO_SETTING_NOTICES_KEEP_DAYS));
	return r ? r : promo_store_exec(worker->store, PROMO_Q_OUTBOX_PURGE, &letters, NULL);
}

/* Sessions that have ended, and keys of which nobody asks any more why they do not work. */
static int forget_sessions(struct promo_job_worker *worker)
{
	struct promo_params everybody = PROMO_PARAMS(worker->arena);
	struct promo_params keys = PROMO_PARAMS(worker->arena);
	int r;

	promo_param_null(&everybody);
	r = promo_store_exec(worker->store, PROMO_Q_SESSION_PURGE, &everybody, NULL);
	promo_param_int(&keys, KEYS_KEPT_DAYS);
	return r ? r : promo_store_exec(worker->store, PROMO_Q_API_KEY_PURGE, &keys, NULL);
}

/* Sign-ins whose second factor never came, those that failed long ago, and tokens nobody used. */
static int forget_sign_ins(struct promo_job_worker *worker)
{
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	struct promo_params challenges = PROMO_PARAMS(worker->arena);
	struct promo_params failures = PROMO_PARAMS(worker->arena);
	int r;

	promo_param_null(&challenges);
	r = promo_store_exec(worker->store, PROMO_Q_MFA_CHALLENGE_PURGE, &challenges, NULL);
	promo_param_int(&failures, PROMO_SIGNIN_REST_MS / MS_PER_S);
	promo_param_int(&failures, PROMO_SIGNIN_KNOWN_DAYS);
	if (!r)
		r = promo_store_exec(worker->store, PROMO_Q_SIGNIN_PURGE, &failures, NULL);
	return r ? r : promo_store_exec(worker->store, PROMO_Q_PASSWORD_RESET_PURGE, &none, NULL);
}

/* What nobody did and people have to know: webhooks that nothing but failed, and what time brings. */
static int tell_news(struct promo_job_worker *worker)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_teller teller = { .store = worker->store, .arena = worker->arena };
	int r;

	r = load_settings(worker, &settings);
	if (!r)
		r = promo_store_begin(worker->store);
	if (r)
		return r;
	teller.settings = settings;
	r = promo_webhook_tidy(&teller);
	if (!r)
		r = promo_tell_tidy(&teller, worker->config->version);
	return r ? r : promo_store_commit(worker->store);
}

static int forget_customers(struct promo_job_worker *worker)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	int64_t days;
	int r;

	r = load_settings(worker, &settings);
	if (r)
		return r;
	days = promo_settings_int(settings, PROMO_SETTING_CUSTOMERS_KEEP_DAYS);
	if (days == 0)
		return 0;
	r = promo_store_begin(worker->store);
	if (!r)
		r = promo_customers_forget(worker, days);
	return r ? r : promo_store_commit(worker->store);
}

/* More often than what is forgotten, so that what is due at a time begins then. */
static int keep_backups(struct promo_job_worker *worker)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_objects forgotten;
	int r;

	if (worker->backups_ms && promo_monotonic_ms() < worker->backups_ms + BACKUPS_EVERY_MS)
		return 0;
	r = load_settings(worker, &settings);
	if (!r)
		r = promo_store_begin(worker->store);
	if (!r)
		r = promo_backup_begin_due(worker, settings);
	if (!r)
		r = promo_backup_forget(worker, &forgotten);
	if (!r)
		r = promo_store_commit(worker->store);
	if (r)
		return r;
	promo_backup_unlink_all(worker, &forgotten);
	worker->backups_ms = promo_monotonic_ms();
	return 0;
}

/* Some of the files that were sent and for which no job came; each may be a gigabyte. *ret: how many. */
static int forget_uploads(struct promo_job_worker *worker, int64_t *ret)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);

	promo_param_int(&params, UPLOAD_KEPT_S);
	return promo_store_exec(worker->store, PROMO_Q_UPLOAD_PURGE, &params, ret);
}

static int clean_up(struct promo_job_worker *worker)
{
	int64_t uploads = 0;
	int r;

	if (worker->cleaned_ms && promo_monotonic_ms() < worker->cleaned_ms + CLEAN_EVERY_MS)
		return 0;
	r = close_writers(worker);
	if (!r)
		r = forget_changes(worker);
	if (!r)
		r = forget_jobs(worker);
	if (!r)
		r = forget_sign_ins(worker);
	if (!r)
		r = forget_sessions(worker);
	if (!r)
		r = forget_uploads(worker, &uploads);
	if (!r)
		r = forget_customers(worker);
	if (!r)
		r = tell_news(worker);
	/* They can be sent faster than some in ten minutes. */
	if (!r && uploads == 0)
		worker->cleaned_ms = promo_monotonic_ms();
	return r;
}

static int index_customers(struct promo_job_worker *worker)
{
	int r;

	r = promo_store_begin(worker->store);
	if (!r)
		r = promo_customers_index(worker, INDEX_REST_S);
	return r ? r : promo_store_commit(worker->store);
}

int promo_job_tidy(struct promo_job_worker *worker)
{
	int r;

	promo_arena_clear(worker->arena);
	r = archive_batches(worker);
	if (!r)
		r = promo_audit_folds_flush(
			worker->store, worker->arena, worker->writer, /* all= */ false);
	if (!r)
		r = index_customers(worker);
	if (!r)
		r = keep_backups(worker);
	return r ? r : clean_up(worker);
}
