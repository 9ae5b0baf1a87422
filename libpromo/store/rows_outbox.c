/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_outbox.h"

#include "libpromo/model/webhook.h"

#define T struct promo_parcel_row
static const struct promo_field parcel_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the letter"),
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, 0, "what it tells"),
	PROMO_F_TEXT(T, recipient, TEXT, 0, 0, 0, "an address, a phone number, or a webhook's id"),
	PROMO_F_TEXT(T, payload, JSON, 0, 0, 0, "its facts"),
	PROMO_F_INT(T, attempts, 0, 0, 0, "how often it was tried, with this time"),
	PROMO_F_TIME(T, created_at, 0, "when it was written"),
	PROMO_F_BOOL(T, expired, 0, "its time is over"),
};
#undef T
const struct promo_schema promo_parcel_row_schema =
	PROMO_SCHEMA(struct promo_parcel_row, "outbox_parcel", parcel_fields);

#define T struct promo_webhook_secret_row
static const struct promo_field webhook_secret_fields[] = {
	PROMO_F_TEXT(T, url, TEXT, 0, 0, 0, "what is called"),
	PROMO_F_TEXT(T, secret, TEXT, 0, 0, 0, "sealed, in hex"),
	PROMO_F_TEXT(T, key_id, TEXT, 0, 0, 0, "with which key"),
	PROMO_F_TEXT(T, old_id, ID, 0, 0, PROMO_NULLABLE, "one that it had before"),
};
#undef T
const struct promo_schema promo_webhook_secret_row_schema =
	PROMO_SCHEMA(struct promo_webhook_secret_row, "webhook_secret", webhook_secret_fields);

#define T struct promo_webhook_told_row
static const struct promo_field webhook_told_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the webhook"),
	PROMO_F_TEXT(T, url, TEXT, 0, 0, 0, "what was called"),
	PROMO_F_ENUM(T, disabled_reason, promo_webhook_reason_words, 0, "why it was disabled"),
};
#undef T
const struct promo_schema promo_webhook_told_row_schema =
	PROMO_SCHEMA(struct promo_webhook_told_row, "webhook_told", webhook_told_fields);
