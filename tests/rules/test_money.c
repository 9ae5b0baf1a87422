/* SPDX-License-Identifier: MIT */
/*
 * Every amount has one text and every text at most one amount; nothing that could be read in two
 * ways is read at all.
 */
#include "libpromo/rules/money.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static const struct {
	const char *text;
	int64_t minor;
} amounts[] = {
	{ "0", 0 },
	{ "0.0", 0 },
	{ "0.00", 0 },
	{ "0.01", 1 },
	{ "0.1", 10 },
	{ "1", 100 },
	{ "500", 50000 },
	{ "500.0", 50000 },
	{ "500.00", 50000 },
	{ "999999999999.99", 99999999999999 },
	{ "92233720368547758.07", INT64_MAX },
};

static const char *const bad[] = {
	"",
	" ",
	".",
	"-",
	"+",
	"1e3",
	"1E3",
	"10.001",
	"10.000",
	"NaN",
	"nan",
	"inf",
	"Infinity",
	" 5",
	"5 ",
	"+5",
	"00",
	"05",
	"00.5",
	".5",
	"5.",
	"5..0",
	"5.0.0",
	"1,000",
	"1 000",
	"1'000",
	"0x10",
	"5,00",
	"--5",
	"-",
	"5-",
	"\xd9\xa5" /* Arabic-Indic 5 */,
	"92233720368547758.08",
	"92233720368547758.09",
	"92233720368547759",
	"9223372036854775809",
	"100000000000000000",
	"99999999999999999999999999",
	"5\n",
	"RWF 5",
	"5.0a",
};

static void test_amounts_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(amounts); i++) {
		int64_t minor = -42;

		assert_int_equal(
			promo_money_parse(amounts[i].text, PROMO_MONEY_NOT_NEGATIVE, &minor), 0);
		assert_int_equal(minor, amounts[i].minor);
		assert_int_equal(
			promo_money_parse(amounts[i].text, PROMO_MONEY_ANY_SIGN, &minor), 0);
		assert_int_equal(minor, amounts[i].minor);
	}
}

static void test_what_is_no_amount_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		int64_t minor = -42;

		if (promo_money_parse(bad[i], PROMO_MONEY_ANY_SIGN, &minor) !=
			PROMO_E_INVALID_INPUT)
			fail_msg("\"%s\" was taken for an amount", bad[i]);
		assert_int_equal(promo_money_parse(bad[i], PROMO_MONEY_NOT_NEGATIVE, &minor),
			PROMO_E_INVALID_INPUT);
		assert_int_equal(minor, -42);
	}
}

static void test_the_sign(void **state)
{
	int64_t minor = -42;

	(void)state;
	assert_int_equal(
		promo_money_parse("-5", PROMO_MONEY_NOT_NEGATIVE, &minor), PROMO_E_INVALID_INPUT);
	assert_int_equal(
		promo_money_parse("-0", PROMO_MONEY_ANY_SIGN, &minor), PROMO_E_INVALID_INPUT);
	assert_int_equal(
		promo_money_parse("-0.00", PROMO_MONEY_ANY_SIGN, &minor), PROMO_E_INVALID_INPUT);
	assert_int_equal(minor, -42);
	assert_int_equal(promo_money_parse("-5.5", PROMO_MONEY_ANY_SIGN, &minor), 0);
	assert_int_equal(minor, -550);
	assert_int_equal(
		promo_money_parse("-92233720368547758.07", PROMO_MONEY_ANY_SIGN, &minor), 0);
	assert_int_equal(minor, -INT64_MAX);
	/* The smallest number says "none" in a struct. */
	assert_int_equal(promo_money_parse("-92233720368547758.08", PROMO_MONEY_ANY_SIGN, &minor),
		PROMO_E_INVALID_INPUT);
}

static void test_text_goes_round(void **state)
{
	struct seeded seeded = { 16 };

	(void)state;
	for (int i = 0; i < 100000; i++) {
		/* Amounts of all magnitudes. */
		int64_t minor = (int64_t)(seeded_next(&seeded) >> seeded_below(&seeded, 64));
		char text[PROMO_MONEY_SIZE];
		int64_t again;

		if (minor == INT64_MIN)
			continue;
		promo_money_format(minor, text);
		assert_int_equal(text[strlen(text) - 3], '.');
		assert_int_equal(promo_money_parse(text, PROMO_MONEY_ANY_SIGN, &again), 0);
		assert_int_equal(again, minor);
	}
}

static void test_people_get_separators(void **state)
{
	static const struct {
		int64_t minor;
		const char *format, *show;
	} cases[] = {
		{ 0, "0.00", "0.00" },
		{ 5, "0.05", "0.05" },
		{ -5, "-0.05", "-0.05" },
		{ 99999, "999.99", "999.99" },
		{ 100000, "1000.00", "1,000.00" },
		{ -12345678, "-123456.78", "-123,456.78" },
		{ 100000000, "1000000.00", "1,000,000.00" },
		{ INT64_MAX, "92233720368547758.07", "92,233,720,368,547,758.07" },
		{ INT64_MIN, "-92233720368547758.08", "-92,233,720,368,547,758.08" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char text[PROMO_MONEY_SIZE], shown[PROMO_MONEY_SHOWN_SIZE];

		promo_money_format(cases[i].minor, text);
		assert_string_equal(text, cases[i].format);
		promo_money_show(cases[i].minor, shown);
		assert_string_equal(shown, cases[i].show);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_amounts_are_read),
		cmocka_unit_test(test_what_is_no_amount_is_refused),
		cmocka_unit_test(test_the_sign),
		cmocka_unit_test(test_text_goes_round),
		cmocka_unit_test(test_people_get_separators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
