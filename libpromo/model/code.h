/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* Codes, what a clerk learns of one, redemptions, customers and fraud reports. */

PROMO_BEGIN_DECLS

struct promo_code {
	const char *id, *code;
	int64_t serial; /* 1..n in its batch: page and slot in print */
	const struct promo_batch_ref *batch;
	int64_t amount;
	const char *currency;
	int status;     /* enum promo_code_status, the effective one */
	int own_status; /* enum promo_code_status, without batch and clock */
	int64_t created_at, expires_at, redeemed_at, reported_at, blocked_at;
	const char *metadata; /* JSON */
};
extern const struct promo_schema promo_code_schema;

struct promo_customer {
	const char *id, *first_name, *last_name, *phone_number, *email;
	int64_t redemptions_count;
	struct promo_objects redeemed_amount; /* of struct promo_sum */
	int64_t last_redemption_at, created_at, updated_at;
};
extern const struct promo_schema promo_customer_schema;

/* The customer as part of a redemption. */
struct promo_customer_ref {
	const char *id, *first_name, *last_name, *phone_number;
};
extern const struct promo_schema promo_customer_ref_schema;

struct promo_redemption {
	const char *id, *code_id, *code;
	const struct promo_batch_ref *batch;
	const struct promo_ref *user; /* who redeemed it for the customer */
	const struct promo_customer_ref *customer;
	int64_t amount;
	const char *currency;
	int status; /* enum promo_redemption_status */
	const char *error_code, *error_message, *note;
	int64_t created_at, completed_at;
	const char *request_hash; /* of the input, for replays */
};
extern const struct promo_schema promo_redemption_schema;

/* What was paid out in a time: the completed ones. */
struct promo_redemption_totals {
	int64_t count;
	struct promo_objects amount; /* of struct promo_sum */
};
extern const struct promo_schema promo_redemption_totals_schema;

/* The second one who came with the code. */
struct promo_claimant {
	const char *first_name, *last_name, *phone_number;
};
extern const struct promo_schema promo_claimant_schema;

struct promo_fraud_note {
	int64_t at;
	const struct promo_ref *by;
	const char *text;
};
extern const struct promo_schema promo_fraud_note_schema;

struct promo_fraud_report {
	const char *id, *number; /* FRAUD000001 */
	const char *code_id, *code;
	const struct promo_redemption *redemption;
	const struct promo_claimant *claimant;
	int type; /* enum promo_fraud_type */
	const char *description;
	int status;   /* enum promo_fraud_status */
	int priority; /* enum promo_priority */
	const struct promo_ref *assignee;
	const char *resolution;
	struct promo_objects notes; /* of struct promo_fraud_note, oldest first */
	const struct promo_ref *reported_by;
	int64_t created_at, updated_at;
};
extern const struct promo_schema promo_fraud_report_schema;

/* What a verification says of the batch. */
struct promo_verified_batch {
	const char *id, *batch_name;
	int status; /* enum promo_batch_status */
};
extern const struct promo_schema promo_verified_batch_schema;

struct promo_verified_name {
	const char *first_name, *last_name;
};
extern const struct promo_schema promo_verified_name_schema;

struct promo_verified_redemption {
	const char *id;
	int64_t redeemed_at;
	const char *phone_number;
	const struct promo_verified_name *customer;
	const struct promo_ref *redeemed_by;
};
extern const struct promo_schema promo_verified_redemption_schema;

struct promo_verified_report {
	const char *id;
	int status; /* enum promo_fraud_status */
	int64_t created_at;
};
extern const struct promo_schema promo_verified_report_schema;

struct promo_verification {
	const char *code_id, *code;
	int status; /* enum promo_code_status, effective */
	int64_t amount;
	const char *currency;
	const struct promo_verified_batch *batch;
	int64_t expires_at;
	bool redeemable;
	const char *reason; /* the error code that a redemption would meet */
	const struct promo_verified_redemption *redemption;
	const struct promo_verified_report *fraud_report;
};
extern const struct promo_schema promo_verification_schema;

/* Extra members of code_already_redeemed. */
struct promo_redeemed_member {
	int64_t redeemed_at;
	const char *phone_number;
	const struct promo_ref *redeemed_by;
};
extern const struct promo_schema promo_redeemed_member_schema;

PROMO_END_DECLS
