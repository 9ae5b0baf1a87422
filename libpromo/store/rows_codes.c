/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_codes.h"

#define T struct promo_id_row
static const struct promo_field id_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the id"),
};
#undef T
const struct promo_schema promo_id_row_schema = PROMO_SCHEMA(struct promo_id_row, "id", id_fields);

#define T struct promo_batch_day_row
static const struct promo_field batch_day[] = {
	PROMO_F_TEXT(T, day, DATE, 0, 0, 0, "the day"),
	PROMO_F_BOOL(T, past, 0, "whether it is over"),
	PROMO_F_BOOL(T, beyond, 0, "whether its end cannot be shown"),
};
#undef T
const struct promo_schema promo_batch_day_row_schema =
	PROMO_SCHEMA(struct promo_batch_day_row, "batch_day", batch_day);

#define T struct promo_day_range_row
static const struct promo_field day_range[] = {
	PROMO_F_TIME(T, begins_at, PROMO_NULLABLE, "when the first day begins"),
	PROMO_F_TIME(T, ends_at, PROMO_NULLABLE, "when the last day is over"),
};
#undef T
const struct promo_schema promo_day_range_row_schema =
	PROMO_SCHEMA(struct promo_day_range_row, "day_range", day_range);

#define T struct promo_batch_codes_row
static const struct promo_field batch_codes[] = {
	PROMO_F_INT(T, ready_codes, 0, 0, 0, "how many exist for people"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "the batch's name"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, 0, "ISO 4217 code"),
	PROMO_F_ENUM(T, status, promo_batch_status_words, 0, "the batch's status, as stored"),
	PROMO_F_TIME(T, expiration_date, 0, "the batch's end"),
	PROMO_F_TIME(T, now, 0, "when all of this is looked at"),
};
#undef T
const struct promo_schema promo_batch_codes_row_schema =
	PROMO_SCHEMA(struct promo_batch_codes_row, "batch_codes", batch_codes);

#define T struct promo_batch_export_row
static const struct promo_field batch_export[] = {
	PROMO_F_TEXT(T, filename, TEXT, 0, 0, 0, "what the file is called"),
};
#undef T
const struct promo_schema promo_batch_export_row_schema =
	PROMO_SCHEMA(struct promo_batch_export_row, "batch_export", batch_export);

#define T struct promo_batch_print_row
static const struct promo_field batch_print[] = {
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "the batch's name"),
	PROMO_F_TEXT(T, filename, TEXT, 0, 0, 0, "what the file is called"),
	PROMO_F_TEXT(T, made_on, DATE, 0, 0, 0, "today"),
};
#undef T
const struct promo_schema promo_batch_print_row_schema =
	PROMO_SCHEMA(struct promo_batch_print_row, "batch_print", batch_print);

#define T struct promo_code_found
static const struct promo_field code_found[] = {
	PROMO_F_INT(T, ord, 0, 0, 0, "which of those that were looked for"),
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, code, CODE, 0, 0, 0, "the code"),
	PROMO_F_ENUM(T, own_status, promo_code_status_words, 0, "status without batch and clock"),
	PROMO_F_MONEY(T, amount, 0, 0, 0, "what it is worth"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, 0, "ISO 4217 code"),
	PROMO_F_TIME(T, expires_at, PROMO_NULLABLE, "its own end"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, 0, "its batch"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "the batch's name"),
	PROMO_F_ENUM(T, batch_status, promo_batch_status_words, 0, "the batch's status, as stored"),
	PROMO_F_INT(T, batch_version, 0, 0, 0, "the batch's version"),
	PROMO_F_TIME(T, batch_expires_at, 0, "the batch's end"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_NULLABLE, "who the batch is assigned to"),
	PROMO_F_OBJECT(T, redemption, struct promo_verified_redemption,
		promo_verified_redemption_schema, PROMO_NULLABLE, "its redemption"),
	PROMO_F_OBJECT(T, report, struct promo_verified_report, promo_verified_report_schema,
		PROMO_NULLABLE, "its open case"),
};
#undef T
const struct promo_schema promo_code_found_schema =
	PROMO_SCHEMA(struct promo_code_found, "code_found", code_found);

