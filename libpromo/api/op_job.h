/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/batch.h"

/* Work in the background: to look at it, and to cancel it. Who starts it has a row of his own. */

PROMO_BEGIN_DECLS

struct promo_job_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	struct promo_texts status, kind;
	const char *batch_id;
};

extern const struct promo_op promo_op_job_list, promo_op_job_show, promo_op_job_cancel;

PROMO_END_DECLS
