/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/*
 * Programs of others that are told of events by HTTP, as the Standard Webhooks specification says
 * (https://www.standardwebhooks.com). A webhook is where to call and what for; a delivery is one event
 * for one webhook, from the moment it happened until somebody took it or three days are over.
 */

PROMO_BEGIN_DECLS

struct promo_webhook {
	const char *id, *url, *description;
	struct promo_texts events; /* topics of model/events.def */
	bool is_active;
	int64_t failing_since; /* nothing but failures since; 0: the last one was taken */
	int64_t disabled_at;   /* by itself; 0: it was not */
	int disabled_reason;   /* enum promo_webhook_reason */
	const struct promo_ref *created_by;
	int64_t created_at, updated_at;
	const char *secret; /* in the answer that made it, and never again */
};
extern const struct promo_schema promo_webhook_schema, promo_webhook_made_schema;

/* Why a webhook is not called any more without anybody having said so. */
enum promo_webhook_reason {
	PROMO_WEBHOOK_GONE = 1, /* it answered 410 */
	PROMO_WEBHOOK_FAILING,  /* for days */
};
extern const struct promo_words promo_webhook_reason_words;

enum promo_delivery_status {
	PROMO_DELIVERY_WAITING = 1, /* also while it is being sent, and between two tries */
	PROMO_DELIVERY_DELIVERED,
	PROMO_DELIVERY_DEAD,
};
extern const struct promo_words promo_delivery_status_words;

struct promo_webhook_delivery {
	const char *id, *event;
	int status; /* enum promo_delivery_status */
	int64_t attempts, response_status;
	const char *last_error;
	int64_t next_at, created_at, delivered_at;
	const char *data; /* JSON */
};
extern const struct promo_schema promo_webhook_delivery_schema;

/* What is sent: `{"type": ..., "timestamp": ..., "data": {...}}`. */
struct promo_webhook_body {
	const char *type;
	int64_t timestamp; /* when it happened */
	const char *data;  /* JSON */
};
extern const struct promo_schema promo_webhook_body_schema;

PROMO_END_DECLS
