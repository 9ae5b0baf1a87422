/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_notification_test.h"
#include "libpromo/ops/ctx.h"

/* POST /notifications/test: what the courier does later, at once and outside of any transaction, so that
 * whoever sets a channel up sees what the other side says. Nothing of it stands in the outbox.
 *
 * Each holds a worker while the other side takes its time, and costs somebody money: a process sends few at
 * once, a user few in a minute. Its Idempotency-Key is taken before the message goes and bound, to what
 * became of it, right after that, outside of the transaction: the message cannot be rolled back. So a repeated
 * request never sends again; where the first did not get as far as that, nobody knows whether it was sent. */

PROMO_BEGIN_DECLS

enum {
	PROMO_TESTS_AT_ONCE = 2,   /* of a process */
	PROMO_TESTS_A_MINUTE = 10, /* of a user */
};

/* Sends; PROMO_E_DELIVERY_FAILED with the words of the other side, PROMO_E_TOO_MANY_REQUESTS,
 * PROMO_E_OUTCOME_UNKNOWN. */
int promo_notification_test_before(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in) PROMO_CHECK;
int promo_notification_test(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *ret) PROMO_CHECK;

PROMO_END_DECLS
