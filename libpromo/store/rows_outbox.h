/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows of what is carried out (ops/courier.h). */

PROMO_BEGIN_DECLS

/* A letter that the courier took. */
struct promo_parcel_row {
	const char *id, *kind, *recipient;
	const char *payload; /* JSON */
	int64_t attempts;    /* with this one; the fence */
	int64_t created_at;
	bool expired; /* nobody needs it any more */
};
extern const struct promo_schema promo_parcel_row_schema;

/* What it takes to call a webhook. */
struct promo_webhook_secret_row {
	const char *url;
	const char *secret; /* sealed, in hex */
	const char *key_id;
	const char *old_id; /* of one that it had before; NULL: the one that it has */
};
extern const struct promo_schema promo_webhook_secret_row_schema;

/* A webhook that was disabled. */
struct promo_webhook_told_row {
	const char *id, *url;
	int disabled_reason; /* enum promo_webhook_reason */
};
extern const struct promo_schema promo_webhook_told_row_schema;

PROMO_END_DECLS
