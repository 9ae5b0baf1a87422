/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* API keys: what programs sign in with, in the place of the user who made them. */

PROMO_BEGIN_DECLS

struct promo_api_key {
	const char *id, *name;
	struct promo_texts permissions; /* what it is for; its owner has to hold it as well */
	struct promo_texts allowed_ips; /* addresses and networks; none: from anywhere */
	int64_t expires_at;             /* 0: never */
	int64_t last_used_at, created_at;
	const char *prefix; /* its beginning, by which one knows it again */
	const char *key;    /* in the answer that made it, and never again */
};
extern const struct promo_schema promo_api_key_schema, promo_api_key_made_schema;

PROMO_END_DECLS
