/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <stddef.h>

/*
 * The program promo-image: reads a picture that somebody sent (PNG, JPEG or SVG; its argument says
 * which) from its standard input and writes what is left of it to its standard output: width and
 * height, two bytes each in the order of the machine, and four bytes a pixel, red, green, blue,
 * opacity, in rows from the top, at most IMAGE_SIDE on each side.
 *
 * Decoders are where pictures do harm. So they run here and nowhere else: in a process that has
 * nothing, may take so much memory and so much of a processor, and is killed when it takes longer
 * (print/logo.h). Whoever started it gets pixels or an exit code.
 */

enum {
	IMAGE_BYTES_MAX = 1024 * 1024,
	IMAGE_SIDE_MAX = 4096, /* of what is sent */
	IMAGE_SIDE = 640,      /* of what comes out: 30 mm at 540 dots an inch */
};

/* Exit codes. */
enum image_end {
	IMAGE_DONE = 0,
	IMAGE_FAILED = 1, /* not the picture's fault */
	IMAGE_OTHER = 10, /* not a picture of the kind that it is said to be */
	IMAGE_DAMAGED,
	IMAGE_TOO_LARGE, /* more pixels than are taken */
};

struct image_bytes {
	const unsigned char *data;
	size_t size;
};

/* Decode into a surface that may be larger than IMAGE_SIDE; the caller destroys it. */
enum image_end image_png(const struct image_bytes *bytes, cairo_surface_t **ret);
enum image_end image_jpeg(const struct image_bytes *bytes, cairo_surface_t **ret);
enum image_end image_svg(const struct image_bytes *bytes, cairo_surface_t **ret);
