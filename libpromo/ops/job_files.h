/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/error.h"
#include "libpromo/store/store.h"

/*
 * Files of jobs, in the database (table job_files), so that any daemon can go on with any job and
 * serve what it made. A file is a row of parts, numbered from 1; all but the last one may be, but
 * need not be, of the greatest size. They are written and read inside the transaction of whoever
 * calls, and go with the retention of their job.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_JOB_FILE_PART_MAX = 1024 * 1024
};

/* Names of files. */
#define PROMO_JOB_FILE_REJECTS "rejects" /* what an import did not take */
#define PROMO_JOB_FILE_RESULT  "file"    /* what it was to make */

/* Appends part number `part`: 1 to PROMO_JOB_FILE_PART_MAX bytes. */
int promo_job_file_append(struct promo_store *store, const char *job_id, const char *name,
	int64_t part, const void *bytes, size_t size) PROMO_CHECK;
/* Reads one part into `buffer`, which has room for PROMO_JOB_FILE_PART_MAX bytes; *ret_size is 0
 * behind the last one. */
int promo_job_file_read(struct promo_store *store, const char *job_id, const char *name,
	int64_t part, void *buffer, size_t *ret_size) PROMO_CHECK;
/* How long it is in all; 0: there is none. */
int promo_job_file_size(struct promo_store *store, const char *job_id, const char *name,
	int64_t *ret_bytes) PROMO_CHECK;
/* Takes it away; NULL: all files of the job. */
int promo_job_file_drop(
	struct promo_store *store, const char *job_id, const char *name) PROMO_CHECK;

/* Reads one part like promo_job_file_read(), by a statement that gives it in hex: for files that stand
 * elsewhere. */
int promo_job_part_read(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, void *buffer, size_t *ret_size) PROMO_CHECK;

PROMO_END_DECLS
