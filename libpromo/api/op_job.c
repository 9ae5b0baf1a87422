/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_job.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_job_list_in
static const struct promo_field job_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXTS(T, status, 0, 5, &promo_job_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TEXTS(T, kind, 0, 10, &promo_job_kind_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more kinds"),
	PROMO_F_TEXT(T, batch_id, ID, 0, 0, PROMO_IN_QUERY, "jobs of this batch"),
};
#undef T
static const struct promo_schema job_list_in_schema =
	PROMO_INPUT(struct promo_job_list_in, "job_list_in", job_list_in);

const struct promo_op promo_op_job_list = {
	.name = "job.list",
	.summary = "List jobs, newest first",
	.method = PROMO_GET,
	.path = "/jobs",
	.access = PROMO_ACCESS_SELF,
	.sees_all = PROMO_P_BATCHES_READ,
	.flags = PROMO_OP_BY_API_KEY,
	.in = &job_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_job_schema,
	.status = 200,
};

const struct promo_op promo_op_job_show = {
	.name = "job.show",
	.summary = "Show a job and how far it is",
	.method = PROMO_GET,
	.path = "/jobs/{id}",
	.access = PROMO_ACCESS_SELF,
	.sees_all = PROMO_P_BATCHES_READ,
	.flags = PROMO_OP_BY_API_KEY,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_job_cancel = {
	.name = "job.cancel",
	.summary = "Cancel a job, with the permission that starts it; what it made is taken away "
		   "again",
	.method = PROMO_POST,
	.path = "/jobs/{id}/cancel",
	/* By the kind of the job: ops/job_kinds.c. */
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_BY_API_KEY,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_FORBIDDEN }, { PROMO_E_JOB_FINISHED } },
};
