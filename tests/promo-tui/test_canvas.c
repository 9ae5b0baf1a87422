/* SPDX-License-Identifier: MIT */
/*
 * Whatever text is put, wherever: a canvas keeps clusters whole, never shows half of a wide one, never
 * goes beyond the columns it was given, and lets no control through. Boxes, clicks and pictures.
 */
#include "promo-tui/canvas.h"

#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/utf8.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

struct scene {
	struct tui_canvas *canvas;
	struct promo_arena *arena;
};

static int set_up(void **state)
{
	static struct scene scene;

	scene.arena = promo_arena_new(64 << 20);
	*state = &scene;
	return tui_canvas_new(20, 4, &scene.canvas);
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	tui_canvas_free(scene->canvas);
	promo_arena_free(scene->arena);
	return 0;
}

static void assert_picture(const struct scene *scene, const char *expected)
{
	assert_string_equal(tui_canvas_print(scene->canvas, false, scene->arena), expected);
}

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466"

static void test_clusters_stay_whole(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(tui_put(scene->canvas, 0, 0, 20, TUI_TEXT, "Zo\u00eb e\u0301a"), 6);
	assert_string_equal(tui_canvas_cell(scene->canvas, 4, 0)->text, "e\u0301");
	assert_int_equal(tui_put(scene->canvas, 0, 1, 20, TUI_TEXT, "\u5ddd\u672cx"), 5);
	assert_string_equal(tui_canvas_cell(scene->canvas, 0, 1)->text, "\u5ddd");
	assert_int_equal(tui_canvas_cell(scene->canvas, 0, 1)->columns, 2);
	assert_string_equal(tui_canvas_cell(scene->canvas, 1, 1)->text, "");
	assert_int_equal(tui_canvas_cell(scene->canvas, 1, 1)->columns, 0);
	assert_int_equal(tui_put(scene->canvas, 0, 2, 20, TUI_TEXT, FAMILY "|"), 3);
	assert_string_equal(tui_canvas_cell(scene->canvas, 0, 2)->text, FAMILY);
	/* Two regional indicators are one flag, three are a flag and a letter. */
	assert_int_equal(
		tui_put(scene->canvas, 0, 3, 20, TUI_TEXT, "\U0001F1F7\U0001F1FC\U0001F1F7"), 3);
	assert_picture(scene,
		"Zo\u00eb e\u0301a\n\u5ddd\u672cx\n" FAMILY "|\n\U0001F1F7\U0001F1FC\U0001F1F7\n");
}

static void test_too_many_marks_are_left_out(void **state)
{
	struct scene *scene = *state;
	char text[3 * 40 + 2] = "a";

	for (int i = 0; i < 40; i++)
		memcpy(text + 1 + 2 * i, "\u0301", 3);
	assert_int_equal(tui_put(scene->canvas, 0, 0, 20, TUI_TEXT, text), 1);
	assert_int_equal(strlen(tui_canvas_cell(scene->canvas, 0, 0)->text), 31);
	assert_true(promo_utf8_valid(tui_canvas_cell(scene->canvas, 0, 0)->text, 31));
}

static void test_cut_text_ends_with_an_ellipsis(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(tui_put(scene->canvas, 0, 0, 5, TUI_TEXT, "abcde"), 5);
	assert_int_equal(tui_put(scene->canvas, 0, 1, 5, TUI_TEXT, "abcdef"), 5);
	assert_int_equal(tui_put(scene->canvas, 0, 2, 5, TUI_TEXT, "a\u5ddd\u5ddd\u5ddd"), 4);
	assert_int_equal(tui_put(scene->canvas, 17, 3, 100, TUI_TEXT, "abcdef"), 3);
	assert_picture(scene, "abcde\nabcd\u2026\na\u5ddd\u2026\n                 ab\u2026\n");
	tui_canvas_clear(scene->canvas);
	tui_canvas_set_ascii(scene->canvas, true);
	assert_int_equal(tui_put(scene->canvas, 0, 0, 3, TUI_TEXT, "abcdef"), 3);
	assert_int_equal(tui_put(scene->canvas, 0, 1, 1, TUI_TEXT, "abc"), 1);
	assert_int_equal(tui_put(scene->canvas, 0, 2, 0, TUI_TEXT, "abc"), 0);
	assert_int_equal(tui_put(scene->canvas, 20, 3, 9, TUI_TEXT, "abc"), 0);
	assert_picture(scene, "ab~\n~\n\n\n");
}

/* Each cell is a cluster of 1 or 2 columns, or stands behind a wide one. */
static void check_cells(const struct tui_canvas *canvas)
{
	for (int y = 0; y < tui_canvas_rows(canvas); y++)
		for (int x = 0; x < tui_canvas_columns(canvas);) {
			const struct tui_cell *cell = tui_canvas_cell(canvas, x, y);

			assert_true(cell->columns == 1 || cell->columns == 2);
			assert_true(strlen(cell->text) > 0);
			if (cell->columns == 2) {
				assert_true(x + 1 < tui_canvas_columns(canvas));
				assert_int_equal(tui_canvas_cell(canvas, x + 1, y)->columns, 0);
				assert_string_equal(tui_canvas_cell(canvas, x + 1, y)->text, "");
			}
			x += cell->columns;
		}
}

