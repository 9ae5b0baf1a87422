/* SPDX-License-Identifier: MIT */
#include "libpromo/model/code.h"

#define T struct promo_code
static const struct promo_field code_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_COLUMN, "the code as printed"),
	PROMO_F_INT(T, serial, 0, 0, PROMO_COLUMN, "its number in the batch"),
	PROMO_F_OBJECT(T, batch, struct promo_batch_ref, promo_batch_ref_schema, PROMO_COLUMN,
		"its batch"),
	PROMO_F_MONEY(T, amount, 0, 0, PROMO_COLUMN, "what it is worth"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, PROMO_COLUMN, "ISO 4217 code"),
	PROMO_F_ENUM(T, status, promo_code_status_words, PROMO_COLUMN, "effective status"),
	PROMO_F_ENUM(T, own_status, promo_code_status_words, 0, "status without batch and clock"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was generated"),
	PROMO_F_TIME(T, expires_at, PROMO_NULLABLE, "when it ends"),
	PROMO_F_TIME(T, redeemed_at, PROMO_NULLABLE, "when it was redeemed"),
	PROMO_F_TIME(T, reported_at, PROMO_NULLABLE, "when it was reported"),
	PROMO_F_TIME(T, blocked_at, PROMO_NULLABLE, "when it was blocked"),
	PROMO_F_TEXT(T, metadata, JSON, 0, 0, 0, "what an import said of it"),
};
#undef T
const struct promo_schema promo_code_schema = PROMO_SCHEMA(struct promo_code, "code", code_fields);

#define T struct promo_customer
static const struct promo_field customer_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the customer's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "last name"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "phone, E.164"),
	PROMO_F_TEXT(T, email, EMAIL, 0, 0, PROMO_NULLABLE, "e-mail address"),
	PROMO_F_INT(T, redemptions_count, 0, 0, PROMO_COLUMN, "codes redeemed"),
	PROMO_F_OBJECTS(T, redeemed_amount, promo_sum_schema, PROMO_COLUMN, "what they were worth"),
	PROMO_F_TIME(T, last_redemption_at, PROMO_COLUMN | PROMO_NULLABLE, "the last of them"),
	PROMO_F_TIME(T, created_at, 0, "when the customer was registered"),
	PROMO_F_TIME(T, updated_at, 0, "when the record was last changed"),
};
#undef T
const struct promo_schema promo_customer_schema =
	PROMO_SCHEMA(struct promo_customer, "customer", customer_fields);

#define T struct promo_customer_ref
static const struct promo_field customer_ref_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the customer's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "last name"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone, E.164"),
};
#undef T
const struct promo_schema promo_customer_ref_schema =
	PROMO_SCHEMA(struct promo_customer_ref, "customer_ref", customer_ref_fields);

#define T struct promo_redemption
static const struct promo_field redemption_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the redemption's id"),
	PROMO_F_TEXT(T, code_id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_COLUMN, "the code"),
	PROMO_F_OBJECT(T, batch, struct promo_batch_ref, promo_batch_ref_schema, 0, "its batch"),
	PROMO_F_OBJECT(T, user, struct promo_ref, promo_ref_schema, PROMO_COLUMN,
		"who redeemed it for the customer"),
	PROMO_F_OBJECT(T, customer, struct promo_customer_ref, promo_customer_ref_schema,
		PROMO_COLUMN | PROMO_NULLABLE, "for whom"),
	PROMO_F_MONEY(T, amount, 0, 0, PROMO_COLUMN, "what was paid"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, PROMO_COLUMN, "ISO 4217 code"),
	PROMO_F_ENUM(T, status, promo_redemption_status_words, PROMO_COLUMN, "status"),
	PROMO_F_TEXT(T, error_code, TEXT, 0, 0, PROMO_NULLABLE, "why it was refused"),
	PROMO_F_TEXT(T, error_message, TEXT, 0, 0, PROMO_NULLABLE, "the same in words"),
	PROMO_F_TEXT(T, note, TEXT, 0, 0, PROMO_NULLABLE, "note of the clerk"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was tried"),
	PROMO_F_TIME(T, completed_at, PROMO_NULLABLE, "when it was done"),
	PROMO_F_TEXT(T, request_hash, TEXT, 0, 0, PROMO_INTERNAL | PROMO_NULLABLE,
		"hash of the input, for replays"),
};
#undef T
const struct promo_schema promo_redemption_schema =
	PROMO_SCHEMA(struct promo_redemption, "redemption", redemption_fields);

#define T struct promo_redemption_totals
static const struct promo_field redemption_totals_fields[] = {
	PROMO_F_INT(T, count, 0, 0, 0, "codes redeemed"),
	PROMO_F_OBJECTS(T, amount, promo_sum_schema, 0, "what was paid for them"),
};
#undef T
const struct promo_schema promo_redemption_totals_schema =
	PROMO_SCHEMA(struct promo_redemption_totals, "redemption_totals", redemption_totals_fields);

#define T struct promo_claimant
static const struct promo_field claimant_fields[] = {
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "last name"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone, E.164"),
};
#undef T
const struct promo_schema promo_claimant_schema =
	PROMO_SCHEMA(struct promo_claimant, "claimant", claimant_fields);

#define T struct promo_fraud_note
static const struct promo_field fraud_note_fields[] = {
	PROMO_F_TIME(T, at, 0, "when"),
	PROMO_F_OBJECT(T, by, struct promo_ref, promo_ref_schema, 0, "by whom"),
	PROMO_F_TEXT(T, text, TEXT, 0, 0, 0, "the note"),
};
#undef T
const struct promo_schema promo_fraud_note_schema =
	PROMO_SCHEMA(struct promo_fraud_note, "fraud_note", fraud_note_fields);