#define T struct promo_key_found
static const struct promo_field key_found[] = {
	PROMO_F_INT(T, ord, 0, 0, 0, "which of the keys"),
	PROMO_F_OBJECT(T, redemption, struct promo_redemption, promo_redemption_schema, 0,
		"what it is bound to"),
};
#undef T
const struct promo_schema promo_key_found_schema =
	PROMO_SCHEMA(struct promo_key_found, "key_found", key_found);

#define T struct promo_customer_found
static const struct promo_field customer_found[] = {
	PROMO_F_INT(T, ord, 0, 0, 0, "which of the numbers"),
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the customer's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "last name"),
};
#undef T
const struct promo_schema promo_customer_found_schema =
	PROMO_SCHEMA(struct promo_customer_found, "customer_found", customer_found);

#define T struct promo_redeemed_row
static const struct promo_field redeemed[] = {
	PROMO_F_INT(T, ord, 0, 0, 0, "which of those that were to be"),
	PROMO_F_TIME(T, at, 0, "when it was redeemed"),
	PROMO_F_TEXT(T, customer_id, ID, 0, 0, 0, "the customer"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "last name"),
};
#undef T
const struct promo_schema promo_redeemed_row_schema =
	PROMO_SCHEMA(struct promo_redeemed_row, "redeemed", redeemed);

#define T struct promo_serial_row
static const struct promo_field serial_fields[] = {
	PROMO_F_INT(T, serial, 0, 0, 0, "number of a code in its batch"),
};
#undef T
const struct promo_schema promo_serial_row_schema =
	PROMO_SCHEMA(struct promo_serial_row, "code_serial", serial_fields);

#define T struct promo_fraud_note_row
static const struct promo_field fraud_note[] = {
	PROMO_F_TEXT(T, fraud_report_id, ID, 0, 0, 0, "the case"),
	PROMO_F_OBJECT(T, note, struct promo_fraud_note, promo_fraud_note_schema, 0, "the note"),
};
#undef T
const struct promo_schema promo_fraud_note_row_schema =
	PROMO_SCHEMA(struct promo_fraud_note_row, "fraud_note_row", fraud_note);

#define T struct promo_fraud_lock_row
static const struct promo_field fraud_lock[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the case"),
	PROMO_F_ENUM(T, status, promo_fraud_status_words, 0, "its status"),
};
#undef T
const struct promo_schema promo_fraud_lock_row_schema =
	PROMO_SCHEMA(struct promo_fraud_lock_row, "fraud_lock", fraud_lock);

#define T struct promo_job_state_row
static const struct promo_field job_state[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the job"),
	PROMO_F_ENUM(T, kind, promo_job_kind_words, 0, "what it does"),
	PROMO_F_ENUM(T, status, promo_job_status_words, 0, "its status"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_NULLABLE, "its batch"),
};
#undef T
const struct promo_schema promo_job_state_row_schema =
	PROMO_SCHEMA(struct promo_job_state_row, "job_state", job_state);

#define T struct promo_job_stuck_row
static const struct promo_field job_stuck[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the job"),
	PROMO_F_INT(T, backend, 0, 0, 0, "the process of the server"),
	PROMO_F_TIME(T, since, 0, "when its transaction began"),
	PROMO_F_INT(T, bytes, 0, 0, 0, "what came of its COPY"),
};
#undef T
const struct promo_schema promo_job_stuck_row_schema =
	PROMO_SCHEMA(struct promo_job_stuck_row, "job_stuck", job_stuck);

#define T struct promo_job_work_row
static const struct promo_field job_work[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the job"),
	PROMO_F_ENUM(T, kind, promo_job_kind_words, 0, "what it does"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_NULLABLE, "its batch"),
	PROMO_F_INT(T, fence, 0, 0, 0, "the number of the claim"),
	PROMO_F_INT(T, attempts, 0, 0, 0, "claims since it last got on"),
};
#undef T
const struct promo_schema promo_job_work_row_schema =
	PROMO_SCHEMA(struct promo_job_work_row, "job_work", job_work);

