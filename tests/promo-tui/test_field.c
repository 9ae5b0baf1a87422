/* SPDX-License-Identifier: MIT */
/*
 * A field is edited by what looks like one character, never holds more than it may, never shows a
 * secret and forgets it; whatever its width, the cursor is seen.
 */
#include "promo-tui/field.h"

#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/utf8.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"

struct scene {
	struct tui_field field;
	struct tui_canvas *canvas;
	struct promo_arena *arena;
};

static int set_up(void **state)
{
	static struct scene scene;

	scene.arena = promo_arena_new(8 << 20);
	*state = &scene;
	if (tui_canvas_new(12, 1, &scene.canvas))
		return -1;
	return tui_field_init(&scene.field, 64, false);
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	tui_field_release(&scene->field);
	tui_field_release(&scene->field);
	tui_canvas_free(scene->canvas);
	promo_arena_free(scene->arena);
	return 0;
}

/* Keys by name, divided by blanks; anything else is typed. */
static void press(struct tui_field *field, const char *keys)
{
	while (*keys) {
		const size_t length = strcspn(keys, " ");
		char key[64] = "";

		memcpy(key, keys, length);
		if (!tui_field_key(field, key))
			assert_true(tui_field_insert(field, key));
		keys += length + (keys[length] == ' ');
	}
}

