/* SPDX-License-Identifier: MIT */
/*
 * Every theme has a look for every style, every style its own letter; what is written in colours can
 * be read, on terminals with many colours and with 16; and mono has none.
 */
#include "promo-tui/theme.h"

#include <math.h>
#include <string.h>

#include "tests/lib/test.h"

/* Relative luminance and contrast ratio: WCAG 2.1. */
static double luminance(uint32_t rgb)
{
	static const double weights[] = { 0.0722, 0.7152, 0.2126 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double level = (double)(rgb >> 8 * i & 0xff) / 255;

		sum += weights[i] *
		       (level <= 0.03928 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
	double light = luminance(a), dark = luminance(b);

	return light > dark ? (light + 0.05) / (dark + 0.05) : (dark + 0.05) / (light + 0.05);
}

/* xterm's own 16. */
static const uint32_t old[] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
	0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
	0xffffff };

static uint32_t of_256(int number)
{
	static const uint32_t levels[] = { 0, 95, 135, 175, 215, 255 };

	if (number >= 232)
		return (uint32_t)(8 + 10 * (number - 232)) * 0x010101;
	number -= 16;
	return levels[number / 36] << 16 | levels[number / 6 % 6] << 8 | levels[number % 6];
}

static void test_every_theme_is_complete(void **state)
{
	(void)state;
	for (int id = 0; id < TUI_THEME_COUNT; id++) {
		const struct tui_theme *theme = tui_theme_get(id);

		assert_ptr_equal(tui_theme_find(theme->name), theme);
		assert_true(strlen(theme->meaning) > 0);
		for (int style = 0; style < TUI_STYLE_COUNT; style++)
			if (!theme->looks[style].given)
				fail_msg("%s has no '%c'", theme->name,
					tui_style_letter((enum tui_style)style));
	}
	assert_null(tui_theme_get(-1));
	assert_null(tui_theme_get(TUI_THEME_COUNT));
	assert_null(tui_theme_find("pink"));
}

static void test_letters_of_styles_differ(void **state)
{
	(void)state;
	for (int a = 0; a < TUI_STYLE_COUNT; a++) {
		assert_true(tui_style_letter((enum tui_style)a) > ' ');
		assert_true(strlen(tui_style_meaning((enum tui_style)a)) > 0);
		for (int b = 0; b < a; b++)
			assert_int_not_equal(tui_style_letter((enum tui_style)a),
				tui_style_letter((enum tui_style)b));
	}
}

static void check_contrast(const struct tui_theme *theme, int style, const char *where,
	uint32_t text, uint32_t ground, double least)
{
	if (contrast(text, ground) < least)
		fail_msg("%s '%c' with %s: %.1f", theme->name,
			tui_style_letter((enum tui_style)style), where, contrast(text, ground));
}

static void test_everything_can_be_read(void **state)
{
	(void)state;
	for (int id = 0; id < TUI_THEME_COUNT; id++) {
		const struct tui_theme *theme = tui_theme_get(id);
		const double least = id == TUI_THEME_CONTRAST ? 7 : 4.5;

		if (!theme->has_colours)
			continue;
		for (int style = 0; style < TUI_STYLE_COUNT; style++) {
			const struct tui_look *look = &theme->looks[style];
			/* Lines need less than letters. */
			const double enough = style == TUI_BORDER ? 3 : least;

			check_contrast(
				theme, style, "all colours", look->text, look->ground, enough);
			check_contrast(theme, style, "256 colours",
				of_256(tui_colour_256(look->text)),
				of_256(tui_colour_256(look->ground)), enough);
			check_contrast(theme, style, "16 colours", old[look->text16],
				old[look->ground16], 3);
			/* Terminals with 8 have bright ones for letters alone. */
			assert_true(look->ground16 < 8);
		}
	}
}

static void test_mono_tells_apart_by_attributes(void **state)
{
	const struct tui_theme *mono = tui_theme_get(TUI_THEME_MONO);

	(void)state;
	assert_false(mono->has_colours);
	assert_int_equal(mono->looks[TUI_TEXT].attributes, 0);
	assert_true(mono->looks[TUI_BAR].attributes & TUI_REVERSE);
	assert_true(mono->looks[TUI_BANNER].attributes & TUI_REVERSE);
	assert_int_not_equal(mono->looks[TUI_GOOD].attributes, mono->looks[TUI_BAD].attributes);
	assert_int_not_equal(mono->looks[TUI_FOCUS].attributes, mono->looks[TUI_INPUT].attributes);
}

static void test_nearest_colour(void **state)
{
	static const struct {
		uint32_t rgb;
		int nearest;
	} cases[] = {
		{ 0x000000, 16 },
		{ 0xffffff, 231 },
		{ 0xff0000, 196 },
		{ 0x00ff00, 46 },
		{ 0x0000ff, 21 },
		{ 0x080808, 232 },
		{ 0xeeeeee, 255 },
		{ 0x5f87af, 67 },
		{ 0x5e86ae, 67 },
		{ 0x777777, 243 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(tui_colour_256(cases[i].rgb), cases[i].nearest);
	assert_int_equal(tui_colour(1 << 24, 0x123456, 10), 0x123456);
	assert_int_equal(tui_colour(256, 0xff0000, 10), 196);
	assert_int_equal(tui_colour(88, 0xff0000, 10), 10);
	assert_int_equal(tui_colour(16, 0xff0000, 10), 10);
	assert_int_equal(tui_colour(8, 0xff0000, 10), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_theme_is_complete),
		cmocka_unit_test(test_letters_of_styles_differ),
		cmocka_unit_test(test_everything_can_be_read),
		cmocka_unit_test(test_mono_tells_apart_by_attributes),
		cmocka_unit_test(test_nearest_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
