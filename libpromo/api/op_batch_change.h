/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/bulk.h"

/* Changing batches: what they say, whose they are, and many of them at once. */

PROMO_BEGIN_DECLS

struct promo_batch_update_in {
	struct promo_set set;
	const char *id, *description, *expiration_date;
	int64_t amount_per_code;
};

struct promo_batch_assign_in {
	struct promo_set set;
	const char *id, *user_id;
};
extern const struct promo_schema promo_batch_assign_in_schema;

struct promo_batch_bulk_in {
	struct promo_set set;
	int action;             /* enum promo_batch_action */
	struct promo_texts ids; /* of these and `filter` one is given */
	const struct promo_batch_filter *filter;
	int64_t expected_count;
	const char *reason;
};
extern const struct promo_schema promo_batch_bulk_in_schema;

extern const struct promo_op promo_op_batch_update, promo_op_batch_assign, promo_op_batch_delete,
	promo_op_batch_bulk;

PROMO_END_DECLS
