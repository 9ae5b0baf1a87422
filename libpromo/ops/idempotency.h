/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Idempotency-Key for the operations that do not keep theirs themselves: a key of a user is bound to
 * the answer of the first request that came with it, for 24 hours, in that request's transaction.
 * What makes two requests equal is a keyed hash of the operation and its decoded input (keyed: an
 * input may hold a password).
 */

PROMO_BEGIN_DECLS

/* Whether text is a key: 1 to 255 visible ASCII characters. */
bool promo_idempotency_valid(const char *text);

/* The hash that stands for the request, as hex in the arena. */
int promo_idempotency_hash(const struct promo_op *op, const void *in, const unsigned char *hash_key,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* Takes ctx->key for this transaction; another request that holds it is waited for. *ret is NULL
 * where the key is ours now, else the answer it is bound to.
 * PROMO_E_IDEMPOTENCY_KEY_REUSED: it is bound to another input. */
int promo_idempotency_take(struct promo_ctx *ctx, const struct promo_kept_answer **ret) PROMO_CHECK;

/* Whether ctx->key is bound to an answer, as far as can be seen without waiting: what then happens is up to
 * promo_idempotency_take(). */
int promo_idempotency_look(struct promo_ctx *ctx, bool *ret_bound) PROMO_CHECK;

/* Binds the key that was taken to its answer. */
int promo_idempotency_bind(
	struct promo_ctx *ctx, const struct promo_kept_answer *answer) PROMO_CHECK;

/* Gives the key that was taken back, where the transaction is committed without an answer to bind. */
int promo_idempotency_release(struct promo_ctx *ctx) PROMO_CHECK;

PROMO_END_DECLS
