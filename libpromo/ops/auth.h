/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/problem.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Who asks, and may he. promo_with_auth() is the only place where permissions are enforced; the
 * runner calls it for every operation and there is no way around the runner. Nothing is cached: the
 * session, the user, his roles and their permissions are read with the first statement of every
 * request, so a right that was taken away is gone with the very next one.
 */

PROMO_BEGIN_DECLS

/* Reads the facts about a token (NULL: about nobody), in one statement. */
int promo_auth_read(struct promo_store *store, struct promo_arena *arena, const char *token,
	struct promo_auth_facts *ret) PROMO_CHECK;

/* Makes the actor of them; `anonymous` for a public operation, which looks at no token.
 * PROMO_E_UNAUTHENTICATED: no token, none that is known, or its user is inactive.
 * PROMO_E_SESSION_EXPIRED: past its end, or idle for longer than idle_ms (not for sessions that
 * were asked to be remembered). *ret is set in every case, so that a refusal has its actor too. */
int promo_auth_judge(const struct promo_auth_facts *facts, bool anonymous, int64_t idle_ms,
	struct promo_actor *ret) PROMO_CHECK;

/* Whether the actor may call op: its access and its permissions. `in` is the decoded input, or NULL
 * while there is none: then only the permissions that are needed in any case are looked at.
 * PROMO_E_UNAUTHENTICATED, or PROMO_E_FORBIDDEN with the member `permission` in *problem. */
int promo_with_auth(const struct promo_op *op, const struct promo_actor *actor, const void *in,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

/* Whether the row limits this actor to what is his own (sees_all). */
bool promo_auth_own_only(const struct promo_op *op, const struct promo_actor *actor);

/* For whoever takes something away or changes rights (design "Immediate effect"): raises the epoch
 * and notes the user concerned. Inside the transaction of the change. */
int promo_auth_changed(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;

PROMO_END_DECLS
