/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/print/picture.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"

enum {
	PNG_MAX = 4 * 1024 * 1024 /* bytes; what cannot be packed is 1.6 MB */
};

/* From opacity apart to multiplied by it, as cairo wants it. */
static uint32_t multiplied(const uint8_t *pixel)
{
	uint32_t alpha = pixel[3];

	return alpha << 24 | (pixel[0] * alpha / 255) << 16 | (pixel[1] * alpha / 255) << 8 |
	       pixel[2] * alpha / 255;
}

int promo_picture_surface(const struct promo_picture *picture, cairo_surface_t **ret)
{
	cairo_surface_t *surface;
	unsigned char *bytes;
	int stride;

	surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture->width, picture->height);
	if (cairo_surface_status(surface)) {
		cairo_surface_destroy(surface);
		return promo_fault(-ENOMEM, "could not print a logo");
	}
	bytes = cairo_image_surface_get_data(surface);
	stride = cairo_image_surface_get_stride(surface);
	for (int y = 0; y < picture->height; y++)
		for (int x = 0; x < picture->width; x++) {
			size_t at = (size_t)y * (size_t)picture->width + (size_t)x;
			uint32_t value = multiplied(picture->pixels + at * 4);

			memcpy(bytes + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4, &value, 4);
		}
	cairo_surface_mark_dirty(surface);
	*ret = surface;
	return 0;
}

static cairo_status_t keep(void *closure, const unsigned char *bytes, unsigned size)
{
	promo_buffer_append(closure, bytes, size);
	return CAIRO_STATUS_SUCCESS;
}

int promo_picture_png(const struct promo_picture *picture, struct promo_arena *arena,
	const void **ret_bytes, size_t *ret_size)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, PNG_MAX);
	cairo_surface_t *surface;
	cairo_status_t status;
	const char *bytes;
	int r;

	r = promo_picture_surface(picture, &surface);
	if (r)
		return r;
	status = cairo_surface_write_to_png_stream(surface, keep, &buffer);
	cairo_surface_destroy(surface);
	if (status)
		return promo_fault(
			-EIO, "could not write a PNG: %s", cairo_status_to_string(status));
	r = promo_buffer_end(&buffer, &bytes);
	if (r)
		return r;
	*ret_bytes = bytes;
	*ret_size = buffer.size;
	return 0;
}
