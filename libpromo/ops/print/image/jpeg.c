/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include "libpromo/ops/print/image/image.h"

enum {
	SCANS_MAX = 100 /* of a progressive one; each is a walk over the whole picture */
};

struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	cairo_surface_t *surface;
	enum image_end end;
	jmp_buf give_up;
};

static void give_up(j_common_ptr common)
{
	struct decoder *decoder = common->client_data;

	longjmp(decoder->give_up, 1);
}

static void say_nothing(j_common_ptr common)
{
	(void)common;
}

static void watch(j_common_ptr common)
{
	struct decoder *decoder = common->client_data;

	if (decoder->jpeg.input_scan_number > SCANS_MAX)
		longjmp(decoder->give_up, 1);
}

static enum image_end decode(struct decoder *decoder)
{
	struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
	unsigned char *pixels;
	int stride;

	if (jpeg_read_header(jpeg, TRUE) != JPEG_HEADER_OK)
		return IMAGE_DAMAGED;
	if (jpeg->image_width > IMAGE_SIDE_MAX || jpeg->image_height > IMAGE_SIDE_MAX)
		return IMAGE_TOO_LARGE;
	/* As cairo keeps it: four bytes, blue first on this machine. */
	jpeg->out_color_space =
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? JCS_EXT_BGRX : JCS_EXT_XRGB;
	if (!jpeg_start_decompress(jpeg))
		return IMAGE_DAMAGED;
	decoder->surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)jpeg->output_width, (int)jpeg->output_height);
	if (cairo_surface_status(decoder->surface))
		return IMAGE_FAILED;
	pixels = cairo_image_surface_get_data(decoder->surface);
	stride = cairo_image_surface_get_stride(decoder->surface);
	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row = pixels + (ptrdiff_t)jpeg->output_scanline * stride;

		(void)jpeg_read_scanlines(jpeg, &row, 1);
	}
	cairo_surface_mark_dirty(decoder->surface);
	return IMAGE_DONE;
}

enum image_end image_jpeg(const struct image_bytes *bytes, cairo_surface_t **ret)
{
	static const unsigned char signature[] = { 0xff, 0xd8, 0xff };
	struct decoder decoder = { .end = IMAGE_DAMAGED };

	if (bytes->size < sizeof(signature) ||
		memcmp(bytes->data, signature, sizeof(signature)) != 0)
		return IMAGE_OTHER;
	decoder.jpeg.err = jpeg_std_error(&decoder.errors);
	decoder.errors.error_exit = give_up;
	decoder.errors.output_message = say_nothing;
	decoder.jpeg.client_data = &decoder;
	decoder.progress.progress_monitor = watch;
	if (setjmp(decoder.give_up) == 0) {
		jpeg_create_decompress(&decoder.jpeg);
		decoder.jpeg.progress = &decoder.progress;
		jpeg_mem_src(&decoder.jpeg, bytes->data, bytes->size);
		decoder.end = decode(&decoder);
	}
	jpeg_destroy_decompress(&decoder.jpeg);
	if (decoder.end != IMAGE_DONE) {
		cairo_surface_destroy(decoder.surface);
		return decoder.end;
	}
	*ret = decoder.surface;
	return IMAGE_DONE;
}
