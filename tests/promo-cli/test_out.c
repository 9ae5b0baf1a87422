/* SPDX-License-Identifier: MIT */
/* Proves the small forms that people read: numbers, amounts, times, clipped and cleaned text. */
#include "promo-cli/out.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness.h"

static void test_numbers(void **state)
{
	struct promo_arena *arena = ((struct harness *)*state)->cli.arena;

	assert_string_equal(cli_number(arena, 0), "0");
	assert_string_equal(cli_number(arena, 999), "999");
	assert_string_equal(cli_number(arena, 1000), "1,000");
	assert_string_equal(cli_number(arena, -1234567), "-1,234,567");
	assert_string_equal(cli_number(arena, INT64_MAX), "9,223,372,036,854,775,807");
	assert_string_equal(cli_number(arena, INT64_MIN), "-9,223,372,036,854,775,808");
}

static void test_money(void **state)
{
	struct promo_arena *arena = ((struct harness *)*state)->cli.arena;

	assert_string_equal(cli_money(arena, 50000, "RWF"), "500 RWF");
	assert_string_equal(cli_money(arena, 1250, "USD"), "12.50 USD");
	assert_string_equal(cli_money(arena, 5, "USD"), "0.05 USD");
	assert_string_equal(cli_money(arena, -5, "USD"), "-0.05 USD");
	assert_string_equal(cli_money(arena, -123456, "USD"), "-1,234.56 USD");
	assert_string_equal(cli_money(arena, 100000000, NULL), "1,000,000");
}

static void test_time(void **state)
{
	struct promo_arena *arena = ((struct harness *)*state)->cli.arena;

	assert_int_equal(setenv("TZ", "CAT-2", 1), 0);
	tzset();
	assert_string_equal(cli_time(arena, INT64_C(1795347060123)), "2026-11-22 13:31 CAT");
	assert_string_equal(cli_time(arena, 0), "");
}

static void test_clip(void **state)
{
	struct harness *harness = *state;
	struct promo_arena *arena = harness->cli.arena;
	struct cli_out *out = &harness->cli.out;

	assert_string_equal(cli_clip(out, arena, "abcdef", 6), "abcdef");
	assert_string_equal(cli_clip(out, arena, "abcdef", 5), "abcd…");
	assert_string_equal(cli_clip(out, arena, "abcdef", 0), "abcdef");
	assert_string_equal(cli_clip(out, arena, "日本語", 5), "日本…");
	assert_string_equal(cli_clip(out, arena, "日本語", 4), "日…");
	out->utf8 = false;
	assert_string_equal(cli_clip(out, arena, "abcdef", 5), "abcd~");
}

static void test_clean(void **state)
{
	struct promo_arena *arena = ((struct harness *)*state)->cli.arena;

	assert_string_equal(cli_clean(arena, "plain é"), "plain é");
	assert_string_equal(cli_clean(arena, "a\tb\r\nc"), "a b  c");
	assert_string_equal(cli_clean(arena, "\033[31m"), "\xef\xbf\xbd[31m");
	assert_string_equal(cli_clean(arena, NULL), "");
}

static void test_json(void **state)
{
	static const char json[] = "{\"name\":\"a\xc2\x9b"
				   "31mb\x7f\"}";
	struct harness *harness = *state;

	harness_begin_output(harness);
	cli_put_json(&harness->cli.out, harness->cli.arena, json);
	harness_end_output(harness);
	assert_int_equal(strlen(harness->data), strlen(json) + 1);
	assert_memory_equal(harness->data, json, strlen(json));
	harness_begin_output(harness);
	harness->cli.out.data_terminal = true;
	cli_put_json(&harness->cli.out, harness->cli.arena, json);
	harness_end_output(harness);
	assert_lacks(harness->data, "\xc2\x9b");
	assert_lacks(harness->data, "\x7f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_money, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_time, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_clip, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_json, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_clean, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
