/* SPDX-License-Identifier: MIT */
/* Logos: PNG, JPEG and SVG become pixels of the right size and colour; what is something else, damaged,
 * too large, or made to take all memory or time is refused, each within a bound; nothing that an SVG
 * refers to is read; and a logo that was decoded is drawn in the head and in every voucher. */
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/print/logo.h"
#include "tests/lib/test.h"
#include "tests/ops/print/paper.h"

enum {
	ARENA_LIMIT = 16 * 1024 * 1024,
	PATIENCE_MS = 60000, /* of a loaded machine; alone it is a tenth */
};

struct bytes {
	unsigned char *data;
	size_t size;
};

static struct promo_arena *arena;
static const char *why;

static int setup(void **state)
{
	(void)state;
	arena = promo_arena_new(ARENA_LIMIT);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	promo_arena_free(arena);
	return 0;
}

static int decode(const char *kind, const void *data, size_t size, struct promo_picture *ret)
{
	int64_t begun = promo_monotonic_ms();
	int r;

	why = NULL;
	promo_arena_clear(arena);
	r = promo_picture_decode(DECODER, kind, data, size, arena, ret, &why);
	assert_true(promo_monotonic_ms() - begun < PATIENCE_MS);
	if (r)
		assert_non_null(why);
	return r;
}

static void assert_refused(const char *kind, const void *data, size_t size)
{
	struct promo_picture picture;

	assert_int_equal(decode(kind, data, size, &picture), PROMO_E_INVALID_INPUT);
}

static void assert_colour(const struct promo_picture *picture, int x, int y, const uint8_t *colour)
{
	const uint8_t *pixel = picture->pixels + (y * picture->width + x) * 4;

	for (int i = 0; i < 4; i++)
		if (abs(pixel[i] - colour[i]) > 3)
			fail_msg("pixel %d, %d is %d %d %d %d", x, y, pixel[0], pixel[1], pixel[2],
				pixel[3]);
}

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned size)
{
	struct bytes *bytes = closure;

	bytes->data = realloc(bytes->data, bytes->size + size);
	if (!bytes->data)
		return CAIRO_STATUS_NO_MEMORY;
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
	return CAIRO_STATUS_SUCCESS;
}

/* A half transparent green one. */
static struct bytes png_of(int width, int height)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	cairo_t *cairo = cairo_create(surface);
	struct bytes bytes = { NULL, 0 };

	cairo_set_source_rgba(cairo, 0.2, 0.8, 0.4, 0.5);
	cairo_paint(cairo);
	cairo_destroy(cairo);
	assert_int_equal(cairo_surface_write_to_png_stream(surface, keep, &bytes), 0);
	cairo_surface_destroy(surface);
	return bytes;
}

static void test_png(void **state)
{
	static const uint8_t green[] = { 51, 204, 102, 128 };
	struct bytes small = png_of(120, 40), large = png_of(4096, 1024);
	struct promo_picture picture;

	(void)state;
	assert_int_equal(decode("png", small.data, small.size, &picture), 0);
	assert_int_equal(picture.width, 120);
	assert_int_equal(picture.height, 40);
	assert_colour(&picture, 0, 0, green);
	assert_colour(&picture, 119, 39, green);
	assert_int_equal(decode("png", large.data, large.size, &picture), 0);
	assert_int_equal(picture.width, 640);
	assert_int_equal(picture.height, 160);
	assert_colour(&picture, 0, 0, green);
	assert_colour(&picture, 639, 159, green);
	for (size_t cut = 0; cut < small.size; cut += 29)
		assert_refused("png", small.data, cut);
	assert_refused("jpeg", small.data, small.size);
	assert_refused("svg", small.data, small.size);
	assert_refused("gif", small.data, small.size);
	free(small.data);
	free(large.data);
}

/* A few bytes that claim to be a picture of any size. */
static void test_png_of_any_size(void **state)
{
	struct bytes bytes = png_of(8, 8);

	(void)state;
	for (size_t at = 16; at <= 20; at += 4) {
		struct bytes bad = { malloc(bytes.size), bytes.size };

		assert_non_null(bad.data);
		memcpy(bad.data, bytes.data, bytes.size);
		bad.data[at + 2] = 0x20; /* 8,200 */
		assert_refused("png", bad.data, bad.size);
		assert_non_null(strstr(why, "4096"));
		bad.data[at] = 0xff;
		assert_refused("png", bad.data, bad.size);
		free(bad.data);
	}
	free(bytes.data);
}

