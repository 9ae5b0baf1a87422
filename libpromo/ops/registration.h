/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_registration.h"
#include "libpromo/ops/ctx.h"

/*
 * Registrations; bind.h says when and how the operations are called. Whoever registers learns nothing
 * about who has an account: what belongs to somebody already is answered like the rest and left out.
 * The approval is the one that the role `user` needs. A decision takes the hash of the password away.
 */

PROMO_BEGIN_DECLS

int promo_registration_create_check(
	struct promo_ctx *ctx, const struct promo_registration_create_in *in) PROMO_CHECK;
int promo_registration_create_before(
	struct promo_ctx *ctx, const struct promo_registration_create_in *in) PROMO_CHECK;
int promo_registration_create(
	struct promo_ctx *ctx, const struct promo_registration_create_in *in) PROMO_CHECK;
int promo_registration_list(struct promo_ctx *ctx, const struct promo_registration_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_registration_approve(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_registration *ret) PROMO_CHECK;
int promo_registration_reject(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_registration *ret) PROMO_CHECK;

PROMO_END_DECLS
