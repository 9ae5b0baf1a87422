/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/webhook.h"

/* Webhooks: programs of others that are told of events. */

PROMO_BEGIN_DECLS

enum {
	PROMO_WEBHOOK_EVENTS_MAX = 50,
	/* Each event that they all hear of is so many rows and calls. */
	PROMO_WEBHOOKS_MAX = 50
};

struct promo_webhook_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

struct promo_webhook_create_in {
	struct promo_set set;
	const char *url, *description;
	struct promo_texts events;
	bool is_active;
};

struct promo_webhook_update_in {
	struct promo_set set;
	const char *id;
	const char *url, *description;
	struct promo_texts events;
	bool is_active;
};

struct promo_webhook_deliveries_in {
	struct promo_set set;
	const char *id;
	struct promo_texts status;
	PROMO_LIST_MEMBERS;
};

struct promo_webhook_resend_in {
	struct promo_set set;
	const char *id, *delivery_id;
};

extern const struct promo_schema promo_webhook_create_in_schema, promo_webhook_update_in_schema;

extern const struct promo_op promo_op_webhook_list, promo_op_webhook_create,
	promo_op_webhook_update, promo_op_webhook_delete, promo_op_webhook_rotate,
	promo_op_webhook_deliveries, promo_op_webhook_resend;

PROMO_END_DECLS
