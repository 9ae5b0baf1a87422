/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"

/* The pictures of the shop. */

PROMO_BEGIN_DECLS

extern const struct promo_op promo_op_branding_logo, promo_op_branding_set_logo,
	promo_op_branding_favicon, promo_op_branding_set_favicon;

PROMO_END_DECLS
