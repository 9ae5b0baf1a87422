/* SPDX-License-Identifier: MIT */
/*
 * Values are said as people at a counter say them, what is null or odd is said as nothing, and text of
 * others cannot reach a terminal with its controls.
 */
#include "promo-tui/spoken.h"

#include <stdlib.h>
#include <string.h>

#include "libpromo/model/field.h"
#include "tests/lib/test.h"

static struct promo_arena *arena;

static void test_money(void **state)
{
	static const struct {
		int64_t minor;
		const char *currency, *text;
	} cases[] = {
		{ 50000, "RWF", "500 RWF" },
		{ 1250050, "RWF", "12,500.50 RWF" },
		{ 100000000, NULL, "1,000,000" },
		{ 5, "USD", "0.05 USD" },
		{ -150, "USD", "-1.50 USD" },
		{ 0, "RWF", "0 RWF" },
		{ PROMO_NULL_INT, "RWF", "" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		assert_string_equal(
			tui_spoken_money(arena, cases[i].minor, cases[i].currency), cases[i].text);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_string_equal(tui_spoken_number(arena, 0), "0");
	assert_string_equal(tui_spoken_number(arena, 1234567), "1,234,567");
	assert_string_equal(tui_spoken_number(arena, -1000), "-1,000");
	assert_string_equal(tui_spoken_number(arena, INT64_MAX), "9223372036854775807");
}

static void test_codes_times_and_names(void **state)
{
	(void)state;
	assert_string_equal(tui_spoken_code(arena, "A1U2C3255X096E21"), "A1U2-C325-5X09-6E21");
	assert_string_equal(tui_spoken_code(arena, "SUMMER"), "SUMMER");
	assert_string_equal(tui_spoken_code(arena, NULL), "");
	assert_string_equal(
		tui_spoken_code(arena, "a text that is much too long to be any code"), "");
	assert_string_equal(tui_spoken_time(arena, 1795348980000), "2026-11-22 14:03");
	assert_string_equal(tui_spoken_time(arena, 0), "");
	assert_string_equal(tui_spoken_name(arena, "Zoë", "山田"), "Zoë 山田");
	assert_string_equal(tui_spoken_name(arena, NULL, "Uwase"), "Uwase");
	assert_string_equal(tui_spoken_name(arena, "Aline", ""), "Aline");
	assert_string_equal(tui_spoken_name(arena, NULL, NULL), "");
}

static void test_controls_do_not_pass(void **state)
{
	(void)state;
	assert_null(strchr(tui_spoken_text(arena, "\033[31mred"), '\033'));
	assert_null(strchr(tui_spoken_name(arena, "a\nb", "\a"), '\n'));
	assert_null(strchr(tui_spoken_money(arena, 100, "\033X"), '\033'));
	assert_string_equal(tui_spoken_text(arena, NULL), "");
}

static void test_waits_are_rounded_up(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ -5, "0 s" },
		{ 0, "0 s" },
		{ 1, "1 s" },
		{ 1000, "1 s" },
		{ 11001, "12 s" },
		{ 119000, "119 s" },
		{ 120000, "2 min" },
		{ 121000, "3 min" },
		{ 900000, "15 min" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		assert_string_equal(tui_spoken_wait(arena, cases[i].ms), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_money),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_codes_times_and_names),
		cmocka_unit_test(test_controls_do_not_pass),
		cmocka_unit_test(test_waits_are_rounded_up),
	};
	int failed;

	arena = promo_arena_new(1 << 20);
	if (!arena || setenv("TZ", "CAT-2", 1))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	promo_arena_free(arena);
	return failed;
}
