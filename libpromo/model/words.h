/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/*
 * The closed lists of words: an enum and the table of its words. Value 0 always means "none". The
 * same lists stand as CHECK constraints under sql/schema; a test compares them.
 */

PROMO_BEGIN_DECLS

enum promo_code_status {
	PROMO_CODE_ACTIVE = 1,
	PROMO_CODE_EXPIRED, /* only as an effective status: never stored */
	PROMO_CODE_REDEEMED,
	PROMO_CODE_REPORTED,
	PROMO_CODE_BLOCKED,
};

/* What people may make of a code; the same words with the same meanings as above. */
enum promo_code_target {
	PROMO_CODE_TO_ACTIVE = 1,
	PROMO_CODE_TO_BLOCKED,
	PROMO_CODE_TO_REPORTED,
};

/* What is done to many codes. */
enum promo_code_action {
	PROMO_CODES_BLOCK = 1,
	PROMO_CODES_UNBLOCK,
	PROMO_CODES_DELETE,
};

enum promo_batch_status {
	PROMO_BATCH_GENERATING = 1,
	PROMO_BATCH_ACTIVE,
	PROMO_BATCH_EXPIRED, /* follows from the clock, or was set before its time */
	PROMO_BATCH_BLOCKED,
	PROMO_BATCH_ARCHIVED,
};

/* What people may make of a batch; the same words with the same meanings as above. */
enum promo_batch_target {
	PROMO_BATCH_TO_ACTIVE = 1,
	PROMO_BATCH_TO_EXPIRED,
	PROMO_BATCH_TO_BLOCKED,
	PROMO_BATCH_TO_ARCHIVED,
};

/* What is done to many batches. */
enum promo_batch_action {
	PROMO_BATCHES_BLOCK = 1,
	PROMO_BATCHES_UNBLOCK,
	PROMO_BATCHES_ARCHIVE,
	PROMO_BATCHES_EXPIRE,
	PROMO_BATCHES_DELETE,
};

enum promo_redemption_status {
	PROMO_REDEMPTION_PENDING = 1, /* in the PRD's list, never written */
	PROMO_REDEMPTION_COMPLETED,
	PROMO_REDEMPTION_FAILED,
};

enum promo_fraud_type {
	PROMO_FRAUD_DUPLICATE_REDEMPTION = 1,
	PROMO_FRAUD_SUSPICIOUS_ACTIVITY,
	PROMO_FRAUD_INVALID_CODE,
	PROMO_FRAUD_OTHER,
};

enum promo_fraud_status {
	PROMO_FRAUD_PENDING = 1,
	PROMO_FRAUD_INVESTIGATING,
	PROMO_FRAUD_RESOLVED,
	PROMO_FRAUD_REJECTED,
};

/* What is done to many cases. */
enum promo_fraud_action {
	PROMO_FRAUDS_INVESTIGATE = 1,
	PROMO_FRAUDS_RESOLVE,
	PROMO_FRAUDS_REJECT,
};

enum promo_priority {
	PROMO_PRIORITY_LOW = 1,
	PROMO_PRIORITY_MEDIUM,
	PROMO_PRIORITY_HIGH,
};

enum promo_job_kind {
	PROMO_JOB_GENERATE = 1,
	PROMO_JOB_IMPORT,
	PROMO_JOB_EXPORT,
	PROMO_JOB_PDF,
	PROMO_JOB_BACKUP,
	PROMO_JOB_RESTORE_CHECK,
	PROMO_JOB_BULK,
};

enum promo_job_status {
	PROMO_JOB_QUEUED = 1,
	PROMO_JOB_RUNNING,
	PROMO_JOB_SUCCEEDED,
	PROMO_JOB_FAILED,
	PROMO_JOB_CANCELLED,
};

enum promo_backup_kind {
	PROMO_BACKUP_MANUAL = 1,
	PROMO_BACKUP_DAILY,
	PROMO_BACKUP_WEEKLY,
	PROMO_BACKUP_MONTHLY,
};

enum promo_backup_status {
	PROMO_BACKUP_RUNNING = 1,
	PROMO_BACKUP_SUCCEEDED,
	PROMO_BACKUP_FAILED,
};

enum promo_actor_kind {
	PROMO_ACTOR_USER = 1,
	PROMO_ACTOR_API_KEY,
	PROMO_ACTOR_SYSTEM,
	PROMO_ACTOR_ANONYMOUS,
};

enum promo_outcome {
	PROMO_OUTCOME_ALLOWED = 1,
	PROMO_OUTCOME_DENIED,
	PROMO_OUTCOME_FAILED,
};

enum promo_role_change_kind {
	PROMO_ROLE_CHANGE_ASSIGN = 1,
	PROMO_ROLE_CHANGE_REVOKE,
	PROMO_ROLE_CHANGE_GRANT,
	PROMO_ROLE_CHANGE_ROLE_EDIT,
};

enum promo_approval {
	PROMO_APPROVAL_PENDING = 1,
	PROMO_APPROVAL_APPROVED,
	PROMO_APPROVAL_REJECTED,
};

enum promo_mfa_method {
	PROMO_MFA_AUTHENTICATOR_APP = 1,
	PROMO_MFA_EMAIL,
	PROMO_MFA_SMS,
	PROMO_MFA_RECOVERY_CODE, /* stands in for the others, never enrolled by itself */
};

extern const struct promo_words promo_code_target_words, promo_code_action_words,
	promo_batch_action_words, promo_code_status_words, promo_batch_status_words,
	promo_batch_target_words, promo_redemption_status_words, promo_fraud_type_words,
	promo_fraud_status_words, promo_fraud_action_words, promo_priority_words,
	promo_job_kind_words, promo_export_format_words, promo_job_status_words,
	promo_actor_kind_words, promo_outcome_words, promo_role_change_kind_words,
	promo_approval_words, promo_mfa_method_words;
extern const struct promo_words promo_backup_kind_words, promo_backup_status_words;

PROMO_END_DECLS
