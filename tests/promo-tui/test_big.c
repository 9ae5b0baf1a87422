/* SPDX-License-Identifier: MIT */
/* Amounts are big where they fit, narrow where not, and plain text at worst; in ASCII too. */
#include "promo-tui/big.h"

#include <string.h>

#include "libpromo/base/arena.h"
#include "tests/lib/test.h"

struct scene {
	struct tui_canvas *canvas;
	struct promo_arena *arena;
};

static int set_up(void **state)
{
	static struct scene scene;

	scene.arena = promo_arena_new(8 << 20);
	*state = &scene;
	return tui_canvas_new(80, 5, &scene.canvas);
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	tui_canvas_free(scene->canvas);
	promo_arena_free(scene->arena);
	return 0;
}

static void test_wide(void **state)
{
	struct scene *scene = *state;

	tui_canvas_set_ascii(scene->canvas, true);
	assert_int_equal(tui_big(scene->canvas, 0, 0, 80, TUI_BIG_GOOD, "500 RWF"), TUI_BIG_ROWS);
	assert_string_equal(tui_canvas_print(scene->canvas, false, scene->arena),
		"###### ###### ######      ######   ##      ## ######\n"
		"##     ##  ## ##  ##      ##    ## ##      ## ##\n"
		"###### ##  ## ##  ##      ######   ##  ##  ## ####\n"
		"    ## ##  ## ##  ##      ##  ##   ####  #### ##\n"
		"###### ###### ######      ##    ## ##      ## ##\n");
	assert_int_equal(tui_big_columns(80, "500 RWF"), 52);
}

static void test_amounts_fit_in_80_columns(void **state)
{
	static const char *const amounts[] = { "500 RWF", "1,250.00 RWF", "12,500 RWF", "0.05 EUR",
		"999,999.99 USD", "100,000,000 RWF" };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		assert_true(tui_big_columns(76, amounts[i]) > (int)strlen(amounts[i]));
		assert_int_equal(
			tui_big(scene->canvas, 2, 0, 76, TUI_BIG_GOOD, amounts[i]), TUI_BIG_ROWS);
	}
	assert_int_equal(
		tui_big(scene->canvas, 0, 0, 56, TUI_BIG_GOOD, "1,250.00 RWF"), TUI_BIG_ROWS);
}

static void test_what_does_not_fit_is_plain(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(tui_big(scene->canvas, 0, 0, 20, TUI_BIG_GOOD, "500 RWF"), 1);
	assert_int_equal(tui_big(scene->canvas, 0, 1, 5, TUI_BIG_GOOD, "500 RWF"), 1);
	assert_int_equal(tui_big(scene->canvas, 60, 2, 80, TUI_BIG_GOOD, "500 RWF"), 1);
	assert_int_equal(tui_big(scene->canvas, 0, 3, 80, TUI_BIG_GOOD, "500 \u20ac"), 1);
	assert_int_equal(tui_big_columns(80, "500 \u20ac"), 5);
	assert_int_equal(tui_big_columns(3, "500 \u20ac"), 3);
	assert_string_equal(tui_canvas_print(scene->canvas, false, scene->arena),
		"500 RWF\n500 \u2026\n"
		"                                                            500 RWF\n"
		"500 \u20ac\n\n");
}

/* Every letter has rows of one length, and no two look the same. */
static void test_letters(void **state)
{
	static const char all[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ .,-+";
	struct scene *scene = *state;
	const char *pictures[sizeof(all)];

	for (size_t i = 0; i < sizeof(all) - 1; i++) {
		const char text[] = { all[i], '\0' };

		tui_canvas_clear(scene->canvas);
		assert_int_equal(tui_big(scene->canvas, 0, 0, 80, TUI_TEXT, text), TUI_BIG_ROWS);
		pictures[i] = tui_canvas_print(scene->canvas, false, scene->arena);
		for (size_t j = 0; j < i; j++)
			if (strcmp(pictures[i], pictures[j]) == 0)
				fail_msg("%c looks like %c", all[i], all[j]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wide),
		TEST(test_amounts_fit_in_80_columns),
		TEST(test_what_does_not_fit_is_plain),
		TEST(test_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
