/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/api_key.h"
#include "libpromo/model/permission.h"

/* The own API keys. A key makes no keys: for these one signs in. Those of others are seen and ended by
 * whoever may change these people. */

PROMO_BEGIN_DECLS

struct promo_api_key_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

struct promo_api_key_create_in {
	struct promo_set set;
	const char *name;
	struct promo_texts permissions, allowed_ips;
	int64_t expires_at;
};
extern const struct promo_schema promo_api_key_create_in_schema;

struct promo_user_api_keys_in {
	struct promo_set set;
	const char *id; /* the user's */
	PROMO_LIST_MEMBERS;
};

struct promo_user_api_key_in {
	struct promo_set set;
	const char *id, *key_id; /* the user's, the key's */
};

extern const struct promo_op promo_op_api_key_list, promo_op_api_key_create,
	promo_op_api_key_delete, promo_op_user_api_keys, promo_op_user_end_api_key;

PROMO_END_DECLS