#define T struct promo_fraud_report
static const struct promo_field fraud_report_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the report's id"),
	PROMO_F_TEXT(T, number, TEXT, 0, 0, PROMO_COLUMN, "its number"),
	PROMO_F_TEXT(T, code_id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_COLUMN, "the code"),
	PROMO_F_OBJECT(T, redemption, struct promo_redemption, promo_redemption_schema, 0,
		"the redemption, as it was"),
	PROMO_F_OBJECT(T, claimant, struct promo_claimant, promo_claimant_schema, PROMO_NULLABLE,
		"who came second"),
	PROMO_F_ENUM(T, type, promo_fraud_type_words, PROMO_COLUMN, "type"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_NULLABLE, "description"),
	PROMO_F_ENUM(T, status, promo_fraud_status_words, PROMO_COLUMN, "status"),
	PROMO_F_ENUM(T, priority, promo_priority_words, PROMO_COLUMN, "priority"),
	PROMO_F_OBJECT(
		T, assignee, struct promo_ref, promo_ref_schema, PROMO_NULLABLE, "who works on it"),
	PROMO_F_TEXT(T, resolution, TEXT, 0, 0, PROMO_NULLABLE, "how it ended"),
	PROMO_F_OBJECTS(T, notes, promo_fraud_note_schema, PROMO_ONLY_WIRE, "notes, oldest first"),
	PROMO_F_OBJECT(T, reported_by, struct promo_ref, promo_ref_schema, PROMO_COLUMN,
		"who reported it"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when"),
	PROMO_F_TIME(T, updated_at, 0, "when it was last changed"),
};
#undef T
const struct promo_schema promo_fraud_report_schema =
	PROMO_SCHEMA(struct promo_fraud_report, "fraud_report", fraud_report_fields);

#define T struct promo_verified_batch
static const struct promo_field verified_batch_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the batch's id"),
	PROMO_F_TEXT(T, batch_name, TEXT, 0, 0, 0, "its name"),
	PROMO_F_ENUM(T, status, promo_batch_status_words, 0, "its status"),
};
#undef T
const struct promo_schema promo_verified_batch_schema =
	PROMO_SCHEMA(struct promo_verified_batch, "verified_batch", verified_batch_fields);

#define T struct promo_verified_name
static const struct promo_field verified_name_fields[] = {
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_NULLABLE, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_NULLABLE, "last name"),
};
#undef T
const struct promo_schema promo_verified_name_schema =
	PROMO_SCHEMA(struct promo_verified_name, "verified_name", verified_name_fields);

#define T struct promo_verified_redemption
static const struct promo_field verified_redemption_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the redemption's id"),
	PROMO_F_TIME(T, redeemed_at, 0, "when"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "for which phone"),
	PROMO_F_OBJECT(T, customer, struct promo_verified_name, promo_verified_name_schema,
		PROMO_NULLABLE, "for whom"),
	PROMO_F_OBJECT(T, redeemed_by, struct promo_ref, promo_ref_schema, 0, "by whom"),
};
#undef T
const struct promo_schema promo_verified_redemption_schema = PROMO_SCHEMA(
	struct promo_verified_redemption, "verified_redemption", verified_redemption_fields);

#define T struct promo_verified_report
static const struct promo_field verified_report_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the report's id"),
	PROMO_F_ENUM(T, status, promo_fraud_status_words, 0, "its status"),
	PROMO_F_TIME(T, created_at, 0, "when it was made"),
};
#undef T
const struct promo_schema promo_verified_report_schema =
	PROMO_SCHEMA(struct promo_verified_report, "verified_report", verified_report_fields);

#define T struct promo_verification
static const struct promo_field verification_fields[] = {
	PROMO_F_TEXT(T, code_id, ID, 0, 0, 0, "the code's id"),
	PROMO_F_TEXT(T, code, CODE, 0, 0, PROMO_COLUMN, "the code as printed"),
	PROMO_F_ENUM(T, status, promo_code_status_words, PROMO_COLUMN, "effective status"),
	PROMO_F_MONEY(T, amount, 0, 0, PROMO_COLUMN, "what it is worth"),
	PROMO_F_TEXT(T, currency, TEXT, 0, 0, PROMO_COLUMN, "ISO 4217 code"),
	PROMO_F_OBJECT(T, batch, struct promo_verified_batch, promo_verified_batch_schema,
		PROMO_COLUMN, "its batch"),
	PROMO_F_TIME(T, expires_at, PROMO_COLUMN | PROMO_NULLABLE, "when it ends"),
	PROMO_F_BOOL(T, redeemable, PROMO_COLUMN, "whether it can be redeemed now"),
	PROMO_F_TEXT(T, reason, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE,
		"what a redemption would be refused with"),
	PROMO_F_OBJECT(T, redemption, struct promo_verified_redemption,
		promo_verified_redemption_schema, PROMO_NULLABLE, "its redemption"),
	PROMO_F_OBJECT(T, fraud_report, struct promo_verified_report, promo_verified_report_schema,
		PROMO_NULLABLE, "its fraud report"),
};
#undef T
const struct promo_schema promo_verification_schema =
	PROMO_SCHEMA(struct promo_verification, "verification", verification_fields);

#define T struct promo_redeemed_member
static const struct promo_field redeemed_member_fields[] = {
	PROMO_F_TIME(T, redeemed_at, 0, "when it was redeemed"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "for which phone"),
	PROMO_F_OBJECT(T, redeemed_by, struct promo_ref, promo_ref_schema, 0, "by whom"),
};
#undef T
const struct promo_schema promo_redeemed_member_schema =
	PROMO_SCHEMA(struct promo_redeemed_member, "redeemed_member", redeemed_member_fields);
