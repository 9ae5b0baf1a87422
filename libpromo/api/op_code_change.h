/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/bulk.h"

/* Changing codes, one or many, and what is asked about codes in hand: are these codes, and what
 * became of this one. */

PROMO_BEGIN_DECLS

enum {
	PROMO_BULK_ITEMS_MAX = 10000, /* codes changed in one request, not by a job */
	PROMO_VALIDATE_MAX = 1000,
};

struct promo_code_status_in {
	struct promo_set set;
	const char *id;
	int status; /* enum promo_code_target */
	const char *reason;
};
extern const struct promo_schema promo_code_status_in_schema;

struct promo_code_bulk_in {
	struct promo_set set;
	int action;                    /* enum promo_code_action */
	struct promo_texts ids, codes; /* of these and `filter` one is given */
	const struct promo_code_filter *filter;
	int64_t expected_count;
	const char *reason;
};
extern const struct promo_schema promo_code_bulk_in_schema;

struct promo_code_validate_in {
	struct promo_set set;
	struct promo_texts codes;
};

struct promo_code_explain_in {
	struct promo_set set;
	const char *code;
};

extern const struct promo_op promo_op_code_status, promo_op_code_bulk, promo_op_code_validate,
	promo_op_code_explain;

PROMO_END_DECLS
