/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows of what people and programs are told of; see rows.h. */

PROMO_BEGIN_DECLS

/* A job that has ended. */
struct promo_job_told_row {
	int kind;               /* enum promo_job_kind */
	int status;             /* enum promo_job_status */
	const char *created_by; /* NULL: nobody */
	/* NULL where the job is about no batch, or its batch is gone; so is what follows. */
	const char *batch_id, *batch_name, *assigned_user_id;
	int64_t ready_codes;
	const char *error_detail;
	int64_t done, total;
	bool dry_run;
	int64_t accepted; /* of an import: codes */
};
extern const struct promo_schema promo_job_told_row_schema;

/* A batch that ends soon. */
struct promo_batch_soon_row {
	const char *id, *batch_name, *assigned_user_id;
	const char *day; /* the last good one */
	int64_t active;  /* codes */
};
extern const struct promo_schema promo_batch_soon_row_schema;

/* An alert that was raised. */
struct promo_alert_raised_row {
	const char *id;
	int64_t count;
	bool is_new; /* else it was there already and happened again */
};
extern const struct promo_schema promo_alert_raised_row_schema;

/* Where an alert stands. */
struct promo_alert_stand_row {
	const char *id, *title;
	int kind;   /* enum promo_alert_kind */
	int status; /* enum promo_alert_status */
};
extern const struct promo_schema promo_alert_stand_row_schema;

/* Where the watch over alerts stands. */
struct promo_alert_watch_row {
	const char *position; /* of the feed; NULL: nobody watched so far */
	bool is_free, is_due;
};
extern const struct promo_schema promo_alert_watch_row_schema;

/* Whom a rule has to look at: how many new rows concern him. */
struct promo_alert_fresh_row {
	int kind; /* enum promo_alert_kind */
	const char *subject;
	int64_t count, first_at, last_at;
};
extern const struct promo_schema promo_alert_fresh_row_schema;

/* Who reached the limit of a rule. */
struct promo_alert_hit_row {
	const char *subject;
	int64_t count, first_at, last_at; /* of what was counted when he did last */
	int64_t fired;                    /* how often it came to that */
	struct promo_texts ids;           /* of what was counted, the last few */
};
extern const struct promo_schema promo_alert_hit_row_schema;

/* An alert that moved up, or is open again. */
struct promo_alert_step_row {
	const char *id, *title;
	int kind;     /* enum promo_alert_kind */
	int severity; /* enum promo_alert_severity */
	int64_t step, minutes;
	const char *recipient; /* whose turn it is; NULL: nobody's */
};
extern const struct promo_schema promo_alert_step_row_schema;

PROMO_END_DECLS