static struct bytes read_file(const char *name)
{
	struct bytes bytes = { malloc(65536), 0 };
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", PICTURES, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_non_null(bytes.data);
	bytes.size = fread(bytes.data, 1, 65536, file);
	(void)fclose(file);
	return bytes;
}

/* Where the frame header of a JPEG says how high it is. */
static size_t height_at(const struct bytes *bytes)
{
	size_t at = 0;

	while (at + 6 < bytes->size && (bytes->data[at] != 0xff || bytes->data[at + 1] != 0xc0))
		at++;
	assert_true(at + 6 < bytes->size);
	return at + 5;
}

static void test_jpeg(void **state)
{
	static const uint8_t red[] = { 0xc0, 0x20, 0x20, 255 };
	struct bytes bytes = read_file("logo.jpg");
	struct promo_picture picture;

	(void)state;
	assert_int_equal(decode("jpeg", bytes.data, bytes.size, &picture), 0);
	assert_int_equal(picture.width, 64);
	assert_int_equal(picture.height, 32);
	assert_colour(&picture, 1, 1, red);
	assert_colour(&picture, 63, 31, red);
	assert_refused("png", bytes.data, bytes.size);
	for (size_t cut = 0; cut < 150; cut += 23)
		assert_refused("jpeg", bytes.data, cut);
	bytes.data[height_at(&bytes)] = 0x7f;
	assert_refused("jpeg", bytes.data, bytes.size);
	assert_non_null(strstr(why, "4096"));
	free(bytes.data);
}

#define SVG(size, inside)                                                                          \
	"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' "                            \
	"xmlns:xlink='http://www.w3.org/1999/xlink' " size ">" inside "</svg>"

static void test_svg(void **state)
{
	static const uint8_t blue[] = { 0, 0, 255, 255 };
	static const char *const good[] = {
		SVG("width='100' height='50'", "<rect width='100' height='50' fill='blue'/>"),
		SVG("viewBox='0 0 10 5'", "<rect width='10' height='5' fill='blue'/>"),
		SVG("width='20000' height='10000'",
			"<rect width='20000' height='10000' fill='blue'/>"),
	};
	struct promo_picture picture;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(decode("svg", good[i], strlen(good[i]), &picture), 0);
		assert_int_equal(picture.width, 640);
		assert_int_equal(picture.height, 320);
		assert_colour(&picture, 320, 160, blue);
	}
	assert_refused("svg", "<html></html>", 13);
	assert_refused("svg", "<svg", 4);
	assert_refused("svg", "", 0);
	assert_refused(
		"svg", SVG("width='0' height='5'", ""), strlen(SVG("width='0' height='5'", "")));
}

/* What it refers to is not there: neither as an element nor as text. */
static void test_svg_that_refers_to_files(void **state)
{
	static const uint8_t nothing[] = { 0, 0, 0, 0 };
	static const char *const forms[] = {
		SVG("width='10' height='10'",
			"<image width='10' height='10' xlink:href='file://%s'/>"),
		SVG("width='10' height='10'", "<image width='10' height='10' href='%s'/>"),
		SVG("width='10' height='10'", "<use xlink:href='file://%s#a'/>"),
		("<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY e SYSTEM 'file://%s'>]>"
		 "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>"
		 "<text y='9' font-size='12'>&e;</text></svg>"),
		("<?xml version='1.0'?><?xml-stylesheet href='file://%s' type='text/css'?>"
		 "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'></svg>"),
	};
	char path[512], text[2048];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/logo.jpg", PICTURES);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *mark = strstr(forms[i], "%s");
		struct promo_picture picture;
		int r;

		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(mark - forms[i]), forms[i],
			path, mark + 2);
		r = decode("svg", text, strlen(text), &picture);
		if (r == 0)
			for (int y = 0; y < picture.height; y += 13)
				for (int x = 0; x < picture.width; x += 13)
					assert_colour(&picture, x, y, nothing);
	}
}

