/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/call.h"
#include "libpromo/store/rows_access.h"

/*
 * The throttle against guessing codes: rules/throttle.h says what follows from misses, here they are
 * counted. It concerns the operations with PROMO_OP_GUESSABLE and one user at a time, in a row of
 * `throttles` that all daemons share; without a row nothing is written and nothing waits.
 *
 * A miss is counted in the transaction that writes its refusal down, with the row locked: of many at
 * once no more are told than the rule lets through, the others turn into 429. Who is under suspicion
 * has his row locked from the beginning of each operation to the count of what it brought, so that he
 * learns of one code at a time. Locks are taken after the own writer of the audit trail and before
 * customers.
 *
 * What works on requests elsewhere (the group lanes) reads the rows of its users (throttle_read), and
 * hands back to promo_run() whoever is not neutral, and every request of a user of whom one misses:
 * an answer about one of many guesses must not depend on the others being counted later.
 *
 * Not installed.
 */

/* A row may be NULL: that user never guessed. `now` is the database's clock. */
bool promo_throttle_neutral(const struct promo_throttle_row *row, int64_t now);

/* 0, or PROMO_E_TOO_MANY_REQUESTS with its particulars in ctx->problem while the user is blocked. */
int promo_throttle_refuse(
	struct promo_ctx *ctx, const struct promo_throttle_row *row, int64_t now) PROMO_CHECK;

/* Has the answer tell where the user stands. */
void promo_throttle_tell(
	const struct promo_throttle_row *row, int64_t now, struct promo_answer *answer);

/* Counts codes of a list that do not exist, inside its operation: the first 50 of an hour are free, the
 * others are misses. PROMO_E_TOO_MANY_REQUESTS, with what was counted, where there were more of them
 * than anybody may try before he has to wait. A list never counts as a good code. */
int promo_throttle_count_unknown(struct promo_ctx *ctx, int64_t unknown) PROMO_CHECK;

/*
 * For run.c.
 */

/* At the beginning of an operation's transaction: lets the user in, or refuses as above. */
int promo_throttle_admit(struct promo_call *call) PROMO_CHECK;

/* Inside the transaction of an operation that succeeded. */
int promo_throttle_count_good(struct promo_call *call) PROMO_CHECK;

/* Inside the transaction that writes a refusal down: counts it where it is a miss. *ret_error is what is to be
 * answered: the same, or PROMO_E_TOO_MANY_REQUESTS. */
int promo_throttle_count_refusal(struct promo_call *call, int error, int *ret_error) PROMO_CHECK;

/* Has the answer tell where the user stands, as far as the call came to know it. */
void promo_throttle_tell_call(const struct promo_call *call, struct promo_answer *answer);
