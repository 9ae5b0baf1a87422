/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_branding.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/ops/print/logo.h"

/*
 * The pictures of the shop: decoded once, when they are set, in a process of their own and outside of
 * any transaction; kept as pixels.
 */

PROMO_BEGIN_DECLS

int promo_branding_decode(struct promo_ctx *ctx) PROMO_CHECK; /* before() of the two that set */
int promo_branding_set_logo(struct promo_ctx *ctx) PROMO_CHECK;
int promo_branding_set_favicon(struct promo_ctx *ctx) PROMO_CHECK;
int promo_branding_logo(struct promo_ctx *ctx) PROMO_CHECK;
int promo_branding_favicon(struct promo_ctx *ctx) PROMO_CHECK;

/* The logo as it is printed, with pixels that the caller frees with promo_branding_release(); its
 * pixels are NULL where there is none. */
int promo_branding_fetch_logo(struct promo_store *store, struct promo_arena *arena,
	struct promo_picture *ret) PROMO_CHECK;
void promo_branding_release(struct promo_picture *picture);

PROMO_END_DECLS
