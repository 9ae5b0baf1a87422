/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows that only the server sees (see rows.h): what decides about searching and changing many. */

PROMO_BEGIN_DECLS

/* Codes by the stored totals. */
struct promo_tally_row {
	int64_t total, fitting; /* of all of them, those of the statuses asked for */
	bool own_ends;          /* some end before their batch does, which no total knows */
	int64_t unready;        /* beside them, of all batches: those that exist for nobody */
};
extern const struct promo_schema promo_tally_row_schema;

/* A code to be changed, locked. */
struct promo_code_lock_row {
	const char *id, *batch_id;
	int own_status; /* enum promo_code_status */
	bool tried;     /* somebody was refused with it, which stays on record */
};
extern const struct promo_schema promo_code_lock_row_schema;

/* A batch to be changed, locked. */
struct promo_batch_lock_row {
	const char *id, *batch_name;
	int status; /* enum promo_batch_status, as stored */
	int64_t expires_at, version;
	int64_t redeemed;   /* codes of it, ever, here or before they were imported */
	const char *job_id; /* that makes codes for it now */
};
extern const struct promo_schema promo_batch_lock_row_schema;

/* A code that is the next of many, and its place among them. */
struct promo_code_next_row {
	const char *id, *place;
	bool fits; /* it is one of them; if not, only its place counts */
};
extern const struct promo_schema promo_code_next_row_schema;

/* What a job of kind bulk has to do, and how far along the codes it is. */
struct promo_job_bulk_row {
	int action; /* enum promo_code_action */
	struct promo_texts status;
	const char *part; /* as LIKE takes it */
	int64_t created_after, created_before;
	bool whole_batch; /* of a batch that was deleted */
	const char *time_zone;
	int64_t last;        /* serial, where it works on one batch */
	const char *growing; /* else: the last of batches that got more, as JSON; NULL: none did */
	const char *after;   /* place of the last one that is done; NULL: none is */
	int64_t changed;
	int64_t chunk; /* the number of the next piece */
};
extern const struct promo_schema promo_job_bulk_row_schema;

PROMO_END_DECLS
