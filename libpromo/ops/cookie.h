/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/ops/ctx.h"

/*
 * The session of a browser stands in a cookie that its pages cannot read (HttpOnly) and that no page of
 * another site can have sent (SameSite=Strict). Its name begins with __Host-, so that no other host can
 * plant one (RFC 6265bis, 4.1.3); on plain HTTP to this machine itself that prefix is not taken.
 */

PROMO_BEGIN_DECLS

const char *promo_cookie_name(bool is_plain);

/* For a sign-in that asks for a cookie: not by a page of a foreign origin. PROMO_E_ORIGIN_NOT_ALLOWED. */
int promo_cookie_admit(struct promo_ctx *ctx) PROMO_CHECK;
/* Moves the token of the answer into a cookie; what the page may not read is not in it any more. */
int promo_cookie_set(
	struct promo_ctx *ctx, bool remember, struct promo_login_answer *ret) PROMO_CHECK;
/* Takes the cookie away again, where the request came with one. */
int promo_cookie_clear(struct promo_ctx *ctx) PROMO_CHECK;
/* Set-Cookie of a refusal: a browser that signs out of a session that has ended keeps no cookie of it. NULL:
 * none; whatever else is refused may have been overtaken by a new sign-in, whose cookie stays. */
const char *promo_cookie_of_refusal(struct promo_ctx *ctx, int error);

PROMO_END_DECLS
