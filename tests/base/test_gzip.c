/* SPDX-License-Identifier: MIT */
/* What is packed in pieces of any size comes out again as one, also when there is nothing; half of it
 * is not valid; who takes the bytes may end it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "libpromo/base/gzip.h"

enum {
	SIZE = 3 * 1024 * 1024,
	STOPPED = 77
};

struct packed {
	unsigned char *bytes;
	size_t size;
	size_t limit; /* more is refused */
};

static int put(void *context, const void *bytes, size_t size)
{
	struct packed *packed = context;

	if (packed->size + size > packed->limit)
		return STOPPED;
	memcpy(packed->bytes + packed->size, bytes, size);
	packed->size += size;
	return 0;
}

/* Rows of a CSV file, more or less, and something that cannot be packed. */
static unsigned char *make_input(void)
{
	unsigned char *input = malloc(SIZE);
	uint32_t number = 1;

	assert_non_null(input);
	for (size_t i = 0; i < SIZE; i++) {
		number = number * 1664525 + 1013904223;
		input[i] = i < SIZE / 2 ? (unsigned char)"\"active\",\"500.00\"\r\n"[i % 19]
					: (unsigned char)(number >> 24);
	}
	return input;
}

/* How many bytes come out; -1: it is not whole and valid. */
static int64_t unpack(const struct packed *packed, unsigned char *ret)
{
	z_stream zlib = { .next_in = packed->bytes, .avail_in = (uInt)packed->size };
	int64_t size = -1;

	assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
	zlib.next_out = ret;
	zlib.avail_out = SIZE + 1;
	if (inflate(&zlib, Z_FINISH) == Z_STREAM_END && zlib.avail_in == 0)
		size = (int64_t)zlib.total_out;
	(void)inflateEnd(&zlib);
	return size;
}

static void test_round_trips(void **state)
{
	static const size_t pieces[] = { 1024 * 1024, 64 * 1024, 4099 };
	unsigned char *input = make_input(), *output = malloc(SIZE + 1);
	struct packed packed = { .bytes = malloc(2 * SIZE), .limit = 2 * SIZE };

	(void)state;
	assert_true(output && packed.bytes);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct promo_gzip *gzip;

		packed.size = 0;
		assert_int_equal(promo_gzip_new(put, &packed, &gzip), 0);
		for (size_t at = 0; at < SIZE; at += pieces[i])
			assert_int_equal(promo_gzip_write(gzip, input + at,
						 SIZE - at < pieces[i] ? SIZE - at : pieces[i]),
				0);
		assert_int_equal(unpack(&packed, output), -1);
		assert_int_equal(promo_gzip_end(gzip), 0);
		promo_gzip_free(gzip);
		assert_true(packed.size < SIZE * 6 / 10);
		assert_int_equal(unpack(&packed, output), SIZE);
		assert_memory_equal(output, input, SIZE);
	}
	free(input);
	free(output);
	free(packed.bytes);
}

static void test_nothing(void **state)
{
	unsigned char bytes[100], output[SIZE / 1024 + 1];
	struct packed packed = { .bytes = bytes, .limit = sizeof(bytes) };
	z_stream zlib = { .next_in = bytes };
	struct promo_gzip *gzip;

	(void)state;
	promo_gzip_free(NULL);
	assert_int_equal(promo_gzip_new(put, &packed, &gzip), 0);
	assert_int_equal(promo_gzip_end(gzip), 0);
	promo_gzip_free(gzip);
	zlib.avail_in = (uInt)packed.size;
	zlib.next_out = output;
	zlib.avail_out = sizeof(output);
	assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
	assert_int_equal(inflate(&zlib, Z_FINISH), Z_STREAM_END);
	assert_int_equal(zlib.total_out, 0);
	(void)inflateEnd(&zlib);
}

static void test_an_end(void **state)
{
	unsigned char *input = make_input(), bytes[1000];
	struct packed packed = { .bytes = bytes, .limit = sizeof(bytes) };
	struct promo_gzip *gzip;

	(void)state;
	assert_int_equal(promo_gzip_new(put, &packed, &gzip), 0);
	assert_int_equal(promo_gzip_write(gzip, input, SIZE), STOPPED);
	promo_gzip_free(gzip);
	free(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_an_end),
	};

	return cmocka_run_group_tests_name("base/gzip", tests, NULL, NULL);
}
