/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/csv.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/download.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/spool.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * The codes of a batch as CSV. The statement runs at full speed into a spool, in a thread with a
 * connection of its own, and the client reads behind it: however slow he is, he holds neither a
 * snapshot of the database nor a worker.
 */

enum {
	EXPORTS_MAX = 4, /* at once in this process (design section 3) */
	RETRY_AFTER_S = 2,
	FLUSH_BYTES = 64 * 1024,
	BUFFER_LIMIT = 2 * FLUSH_BYTES,
	ARENA_LIMIT = 1024 * 1024,
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static int running; /* under the lock */

static bool take_slot(void)
{
	bool taken;

	(void)pthread_mutex_lock(&lock);
	taken = running < EXPORTS_MAX;
	if (taken)
		running++;
	(void)pthread_mutex_unlock(&lock);
	return taken;
}

static void give_slot(void)
{
	(void)pthread_mutex_lock(&lock);
	running--;
	(void)pthread_cond_broadcast(&ended);
	(void)pthread_mutex_unlock(&lock);
}

void promo_downloads_wait(void)
{
	(void)pthread_mutex_lock(&lock);
	while (running > 0)
		(void)pthread_cond_wait(&ended, &lock);
	(void)pthread_mutex_unlock(&lock);
}

struct export
{
	struct promo_store_config store;
	struct promo_arena *arena;
	struct promo_params params;
	struct promo_spool *spool;
	struct promo_buffer buffer;
	struct promo_csv csv;
};

static int flush(struct export *export)
{
	const char *text;
	int r;

	r = promo_buffer_end(&export->buffer, &text);
	if (r)
		return r;
	r = promo_spool_write(export->spool, text, export->buffer.size);
	promo_buffer_clear(&export->buffer);
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
	promo_csv_row_end(&export->csv);
	return export->buffer.size < FLUSH_BYTES ? 0 : flush(export);
}

static int fill(struct export *export)
{
	struct promo_store *store;
	int r;

	for (int i = 0; i < COLUMNS; i++)
		promo_csv_value(&export->csv, header[i]);
	promo_csv_row_end(&export->csv);
	r = promo_store_open(&export->store, &store);
	if (r)
		return r;
	r = promo_store_each(store, PROMO_Q_CODE_EXPORT, &export->params, write_row, export);
	promo_store_close(store);
	return r ? r : flush(export);
}

static void *run(void *argument)
{
	struct export *export = argument;
	struct promo_arena *arena = export->arena;
	struct promo_spool *spool = export->spool;
	int r = fill(export);

	promo_arena_free(arena);
	promo_spool_finish(spool, r);
	give_slot();
	return NULL;
}

/* A thread that no signal of the program is delivered to. */
static int start_thread(struct export *export)
{
	pthread_attr_t detached;
	sigset_t all, before;
	pthread_t thread;
	int error;

	(void)sigfillset(&all);
	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &detached, run, export);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&detached);
	return error ? promo_fault(-error, "could not start an export") : 0;
}

/* Lives in an arena of its own, since it outlives the request; NULL without memory. */
static struct export *export_new(
	const struct promo_runner_config *config, const struct promo_code_download_in *in)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	struct export *export = arena ? promo_arena_alloc(arena, sizeof(*export)) : NULL;

	if (!export) {
		promo_arena_free(arena);
		return NULL;
	}
	export->arena = arena;
	export->store.uri = config->database;
	export->store.no_prepare = config->no_prepare;
	export->store.patient = true;
	export->buffer = (struct promo_buffer)PROMO_BUFFER(arena, BUFFER_LIMIT);
	export->csv.out = &export->buffer;
	export->params = PROMO_PARAMS(arena);
	promo_param_text(&export->params, in->id);
	promo_param_texts_or_null(&export->params, in->status);
	return export;
}

static int start(const struct promo_runner_config *config, const struct promo_code_download_in *in,
	struct promo_spool **ret)
{
	struct export *export = export_new(config, in);
	struct promo_spool *spool = NULL;
	int r;

	if (!export)
		return promo_fault(-ENOMEM, "could not start an export");
	r = promo_spool_new(config->spool_dir, &spool);
	export->spool = spool;
	if (!r)
		r = start_thread(export);
	if (r) {
		if (spool)
			promo_spool_finish(spool, r);
		promo_spool_close(spool);
		promo_arena_free(export->arena);
		return r;
	}
	*ret = spool;
	return 0;
}

int promo_code_download(struct promo_ctx *ctx, const struct promo_code_download_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_export_row row;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_EXPORT, &params, &row);
	if (r)
		return r;
	if (!take_slot()) {
		ctx->problem.retry_after_s = RETRY_AFTER_S;
		return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE,
			"%d downloads are being prepared already, try again in a moment",
			EXPORTS_MAX);
	}
	r = start(ctx->config, in, &ctx->spool);
	if (r) {
		give_slot();
		return r;
	}
	ctx->filename = row.filename;
	return 0;
}
