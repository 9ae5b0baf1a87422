/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Small objects that stand inside others: a thing named by its id. */

PROMO_BEGIN_DECLS

struct promo_ref {
	const char *id;
	const char *name;
};
extern const struct promo_schema promo_ref_schema;

struct promo_batch_ref {
	const char *id;
	const char *batch_name;
};
extern const struct promo_schema promo_batch_ref_schema;

/* A sum in one currency. */
struct promo_sum {
	const char *currency;
	int64_t amount;
};
extern const struct promo_schema promo_sum_schema;

/* Extra members of problems. */
struct promo_permission_member {
	const char *permission; /* the missing one */
};
extern const struct promo_schema promo_permission_member_schema;

struct promo_id_member {
	const char *id;
};
extern const struct promo_schema promo_id_member_schema;

PROMO_END_DECLS
