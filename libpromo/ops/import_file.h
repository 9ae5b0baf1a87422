/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/csv_read.h"
#include "libpromo/ops/worker.h"
#include "libpromo/rules/import.h"
#include "libpromo/store/rows_imports.h"

/*
 * One import while a step works on it: what it was told, its file in the database, and the chunk of
 * rows in hand. import_job.c decides what a step does, import_file.c reads the file and writes down
 * what was not taken, import_chunk.c finds what exists already and stores the codes. Not installed.
 */

enum {
	PROMO_IMPORT_CHUNK = 50000, /* rows of a step */
	PROMO_IMPORT_DAYS = 12 * 31,
};

/* A row that may be taken. */
struct promo_import_item {
	struct promo_import_code code;
	int64_t line;
	int32_t serial;
	enum promo_import_reason reason; /* not FINE: it turned out not to be */
};

struct promo_import_reject {
	int64_t line;
	enum promo_import_reason reason;
};

struct promo_import {
	struct promo_job_worker *worker;
	const struct promo_job_work_row *job;
	struct promo_import_row row;
	struct promo_code_pattern pattern;
	struct promo_import_target target;
	struct promo_csv_dialect dialect;
	struct promo_import_header header;
	/* The part of the file that was read last. */
	unsigned char *part;
	size_t part_size;
	int64_t part_number; /* 0: none */
	/* The chunk, in the worker's scratch; rejects by line once they are written down. */
	struct promo_import_item *items;
	struct promo_import_reject *rejects;
	size_t count, reject_count;
	int64_t rows;            /* that were read */
	int64_t next, next_line; /* behind them */
	/* When the days end that were asked for, each in the place of its day of the year. */
	struct promo_import_day {
		char day[11];
		int64_t ends_at;
	} days[PROMO_IMPORT_DAYS];
};

/* Reads what the import was told and the beginning of its file; *ret_found is false where its batch is
 * gone. */
int promo_import_open(struct promo_import *import, struct promo_job_worker *worker,
	const struct promo_job_work_row *job, bool *ret_found) PROMO_CHECK;

/* Reads what kind of file it is and its first row: before any other row. */
int promo_import_read_head(struct promo_import *import) PROMO_CHECK;

/* Reads the next chunk: every row becomes an item or a reject. */
int promo_import_read(struct promo_import *import) PROMO_CHECK;

/* Makes items that were found not to be any into rejects. */
void promo_import_sift(struct promo_import *import);

/* Appends the rejects of the chunk to the file of rejects. */
int promo_import_keep_rejects(struct promo_import *import) PROMO_CHECK;

/* The first row of that file. */
struct promo_buffer;
void promo_import_rejects_header(struct promo_buffer *out);

/* Finds the items of the chunk that stand in it twice, and with `look` those that exist already. */
int promo_import_find_twice(struct promo_import *import) PROMO_CHECK;
int promo_import_find_taken(struct promo_import *import) PROMO_CHECK;
/* A dry run: finds what came before, and remembers the rest. */
int promo_import_remember(struct promo_import *import) PROMO_CHECK;

/* Stores the items, with serials in the order of the file; both results are false before. *ret_taken: one
 * exists already, and the transaction is spoilt. *ret_cut: it was interrupted, and is to be rolled back. */
int promo_import_store(struct promo_import *import, bool *ret_taken, bool *ret_cut) PROMO_CHECK;
