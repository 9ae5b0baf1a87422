/* SPDX-License-Identifier: MIT */
#include "libpromo/model/api_key.h"

/* clang-format off */
#define T struct promo_api_key
#define API_KEY_FIELDS                                                                             \
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the key's id"),                               \
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_COLUMN, "what it is called"),                      \
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0,                                               \
		"what it may be used for, as long as its owner may do so"),                        \
	PROMO_F_TEXTS(T, allowed_ips, 0, 0, NULL, 0,                                               \
		"addresses and networks it may be used from; none: from anywhere"),                \
	PROMO_F_TIME(T, expires_at, PROMO_COLUMN | PROMO_NULLABLE, "when it ends; null: never"),   \
	PROMO_F_TIME(T, last_used_at, PROMO_COLUMN | PROMO_NULLABLE, "last use, to the minute"),   \
	PROMO_F_TIME(T, created_at, 0, "when it was made"),                                        \
	PROMO_F_TEXT(T, prefix, TEXT, 0, 0, PROMO_COLUMN, "its beginning, to know it again by")
static const struct promo_field api_key_fields[] = { API_KEY_FIELDS };
static const struct promo_field api_key_made_fields[] = {
	API_KEY_FIELDS,
	PROMO_F_TEXT(T, key, TEXT, 0, 0, PROMO_ONLY_WIRE | PROMO_NULLABLE,
		"the key itself, for the header Authorization: Bearer; shown this once"),
};
#undef T
/* clang-format on */
const struct promo_schema promo_api_key_schema =
	PROMO_SCHEMA(struct promo_api_key, "api_key", api_key_fields);
const struct promo_schema promo_api_key_made_schema =
	PROMO_SCHEMA(struct promo_api_key, "api_key_made", api_key_made_fields);
