/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/outbox.h"

/* The outbox, for those who set up where letters go: which have gone, which wait and why, which are dead
 * and may be tried again. */

PROMO_BEGIN_DECLS

struct promo_outbox_list_in {
	struct promo_set set;
	struct promo_texts status;
	int channel; /* enum promo_channel; 0: all */
	PROMO_LIST_MEMBERS;
};

extern const struct promo_op promo_op_outbox_list, promo_op_outbox_retry;

PROMO_END_DECLS