static void test_every_place_and_width(void **state)
{
	struct scene *scene = *state;
	const char *text = "a\u5ddd" FAMILY "e\u0301\u00eb\U0001F1F7\U0001F1FCz";

	for (int x = -12; x < 24; x++)
		for (int most = -1; most < 24; most++) {
			int used;

			tui_canvas_clear(scene->canvas);
			tui_fill(scene->canvas, (struct tui_rect){ 0, 1, 20, 1 }, TUI_BAD);
			used = tui_put(scene->canvas, x, 1, most, TUI_GOOD, text);
			assert_true(used >= 0 && used <= (most < 0 ? 0 : most));
			check_cells(scene->canvas);
			for (int i = 0; i < 20; i++)
				assert_int_equal(tui_canvas_cell(scene->canvas, i, 1)->style,
					i >= x && i < x + used ? TUI_GOOD : TUI_BAD);
		}
}

static void test_half_of_a_wide_cluster_goes_with_the_other(void **state)
{
	struct scene *scene = *state;

	(void)tui_put(scene->canvas, 0, 0, 20, TUI_TEXT, "\u5ddd\u5ddd\u5ddd");
	(void)tui_put(scene->canvas, 1, 0, 2, TUI_TEXT, "ab");
	assert_picture(scene, " ab \u5ddd\n\n\n\n");
	(void)tui_put(scene->canvas, 3, 0, 2, TUI_TEXT, "\u672c");
	assert_picture(scene, " ab\u672c\n\n\n\n");
	check_cells(scene->canvas);
}

static void test_no_control_gets_through(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(tui_put(scene->canvas, 0, 0, 20, TUI_TEXT, "a\033[2Jb\n\t\r\x7f"), 10);
	assert_int_equal(tui_put(scene->canvas, 0, 1, 20, TUI_TEXT,
				 "\xc2\x9b"
				 "31m\u202ex\u2028"),
		7);
	assert_int_equal(tui_put(scene->canvas, 0, 2, 20, TUI_TEXT, "\xff\xc3(\xed\xa0\x80"), 6);
	assert_picture(scene, "a\ufffd[2Jb\ufffd\ufffd\ufffd\ufffd\n\ufffd31m\ufffdx\ufffd\n"
			      "\ufffd\ufffd(\ufffd\ufffd\ufffd\n\n");
}

static void test_any_bytes(void **state)
{
	struct scene *scene = *state;
	struct seeded random = { 7 };

	for (int round = 0; round < 20000; round++) {
		char text[24];
		const size_t size = (size_t)seeded_below(&random, sizeof(text));

		for (size_t i = 0; i < size; i++)
			text[i] = (char)(1 + seeded_below(&random, 255));
		text[size] = '\0';
		(void)tui_put(scene->canvas, (int)seeded_below(&random, 30) - 5,
			(int)seeded_below(&random, 6) - 1, (int)seeded_below(&random, 24), TUI_TEXT,
			text);
		check_cells(scene->canvas);
	}
}

static void test_wrapping(void **state)
{
	struct scene *scene = *state;
	const struct tui_rect all = { 0, 0, 9, 4 };

	assert_int_equal(tui_put_wrapped(scene->canvas, all, TUI_TEXT, "one two three four"), 3);
	assert_picture(scene, "one two\nthree\nfour\n\n");
	tui_canvas_clear(scene->canvas);
	assert_int_equal(
		tui_put_wrapped(scene->canvas, all, TUI_TEXT, "one\ntwo three four five six"), 4);
	assert_picture(scene, "one\ntwo three\nfour five\nsix\n");
	tui_canvas_clear(scene->canvas);
	assert_int_equal(tui_put_wrapped(scene->canvas, (struct tui_rect){ 0, 0, 9, 2 }, TUI_TEXT,
				 "one two three four five"),
		2);
	assert_picture(scene, "one two\nthree\u2026\n\n\n");
	tui_canvas_clear(scene->canvas);
	assert_int_equal(tui_put_wrapped(scene->canvas, (struct tui_rect){ 0, 0, 5, 4 }, TUI_TEXT,
				 "\u5ddd\u5ddd\u5dddabcdefgh"),
		3);
	assert_picture(scene, "\u5ddd\u5ddd\n\u5dddabc\ndefgh\n\n");
	tui_canvas_clear(scene->canvas);
	/* Nothing of it fits, and it ends all the same. */
	assert_int_equal(tui_put_wrapped(scene->canvas, (struct tui_rect){ 0, 0, 1, 4 }, TUI_TEXT,
				 "\u5ddd\u5ddd"),
		2);
	assert_int_equal(
		tui_put_wrapped(scene->canvas, (struct tui_rect){ 0, 0, 0, 4 }, TUI_TEXT, "a"), 0);
	assert_int_equal(tui_put_wrapped(scene->canvas, all, TUI_TEXT, ""), 0);
}

