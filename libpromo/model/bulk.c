/* SPDX-License-Identifier: MIT */
#include "libpromo/model/bulk.h"

#include "libpromo/model/batch.h"

#define T struct promo_skipped
static const struct promo_field skipped_fields[] = {
	PROMO_F_TEXT(
		T, id, ID, 0, 0, PROMO_NULLABLE, "what stays as it was; null: it is not there"),
	PROMO_F_TEXT(T, code, TEXT, 0, 0, 0, "why, as the code of an error"),
};
#undef T
const struct promo_schema promo_skipped_schema =
	PROMO_SCHEMA(struct promo_skipped, "skipped", skipped_fields);

#define T struct promo_bulk_answer
static const struct promo_field bulk_answer_fields[] = {
	PROMO_F_INT(T, changed, 0, 0, 0, "how many were changed"),
	PROMO_F_OBJECTS(T, skipped, promo_skipped_schema, 0, "what stays as it was, and why"),
};
#undef T
const struct promo_schema promo_bulk_answer_schema =
	PROMO_SCHEMA(struct promo_bulk_answer, "bulk_answer", bulk_answer_fields);

#define T struct promo_count_member
static const struct promo_field count_member_fields[] = {
	PROMO_F_INT(T, count, 0, 0, 0, "how many there are"),
};
#undef T
const struct promo_schema promo_count_member_schema =
	PROMO_SCHEMA(struct promo_count_member, "count_member", count_member_fields);

#define T struct promo_code_filter
static const struct promo_field code_filter_fields[] = {
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_OMIT_NULL, "codes of this batch"),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_code_status_words, PROMO_OMIT_NULL,
		"of these effective statuses"),
	PROMO_F_TEXT(T, q, TEXT, 1, 12, PROMO_OMIT_NULL, "with this part, at most 12 characters"),
	PROMO_F_TIME(T, created_after, PROMO_OMIT_NULL, "generated at or after"),
	PROMO_F_TIME(T, created_before, PROMO_OMIT_NULL, "generated before"),
};
#undef T
const struct promo_schema promo_code_filter_schema =
	PROMO_INPUT(struct promo_code_filter, "code_filter", code_filter_fields);

#define T struct promo_batch_filter
static const struct promo_field batch_filter_fields[] = {
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_OMIT_NULL, "with this part in their names"),
	PROMO_F_TEXTS(
		T, status, 0, 5, &promo_batch_status_words, PROMO_OMIT_NULL, "of these statuses"),
	PROMO_F_TEXT(T, assigned_user_id, ID, 0, 0, PROMO_OMIT_NULL, "assigned to this user"),
	PROMO_F_TEXT(T, expires_before, DATE, 0, 0, PROMO_OMIT_NULL,
		"whose last day is before this one"),
	PROMO_F_TEXT(
		T, expires_after, DATE, 0, 0, PROMO_OMIT_NULL, "whose last day is after this one"),
};
#undef T
const struct promo_schema promo_batch_filter_schema =
	PROMO_INPUT(struct promo_batch_filter, "batch_filter", batch_filter_fields);

#define T struct promo_fraud_filter
static const struct promo_field fraud_filter_fields[] = {
	PROMO_F_TEXTS(
		T, status, 0, 4, &promo_fraud_status_words, PROMO_OMIT_NULL, "of these statuses"),
	PROMO_F_TEXTS(
		T, priority, 0, 3, &promo_priority_words, PROMO_OMIT_NULL, "of these priorities"),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_OMIT_NULL,
		"with this part of a number, a description or a claimant"),
	PROMO_F_TIME(T, from, PROMO_OMIT_NULL, "made at or after"),
	PROMO_F_TIME(T, to, PROMO_OMIT_NULL, "made before"),
};
#undef T
const struct promo_schema promo_fraud_filter_schema =
	PROMO_INPUT(struct promo_fraud_filter, "fraud_filter", fraud_filter_fields);

#define T struct promo_checked_code
static const struct promo_field checked_code_fields[] = {
	PROMO_F_TEXT(T, code, TEXT, 0, 0, PROMO_COLUMN, "the text as it was given"),
	PROMO_F_BOOL(T, well_formed, PROMO_COLUMN, "whether it could be a code of this shop"),
	PROMO_F_BOOL(T, exists, PROMO_COLUMN, "whether it is one"),
	PROMO_F_BOOL(T, duplicate, PROMO_COLUMN, "whether it stood in the list before"),
};
#undef T
const struct promo_schema promo_checked_code_schema =
	PROMO_SCHEMA(struct promo_checked_code, "checked_code", checked_code_fields);

#define T struct promo_code_checks
static const struct promo_field code_checks_fields[] = {
	PROMO_F_OBJECTS(T, items, promo_checked_code_schema, 0, "each of them, in the order given"),
};
#undef T
const struct promo_schema promo_code_checks_schema =
	PROMO_SCHEMA(struct promo_code_checks, "code_checks", code_checks_fields);

#define T struct promo_code_event
static const struct promo_field code_event_fields[] = {
	PROMO_F_TIME(T, at, PROMO_COLUMN, "when"),
	PROMO_F_TEXT(
		T, action, TEXT, 0, 0, PROMO_COLUMN, "what was done, as the audit trail calls it"),
	PROMO_F_TEXT(T, outcome, TEXT, 0, 0, PROMO_COLUMN, "allowed, denied or failed"),
	PROMO_F_TEXT(T, error, TEXT, 0, 0, PROMO_NULLABLE, "what it was refused with"),
	PROMO_F_OBJECT(T, by, struct promo_ref, promo_ref_schema, PROMO_COLUMN | PROMO_NULLABLE,
		"by whom; null: by the system"),
	PROMO_F_INT(T, count, 0, 0, PROMO_COLUMN, "how often within that minute"),
	PROMO_F_TEXT(T, changes, JSON, 0, 0, 0, "what it changed, as in the audit trail"),
};
#undef T
const struct promo_schema promo_code_event_schema =
	PROMO_SCHEMA(struct promo_code_event, "code_event", code_event_fields);

#define T struct promo_code_life
static const struct promo_field code_life_fields[] = {
	PROMO_F_OBJECT(T, code, struct promo_code, promo_code_schema, 0, "the code as it is now"),
	PROMO_F_INT(T, page, 0, 0, 0, "on which page it is printed, 12 codes a page"),
	PROMO_F_INT(T, slot, 0, 0, 0, "where on it, from 1, row by row"),
	PROMO_F_INT(T, pages, 0, 0, 0, "of how many pages"),
	PROMO_F_OBJECT(T, job, struct promo_job, promo_job_schema, PROMO_NULLABLE,
		"the job that generated or imported it; null: nobody knows any more"),
	PROMO_F_OBJECTS(T, downloads, promo_code_event_schema, 0,
		"how its batch left the shop since then, oldest first"),
	PROMO_F_OBJECTS(T, verifications, promo_code_event_schema, 0, "who looked it up"),
	PROMO_F_OBJECTS(T, changes, promo_code_event_schema, 0, "what else was done to it"),
	PROMO_F_OBJECTS(T, redemptions, promo_redemption_schema, 0,
		"every attempt to redeem it, oldest first"),
	PROMO_F_OBJECTS(T, fraud_reports, promo_fraud_report_schema, 0, "its cases, oldest first"),
	PROMO_F_BOOL(T, complete, 0,
		"whether all of the audit trail was looked through; the newest part may be "
		"missing"),
};
#undef T
const struct promo_schema promo_code_life_schema =
	PROMO_SCHEMA(struct promo_code_life, "code_life", code_life_fields);
