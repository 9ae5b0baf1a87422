/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/code.h"
#include "libpromo/model/words.h"

/* Rows that only the server sees (see rows.h): what decides about batches, codes and reports, and
 * what the job engine works by. */

PROMO_BEGIN_DECLS

/* A thing that was looked for and is there. */
struct promo_id_row {
	const char *id;
};
extern const struct promo_schema promo_id_row_schema;

/* The last day of a batch, as it was asked for. */
struct promo_batch_day_row {
	const char *day;
	bool past;   /* it is over in the shop's time zone */
	bool beyond; /* its end has no form in RFC 3339 */
};
extern const struct promo_schema promo_batch_day_row_schema;

/* Days of the shop as instants: when the first begins and when the last is over; 0: no such end. */
struct promo_day_range_row {
	int64_t begins_at, ends_at;
};
extern const struct promo_schema promo_day_range_row_schema;

/* What is the same for all codes of a batch. */
struct promo_batch_codes_row {
	int64_t ready_codes;
	const char *batch_name, *currency;
	int status; /* enum promo_batch_status, as stored */
	int64_t expiration_date, now;
};
extern const struct promo_schema promo_batch_codes_row_schema;

struct promo_batch_export_row {
	const char *filename;
};
extern const struct promo_schema promo_batch_export_row_schema;

struct promo_batch_print_row {
	const char *batch_name, *filename;
	const char *made_on; /* YYYY-MM-DD: today */
};
extern const struct promo_schema promo_batch_print_row_schema;

/* What decides about a code that somebody brings, and what is told of one that was redeemed. */
struct promo_code_found {
	int64_t ord; /* which of those that were looked for, from 1 */
	const char *id, *code;
	int own_status; /* enum promo_code_status */
	int64_t amount;
	const char *currency;
	int64_t expires_at; /* the code's own end, 0: only that of the batch counts */
	const char *batch_id, *batch_name;
	int batch_status; /* enum promo_batch_status, as stored */
	int64_t batch_version, batch_expires_at;
	const char *assigned_user_id;
	const struct promo_verified_redemption *redemption; /* NULL: none, or imported as used */
	const struct promo_verified_report *report;         /* the open case */
};
extern const struct promo_schema promo_code_found_schema;

/* What an idempotency key is bound to. */
struct promo_key_found {
	int64_t ord; /* which of the keys, from 1 */
	const struct promo_redemption *redemption;
};
extern const struct promo_schema promo_key_found_schema;

/* A customer by his phone number. */
struct promo_customer_found {
	int64_t ord; /* which of the numbers, from 1 */
	const char *id, *first_name, *last_name;
};
extern const struct promo_schema promo_customer_found_schema;

/* A code that was redeemed just now. */
struct promo_redeemed_row {
	int64_t ord; /* which of those that were to be, from 1 */
	int64_t at;
	const char *customer_id, *first_name, *last_name;
};
extern const struct promo_schema promo_redeemed_row_schema;

struct promo_serial_row {
	int64_t serial;
};
extern const struct promo_schema promo_serial_row_schema;

/* A note and the case it belongs to. */
struct promo_fraud_note_row {
	const char *fraud_report_id;
	const struct promo_fraud_note *note;
};
extern const struct promo_schema promo_fraud_note_row_schema;

/* A case to be moved on, locked. */
struct promo_fraud_lock_row {
	const char *id;
	int status; /* enum promo_fraud_status */
};
extern const struct promo_schema promo_fraud_lock_row_schema;

/* A job to be cancelled. */
struct promo_job_state_row {
	const char *id;
	int kind;   /* enum promo_job_kind */
	int status; /* enum promo_job_status */
	const char *batch_id;
};
extern const struct promo_schema promo_job_state_row_schema;

/* A job whose worker may not go on. */
struct promo_job_stuck_row {
	const char *id;
	int64_t backend; /* the server's process */
	int64_t since;   /* when its transaction began */
	int64_t bytes;   /* what came of its COPY */
};
extern const struct promo_schema promo_job_stuck_row_schema;

/* A job that a worker has claimed. */
struct promo_job_work_row {
	const char *id;
	int kind;             /* enum promo_job_kind */
	const char *batch_id; /* NULL: it is about no batch */
	int64_t fence;        /* every write of this worker compares it */
	int64_t attempts;
};
extern const struct promo_schema promo_job_work_row_schema;

/* Where a job stands before its next piece of work. */
struct promo_job_stand_row {
	int64_t done, total;
	bool cancel_requested;
	const char *error_code; /* it failed, and takes back what it did */
	bool maintenance;       /* the mode is on: most kinds rest */
};
extern const struct promo_schema promo_job_stand_row_schema;

/* Serials of a batch. */
struct promo_batch_space_row {
	int64_t last_serial; /* the highest that was given out, also to what is not there yet */
	bool whole;          /* all of them are there */
};
extern const struct promo_schema promo_batch_space_row_schema;

/* What a job that makes a file of a batch's codes works by. */
struct promo_export_job_row {
	struct promo_texts status; /* none: all */
	bool redemptions, qr;
};
extern const struct promo_schema promo_export_job_row_schema;

/* How long a file of a job is so far. */
struct promo_job_file_end_row {
	int64_t parts, bytes;
};
extern const struct promo_schema promo_job_file_end_row_schema;

/* The file that a job has made. */
struct promo_made_file_row {
	int kind;             /* enum promo_job_kind */
	const char *filename; /* NULL: none */
	int64_t bytes;
	const char *sha256; /* of it, hex; NULL: none */
};
extern const struct promo_schema promo_made_file_row_schema;

/* What generation has to know of its job and its batch. */
struct promo_generate_row {
	int64_t first_serial, total;
	bool made_batch; /* the batch goes with the job if it does not come to its end */
	bool revives;    /* the batch is archived because nothing was left of it */
	const char
		*key; /* what the order of its serials follows from; null in jobs of before 0.2 */
	int64_t run;  /* codes that are drawn at once, 0 likewise */
	int64_t amount_per_code;
	const char *code_format;
	const char *day; /* today in the shop's time zone */
};
extern const struct promo_schema promo_generate_row_schema;

PROMO_END_DECLS
