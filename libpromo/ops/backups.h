/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_backup.h"
#include "libpromo/ops/ctx.h"

/*
 * Backups. A job (backup_job.c) has pg_dump write the database as one snapshot sees it into a file of the
 * daemon's backup folder (backup_file.h); another restores such a file on trial, into a database of its own that
 * is dropped afterwards (backup_load.h), and compares. docs/decisions/0040 says why so.
 */

PROMO_BEGIN_DECLS

struct promo_job_worker;

enum {
	PROMO_BACKUP_NAME_SIZE = 80
};

int promo_backup_list(struct promo_ctx *ctx, const struct promo_backup_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_backup_create(struct promo_ctx *ctx, struct promo_job_answer *ret) PROMO_CHECK;
int promo_backup_download(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;
int promo_backup_verify(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_job_answer *ret) PROMO_CHECK;
int promo_backup_delete(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;

/* How long ago the last backup was made that succeeded, in seconds; PROMO_NULL_INT: there is none. For
 * /readyz and metrics. */
int promo_backup_age(
	struct promo_store *store, struct promo_arena *arena, int64_t *ret) PROMO_CHECK;
/* When that was, in milliseconds of UNIX time; PROMO_NULL_INT: there is none. */
int promo_backup_last(
	struct promo_store *store, struct promo_arena *arena, int64_t *ret) PROMO_CHECK;

/* From time to time, inside a transaction of the job engine: begins the backup that is due, if there is one. */
int promo_backup_begin_due(
	struct promo_job_worker *worker, const struct promo_settings *settings) PROMO_CHECK;
/* The same: forgets those that are kept no longer. Their files go once that is committed, by the other: a file
 * without a row can still be restored. */
int promo_backup_forget(struct promo_job_worker *worker, struct promo_objects *ret) PROMO_CHECK;
void promo_backup_unlink_all(
	struct promo_job_worker *worker, const struct promo_objects *forgotten);

/* In a database that was restored: lists the backups of the folder that it does not know of, or not that they were
 * made. They are kept until they are deleted. *ret_count: how many those are. */
int promo_backup_adopt(struct promo_store *store, const char *dir, struct promo_arena *arena,
	int64_t *ret_count) PROMO_CHECK;

/* The name of a backup's file. */
void promo_backup_name(const char *id, char ret[PROMO_BACKUP_NAME_SIZE]);
/* Takes a file of the backup folder away, also one that was begun; what is not there is not missed. */
void promo_backup_unlink(const struct promo_runner_config *config, const char *name);

PROMO_END_DECLS
