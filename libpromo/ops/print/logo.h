/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"

/*
 * A picture that somebody sent, and what is kept of it to be printed: pixels, and nothing that could
 * still be decoded. Decoding is done once, in a process of its own with limits of its own
 * (image/image.h), so that a picture made to do harm ends that process at worst.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PICTURE_BYTES_MAX = 1024 * 1024, /* as it is sent */
	PROMO_PICTURE_SIDE_MAX = 640,          /* pixels, as it is kept */
};

/* Rows from the top without gaps, four bytes a pixel: red, green, blue, opacity, not multiplied. */
struct promo_picture {
	int width, height; /* 1 to PROMO_PICTURE_SIDE_MAX */
	const uint8_t *pixels;
	void *owned; /* what free() takes to be rid of them; NULL: they are somebody else's */
};

/* Decodes. `program`: the path of promo-image. kind: "png", "jpeg" or "svg"; what the bytes are in truth
 * has to be the same. PROMO_E_INVALID_INPUT with a static sentence in *reterr_why where they are
 * something else, damaged, too large, or take too much to decode; a fault where the program cannot
 * be run. Takes up to 10 s. The pixels are in the arena: up to 1.6 MB. */
int promo_picture_decode(const char *program, const char *kind, const void *bytes, size_t size,
	struct promo_arena *arena, struct promo_picture *ret, const char **reterr_why) PROMO_CHECK;

/* The same pixels as a PNG, in the arena: for others to look at. */
int promo_picture_png(const struct promo_picture *picture, struct promo_arena *arena,
	const void **ret_bytes, size_t *ret_size) PROMO_CHECK;

PROMO_END_DECLS
