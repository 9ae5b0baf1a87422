/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/bulk.h"
#include "libpromo/model/code.h"

/*
 * Work on fraud reports: what becomes of a case, one or many, and what is noted in it. How one is
 * opened and read stands in op_code.h. A case has no version: its status only goes on as the rule in
 * rules/fraud.h lets it, and what else is changed overwrites nothing that somebody else changed.
 */

PROMO_BEGIN_DECLS

struct promo_fraud_report_update_in {
	struct promo_set set;
	const char *id;
	int status, priority; /* enum promo_fraud_status, enum promo_priority; 0: stays */
	const char *assignee_id, *resolution;
};

struct promo_fraud_report_note_in {
	struct promo_set set;
	const char *id, *text;
};

struct promo_fraud_report_bulk_in {
	struct promo_set set;
	int action; /* enum promo_fraud_action */
	struct promo_texts ids;
	const struct promo_fraud_filter *filter;
	int64_t expected_count;
	const char *resolution;
};
extern const struct promo_schema promo_fraud_report_bulk_in_schema;

extern const struct promo_op promo_op_fraud_report_update, promo_op_fraud_report_note,
	promo_op_fraud_report_bulk;

PROMO_END_DECLS
