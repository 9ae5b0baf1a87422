/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/random.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/copy_rows.h"
#include "libpromo/rules/code.h"

/*
 * New codes in memory. A run is some hundred thousands of them, drawn at once and sorted, eight bytes
 * each; a chunk is the next piece of a run and one transaction. So a job fills the unique index on
 * codes from its left to its right once in a run, and not once in a chunk. Serials are printed, and
 * must not tell where in its run a code stands: they are a permutation of the run's positions that
 * follows from a key of the job, so that whoever goes on with a run numbers it as it was begun.
 * docs/decisions/0024 says why.
 */

PROMO_BEGIN_DECLS

struct promo_job_worker;
struct promo_params;

enum {
	PROMO_CHUNK_MAX = 50000,
	PROMO_RUN_MAX = 500000, /* a multiple of it */
};

/* Where codes lie in their job: what stays the same whoever works on it. */
struct promo_run_plan {
	unsigned char key[PROMO_RANDOM_KEY_BYTES];
	int64_t total;        /* codes of the job */
	int64_t length;       /* of a run */
	int64_t first_serial; /* of the job */
};

/* What a new job is given: its key, in hex, and the length of its runs. */
void promo_run_params(struct promo_params *params);
/* The plan of a job, from what it was given; a job of an older version, which was given none, has runs
 * of one chunk. */
int promo_run_plan(const char *key, int64_t length, int64_t total, int64_t first_serial,
	struct promo_run_plan *ret) PROMO_CHECK;

/* Positions count from 0 in the job. */
struct promo_run {
	int64_t first, end; /* of the run; the first of all is one chunk, to begin at once */
	int64_t from;       /* the first one that has a code */
	uint64_t *drawn;    /* from `from` on, sorted, each once; NULL: the pattern holds too few */
	int32_t *serials;   /* from `first` on, shuffled */
};

/* The run that the code at `position` is in, with codes from there on. For promo_run_free(). */
int promo_run_new(const struct promo_run_plan *plan, int64_t position,
	const struct promo_code_pattern *pattern, const struct promo_random *random,
	struct promo_run **ret) PROMO_CHECK;
/* The same without codes. */
int promo_run_new_serials(
	const struct promo_run_plan *plan, int64_t position, struct promo_run **ret) PROMO_CHECK;
void promo_run_free(void *run); /* NULL is fine */
/* How many codes the chunk at `position`, which is in the run, has. */
int64_t promo_chunk_count(const struct promo_run *run, int64_t position);
/* The serials of a chunk, in the run. */
const int32_t *promo_chunk_serials(const struct promo_run *run, int64_t position);

/* What is the same for all codes of a chunk. */
struct promo_chunk_form {
	const struct promo_code_pattern *pattern;
	const struct promo_random *random;
	const char *date, *batch_id;
	int64_t amount_minor;
};

/* A chunk on its way to the database, in the order of serials, by one COPY or by several. */
struct promo_chunk {
	const struct promo_chunk_form *form;
	unsigned char batch[PROMO_UUID_BYTES];
	struct promo_chunk_row *rows;
	size_t count, written;
	struct promo_copy_rows copy;
};

/* The chunk at `position` of the run; in the worker's arena. The form outlives it. */
int promo_chunk_begin(const struct promo_run *run, int64_t position,
	const struct promo_chunk_form *form, struct promo_job_worker *worker,
	struct promo_chunk *ret) PROMO_CHECK;
/* Writes rows into the COPY that was just begun: id, code, batch_id, serial, amount. All that are left,
 * or fewer where the counters are to go first (pace.h): then another COPY is to follow. *ret_cut: the job is
 * unwanted, and it stopped. */
int promo_chunk_write(
	struct promo_chunk *chunk, struct promo_job_worker *worker, bool *ret_cut) PROMO_CHECK;

PROMO_END_DECLS
