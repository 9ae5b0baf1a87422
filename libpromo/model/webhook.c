/* SPDX-License-Identifier: MIT */
#include "libpromo/model/webhook.h"

/* clang-format off */
#define T struct promo_webhook
#define WEBHOOK_FIELDS                                                                             \
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the webhook's id"),                                      \
	PROMO_F_TEXT(T, url, URL, 0, 0, PROMO_COLUMN, "what is called"),                           \
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_NULLABLE, "what it is for"),                \
	PROMO_F_TEXTS(T, events, 0, 0, NULL, PROMO_COLUMN, "the events that it is told of"),       \
	PROMO_F_BOOL(T, is_active, PROMO_COLUMN, "whether it is called"),                          \
	PROMO_F_TIME(T, failing_since, PROMO_COLUMN | PROMO_NULLABLE,                              \
		"since when there were failures alone"),                                           \
	PROMO_F_TIME(T, disabled_at, PROMO_NULLABLE, "when it was switched off by itself"),        \
	PROMO_F_ENUM(T, disabled_reason, promo_webhook_reason_words, PROMO_NULLABLE,               \
		"why: it answered 410, or failed for days"),                                       \
	PROMO_F_OBJECT(T, created_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,          \
		"who made it"),                                                                    \
	PROMO_F_TIME(T, created_at, 0, "when it was made"),                                        \
	PROMO_F_TIME(T, updated_at, 0, "when it was changed")
static const struct promo_field webhook_fields[] = { WEBHOOK_FIELDS };
static const struct promo_field webhook_made_fields[] = {
	WEBHOOK_FIELDS,
	PROMO_F_TEXT(T, secret, TEXT, 0, 0, PROMO_ONLY_WIRE | PROMO_NULLABLE,
		"whsec_ and the key of its signatures in base64; shown this once"),
};
#undef T
/* clang-format on */
const struct promo_schema promo_webhook_schema =
	PROMO_SCHEMA(struct promo_webhook, "webhook", webhook_fields);
const struct promo_schema promo_webhook_made_schema =
	PROMO_SCHEMA(struct promo_webhook, "webhook_made", webhook_made_fields);

#define T struct promo_webhook_delivery
static const struct promo_field delivery_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the delivery's id, its webhook-id header"),
	PROMO_F_TEXT(T, event, TEXT, 0, 0, PROMO_COLUMN, "what happened"),
	PROMO_F_ENUM(T, status, promo_delivery_status_words, PROMO_COLUMN, "where it stands"),
	PROMO_F_INT(T, attempts, 0, 0, PROMO_COLUMN, "how often it was tried"),
	PROMO_F_INT(T, response_status, 0, 0, PROMO_COLUMN | PROMO_NULLABLE,
		"the HTTP status that was answered last"),
	PROMO_F_TEXT(T, last_error, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE,
		"why it was not taken yet"),
	PROMO_F_TIME(T, next_at, PROMO_NULLABLE, "when it is tried again"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it happened"),
	PROMO_F_TIME(T, delivered_at, PROMO_NULLABLE, "when it was taken"),
	PROMO_F_TEXT(T, data, JSON, 0, 0, 0, "what it tells"),
};
#undef T
const struct promo_schema promo_webhook_delivery_schema =
	PROMO_SCHEMA(struct promo_webhook_delivery, "webhook_delivery", delivery_fields);

#define T struct promo_webhook_body
static const struct promo_field body_fields[] = {
	PROMO_F_TEXT(T, type, TEXT, 0, 0, 0, "what happened"),
	PROMO_F_TIME(T, timestamp, 0, "when"),
	PROMO_F_TEXT(T, data, JSON, 0, 0, 0, "the particulars"),
};
#undef T
const struct promo_schema promo_webhook_body_schema =
	PROMO_SCHEMA(struct promo_webhook_body, "webhook_body", body_fields);
