/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_password_reset.h"
#include "libpromo/ops/ctx.h"

/*
 * Forgotten passwords; bind.h says when and how the operations are called. A token is 256 random bits
 * of which the database holds a hash. There is one of a user at a time, and whatever sets a password
 * takes it away. It does not replace a second factor.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PASSWORD_RESET_S = 3600 /* a token works so long */
};

int promo_user_password_reset(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_password_reset *ret) PROMO_CHECK;
int promo_auth_password_reset_before(
	struct promo_ctx *ctx, const struct promo_password_reset_in *in) PROMO_CHECK;
int promo_auth_password_reset(
	struct promo_ctx *ctx, const struct promo_password_reset_in *in) PROMO_CHECK;

PROMO_END_DECLS