static void test_boxes(void **state)
{
	struct scene *scene = *state;

	tui_box(scene->canvas, (struct tui_rect){ 0, 0, 14, 3 }, TUI_BORDER, "Zo\u00eb");
	tui_box(scene->canvas, (struct tui_rect){ 15, 0, 30, 3 }, TUI_BORDER, NULL);
	assert_picture(scene, "\u250c\u2500 Zo\u00eb \u2500\u2500\u2500\u2500\u2500\u2500\u2510 "
			      "\u250c\u2500\u2500\u2500\u2500\n"
			      "\u2502            \u2502 \u2502\n"
			      "\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
			      "\u2500\u2500\u2518 \u2514\u2500\u2500\u2500\u2500\n\n");
	tui_canvas_clear(scene->canvas);
	tui_canvas_set_ascii(scene->canvas, true);
	tui_box(scene->canvas, (struct tui_rect){ 0, 0, 12, 4 }, TUI_BORDER, "a long title");
	tui_line(scene->canvas, 13, 1, 3, TUI_BORDER);
	tui_box(scene->canvas, (struct tui_rect){ 0, 0, 1, 4 }, TUI_BORDER, NULL);
	assert_picture(scene, "+- a lon~ -+\n|          | ---\n|          |\n+----------+\n");
}

static void test_clicks(void **state)
{
	struct scene *scene = *state;
	enum tui_request request = TUI_REQ_NONE;
	int argument = 0;

	tui_hit(scene->canvas, (struct tui_rect){ 2, 1, 4, 2 }, (enum tui_request)1, 10);
	tui_hit(scene->canvas, (struct tui_rect){ 4, 2, 1, 1 }, (enum tui_request)2, 20);
	assert_true(tui_hit_at(scene->canvas, 2, 1, &request, &argument));
	assert_int_equal(request, 1);
	assert_int_equal(argument, 10);
	assert_true(tui_hit_at(scene->canvas, 4, 2, &request, &argument));
	assert_int_equal(argument, 20);
	assert_true(tui_hit_at(scene->canvas, 5, 2, &request, &argument));
	assert_int_equal(argument, 10);
	assert_false(tui_hit_at(scene->canvas, 6, 2, &request, &argument));
	assert_false(tui_hit_at(scene->canvas, 2, 3, &request, &argument));
	for (int i = 0; i < 1000; i++)
		tui_hit(scene->canvas, (struct tui_rect){ 0, 0, 1, 1 }, (enum tui_request)1, i);
	tui_canvas_clear(scene->canvas);
	assert_false(tui_hit_at(scene->canvas, 2, 1, &request, &argument));
}

static void test_picture_with_styles(void **state)
{
	struct scene *scene = *state;

	(void)tui_put(scene->canvas, 1, 0, 9, TUI_GOOD, "\u5ddda");
	(void)tui_putf(scene->canvas, 0, 1, 20, TUI_BAD, "%d codes", 12);
	tui_restyle(scene->canvas, (struct tui_rect){ 0, 1, 2, 1 }, TUI_KEY);
	tui_cursor(scene->canvas, 4, 0);
	assert_string_equal(tui_canvas_print(scene->canvas, true, scene->arena),
		" \u5ddda\n12 codes\n\n\n--- styles\n.ggg\nkkeeeeee\n\n\n--- cursor 4 0\n");
	tui_cursor(scene->canvas, 20, 0);
	tui_canvas_clear(scene->canvas);
	assert_string_equal(tui_canvas_print(scene->canvas, true, scene->arena),
		"\n\n\n\n--- styles\n\n\n\n\n");
}

static void test_resizing(void **state)
{
	struct scene *scene = *state;

	(void)tui_put(scene->canvas, 0, 0, 9, TUI_GOOD, "gone");
	assert_int_equal(tui_canvas_resize(scene->canvas, 200, 60), 0);
	assert_int_equal(tui_canvas_columns(scene->canvas), 200);
	assert_int_equal(tui_canvas_rows(scene->canvas), 60);
	assert_string_equal(tui_canvas_cell(scene->canvas, 0, 0)->text, " ");
	assert_non_null(tui_canvas_cell(scene->canvas, 199, 59));
	assert_null(tui_canvas_cell(scene->canvas, 200, 59));
	assert_int_equal(tui_canvas_resize(scene->canvas, 0, 100000), 0);
	assert_int_equal(tui_canvas_columns(scene->canvas), 1);
	assert_int_equal(tui_canvas_rows(scene->canvas), TUI_CANVAS_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_clusters_stay_whole),
		TEST(test_too_many_marks_are_left_out),
		TEST(test_cut_text_ends_with_an_ellipsis),
		TEST(test_every_place_and_width),
		TEST(test_half_of_a_wide_cluster_goes_with_the_other),
		TEST(test_no_control_gets_through),
		TEST(test_any_bytes),
		TEST(test_wrapping),
		TEST(test_boxes),
		TEST(test_clicks),
		TEST(test_picture_with_styles),
		TEST(test_resizing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
