/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "libpromo/ops/print/image/image.h"

enum {
	HEADER = 8 + 4 + 4 + 8 /* the signature, and IHDR up to the height */
};

struct reader {
	const struct image_bytes *bytes;
	size_t at;
};

static cairo_status_t read_some(void *closure, unsigned char *data, unsigned size)
{
	struct reader *reader = closure;

	if (size > reader->bytes->size - reader->at)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, reader->bytes->data + reader->at, size);
	reader->at += size;
	return CAIRO_STATUS_SUCCESS;
}

static uint32_t number(const unsigned char *data)
{
	return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

/* The size stands at a fixed place (PNG, section 11.2.2): looked at before anything is unpacked. */
enum image_end image_png(const struct image_bytes *bytes, cairo_surface_t **ret)
{
	static const unsigned char signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	struct reader reader = { .bytes = bytes };
	cairo_surface_t *surface;
	uint32_t width, height;

	if (bytes->size < HEADER || memcmp(bytes->data, signature, sizeof(signature)) != 0 ||
		memcmp(bytes->data + 12, "IHDR", 4) != 0)
		return IMAGE_OTHER;
	width = number(bytes->data + 16);
	height = number(bytes->data + 20);
	if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX)
		return IMAGE_TOO_LARGE;
	surface = cairo_image_surface_create_from_png_stream(read_some, &reader);
	if (cairo_surface_status(surface)) {
		cairo_surface_destroy(surface);
		return IMAGE_DAMAGED;
	}
	*ret = surface;
	return IMAGE_DONE;
}
