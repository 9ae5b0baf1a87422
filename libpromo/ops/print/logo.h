/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * A logo as it is drawn: pixels, and nothing that could still be decoded.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PICTURE_SIDE_MAX = 1024, /* pixels: 40 mm at 600 dots an inch are 945 */
};

/* Rows from the top without gaps, four bytes a pixel: red, green, blue, opacity, not multiplied. */
struct promo_picture {
	int width, height; /* 1 to PROMO_PICTURE_SIDE_MAX */
	const uint8_t *pixels;
};

PROMO_END_DECLS
