/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/cookie.h"

#include <errno.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/ops/sessions.h"

const char *promo_cookie_name(bool is_plain)
{
	return is_plain ? "promo_session" : "__Host-promo_session";
}

int promo_cookie_admit(struct promo_ctx *ctx)
{
	return ctx->request->foreign_origin ? PROMO_E_ORIGIN_NOT_ALLOWED : 0;
}

/* RFC 6265, 4.1; `lasts` is an attribute or "". */
static int set(struct promo_ctx *ctx, const char *token, const char *lasts)
{
	const bool is_plain = ctx->request->is_plain;

	ctx->set_cookie =
		promo_arena_printf(ctx->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
			promo_cookie_name(is_plain), token, is_plain ? "" : "; Secure", lasts);
	return ctx->set_cookie ? 0 : promo_fault(-ENOMEM, "could not write a cookie");
}

int promo_cookie_set(struct promo_ctx *ctx, bool remember, struct promo_login_answer *ret)
{
	const char *lasts =
		remember ? promo_arena_printf(ctx->arena, "; Max-Age=%d", PROMO_SESSION_REMEMBER_S)
			 : "";
	int r;

	if (!lasts)
		return promo_fault(-ENOMEM, "could not write a cookie");
	r = set(ctx, ret->token, lasts);
	if (!r)
		ret->token = NULL;
	return r;
}

const char *promo_cookie_of_refusal(struct promo_ctx *ctx, int error)
{
	if (ctx->op != &promo_op_auth_logout ||
		(error != PROMO_E_UNAUTHENTICATED && error != PROMO_E_SESSION_EXPIRED))
		return NULL;
	return promo_cookie_clear(ctx) ? NULL : ctx->set_cookie;
}

int promo_cookie_clear(struct promo_ctx *ctx)
{
	return ctx->request->by_cookie ? set(ctx, "", "; Max-Age=0") : 0;
}
