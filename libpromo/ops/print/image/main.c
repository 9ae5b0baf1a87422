/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libpromo/ops/print/image/image.h"

enum {
	CPU_SECONDS = 2,
	FILES = 64,
};

static const struct {
	const char *name;
	enum image_end (*decode)(const struct image_bytes *bytes, cairo_surface_t **ret);
} kinds[] = {
	{ "png", image_png },
	{ "jpeg", image_jpeg },
	{ "svg", image_svg },
};

/* As a rule, so that no caller can forget it. MEMORY_BYTES is 0 under a sanitizer, which reserves
 * more than any machine has. */
static bool limit(void)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CPU, CPU_SECONDS },
		{ RLIMIT_NOFILE, FILES },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_AS, MEMORY_BYTES > 0 ? MEMORY_BYTES : RLIM_INFINITY },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct rlimit most = { limits[i].most, limits[i].most };

		if (setrlimit(limits[i].what, &most) != 0)
			return false;
	}
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
}

static bool read_input(unsigned char *data, struct image_bytes *ret)
{
	size_t size = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, data + size, IMAGE_BYTES_MAX + 1 - size)) > 0)
		size += (size_t)n;
	*ret = (struct image_bytes){ .data = data, .size = size };
	return n == 0 && size <= IMAGE_BYTES_MAX;
}

static bool write_all(const void *data, size_t size)
{
	const unsigned char *at = data;

	while (size > 0) {
		ssize_t n = write(STDOUT_FILENO, at, size);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
	return true;
}

/* What came out, in the size in which it is kept. */
static cairo_surface_t *shrink(cairo_surface_t *from)
{
	double width = cairo_image_surface_get_width(from);
	double height = cairo_image_surface_get_height(from);
	double larger = width > height ? width : height;
	double scale = larger > IMAGE_SIDE ? IMAGE_SIDE / larger : 1;
	cairo_surface_t *to = cairo_image_surface_create(CAIRO_FORMAT_ARGB32,
		width * scale < 1 ? 1 : (int)(width * scale),
		height * scale < 1 ? 1 : (int)(height * scale));
	cairo_t *cairo = cairo_create(to);

	cairo_scale(cairo, cairo_image_surface_get_width(to) / width,
		cairo_image_surface_get_height(to) / height);
	cairo_set_source_surface(cairo, from, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
	cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
	cairo_paint(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(to);
	return to;
}

static uint8_t apart(uint32_t value, uint32_t alpha)
{
	uint32_t colour = alpha ? (value * 255 + alpha / 2) / alpha : 0;

	return (uint8_t)(colour > 255 ? 255 : colour);
}

static bool write_pixels(cairo_surface_t *surface)
{
	const uint16_t size[] = { (uint16_t)cairo_image_surface_get_width(surface),
		(uint16_t)cairo_image_surface_get_height(surface) };
	const unsigned char *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);
	uint8_t row[IMAGE_SIDE * 4];

	if (!data || !write_all(size, sizeof(size)))
		return false;
	for (int y = 0; y < size[1]; y++) {
		for (int x = 0; x < size[0]; x++) {
			uint32_t pixel, alpha;

			memcpy(&pixel, data + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4, 4);
			alpha = pixel >> 24;
			row[x * 4] = apart(pixel >> 16 & 0xff, alpha);
			row[x * 4 + 1] = apart(pixel >> 8 & 0xff, alpha);
			row[x * 4 + 2] = apart(pixel & 0xff, alpha);
			row[x * 4 + 3] = (uint8_t)alpha;
		}
		if (!write_all(row, (size_t)size[0] * 4))
			return false;
	}
	return true;
}

static enum image_end convert(const char *kind, const struct image_bytes *bytes)
{
	enum image_end end = IMAGE_FAILED;
	cairo_surface_t *picture, *small;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i].name) == 0)
			end = kinds[i].decode(bytes, &picture);
	if (end != IMAGE_DONE)
		return end;
	small = shrink(picture);
	cairo_surface_destroy(picture);
	if (!write_pixels(small))
		end = IMAGE_FAILED;
	cairo_surface_destroy(small);
	return end;
}

int main(int argc, char **argv)
{
	struct image_bytes bytes;
	unsigned char *data;
	enum image_end end;

	if (argc != 2 || !limit())
		return IMAGE_FAILED;
	data = malloc(IMAGE_BYTES_MAX + 1);
	if (!data || !read_input(data, &bytes))
		return IMAGE_FAILED;
	end = convert(argv[1], &bytes);
	free(data);
	return (int)end;
}