static void test_every_key(void **state)
{
	static const struct {
		const char *text, *keys, *expected;
	} cases[] = {
		{ "abc", "left left X", "aXbc" },
		{ "abc", "home X end Y", "XabcY" },
		{ "abc", "ctrl-a X ctrl-e Y", "XabcY" },
		{ "abc", "home left X right right right right Y", "XabcY" },
		{ "abc", "backspace", "ab" },
		{ "abc", "home backspace", "abc" },
		{ "abc", "delete", "abc" },
		{ "abc", "home delete right delete", "b" },
		{ "one two  three", "ctrl-w", "one two  " },
		{ "one two  three", "ctrl-w ctrl-w", "one " },
		{ "one two  three", "ctrl-left ctrl-left X", "one Xtwo  three" },
		{ "one two  three", "home ctrl-right ctrl-right X", "one twoX  three" },
		{ "one two", "alt-b alt-b X alt-f Y", "XoneY two" },
		{ "one two", "ctrl-left ctrl-u", "two" },
		{ "one two", "ctrl-left ctrl-k", "one " },
		{ "one two", "ctrl-u ctrl-u ctrl-k ctrl-w backspace delete", "" },
		{ "ae\u0301", "backspace", "a" },
		{ "ae\u0301", "left X", "aXe\u0301" },
		{ "e\u0301a", "home delete", "a" },
		{ "a" FAMILY, "backspace", "a" },
		{ "a" FAMILY "b", "left left X", "aX" FAMILY "b" },
		{ "\u5ddd\u672c", "left backspace", "\u672c" },
		{ "\U0001F1F7\U0001F1FC\U0001F1F7\U0001F1FC", "backspace", "\U0001F1F7\U0001F1FC" },
		{ "a\u00a0b", "ctrl-w", "a\u00a0" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(tui_field_set(&scene->field, cases[i].text));
		press(&scene->field, cases[i].keys);
		if (strcmp(tui_field_text(&scene->field), cases[i].expected) != 0)
			fail_msg("'%s' after '%s' is '%s'", cases[i].text, cases[i].keys,
				tui_field_text(&scene->field));
	}
	assert_false(tui_field_key(&scene->field, "enter"));
	assert_false(tui_field_key(&scene->field, "tab"));
	assert_false(tui_field_key(&scene->field, "f2"));
}

static void test_a_mark_that_comes_late_joins(void **state)
{
	struct scene *scene = *state;

	press(&scene->field, "e x left");
	assert_true(tui_field_insert(&scene->field, "\u0301"));
	press(&scene->field, "Y backspace backspace");
	assert_string_equal(tui_field_text(&scene->field), "x");
	/* What stands behind may join too: the cursor goes behind it. */
	assert_true(tui_field_set(&scene->field, "\u0301z"));
	press(&scene->field, "home e X");
	assert_string_equal(tui_field_text(&scene->field), "e\u0301Xz");
}

static void test_no_more_than_it_may(void **state)
{
	struct tui_field field = { 0 };

	(void)state;
	assert_int_equal(tui_field_init(&field, 3, false), 0);
	assert_true(tui_field_is_empty(&field));
	assert_false(tui_field_insert(&field, "\U0001F468\u5dddbcd"));
	assert_string_equal(tui_field_text(&field), "\U0001F468\u5dddb");
	assert_false(tui_field_insert(&field, "x"));
	assert_string_equal(tui_field_text(&field), "\U0001F468\u5dddb");
	assert_false(tui_field_set(&field, "a\n\033b\xff\u202e"));
	assert_string_equal(tui_field_text(&field), "ab");
	tui_field_release(&field);
}

static const char *shown(struct scene *scene, int width)
{
	tui_canvas_clear(scene->canvas);
	tui_field_draw(&scene->field, scene->canvas, 1, 0, width, true);
	return tui_canvas_print(scene->canvas, false, scene->arena);
}

static int cursor_column(const struct scene *scene)
{
	int x = -1, y = -1;

	return tui_cursor_at(scene->canvas, &x, &y) ? x : -1;
}

static void test_drawing(void **state)
{
	struct scene *scene = *state;

	assert_true(tui_field_set(&scene->field, "Zoe\u0301 \u5ddd"));
	assert_string_equal(shown(scene, 10), " Zoe\u0301 \u5ddd\n");
	assert_int_equal(cursor_column(scene), 7);
	assert_true(tui_field_set(&scene->field, "abcdefghijklmnop"));
	(void)tui_field_key(&scene->field, "home");
	assert_string_equal(shown(scene, 8), " abcdefg\u203a\n");
	assert_int_equal(cursor_column(scene), 1);
	(void)tui_field_key(&scene->field, "end");
	(void)shown(scene, 8);
	assert_true(cursor_column(scene) >= 1 && cursor_column(scene) <= 8);
	tui_canvas_clear(scene->canvas);
	tui_field_draw(&scene->field, scene->canvas, 1, 0, 8, false);
	assert_int_equal(cursor_column(scene), -1);
	assert_int_equal(tui_canvas_cell(scene->canvas, 3, 0)->style, TUI_INPUT);
}

/* At every width and with the cursor anywhere, what stands at the cursor is what is seen there. */
static void test_cursor_is_always_seen(void **state)
{
	struct scene *scene = *state;
	const char *text = "ab\u5ddd" FAMILY "cde\u0301fgh\u672cijklmno p q \u5ddd";

	assert_true(tui_field_set(&scene->field, text));
	for (int width = 4; width <= 11; width++) {
		(void)tui_field_key(&scene->field, "home");
		for (size_t before = 99; before != scene->field.cursor;) {
			const struct tui_cell *cell;
			size_t columns, size;
			int x;

			(void)shown(scene, width);
			x = cursor_column(scene);
			assert_true(x >= 1 && x <= width);
			cell = tui_canvas_cell(scene->canvas, x, 0);
			size = promo_utf8_cluster(text + scene->field.cursor, &columns);
			/* The last column may tell that there is more, the first too. */
			if (size > 0 && x > 1 && x + (int)columns - 1 < width)
				assert_memory_equal(cell->text, text + scene->field.cursor, size);
			before = scene->field.cursor;
			(void)tui_field_key(&scene->field, "right");
		}
	}
}

static bool holds(const char *bytes, size_t size, char c)
{
	return memchr(bytes, c, size) != NULL;
}

static void test_secrets(void **state)
{
	struct scene *scene = *state;
	struct tui_field field = { 0 };

	assert_int_equal(tui_field_init(&field, 20, true), 0);
	assert_true(tui_field_insert(&field, "pa ss\u5dddword"));
	tui_field_draw(&field, scene->canvas, 0, 0, 12, true);
	assert_string_equal(tui_canvas_print(scene->canvas, false, scene->arena),
		"\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022\n");
	tui_canvas_set_ascii(scene->canvas, true);
	tui_field_draw(&field, scene->canvas, 0, 0, 12, true);
	assert_string_equal(tui_canvas_print(scene->canvas, false, scene->arena), "**********\n");
	/* Words would tell where its blanks are. */
	(void)tui_field_key(&field, "ctrl-left");
	assert_int_equal(field.cursor, 0);
	(void)tui_field_key(&field, "ctrl-right");
	assert_int_equal(field.cursor, field.size);
	for (int i = 0; i < 5; i++)
		(void)tui_field_key(&field, "backspace");
	assert_string_equal(tui_field_text(&field), "pa ss");
	assert_false(holds(field.text + 5, 20 * 4 - 4, 'w'));
	assert_false(holds(field.text + 5, 20 * 4 - 4, 'd'));
	tui_field_clear(&field);
	assert_false(holds(field.text, 20 * 4 + 1, 'p'));
	assert_true(tui_field_is_empty(&field));
	tui_field_release(&field);
	assert_null(field.text);
}

static void test_any_editing(void **state)
{
	static const char *const does[] = { "left", "right", "home", "end", "ctrl-left",
		"ctrl-right", "backspace", "delete", "ctrl-w", "ctrl-k" };
	static const char *const types[] = { "a", " ", "\u00eb", "\u0301", "\u5ddd", FAMILY,
		"\u200d", "\U0001F1F7", "\u0915", "\u093e" };
	struct scene *scene = *state;
	struct seeded random = { 5 };

	for (int i = 0; i < 20000; i++) {
		if (seeded_below(&random, 2))
			(void)tui_field_key(&scene->field,
				does[seeded_below(&random, sizeof(does) / sizeof(does[0]))]);
		else
			(void)tui_field_insert(&scene->field,
				types[seeded_below(&random, sizeof(types) / sizeof(types[0]))]);
		assert_int_equal(strlen(scene->field.text), scene->field.size);
		assert_true(scene->field.cursor <= scene->field.size);
		assert_true(promo_utf8_valid(scene->field.text, scene->field.size));
		assert_true(promo_utf8_count(scene->field.text) <= 64);
		(void)shown(scene, 1 + (int)seeded_below(&random, 11));
		promo_arena_clear(scene->arena);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_key),
		TEST(test_a_mark_that_comes_late_joins),
		TEST(test_no_more_than_it_may),
		TEST(test_drawing),
		TEST(test_cursor_is_always_seen),
		TEST(test_secrets),
		TEST(test_any_editing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
