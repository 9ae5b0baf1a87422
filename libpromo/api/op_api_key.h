/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/api_key.h"
#include "libpromo/model/permission.h"

/* The own API keys. A key makes no keys: for these one signs in. */

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

extern const struct promo_op promo_op_api_key_list, promo_op_api_key_create,
	promo_op_api_key_delete;

PROMO_END_DECLS
