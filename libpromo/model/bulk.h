/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/code.h"

/* Many changes in one request: what was changed and what was left as it was, whether texts are codes,
 * and the life of one code. */

PROMO_BEGIN_DECLS

enum {
	PROMO_BULK_ROWS_MAX = 1000, /* batches or cases of one request */
};

/* One of them that stays as it was. */
struct promo_skipped {
	const char *id;   /* NULL: what was named is not there */
	const char *code; /* the error that changing it alone would meet */
};
extern const struct promo_schema promo_skipped_schema;

struct promo_bulk_answer {
	int64_t changed;
	struct promo_objects skipped; /* of struct promo_skipped */
};
extern const struct promo_schema promo_bulk_answer_schema;

/* Extra member of count_mismatch. */
struct promo_count_member {
	int64_t count;
};
extern const struct promo_schema promo_count_member_schema;

/* Which codes: what GET /codes takes as its query, as an object. Nothing given means nothing, so that
 * nobody changes every code of a shop by leaving something out. */
struct promo_code_filter {
	struct promo_set set;
	const char *batch_id;
	struct promo_texts status;
	const char *q;
	int64_t created_after, created_before;
};
extern const struct promo_schema promo_code_filter_schema;

/* The same of GET /batches. */
struct promo_batch_filter {
	struct promo_set set;
	const char *q;
	struct promo_texts status;
	const char *assigned_user_id, *expires_before, *expires_after;
};
extern const struct promo_schema promo_batch_filter_schema;

/* The same of GET /fraud-reports. */
struct promo_fraud_filter {
	struct promo_set set;
	struct promo_texts status, priority;
	const char *q;
	int64_t from, to;
};
extern const struct promo_schema promo_fraud_filter_schema;

struct promo_checked_code {
	const char *code; /* as it was given */
	bool well_formed, exists, duplicate;
};
extern const struct promo_schema promo_checked_code_schema;

struct promo_code_checks {
	struct promo_objects items; /* of struct promo_checked_code, in the order given */
};
extern const struct promo_schema promo_code_checks_schema;

/* Something that happened to a code, or to all codes of its batch. */
struct promo_code_event {
	int64_t at;
	const char *action; /* of the audit trail, such as code.verify */
	const char *outcome, *error;
	const struct promo_ref *by;
	int64_t count;       /* how often, where the trail folds what repeats */
	const char *changes; /* JSON, as in the audit trail */
};
extern const struct promo_schema promo_code_event_schema;

struct promo_code_life {
	const struct promo_code *code;
	int64_t page, slot, pages;   /* in print: 12 codes on a page */
	const struct promo_job *job; /* that made it; NULL where nobody knows */
	struct promo_objects downloads, verifications, changes; /* of struct promo_code_event */
	struct promo_objects redemptions;   /* of struct promo_redemption: every attempt */
	struct promo_objects fraud_reports; /* of struct promo_fraud_report */
	bool complete; /* the audit trail was looked through as far as it had to be */
};
extern const struct promo_schema promo_code_life_schema;

PROMO_END_DECLS
