/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/outbox.h"

/* A message by each channel, to see whether it arrives. */

PROMO_BEGIN_DECLS

struct promo_notification_test_in {
	struct promo_set set;
	int channel; /* of promo_test_channel_words */
	const char *recipient, *webhook_id;
};

struct promo_notification_test_answer {
	int channel;
	const char *recipient;
	int64_t response_code;
};

extern const struct promo_op promo_op_notification_test;

PROMO_END_DECLS
