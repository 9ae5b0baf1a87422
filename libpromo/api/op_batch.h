/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/batch.h"

/* Batches, and the download of their codes. */

PROMO_BEGIN_DECLS

enum {
	PROMO_CODES_MAX = 2147483647
}; /* what the column holds; the setting codes.max_per_job
					* bounds one job */
#define PROMO_AMOUNT_MAX INT64_C(99999999999999) /* minor units: 999999999999.99 */

struct promo_batch_create_in {
	struct promo_set set;
	const char *batch_name;
	int64_t total_codes, amount_per_code;
	const char *currency, *expiration_date, *description, *assigned_user_id, *code_format;
};

struct promo_batch_created {
	const struct promo_batch *batch;
	const struct promo_job *job; /* NULL where no codes were asked for */
};

struct promo_batch_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	int sort;
	const char *q;
	struct promo_texts status;
	const char *assigned_user_id, *expires_before, *expires_after;
};

struct promo_batch_generate_in {
	struct promo_set set;
	const char *id;
	int64_t count;
};

struct promo_batch_status_in {
	struct promo_set set;
	const char *id;
	int status; /* enum promo_batch_target */
	const char *reason;
};

struct promo_code_download_in {
	struct promo_set set;
	const char *id;
	struct promo_texts status;
	bool redemptions, manifest;
};

extern const struct promo_schema promo_batch_status_in_schema;

extern const struct promo_op promo_op_batch_create, promo_op_batch_list, promo_op_batch_show,
	promo_op_batch_status, promo_op_batch_generate, promo_op_code_download;

PROMO_END_DECLS
