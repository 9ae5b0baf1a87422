/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_tell.h"

#include "libpromo/model/alert.h"
#include "libpromo/model/words.h"

#define T struct promo_job_told_row
static const struct promo_field job_told_row_fields[] = {
	PROMO_F_ENUM(T, kind, promo_job_kind_words, 0, "what it does"),
	PROMO_F_ENUM(T, status, promo_job_status_words, 0, "how it ended"),
	PROMO_F_TEXT(T, created_by, ID, 0, 0, PROMO_NULLABLE, "who started it"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_NULLABLE, "its batch"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, PROMO_NULLABLE, "the name of that"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_NULLABLE, "whose batch it is"),
	PROMO_F_INT(T, ready_codes, 0, 0, PROMO_NULLABLE, "how many codes the batch has"),
	PROMO_F_TEXT(T, error_detail, TEXT, 0, 0, PROMO_NULLABLE, "why it failed"),
	PROMO_F_INT(T, done, 0, 0, 0, "how much was done"),
	PROMO_F_INT(T, total, 0, 0, 0, "of how much"),
	PROMO_F_BOOL(T, dry_run, 0, "whether it was to change nothing"),
	PROMO_F_INT(T, accepted, 0, 0, PROMO_NULLABLE, "how many codes an import took"),
};
#undef T
const struct promo_schema promo_job_told_row_schema =
	PROMO_SCHEMA(struct promo_job_told_row, "job_told", job_told_row_fields);

#define T struct promo_batch_soon_row
static const struct promo_field batch_soon_row_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the batch"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "its name"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_NULLABLE, "whose it is"),
	PROMO_F_TEXT(T, day, DATE, 0, 0, 0, "its last good day"),
	PROMO_F_INT(T, active, 0, 0, 0, "how many of its codes are active"),
};
#undef T
const struct promo_schema promo_batch_soon_row_schema =
	PROMO_SCHEMA(struct promo_batch_soon_row, "batch_soon", batch_soon_row_fields);

#define T struct promo_alert_raised_row
static const struct promo_field alert_raised_row_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the alert"),
	PROMO_F_INT(T, count, 0, 0, 0, "how often it was raised"),
	PROMO_F_BOOL(T, is_new, 0, "whether it was not there before"),
};
#undef T
const struct promo_schema promo_alert_raised_row_schema =
	PROMO_SCHEMA(struct promo_alert_raised_row, "alert_raised", alert_raised_row_fields);

#define T struct promo_alert_stand_row
static const struct promo_field alert_stand_row_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the alert"),
	PROMO_F_ENUM(T, kind, promo_alert_kind_words, 0, "what it is about"),
	PROMO_F_ENUM(T, status, promo_alert_status_words, 0, "where it stands"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, 0, "in one line"),
};
#undef T
const struct promo_schema promo_alert_stand_row_schema =
	PROMO_SCHEMA(struct promo_alert_stand_row, "alert_stand", alert_stand_row_fields);

#define T struct promo_alert_watch_row
static const struct promo_field alert_watch_row_fields[] = {
	PROMO_F_TEXT(T, position, TEXT, 0, 0, PROMO_NULLABLE, "up to where the trail was read"),
	PROMO_F_BOOL(T, is_free, 0, "whether who asks may watch"),
	PROMO_F_BOOL(T, is_due, 0, "whether there is something to follow up"),
};
#undef T
const struct promo_schema promo_alert_watch_row_schema =
	PROMO_SCHEMA(struct promo_alert_watch_row, "alert_watch", alert_watch_row_fields);

#define T struct promo_alert_fresh_row
static const struct promo_field alert_fresh_row_fields[] = {
	PROMO_F_ENUM(T, kind, promo_alert_kind_words, 0, "what it may be"),
	PROMO_F_TEXT(T, subject, ID, 0, 0, 0, "whom it concerns"),
	PROMO_F_INT(T, count, 0, 0, 0, "how often it happened"),
	PROMO_F_TIME(T, first_at, 0, "first"),
	PROMO_F_TIME(T, last_at, 0, "last"),
};
#undef T
const struct promo_schema promo_alert_fresh_row_schema =
	PROMO_SCHEMA(struct promo_alert_fresh_row, "alert_fresh", alert_fresh_row_fields);

#define T struct promo_alert_hit_row
static const struct promo_field alert_hit_row_fields[] = {
	PROMO_F_TEXT(T, subject, ID, 0, 0, 0, "whom it concerns"),
	PROMO_F_INT(T, count, 0, 0, 0, "how much was counted"),
	PROMO_F_TIME(T, first_at, 0, "from when"),
	PROMO_F_TIME(T, last_at, 0, "to when"),
	PROMO_F_INT(T, fired, 0, 0, 0, "how often the limit was reached"),
	PROMO_F_TEXTS(T, ids, 0, 0, NULL, 0, "what was counted, the last few"),
};
#undef T
const struct promo_schema promo_alert_hit_row_schema =
	PROMO_SCHEMA(struct promo_alert_hit_row, "alert_hit", alert_hit_row_fields);

#define T struct promo_alert_step_row
static const struct promo_field alert_step_row_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the alert"),
	PROMO_F_ENUM(T, kind, promo_alert_kind_words, 0, "what it is about"),
	PROMO_F_ENUM(T, severity, promo_alert_severity_words, 0, "how bad it is"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, 0, "in one line"),
	PROMO_F_INT(T, step, 0, 0, 0, "how many steps it went up"),
	PROMO_F_INT(T, minutes, 0, 0, 0, "since it happened first"),
	PROMO_F_TEXT(T, recipient, TEXT, 0, 0, PROMO_NULLABLE, "whose turn it is"),
};
#undef T
const struct promo_schema promo_alert_step_row_schema =
	PROMO_SCHEMA(struct promo_alert_step_row, "alert_step", alert_step_row_fields);
