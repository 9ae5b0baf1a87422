/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/statvfs.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/server.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/statement.h"
#include "libpromo/store/store.h"

/*
 * Whether this daemon can serve, and what is wrong beside that. Anybody may ask: so it tells names and
 * sentences that are written here, and no number, path or host; /metrics has the numbers.
 */

enum {
	QUEUED_MAX_S = 5 * 60,
	LETTERS_MAX_S = 60 * 60,
	SEALS_MAX_S = 5 * 60,
	CLOCK_MAX_MS = 5000,
	DAY_S = 24 * 60 * 60,
};

struct look {
	struct promo_ctx *ctx;
	struct promo_ready_row row;
	int64_t unsealed_s;
	int64_t backup_s; /* PROMO_NULL_INT: there is none */
};

static bool jobs_stand(const struct look *look)
{
	return !look->row.maintenance && look->row.queued_s > QUEUED_MAX_S;
}

static bool letters_stand(const struct look *look)
{
	return look->row.letters_s > LETTERS_MAX_S;
}

bool promo_server_disk_is_short(const struct promo_runner_config *config, int64_t *ret_free_percent)
{
	const int least =
		config->disk_least_percent ? config->disk_least_percent : PROMO_DISK_LEAST_PERCENT;
	const char *dir = config->spool_dir;
	struct statvfs disk;
	int64_t percent;

	/* What has no blocks is no disk. */
	if (!dir || !*dir || statvfs(dir, &disk) || disk.f_blocks < 100)
		return false;
	percent = (int64_t)(disk.f_bavail / (disk.f_blocks / 100));
	if (percent >= least)
		return false;
	*ret_free_percent = percent;
	return true;
}

static bool disk_is_full(const struct look *look)
{
	int64_t percent;

	return promo_server_disk_is_short(look->ctx->config, &percent);
}

static bool clock_is_off(const struct look *look)
{
	const int64_t off_ms = promo_now_ms() - look->row.at;

	return off_ms > CLOCK_MAX_MS || off_ms < -CLOCK_MAX_MS;
}

static bool seals_stand(const struct look *look)
{
	return look->unsealed_s > SEALS_MAX_S;
}

/* One that is a day late is missing. */
static bool backup_is_missing(const struct look *look)
{
	static const int days[] = { 0, 1, 7, 31 };
	const struct promo_settings *settings = look->ctx->settings;
	const int often = promo_word_value(&promo_setting_backup_frequency_words,
		promo_settings_text(settings, PROMO_SETTING_BACKUP_FREQUENCY));
	const int64_t without_s =
		look->backup_s == PROMO_NULL_INT ? look->row.age_s : look->backup_s;

	return promo_settings_bool(settings, PROMO_SETTING_BACKUP_ENABLED) && often > 0 &&
	       (size_t)often < PROMO_COUNT(days) && without_s > (int64_t)(days[often] + 1) * DAY_S;
}

static bool is_newer(const struct look *look)
{
	size_t known = 0;

	while (promo_migrations[known].version)
		known++;
	return look->row.version > (int64_t)known;
}

static bool is_maintained(const struct look *look)
{
	return look->row.maintenance;
}

static const struct {
	const char *name;
	bool (*is_wrong)(const struct look *look);
	const char *detail;
} checks[] = {
	{ "migrations", is_newer,
		"the database is of a newer version than this program: update it" },
	{ "jobs", jobs_stand, "a background job waits for more than 5 minutes" },
	{ "letters", letters_stand, "a mail, text message or webhook waits for more than an hour" },
	{ "disk", disk_is_full, "less than 5 percent of the disk for downloads is free" },
	{ "clock", clock_is_off, "this clock and the database's differ by more than 5 seconds" },
	{ "seals", seals_stand, "the audit trail is not sealed for more than 5 minutes" },
	{ "backups", backup_is_missing, "the last backup is older than the settings have it" },
	{ "maintenance", is_maintained, "maintenance mode is on: nothing can be changed" },
};

/* Without the tables that this program needs it cannot serve. */
static int look_at(struct look *look)
{
	const struct promo_params none = PROMO_PARAMS(look->ctx->arena);
	struct promo_ctx *ctx = look->ctx;
	size_t known = 0;
	int r;

	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_READY_STATE, &none, &look->row);
	if (r)
		return r;
	while (promo_migrations[known].version)
		known++;
	if (look->row.version < (int64_t)known)
		return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE,
			"migrations are missing in the database: run promod migrate");
	r = promo_backup_age(ctx->store, ctx->arena, &look->backup_s);
	return r ? r : promo_seal_age(ctx, &look->unsealed_s);
}

int promo_server_ready(struct promo_ctx *ctx, struct promo_ready_answer *ret)
{
	struct look look = { .ctx = ctx };
	struct promo_ready_check *list;
	bool degraded = false;
	int r;

	r = look_at(&look);
	if (r)
		return r;
	list = promo_arena_alloc_array(ctx->arena, PROMO_COUNT(checks), sizeof(*list));
	if (!list)
		return promo_fault(-ENOMEM, "could not say what is wrong");
	for (size_t i = 0; i < PROMO_COUNT(checks); i++) {
		const bool wrong = checks[i].is_wrong(&look);

		list[i] = (struct promo_ready_check){ checks[i].name, !wrong,
			wrong ? checks[i].detail : NULL };
		degraded = degraded || wrong;
	}
	*ret = (struct promo_ready_answer){
		.status = degraded ? "degraded" : "ok",
		.checks = { list, PROMO_COUNT(checks) },
	};
	return 0;
}
