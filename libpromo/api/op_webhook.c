/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_webhook.h"

#include "libpromo/api/op_auth.h"

enum {
	URL_MAX_CHARS = 1000,
	DESCRIPTION_MAX_CHARS = 200
};

#define T struct promo_webhook_list_in
static const struct promo_field webhook_list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema webhook_list_in_schema =
	PROMO_INPUT(struct promo_webhook_list_in, "webhook_list_in", webhook_list_in);

#define T struct promo_webhook_create_in
static const struct promo_field webhook_create_in[] = {
	PROMO_F_TEXT(T, url, URL, 1, URL_MAX_CHARS, PROMO_REQUIRED | PROMO_POSITIONAL,
		"what is called: https, without a name and password in it"),
	PROMO_F_TEXT(
		T, description, TEXT, 1, DESCRIPTION_MAX_CHARS, PROMO_NULLABLE, "what it is for"),
	PROMO_F_TEXTS(T, events, 1, PROMO_WEBHOOK_EVENTS_MAX, NULL, PROMO_REQUIRED,
		"the events that it is told of, like batch.created"),
	PROMO_F_BOOL(T, is_active, 0, "false: it is not called yet"),
};
#undef T
const struct promo_schema promo_webhook_create_in_schema =
	PROMO_INPUT(struct promo_webhook_create_in, "webhook_create_in", webhook_create_in);

#define F_ID(T)                                                                                    \
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,           \
		"the webhook's id")

#define T struct promo_webhook_update_in
static const struct promo_field webhook_update_in[] = {
	F_ID(T),
	PROMO_F_TEXT(T, url, URL, 1, URL_MAX_CHARS, 0, "what is called"),
	PROMO_F_TEXT(
		T, description, TEXT, 1, DESCRIPTION_MAX_CHARS, PROMO_NULLABLE, "what it is for"),
	PROMO_F_TEXTS(
		T, events, 1, PROMO_WEBHOOK_EVENTS_MAX, NULL, 0, "the events that it is told of"),
	PROMO_F_BOOL(T, is_active, 0, "true: it is called, and what failed before is forgotten"),
};
#undef T
const struct promo_schema promo_webhook_update_in_schema =
	PROMO_INPUT(struct promo_webhook_update_in, "webhook_update_in", webhook_update_in);

#define T struct promo_webhook_deliveries_in
static const struct promo_field webhook_deliveries_in[] = {
	F_ID(T),
	PROMO_F_TEXTS(T, status, 0, 3, &promo_delivery_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema webhook_deliveries_in_schema = PROMO_INPUT(
	struct promo_webhook_deliveries_in, "webhook_deliveries_in", webhook_deliveries_in);

#define T struct promo_webhook_resend_in
static const struct promo_field webhook_resend_in[] = {
	F_ID(T),
	PROMO_F_TEXT(T, delivery_id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the delivery's id"),
};
#undef T
static const struct promo_schema webhook_resend_in_schema =
	PROMO_INPUT(struct promo_webhook_resend_in, "webhook_resend_in", webhook_resend_in);

const struct promo_op promo_op_webhook_list = {
	.name = "webhook.list",
	.summary = "List webhooks, newest first",
	.method = PROMO_GET,
	.path = "/webhooks",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.in = &webhook_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_webhook_schema,
	.status = 200,
};

const struct promo_op promo_op_webhook_create = {
	.name = "webhook.create",
	.summary = "Have a program told of events; the answer shows the secret, once",
	.method = PROMO_POST,
	.path = "/webhooks",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_webhook_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_webhook_made_schema,
	.status = 201,
	.errors = { { PROMO_E_TOO_MANY_WEBHOOKS } },
	.examples = "promo webhook create https://example.com/hook --events batch.created",
};

const struct promo_op promo_op_webhook_update = {
	.name = "webhook.update",
	.summary = "Change a webhook, or switch it on or off",
	.method = PROMO_PATCH,
	.path = "/webhooks/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_webhook_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_webhook_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo webhook update 0190a1b2-... --is-active true",
};

const struct promo_op promo_op_webhook_delete = {
	.name = "webhook.delete",
	.summary = "Delete a webhook and its deliveries",
	.method = PROMO_DELETE,
	.path = "/webhooks/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_webhook_rotate = {
	.name = "webhook.rotate-secret",
	.summary = "Give a webhook another secret; the one before signs as well for 24 h",
	.method = PROMO_POST,
	.path = "/webhooks/{id}/rotate-secret",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_webhook_made_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo webhook rotate-secret 0190a1b2-...",
};

const struct promo_op promo_op_webhook_deliveries = {
	.name = "webhook.deliveries",
	.summary = "List what a webhook was told, newest first, and what became of it",
	.method = PROMO_GET,
	.path = "/webhooks/{id}/deliveries",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.in = &webhook_deliveries_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_webhook_delivery_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo webhook deliveries 0190a1b2-... --status dead",
};

const struct promo_op promo_op_webhook_resend = {
	.name = "webhook.resend",
	.summary = "Send a delivery again, with the same webhook-id",
	.method = PROMO_POST,
	.path = "/webhooks/{id}/deliveries/{delivery_id}/resend",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES,
	.in = &webhook_resend_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_webhook_delivery_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_WEBHOOK_DISABLED } },
	.examples = "promo webhook resend 0190a1b2-... 0190a1b2-...",
};
