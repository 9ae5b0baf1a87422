/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/code.h"

/* Codes, verification, redemption, customers and fraud reports. */

PROMO_BEGIN_DECLS

struct promo_code_verify_in {
	struct promo_set set;
	const char *code;
};

struct promo_redemption_create_in {
	struct promo_set set;
	const char *code, *phone_number, *first_name, *last_name, *note;
};
extern const struct promo_schema promo_redemption_create_in_schema;

struct promo_fraud_report_create_in {
	struct promo_set set;
	const char *code, *phone_number, *first_name, *last_name;
	int type; /* enum promo_fraud_type */
	const char *description;
};

struct promo_code_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	int sort; /* with batch_id only */
	const char *batch_id;
	struct promo_texts status;
	const char *q;
	int64_t created_after, created_before;
};

struct promo_redemption_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *q, *code_id, *customer_id, *phone_number, *batch_id, *user_id;
	struct promo_texts status;
	int64_t from, to;
};

struct promo_me_redemptions_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *from, *to; /* a day of the shop, or a time that lies in it */
	struct promo_texts status;
};

struct promo_fraud_report_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	struct promo_texts status, priority;
	const char *q;
	int64_t from, to;
};

struct promo_customer_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *q;
};

extern const struct promo_op promo_op_code_list, promo_op_code_show, promo_op_code_verify,
	promo_op_redemption_create, promo_op_redemption_list, promo_op_redemption_show,
	promo_op_me_redemptions, promo_op_fraud_report_create, promo_op_fraud_report_list,
	promo_op_fraud_report_show, promo_op_customer_list, promo_op_customer_show;

PROMO_END_DECLS
