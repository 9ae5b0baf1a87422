/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/backups.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/backup_file.h"
#include "libpromo/ops/exports.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/range.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/stream.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	PIECE_BYTES = 256 * 1024
};

void promo_backup_name(const char *id, char ret[PROMO_BACKUP_NAME_SIZE])
{
	(void)snprintf(ret, PROMO_BACKUP_NAME_SIZE, "promo-%s.backup", id);
}

void promo_backup_unlink(const struct promo_runner_config *config, const char *name)
{
	static const char *const ends[] = { "", PROMO_BACKUP_PART };
	char path[PROMO_BACKUP_PATH_MAX];

	for (size_t i = 0; i < PROMO_COUNT(ends); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s%s", config->backup.dir, name, ends[i]);
		if (unlink(path) != 0 && errno != ENOENT)
			promo_log(PROMO_LOG_WARNING, "could not take away %s: %s", path,
				strerror(errno));
	}
}

int promo_backup_list(
	struct promo_ctx *ctx, const struct promo_backup_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_BACKUP_LIST, PROMO_Q_BACKUP_COUNT), &params, ret);
}

/* Whether a job is at work on this backup, or, where id is NULL, makes any. */
static int check_idle(struct promo_ctx *ctx, const char *id, const char *what)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_truth_row busy;
	int r;

	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BACKUP_BUSY, &params, &busy);
	if (r || !busy.yes)
		return r;
	return promo_ctx_refuse(ctx, PROMO_E_JOB_RUNNING, "%s", what);
}

int promo_backup_create(struct promo_ctx *ctx, struct promo_job_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	char job_id[PROMO_UUID_SIZE];
	int64_t made;
	int r;

	if (!id)
		return promo_fault(-ENOMEM, "could not begin a backup");
	r = check_idle(ctx, NULL, "a backup is being made already; wait for its job");
	if (r)
		return r;
	promo_uuid_new(id);
	promo_uuid_new(job_id);
	promo_param_text(&params, id);
	promo_param_text(&params, promo_word(&promo_backup_kind_words, PROMO_BACKUP_MANUAL));
	promo_param_time(&params, 0);
	promo_param_text(&params, job_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_BACKUP_INSERT, &params, &made);
	if (r)
		return r;
	promo_audit_entity(ctx, "backup", id);
	return promo_job_answer(ctx, job_id, ret);
}

static int find(struct promo_ctx *ctx, enum promo_query query, const char *id,
	struct promo_backup_file_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, "backup", id);
	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, query, &params, ret);
}

int promo_backup_verify(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_job_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_backup_file_row row;
	char job_id[PROMO_UUID_SIZE];
	int r;

	r = find(ctx, PROMO_Q_BACKUP_WHERE, in->id, &row);
	if (!r)
		r = check_idle(ctx, in->id, "a job is at work on this backup; wait for it");
	if (r)
		return r;
	if (row.status != PROMO_BACKUP_SUCCEEDED)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
			"only a backup that succeeded can be verified");
	promo_uuid_new(job_id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, job_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_BACKUP_TRY, &params, NULL);
	return r ? r : promo_job_answer(ctx, job_id, ret);
}

int promo_backup_delete(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_backup_file_row row;
	int r;

	r = find(ctx, PROMO_Q_BACKUP_LOCK, in->id, &row);
	if (!r)
		r = check_idle(ctx, in->id, "a job is at work on this backup; cancel it first");
	if (r)
		return r;
	promo_param_text(&params, in->id);
	r = promo_store_exec(ctx->store, PROMO_Q_BACKUP_DELETE, &params, NULL);
	/* Where the commit fails it is listed without its file, and can be deleted again. */
	if (!r && row.path)
		promo_backup_unlink(ctx->config, row.path);
	return r;
}

/*
 * The file.
 */

struct download {
	int fd;
	struct promo_range range;
};

static int fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct download *download = context;
	char *piece = promo_arena_alloc(arena, PIECE_BYTES);
	int64_t at = download->range.first;
	int r = piece ? 0 : promo_fault(-ENOMEM, "could not read a backup");

	(void)store;
	while (!r && at <= download->range.last) {
		int64_t rest = download->range.last + 1 - at;
		ssize_t n = pread(
			download->fd, piece, rest < PIECE_BYTES ? (size_t)rest : PIECE_BYTES, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			r = promo_fault(-EIO, "a backup could not be read");
			break;
		}
		r = promo_stream_write(sink, piece, (size_t)n);
		at += n;
	}
	(void)close(download->fd);
	return r;
}

static int start(struct promo_ctx *ctx, int fd, const struct promo_range *range)
{
	struct promo_stream *stream;
	struct download *download;
	int r;

	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	download = promo_arena_alloc(promo_stream_arena(stream), sizeof(*download));
	if (!download) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not read a backup");
	}
	*download = (struct download){ .fd = fd, .range = *range };
	/* From here on fill() has it, which runs unless this fails. */
	return promo_stream_start(ctx, stream, fill, download);
}

static int open_file(struct promo_ctx *ctx, const struct promo_backup_file_row *row, int *ret)
{
	char path[PROMO_BACKUP_PATH_MAX];
	struct stat status;
	int fd;

	if (row->status != PROMO_BACKUP_SUCCEEDED || !row->path)
		return promo_ctx_refuse(ctx, PROMO_E_NOT_FOUND, "the backup has no file");
	(void)snprintf(path, sizeof(path), "%s/%s", ctx->config->backup.dir, row->path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size == row->size_bytes) {
		*ret = fd;
		return 0;
	}
	if (fd >= 0)
		(void)close(fd);
	return promo_ctx_refuse(ctx, PROMO_E_NOT_FOUND,
		"the file of the backup does not lie whole in the backup folder of this server");
}

int promo_backup_download(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_backup_file_row row;
	struct promo_range range;
	int fd = -1, r;

	r = find(ctx, PROMO_Q_BACKUP_WHERE, in->id, &row);
	if (!r)
		r = open_file(ctx, &row, &fd);
	if (r)
		return r;
	r = promo_file_range(ctx, row.sha256, row.size_bytes, &range);
	if (!r)
		r = start(ctx, fd, &range);
	if (r) {
		(void)close(fd);
		return r;
	}
	ctx->filename = row.path;
	ctx->stream_bytes = range.last - range.first + 1;
	return 0;
}

static int take_age(void *context, int columns, const char *const *values)
{
	int64_t *seconds = context;

	if (columns != 1 || !values[0])
		return promo_fault(-EPROTO, "the age of the last backup is none");
	*seconds = strtoll(values[0], NULL, 10);
	return 0;
}

int promo_backup_age(struct promo_store *store, struct promo_arena *arena, int64_t *ret)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	int64_t seconds = PROMO_NULL_INT;
	int r;

	r = promo_store_each(store, PROMO_Q_BACKUP_AGE, &none, take_age, &seconds);
	if (!r)
		*ret = seconds;
	return r;
}

int promo_backup_last(struct promo_store *store, struct promo_arena *arena, int64_t *ret)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_moment_row row;
	bool found;
	int r;

	r = promo_store_find(store, arena, PROMO_Q_BACKUP_LAST, &none, &row, &found);
	if (!r)
		*ret = found ? row.at : PROMO_NULL_INT;
	return r;
}
