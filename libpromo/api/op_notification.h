/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/notification.h"

/* One's own notifications. */

PROMO_BEGIN_DECLS

struct promo_notification_list_in {
	struct promo_set set;
	bool unread;
	PROMO_LIST_MEMBERS;
};

extern const struct promo_schema promo_notification_list_in_schema;

extern const struct promo_op promo_op_notification_list, promo_op_notification_read,
	promo_op_notification_read_all;

PROMO_END_DECLS
