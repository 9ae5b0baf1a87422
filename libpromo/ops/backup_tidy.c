/* SPDX-License-Identifier: MIT */
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/store.h"

/* Backups that are made by themselves and those that are kept no longer. What was due while no daemon ran is made
 * up for, once; a day's backup has one time, which two daemons cannot both note. */

static int kind_of(const char *frequency)
{
	int kind = promo_word_value(&promo_backup_kind_words, frequency);

	return kind > 0 ? kind : PROMO_BACKUP_DAILY;
}

static int begin(struct promo_job_worker *worker, const char *frequency, int64_t due_at)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	char id[PROMO_UUID_SIZE], job_id[PROMO_UUID_SIZE];
	const struct promo_audit_note note = { .entity_kind = "backup", .entity_id = id };
	int64_t made;
	int r;

	promo_uuid_new(id);
	promo_uuid_new(job_id);
	promo_param_text(&params, id);
	promo_param_text(&params, promo_word(&promo_backup_kind_words, kind_of(frequency)));
	promo_param_time(&params, due_at);
	promo_param_text(&params, job_id);
	promo_param_null(&params);
	r = promo_store_exec(worker->store, PROMO_Q_BACKUP_INSERT, &params, &made);
	if (r || made == 0)
		return r;
	return promo_job_audit(worker, "backup.create", /* error= */ 0, &note);
}

int promo_backup_begin_due(struct promo_job_worker *worker, const struct promo_settings *settings)
{
	const char *frequency = promo_settings_text(settings, PROMO_SETTING_BACKUP_FREQUENCY);
	struct promo_params params = PROMO_PARAMS(worker->arena);
	struct promo_moment_row due;
	bool found;
	int r;

	if (!worker->config->backup.dir ||
		!promo_settings_bool(settings, PROMO_SETTING_BACKUP_ENABLED))
		return 0;
	promo_param_text(&params, frequency);
	promo_param_text(&params, promo_settings_text(settings, PROMO_SETTING_BACKUP_TIME));
	promo_param_text(&params, promo_settings_text(settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_find(
		worker->store, worker->arena, PROMO_Q_BACKUP_DUE, &params, &due, &found);
	return r || !found ? r : begin(worker, frequency, due.at);
}

int promo_backup_forget(struct promo_job_worker *worker, struct promo_objects *ret)
{
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	const struct promo_backup_file_row *rows;
	int r;

	*ret = (struct promo_objects){ .count = 0 };
	if (!worker->config->backup.dir)
		return 0;
	r = promo_store_all(worker->store, worker->arena, PROMO_Q_BACKUP_EXPIRED, &none, ret);
	rows = ret->items;
	for (size_t i = 0; !r && i < ret->count; i++) {
		const struct promo_audit_note note = { .entity_kind = "backup",
			.entity_id = rows[i].id };
		struct promo_params params = PROMO_PARAMS(worker->arena);

		promo_param_text(&params, rows[i].id);
		r = promo_store_exec(worker->store, PROMO_Q_BACKUP_DELETE, &params, NULL);
		if (!r)
			r = promo_job_audit(worker, "backup.delete", /* error= */ 0, &note);
	}
	return r;
}

void promo_backup_unlink_all(struct promo_job_worker *worker, const struct promo_objects *forgotten)
{
	const struct promo_backup_file_row *rows = forgotten->items;

	for (size_t i = 0; i < forgotten->count; i++)
		if (rows[i].path)
			promo_backup_unlink(worker->config, rows[i].path);
}
