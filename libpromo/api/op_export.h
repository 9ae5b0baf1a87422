/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/batch.h"

/*
 * Files: what lists show, whole and as CSV or as lines of JSON, with the filters and the rights of the
 * list; the codes of a batch as a file that a job makes; and the file that a job has made.
 */

PROMO_BEGIN_DECLS

struct promo_redemption_export_in {
	struct promo_set set;
	const char *q, *code_id, *customer_id, *phone_number, *batch_id, *user_id;
	struct promo_texts status;
	int64_t from, to;
	bool manifest;
};

struct promo_fraud_report_export_in {
	struct promo_set set;
	struct promo_texts status, priority;
	const char *q;
	int64_t from, to;
	bool manifest;
};

struct promo_customer_export_in {
	struct promo_set set;
	const char *q;
	bool manifest;
};

struct promo_user_export_in {
	struct promo_set set;
	const char *q, *role;
	bool is_active;
	bool manifest;
};

struct promo_audit_export_in {
	struct promo_set set;
	const char *actor_id;
	struct promo_texts action;
	const char *entity_kind, *entity_id;
	struct promo_texts outcome;
	int64_t from, to;
	bool seals;
	bool manifest;
};

enum promo_export_format {
	PROMO_FORMAT_CSV = 1,
	PROMO_FORMAT_PDF,
};

struct promo_batch_export_in {
	struct promo_set set;
	const char *id;
	int format; /* enum promo_export_format */
	struct promo_texts status;
	bool redemptions; /* CSV: with who redeemed what */
	bool qr;          /* PDF: with QR codes, true unless said */
};

struct promo_job_file_in {
	struct promo_set set;
	const char *id;
};

extern const struct promo_schema promo_user_export_in_schema, promo_batch_export_in_schema;

extern const struct promo_op promo_op_redemption_export, promo_op_fraud_report_export,
	promo_op_customer_export, promo_op_user_export, promo_op_audit_export,
	promo_op_batch_export, promo_op_job_file;

PROMO_END_DECLS
