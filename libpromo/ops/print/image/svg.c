/* SPDX-License-Identifier: MIT */
#include <librsvg/rsvg.h>
#include <math.h>
#include <string.h>

#include "libpromo/ops/print/image/image.h"

enum {
	LOOKED_AT = 4096 /* bytes in which the root element has to begin */
};

/* Its own size, or that of its view box, or a square. */
static void size_of(RsvgHandle *handle, double *ret_width, double *ret_height)
{
	gboolean has_width, has_height, has_box;
	RsvgLength width, height;
	RsvgRectangle box;
	double w = 1, h = 1;

	rsvg_handle_get_intrinsic_dimensions(
		handle, &has_width, &width, &has_height, &height, &has_box, &box);
	if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &w, &h) && has_box) {
		w = box.width;
		h = box.height;
	}
	*ret_width = w;
	*ret_height = h;
}

static enum image_end render(RsvgHandle *handle, cairo_surface_t **ret)
{
	RsvgRectangle all = { 0, 0, 0, 0 };
	double width, height, larger;
	cairo_surface_t *surface;
	gboolean drawn;
	cairo_t *cairo;

	size_of(handle, &width, &height);
	if (!(width > 0 && height > 0 && width < 1e6 && height < 1e6))
		return IMAGE_DAMAGED;
	larger = width > height ? width : height;
	all.width = ceil(width / larger * IMAGE_SIDE);
	all.height = ceil(height / larger * IMAGE_SIDE);
	surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)all.width, (int)all.height);
	cairo = cairo_create(surface);
	drawn = rsvg_handle_render_document(handle, cairo, &all, NULL);
	cairo_destroy(cairo);
	if (!drawn || cairo_surface_status(surface)) {
		cairo_surface_destroy(surface);
		return IMAGE_DAMAGED;
	}
	cairo_surface_flush(surface);
	*ret = surface;
	return IMAGE_DONE;
}

/* Nothing that it refers to is read: a document without an address of its own may not. */
enum image_end image_svg(const struct image_bytes *bytes, cairo_surface_t **ret)
{
	size_t looked_at = bytes->size < LOOKED_AT ? bytes->size : LOOKED_AT;
	RsvgHandle *handle;
	enum image_end end;

	if (!memmem(bytes->data, looked_at, "<svg", 4))
		return IMAGE_OTHER;
	handle = rsvg_handle_new_from_data(bytes->data, bytes->size, NULL);
	if (!handle)
		return IMAGE_DAMAGED;
	end = render(handle, ret);
	g_object_unref(handle);
	return end;
}