#define T struct promo_job_stand_row
static const struct promo_field job_stand[] = {
	PROMO_F_INT(T, done, 0, 0, 0, "how much of it is committed"),
	PROMO_F_INT(T, total, 0, 0, 0, "how much there is to do"),
	PROMO_F_BOOL(T, cancel_requested, 0, "whether it is to be taken back"),
	PROMO_F_TEXT(T, error_code, TEXT, 0, 0, PROMO_NULLABLE, "why it failed"),
	PROMO_F_BOOL(T, maintenance, 0, "whether maintenance mode is on"),
};
#undef T
const struct promo_schema promo_job_stand_row_schema =
	PROMO_SCHEMA(struct promo_job_stand_row, "job_stand", job_stand);

#define T struct promo_batch_space_row
static const struct promo_field batch_space[] = {
	PROMO_F_INT(T, last_serial, 0, 0, 0, "the highest serial that was given out"),
	PROMO_F_BOOL(T, whole, 0, "whether all of them are there"),
};
#undef T
const struct promo_schema promo_batch_space_row_schema =
	PROMO_SCHEMA(struct promo_batch_space_row, "batch_space", batch_space);

#define T struct promo_export_job_row
static const struct promo_field export_job_fields[] = {
	PROMO_F_TEXTS(T, status, 0, 0, &promo_code_status_words, 0, "only codes of these statuses"),
	PROMO_F_BOOL(T, redemptions, 0, "with who redeemed what"),
	PROMO_F_BOOL(T, qr, 0, "with QR codes"),
};
#undef T
const struct promo_schema promo_export_job_row_schema =
	PROMO_SCHEMA(struct promo_export_job_row, "export_job", export_job_fields);

#define T struct promo_job_file_end_row
static const struct promo_field job_file_end_fields[] = {
	PROMO_F_INT(T, parts, 0, 0, 0, "how many parts"),
	PROMO_F_INT(T, bytes, 0, 0, 0, "how many bytes"),
};
#undef T
const struct promo_schema promo_job_file_end_row_schema =
	PROMO_SCHEMA(struct promo_job_file_end_row, "job_file_end", job_file_end_fields);

#define T struct promo_made_file_row
static const struct promo_field made_file_fields[] = {
	PROMO_F_ENUM(T, kind, promo_job_kind_words, 0, "kind of the job"),
	PROMO_F_TEXT(T, filename, TEXT, 0, 0, PROMO_NULLABLE, "what it is called"),
	PROMO_F_INT(T, bytes, 0, 0, 0, "how long it is"),
	PROMO_F_TEXT(T, sha256, TEXT, 0, 0, PROMO_NULLABLE, "its hash"),
};
#undef T
const struct promo_schema promo_made_file_row_schema =
	PROMO_SCHEMA(struct promo_made_file_row, "made_file", made_file_fields);

#define T struct promo_generate_row
static const struct promo_field generate_fields[] = {
	PROMO_F_INT(T, first_serial, 0, 0, 0, "serial of its first code"),
	PROMO_F_INT(T, total, 0, 0, 0, "how many codes"),
	PROMO_F_BOOL(T, made_batch, 0, "whether the batch was made for it"),
	PROMO_F_BOOL(T, revives, 0, "whether the batch had nothing left before"),
	PROMO_F_TEXT(T, key, TEXT, 0, 0, PROMO_NULLABLE, "what its serials' order follows from"),
	PROMO_F_INT(T, run, 0, 0, 0, "codes that are drawn at once"),
	PROMO_F_MONEY(T, amount_per_code, 0, 0, 0, "what one code is worth"),
	PROMO_F_TEXT(T, code_format, TEXT, 0, 0, 0, "the pattern of its codes"),
	PROMO_F_TEXT(T, day, DATE, 0, 0, 0, "today in the shop"),
};
#undef T
const struct promo_schema promo_generate_row_schema =
	PROMO_SCHEMA(struct promo_generate_row, "generate", generate_fields);
