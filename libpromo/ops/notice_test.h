/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_notification_test.h"
#include "libpromo/ops/ctx.h"

/* POST /notifications/test: what the courier does later, at once and outside of any transaction, so that
 * whoever sets a channel up sees what the other side says. Nothing of it stands in the outbox. */

PROMO_BEGIN_DECLS

/* Sends; PROMO_E_DELIVERY_FAILED with the words of the other side. */
int promo_notification_test_before(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in) PROMO_CHECK;
int promo_notification_test(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *ret) PROMO_CHECK;

PROMO_END_DECLS