/* Entities of entities, copies of copies, groups of groups: refused in bounded time and memory. */
static void test_svg_without_end(void **state)
{
	char *text = malloc(PROMO_PICTURE_BYTES_MAX);
	size_t size = 0;

	(void)state;
	assert_non_null(text);
#define ADD(...)                                                                                   \
	(size += (size_t)snprintf(text + size, PROMO_PICTURE_BYTES_MAX - size, __VA_ARGS__))
	ADD("<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a0 'MBELYCO'>");
	for (int i = 1; i < 12; i++)
		ADD("<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1,
			i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	ADD("]><svg xmlns='http://www.w3.org/2000/svg' width='9' "
	    "height='9'><text>&a11;</text></svg>");
	assert_refused("svg", text, size);

	size = 0;
	ADD("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
	    "width='9' height='9'><defs><rect id='a0' width='9' height='9'/>");
	for (int i = 1; i < 40; i++)
		ADD("<g id='a%d'><use xlink:href='#a%d'/><use xlink:href='#a%d'/></g>", i, i - 1,
			i - 1);
	ADD("</defs><use xlink:href='#a39'/></svg>");
	assert_refused("svg", text, size);

	size = 0;
	ADD("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>");
	while (size < PROMO_PICTURE_BYTES_MAX - 100)
		ADD("<g>");
	assert_refused("svg", text, size);
	free(text);
}

static void test_what_is_not_decoded_at_all(void **state)
{
	unsigned char *large = calloc(1, PROMO_PICTURE_BYTES_MAX + 1);
	struct promo_picture picture;

	(void)state;
	assert_non_null(large);
	assert_refused("png", large, PROMO_PICTURE_BYTES_MAX + 1);
	assert_non_null(strstr(why, "1 MiB"));
	assert_refused("png", large, PROMO_PICTURE_BYTES_MAX);
	free(large);
	/* Programs that are none, and one that says something else. */
	assert_true(promo_picture_decode(
			    "/nowhere/promo-image", "png", "", 0, arena, &picture, &why) < 0);
	assert_int_equal(promo_picture_decode("/bin/echo", "png", "", 0, arena, &picture, &why),
		PROMO_E_INVALID_INPUT);
}

/* In the decoder's place a shell says whether it has a descriptor that nobody closed, or an environment. */
static void test_nothing_is_handed_down(void **state)
{
	static const char script[] = "for i in /proc/$$/fd/[3-9]; do test -e $i && exit 12; done\n"
				     "test -z \"$HOME$LANG\" || exit 12\nexit 11\n";
	int left = dup2(STDERR_FILENO, 9);
	struct promo_picture picture;

	(void)state;
	assert_int_equal(left, 9);
	assert_int_equal(promo_picture_decode(
				 "/bin/sh", "-s", script, strlen(script), arena, &picture, &why),
		PROMO_E_INVALID_INPUT);
	(void)close(left);
	assert_string_equal(why, "the picture is damaged");
}

/* How dark a part of a page is, 0 to 255; millimetres. */
static int shade(
	const struct paper_picture *page, double left, double top, double width, double height)
{
	double dots = page->width / 210.0;
	int64_t sum = 0, count = 0;

	for (int y = (int)(top * dots); y < (int)((top + height) * dots); y++)
		for (int x = (int)(left * dots); x < (int)((left + width) * dots); x++) {
			sum += 255 - page->pixels[y * page->width + x];
			count++;
		}
	return (int)(sum / count);
}

static void test_it_is_drawn(void **state)
{
	static const char *const form =
		SVG("width='60' height='20'", "<rect width='60' height='20' fill='black'/>");
	struct promo_picture picture;
	struct promo_voucher_head head = {
		.batch = "B", .sheets = 1, .qr = true, .logo = &picture
	};
	const struct paper_run run = { .first = 2, .last = 2, .step = 1, .length = 16 };
	struct paper *paper = paper_new();
	struct paper_picture page;

	(void)state;
	assert_int_equal(decode("svg", form, strlen(form), &picture), 0);
	paper_draw(paper, &head, &run);
	page = paper_render(paper, 1, 72);
	/* Without a name it stands in the middle: 30 x 10 mm, and 9 x 3 of a voucher's 40. */
	assert_true(shade(&page, 92, 9, 26, 8) > 240);
	assert_true(shade(&page, 60, 8, 25, 10) < 5);
	assert_true(shade(&page, 37 + 48 + 17, 56.5 + 0.8, 6, 1.5) > 200);
	assert_true(shade(&page, 37 + 17, 56.5 + 0.8, 6, 1.5) == 0);
	free(page.pixels);
	paper_free(paper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_png),
		cmocka_unit_test(test_png_of_any_size),
		cmocka_unit_test(test_jpeg),
		cmocka_unit_test(test_svg),
		cmocka_unit_test(test_svg_that_refers_to_files),
		cmocka_unit_test(test_svg_without_end),
		cmocka_unit_test(test_what_is_not_decoded_at_all),
		cmocka_unit_test(test_nothing_is_handed_down),
		cmocka_unit_test(test_it_is_drawn),
	};

	return cmocka_run_group_tests_name("ops/print/logo", tests, setup, teardown);
}
