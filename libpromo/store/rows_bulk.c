/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_bulk.h"

#include "libpromo/model/words.h"

#define T struct promo_tally_row
static const struct promo_field tally[] = {
	PROMO_F_INT(T, total, 0, 0, 0, "codes"),
	PROMO_F_INT(T, fitting, 0, 0, 0, "of the statuses asked for"),
	PROMO_F_BOOL(T, own_ends, 0, "whether some have an end of their own"),
	PROMO_F_INT(T, unready, 0, 0, 0, "codes that exist for nobody"),
};
#undef T
const struct promo_schema promo_tally_row_schema =
	PROMO_SCHEMA(struct promo_tally_row, "tally", tally);

#define T struct promo_code_lock_row
static const struct promo_field code_lock[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, 0, "its batch"),
	PROMO_F_ENUM(T, own_status, promo_code_status_words, 0, "status without batch and clock"),
	PROMO_F_BOOL(T, tried, 0, "whether an attempt to redeem it is on record"),
};
#undef T
const struct promo_schema promo_code_lock_row_schema =
	PROMO_SCHEMA(struct promo_code_lock_row, "code_lock", code_lock);

#define T struct promo_batch_lock_row
static const struct promo_field batch_lock[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the batch's id"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "its name"),
	PROMO_F_ENUM(T, status, promo_batch_status_words, 0, "status as stored"),
	PROMO_F_TIME(T, expires_at, 0, "when it ends"),
	PROMO_F_INT(T, version, 0, 0, 0, "for compare-and-set"),
	PROMO_F_INT(T, redeemed, 0, 0, 0, "codes of it that were ever redeemed"),
	PROMO_F_TEXT(T, job_id, ID, 0, 0, PROMO_NULLABLE, "the job that makes codes for it"),
};
#undef T
const struct promo_schema promo_batch_lock_row_schema =
	PROMO_SCHEMA(struct promo_batch_lock_row, "batch_lock", batch_lock);

#define T struct promo_code_next_row
static const struct promo_field code_next[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, place, TEXT, 0, 0, 0, "its place in the order of the job"),
	PROMO_F_BOOL(T, fits, 0, "whether it is one of them"),
};
#undef T
const struct promo_schema promo_code_next_row_schema =
	PROMO_SCHEMA(struct promo_code_next_row, "code_next", code_next);

#define T struct promo_job_bulk_row
static const struct promo_field job_bulk[] = {
	PROMO_F_ENUM(T, action, promo_code_action_words, 0, "what is done to the codes"),
	PROMO_F_TEXTS(
		T, status, 0, 0, NULL, 0, "their effective statuses, any where there are none"),
	PROMO_F_TEXT(T, part, TEXT, 0, 0, PROMO_NULLABLE, "a part of them"),
	PROMO_F_TIME(T, created_after, PROMO_NULLABLE, "generated at or after"),
	PROMO_F_TIME(T, created_before, PROMO_NULLABLE, "generated before"),
	PROMO_F_BOOL(T, whole_batch, 0, "whether they are those of a batch that was deleted"),
	PROMO_F_TEXT(T, time_zone, TEXT, 0, 0, 0, "of the shop"),
	PROMO_F_INT(T, last, 0, 0, 0, "the last serial"),
	PROMO_F_TEXT(T, growing, TEXT, 0, 0, PROMO_NULLABLE, "last serials, of other batches"),
	PROMO_F_TEXT(T, after, TEXT, 0, 0, PROMO_NULLABLE, "place of the last one that is done"),
	PROMO_F_INT(T, changed, 0, 0, 0, "how many were changed"),
	PROMO_F_INT(T, chunk, 0, 0, 0, "the number of the next piece"),
};
#undef T
const struct promo_schema promo_job_bulk_row_schema =
	PROMO_SCHEMA(struct promo_job_bulk_row, "job_bulk", job_bulk);
