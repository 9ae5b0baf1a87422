/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Signing in and out, the own profile, the own password and the own sessions; bind.h says when and
 * how they are called, the rows of api/op_auth.c what they may refuse.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SESSION_REMEMBER_S = 30 * 24 * 60 * 60, /* how long it lasts if it was asked to */
};

int promo_auth_login_before(struct promo_ctx *ctx, const struct promo_login_in *in) PROMO_CHECK;
int promo_auth_login(struct promo_ctx *ctx, const struct promo_login_in *in,
	struct promo_login_answer *ret) PROMO_CHECK;
int promo_auth_logout(struct promo_ctx *ctx) PROMO_CHECK;
int promo_auth_session(struct promo_ctx *ctx, struct promo_session_answer *ret) PROMO_CHECK;

int promo_me_show(struct promo_ctx *ctx, struct promo_user *ret) PROMO_CHECK;
int promo_me_password_before(
	struct promo_ctx *ctx, const struct promo_me_password_in *in) PROMO_CHECK;
int promo_me_password(struct promo_ctx *ctx, const struct promo_me_password_in *in) PROMO_CHECK;

int promo_session_list(struct promo_ctx *ctx, const struct promo_session_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_session_end(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;

/* The end of every way to sign in, of a user who is locked: notes it and makes the session. */
int promo_sign_in(struct promo_ctx *ctx, const char *user_id, bool remember,
	struct promo_login_answer *ret) PROMO_CHECK;

/* For the before() of an operation that asks the actor for his password: looks whether it is the right
 * one, which takes ctx->before. PROMO_E_TOO_MANY_REQUESTS. */
int promo_password_ask(struct promo_ctx *ctx, const char *password) PROMO_CHECK;
/* The answer to that, inside the transaction, where his row is locked and was read: 0 if it is and
 * nobody changed it meanwhile, PROMO_E_INVALID_CREDENTIALS, which is counted (signin.h), or
 * PROMO_E_TOO_MANY_REQUESTS. */
int promo_password_confirm(
	struct promo_ctx *ctx, const struct promo_credential_row *now) PROMO_CHECK;

/* The page of sessions of any user that both lists of sessions show. */
int promo_session_page(struct promo_ctx *ctx, const char *user_id, int64_t limit,
	const char *cursor, bool count, struct promo_list *ret) PROMO_CHECK;
/* Ends the sessions of a user, but for one where it is given, and raises the epoch if there were
 * any. *ret_ended (may be NULL) is how many. */
int promo_session_end_all(struct promo_ctx *ctx, const char *user_id, const char *but,
	int64_t *ret_ended) PROMO_CHECK;

PROMO_END_DECLS
