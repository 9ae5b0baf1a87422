/* SPDX-License-Identifier: MIT */
#include "libpromo/base/gzip.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	LEVEL = 1, /* a third of the CPU of the usual 6, for a tenth more bytes of CSV */
	WINDOW_GZIP = 15 + 16, /* the largest window; with the head and the end of gzip */
	MEMORY = 8,
	OUT_BYTES = 64 * 1024,
};

struct promo_gzip {
	promo_gzip_put_fn *put;
	void *context;
	z_stream zlib;
	unsigned char out[OUT_BYTES];
};

int promo_gzip_new(promo_gzip_put_fn *put, void *context, struct promo_gzip **ret)
{
	struct promo_gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip)
		return promo_fault(-ENOMEM, "no memory to pack bytes");
	gzip->put = put;
	gzip->context = context;
	if (deflateInit2(&gzip->zlib, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) !=
		Z_OK) {
		free(gzip);
		return promo_fault(-ENOMEM, "no memory to pack bytes");
	}
	*ret = gzip;
	return 0;
}

void promo_gzip_free(struct promo_gzip *gzip)
{
	if (!gzip)
		return;
	(void)deflateEnd(&gzip->zlib);
	free(gzip);
}

/* Packs what zlib was given, and hands on what comes out. */
static int pump(struct promo_gzip *gzip, int flush)
{
	do {
		size_t size;
		int r;

		gzip->zlib.next_out = gzip->out;
		gzip->zlib.avail_out = OUT_BYTES;
		if (deflate(&gzip->zlib, flush) == Z_STREAM_ERROR)
			return promo_fault(-EINVAL, "bytes could not be packed");
		size = OUT_BYTES - gzip->zlib.avail_out;
		r = size > 0 ? gzip->put(gzip->context, gzip->out, size) : 0;
		if (r)
			return r;
	} while (gzip->zlib.avail_out == 0);
	return 0;
}

int promo_gzip_write(struct promo_gzip *gzip, const void *bytes, size_t size)
{
	assert(size <= UINT_MAX);
	gzip->zlib.next_in = (Bytef *)(uintptr_t)bytes; /* zlib only reads it */
	gzip->zlib.avail_in = (uInt)size;
	return pump(gzip, Z_NO_FLUSH);
}

int promo_gzip_end(struct promo_gzip *gzip)
{
	gzip->zlib.next_in = NULL;
	gzip->zlib.avail_in = 0;
	return pump(gzip, Z_FINISH);
}
