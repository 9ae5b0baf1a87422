/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/rules/password_policy.h"

/*
 * Passwords, for the before() of operations: outside of transactions, and only so many at once
 * (hash_slots.h).
 */

PROMO_BEGIN_DECLS

/* PROMO_E_INVALID_INPUT at `pointer` unless the shop's policy takes the password. */
int promo_new_password_check(struct promo_ctx *ctx, const struct promo_password_owner *owner,
	const char *pointer, const char *password) PROMO_CHECK;

/* The hash, in the arena. PROMO_E_TOO_MANY_REQUESTS. */
int promo_new_password_hash(
	struct promo_ctx *ctx, const char *password, const char **ret) PROMO_CHECK;

/* 0 if the password belongs to the hash (NULL: nobody's, which takes as long), else
 * PROMO_E_INVALID_CREDENTIALS; PROMO_E_TOO_MANY_REQUESTS. Where the hash was made with other
 * parameters than today's, *ret_rehash is a new one, else NULL. */
int promo_known_password_verify(struct promo_ctx *ctx, const char *hash, const char *password,
	const char **ret_rehash) PROMO_CHECK;

/* Inside the transaction, the user locked: whether a password that was right for the hash `checked` is
 * right for what is stored now. Mostly that is the same hash. Where it is another, it may be the same password,
 * which somebody who signed in meanwhile had hashed anew: only then it is hashed here, or he would be counted
 * as somebody who guesses. PROMO_E_TOO_MANY_REQUESTS. */
int promo_known_password_still(struct promo_ctx *ctx, const char *checked, const char *now,
	const char *password, bool *ret_right) PROMO_CHECK;

PROMO_END_DECLS
