/* SPDX-License-Identifier: MIT */
#include "libpromo/model/batch.h"

#define T struct promo_batch_counts
static const struct promo_field counts_fields[] = {
	PROMO_F_INT(T, active, 0, 0, 0, "can be redeemed"),
	PROMO_F_INT(T, redeemed, 0, 0, 0, "were redeemed"),
	PROMO_F_INT(T, reported, 0, 0, 0, "were redeemed and reported as a fraud"),
	PROMO_F_INT(T, expired, 0, 0, 0, "ended without a redemption"),
	PROMO_F_INT(T, blocked, 0, 0, 0, "are blocked, or their batch is"),
};
#undef T
const struct promo_schema promo_batch_counts_schema =
	PROMO_SCHEMA(struct promo_batch_counts, "batch_counts", counts_fields);

#define T struct promo_batch
static const struct promo_field batch_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the batch's id"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, PROMO_COLUMN, "name"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_NULLABLE, "description"),
	PROMO_F_INT(T, total_codes, 0, 0, PROMO_COLUMN, "codes it has or will have"),
	PROMO_F_INT(T, ready_codes, 0, 0, 0, "codes that exist now"),
	PROMO_F_MONEY(T, amount_per_code, 0, 0, PROMO_COLUMN, "what one code is worth"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, PROMO_COLUMN, "ISO 4217 code"),
	PROMO_F_TEXT(
		T, expiration_date, DATE, 0, 0, PROMO_COLUMN, "last day, in the shop's time zone"),
	PROMO_F_TIME(T, expires_at, 0, "the instant at which that day is over"),
	PROMO_F_TEXT(T, code_format, TEXT, 0, 0, 0, "pattern of its codes"),
	PROMO_F_OBJECT(T, assigned_user, struct promo_ref, promo_ref_schema,
		PROMO_COLUMN | PROMO_NULLABLE, "who it is assigned to"),
	PROMO_F_ENUM(T, status, promo_batch_status_words, PROMO_COLUMN, "status"),
	PROMO_F_OBJECT(T, counts, struct promo_batch_counts, promo_batch_counts_schema, 0,
		"its ready codes by status"),
	PROMO_F_MONEY(T, redeemed_amount, 0, 0, 0, "what was paid for it"),
	PROMO_F_TEXT(T, job_id, ID, 0, 0, PROMO_NULLABLE, "the job that works on it now"),
	PROMO_F_OBJECT(
		T, created_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE, "who made it"),
	PROMO_F_TIME(T, created_at, 0, "when it was made"),
	PROMO_F_TIME(T, updated_at, 0, "when it was last changed"),
	PROMO_F_INT(T, version, 0, 0, 0, "for If-Match"),
};
#undef T
const struct promo_schema promo_batch_schema =
	PROMO_SCHEMA(struct promo_batch, "batch", batch_fields);

#define T struct promo_job_error
static const struct promo_field job_error_fields[] = {
	PROMO_F_TEXT(T, code, TEXT, 0, 0, 0, "what went wrong, as a stable code"),
	PROMO_F_TEXT(T, detail, TEXT, 0, 0, PROMO_NULLABLE, "the particulars"),
};
#undef T
const struct promo_schema promo_job_error_schema =
	PROMO_SCHEMA(struct promo_job_error, "job_error", job_error_fields);

#define T struct promo_job
static const struct promo_field job_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the job's id"),
	PROMO_F_ENUM(T, kind, promo_job_kind_words, PROMO_COLUMN, "what it does"),
	PROMO_F_ENUM(T, status, promo_job_status_words, PROMO_COLUMN, "status"),
	PROMO_F_INT(T, done, 0, 0, PROMO_COLUMN, "how much is done"),
	PROMO_F_INT(T, total, 0, 0, PROMO_COLUMN, "of how much"),
	PROMO_F_INT(T, rate, 0, 0, PROMO_NULLABLE, "per second"),
	PROMO_F_INT(T, eta_seconds, 0, 0, PROMO_NULLABLE, "seconds until it ends, as it looks now"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_OMIT_NULL, "the batch it works on"),
	PROMO_F_OBJECT(T, created_by, struct promo_ref, promo_ref_schema,
		PROMO_COLUMN | PROMO_NULLABLE, "who started it"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was asked for"),
	PROMO_F_TIME(T, started_at, PROMO_NULLABLE, "when it began"),
	PROMO_F_TIME(T, finished_at, PROMO_NULLABLE, "when it ended"),
	PROMO_F_OBJECT(T, error, struct promo_job_error, promo_job_error_schema, PROMO_NULLABLE,
		"why it failed"),
	PROMO_F_TEXT(T, result, JSON, 0, 0, 0, "what came of it"),
};
#undef T
const struct promo_schema promo_job_schema = PROMO_SCHEMA(struct promo_job, "job", job_fields);

#define T struct promo_job_answer
static const struct promo_field job_answer_fields[] = {
	PROMO_F_OBJECT(T, job, struct promo_job, promo_job_schema, 0, "the job"),
};
#undef T
const struct promo_schema promo_job_answer_schema =
	PROMO_SCHEMA(struct promo_job_answer, "job_answer", job_answer_fields);
