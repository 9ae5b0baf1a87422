/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/client/client.h"
#include "libpromo/client/transfer.h"

/* What an answer says of the operation that was asked for: of one try, and of all of them together.
 * Not installed. */

/* Whether this try may have done what was asked, though nobody said so. */
int answer_may_be_done(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, bool *ret) PROMO_CHECK;

/* Reads the last answer into the reply. unknown: this try or an earlier one may have done it and
 * did not tell. server: as configured, for messages. */
int answer_take(const char *server, const struct promo_op *op, const struct transfer_answer *answer,
	bool unknown, struct promo_arena *arena, struct promo_reply *reply) PROMO_CHECK;
