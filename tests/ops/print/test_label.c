/* SPDX-License-Identifier: MIT */
/* What people typed never leaves its box, in whatever script, however long or tall, and whatever bytes
 * it is made of: neither the ink that is measured nor the ink that is drawn. */
#include <math.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/print/label.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

enum {
	SIDE = 160, /* pixels of a picture: the box lies in its middle */
	RANDOM_TEXTS = 400,
	RANDOM_BYTES = 200,
};

static const struct promo_box box = { 40, 60, 80, 12 };

static const char *const texts[] = {
	"MBELYCO",
	"Peinture Générale de l’Été à Gisenyi, Société à Responsabilité Limitée",
	"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
	"Ünïcödé Ẑẕ̌ Ǻ Ṩ",
	"H̶̢̛̘̲̩̪̟͕͇̪̘̳͕̏̈́̽̒̿̾̐̏̔̊̕͝ḛ̵̡̛̜̟̭͉̲͍͔̘̖͚̯̤͂̑̄̿̈́́̾̈́̿̈́͗͠͝ c̶̡̢̢̛̠̪͔̲̖͎͉̺͍̺̪̾̃̃̄͛̓̎̐̈́̈́̕͝͠o̴̧̧̡̨̧̢̹̝̬̻̗̰̤̅̊̊̔̍͗͐̄̈́̈́͘͠ͅm̵̛̟̞̝̺̺̺̟̦͙̱̬̗̽̓̈́̊̌̂̌̾̕͜͝͠e̷̡̧̛̙̪̟͖̦̮̦̞͋͗̆̌̾̿̓̊̚͘͜͝͝͠s̸̢̢̡̨̛̜̩̫̝̪̲̦̰͑̈́̌͂͋̔͗̔̈́̋͛̚͜",
	"油漆股份有限公司油漆股份有限公司油漆股份有限公司油漆股份有限公司",
	"塗料株式会社ペンキ",
	"شركة الدهانات المحدودة لجميع الأغراض والألوان والأنواع",
	"חברת הצבעים בע״מ",
	"สีน้ำมันและสีน้ำที่ดีที่สุดในประเทศ",
	"रंग और पेंट कंपनी लिमिटेड",
	"👩‍👩‍👧‍👦🏳️‍🌈🎨🖌️👨🏿‍🎨",
	"﷽﷽﷽﷽",
	"\u202eTNIAP\u202c \u2066MBELYCO\u2069",
	"two\nlines\r\nand\ttabs\u2028and\u2029more",
	"\x01\x1b[31mred\x1b[0m\x7f",
	"\xff\xfe\xc3(\xe2\x82",
	"                                                                                  x",
	"\u200b\u200d\ufeff",
	"",
};

struct desk {
	PangoFontMap *fonts;
	PangoContext *context;
	cairo_surface_t *picture;
};

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		return -1;
	desk->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	desk->context = pango_font_map_create_context(desk->fonts);
	pango_cairo_context_set_resolution(desk->context, 72);
	desk->picture = cairo_image_surface_create(CAIRO_FORMAT_A8, SIDE, SIDE);
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;

	cairo_surface_destroy(desk->picture);
	g_object_unref(desk->context);
	g_object_unref(desk->fonts);
	free(desk);
	return 0;
}

static bool within(double low, double high, double at, double size)
{
	return at >= low - 0.01 && at + size <= high + 0.01;
}

/* How many points of the picture have ink outside of the box. */
static int count_outside(cairo_surface_t *picture)
{
	const unsigned char *pixels = cairo_image_surface_get_data(picture);
	int stride = cairo_image_surface_get_stride(picture), outside = 0;

	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			if (pixels[y * stride + x] && (x < 40 || x >= 120 || y < 60 || y >= 72))
				outside++;
	return outside;
}

