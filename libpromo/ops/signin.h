/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * The throttle on guessing passwords: rules/signin.h says what follows from failures, here they are
 * counted, in rows of `throttles` that all daemons share. An account that signed in from an address
 * before is judged by its own failures there alone, so that no stranger can keep a clerk out of his own
 * counter; from elsewhere the failures of all strangers count together, and those of the address over
 * all accounts. Who has no account is counted like who has one.
 *
 * A failure is counted in the transaction of its refusal, with the rows locked: of many at once no more
 * are told than the rule lets through, the others turn into 429, whether or not their password was
 * right. The user is locked before these rows. Not installed.
 */

/* Whose sign-in it is, and from where: made by promo_signin_begin(), good for the request. */
struct promo_signin {
	const char *user_id; /* NULL: nobody has this name */
	const char *both, *account, *address;
};

/* `name` is what was typed, in the form in which accounts are looked for. Without one or a user it is for
 * what is no sign-in: counted as an account that is this address, so that nobody else has to wait. */
int promo_signin_begin(struct promo_ctx *ctx, const char *user_id, const char *name,
	struct promo_signin *ret) PROMO_CHECK;

/* Before a password is hashed: 0, or PROMO_E_TOO_MANY_REQUESTS with its particulars. */
int promo_signin_look(struct promo_ctx *ctx, const struct promo_signin *signin) PROMO_CHECK;

/* In the transaction, the user locked, when the password was right: likewise. */
int promo_signin_admit(struct promo_ctx *ctx, const struct promo_signin *signin) PROMO_CHECK;

/* Likewise, when it was wrong: counts it and returns PROMO_E_INVALID_CREDENTIALS, which is to be
 * committed (ctx->commit_refusal is set), or PROMO_E_TOO_MANY_REQUESTS where others were faster. */
int promo_signin_fail(struct promo_ctx *ctx, const struct promo_signin *signin) PROMO_CHECK;

/* Counts what is not to be done all the time, whatever comes of it: 0 or PROMO_E_TOO_MANY_REQUESTS. */
int promo_signin_count(struct promo_ctx *ctx, const struct promo_signin *signin) PROMO_CHECK;

/* Likewise, when the sign-in is complete: forgets what failed, and knows the address from now on. */
int promo_signin_succeed(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;

/* Forgets whatever keeps a user from signing in, his wrong codes too, as an administrator asks; the
 * caller has locked him (promo_user_manage()). */
int promo_signin_unlock(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;
