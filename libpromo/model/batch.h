/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* Batches of codes, and the jobs that work on them. */

PROMO_BEGIN_DECLS

/* By effective status; together they are ready_codes. */
struct promo_batch_counts {
	int64_t active, redeemed, reported, expired, blocked;
};
extern const struct promo_schema promo_batch_counts_schema;

struct promo_batch {
	const char *id, *batch_name, *description;
	int64_t total_codes; /* what the batch has, or will have when its job ends */
	int64_t ready_codes; /* what exists now: codes with a higher serial do not, for anyone */
	int64_t amount_per_code;
	const char *currency;
	const char *expiration_date; /* in the shop's time zone; the whole day is good */
	int64_t expires_at;          /* the instant at which that day is over */
	const char *code_format;
	const struct promo_ref *assigned_user;
	int status; /* enum promo_batch_status, the effective one */
	const struct promo_batch_counts *counts;
	int64_t redeemed_amount;
	const char *job_id; /* of the job that is running */
	const struct promo_ref *created_by;
	int64_t created_at, updated_at, version;
};
extern const struct promo_schema promo_batch_schema;

struct promo_job_error {
	const char *code, *detail;
};
extern const struct promo_schema promo_job_error_schema;

struct promo_job {
	const char *id;
	int kind;   /* enum promo_job_kind */
	int status; /* enum promo_job_status */
	int64_t done, total;
	int64_t rate;        /* per second, while it runs; else PROMO_NULL_INT */
	int64_t eta_seconds; /* PROMO_NULL_INT when nobody knows */
	const char *batch_id;
	const struct promo_ref *created_by;
	int64_t created_at, started_at, finished_at;
	const struct promo_job_error *error;
	const char *result; /* JSON */
};
extern const struct promo_schema promo_job_schema;

/* The answer to work that goes on in the background. */
struct promo_job_answer {
	const struct promo_job *job;
};
extern const struct promo_schema promo_job_answer_schema;

PROMO_END_DECLS