static void assert_inside(struct desk *desk, const char *text, int lines, double size)
{
	const struct promo_label label = { .text = text,
		.family = "DejaVu Sans, sans-serif",
		.weight = PANGO_WEIGHT_BOLD,
		.size = size,
		.lines = lines,
		.align = PANGO_ALIGN_CENTER };
	struct promo_box ink;
	cairo_t *cairo;
	double width;

	assert_int_equal(promo_label_ink(desk->context, &label, &box, &ink), 0);
	if (!within(box.x, box.x + box.width, ink.x, ink.width) ||
		!within(box.y, box.y + box.height, ink.y, ink.height))
		fail_msg("\"%s\" lies at %f, %f and is %f x %f", text, ink.x, ink.y, ink.width,
			ink.height);
	assert_int_equal(promo_label_width(desk->context, &label, &box, &width), 0);
	assert_true(width >= 0 && width <= box.width);

	cairo = cairo_create(desk->picture);
	cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
	cairo_paint(cairo);
	cairo_set_operator(cairo, CAIRO_OPERATOR_OVER);
	assert_int_equal(promo_label_draw(cairo, desk->context, &label, &box), 0);
	assert_int_equal(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
	cairo_destroy(cairo);
	cairo_surface_flush(desk->picture);
	assert_int_equal(count_outside(desk->picture), 0);
}

static void test_any_script(void **state)
{
	static const double sizes[] = { 5, 11, 40 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++)
			for (int lines = 1; lines <= 2; lines++)
				assert_inside(*state, texts[i], lines, sizes[size]);
}

/* What fits is shown as it is. */
static void test_what_fits_is_not_changed(void **state)
{
	struct desk *desk = *state;
	const struct promo_label label = { .text = "MBELYCO",
		.family = "DejaVu Sans, sans-serif",
		.weight = PANGO_WEIGHT_BOLD,
		.size = 8,
		.lines = 1,
		.align = PANGO_ALIGN_CENTER };
	const struct promo_box small = { 40, 60, 80, 12 }, large = { 0, 0, 800, 120 };
	struct promo_box in_small, in_large;

	assert_int_equal(promo_label_ink(desk->context, &label, &small, &in_small), 0);
	assert_int_equal(promo_label_ink(desk->context, &label, &large, &in_large), 0);
	assert_true(fabs(in_small.width - in_large.width) < 0.01);
	assert_true(fabs(in_small.x + in_small.width / 2 - 80) < 0.5);
	assert_true(fabs(in_small.y + in_small.height / 2 - 66) < 1.5);
}

/* A megabyte is looked at no further than what could ever fit. */
static void test_a_very_long_text(void **state)
{
	size_t size = 1 << 20;
	char *text = malloc(size + 1);

	assert_non_null(text);
	for (size_t i = 0; i < size; i++)
		text[i] = "e\xcc\x81 "[i % 4];
	text[size] = '\0';
	assert_inside(*state, text, 2, 8);
	free(text);
}

/* Characters of all planes, put together by chance, and bytes that are no characters. */
static void test_by_chance(void **state)
{
	static const int32_t begin[] = { 0x20, 0xa0, 0x300, 0x5d0, 0x600, 0x900, 0xe00, 0x1100,
		0x2000, 0x3040, 0x4e00, 0xac00, 0xfb50, 0x1f300, 0xe0000 };
	struct seeded seeded = { .state = 5 };

	for (int i = 0; i < RANDOM_TEXTS; i++) {
		char text[4 * 60 + 1];
		size_t size = 0, count = seeded_below(&seeded, 60);

		for (size_t c = 0; c < count; c++) {
			int32_t u = begin[seeded_below(&seeded, 15)] +
				    (int32_t)seeded_below(&seeded, 96);

			size += (size_t)g_unichar_to_utf8((gunichar)u, text + size);
		}
		text[size] = '\0';
		assert_inside(*state, text, 1 + i % 2, 4 + (double)seeded_below(&seeded, 20));
	}
	for (int i = 0; i < RANDOM_BYTES; i++) {
		char text[65];

		seeded_fill(&seeded, text, 64);
		text[64] = '\0';
		assert_inside(*state, text, 1, 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_script),
		cmocka_unit_test(test_what_fits_is_not_changed),
		cmocka_unit_test(test_a_very_long_text),
		cmocka_unit_test(test_by_chance),
	};

	return cmocka_run_group_tests_name("ops/print/label", tests, setup, teardown);
}
