/* SPDX-License-Identifier: MIT */
/*
 * Formats are taken only if their codes cannot be guessed; codes carry the date where the format
 * says and letters that are equally likely, for any source of random bytes that is fair.
 */
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

enum {
	MANY = 1000000
};

static void parse(const char *format, struct promo_code_pattern *ret)
{
	const char *why;

	assert_int_equal(promo_code_pattern_parse(format, ret, &why), 0);
}

static void test_formats_that_are_taken(void **state)
{
	static const struct {
		const char *format, *cells;
		int letters, centibits;
	} cases[] = {
		{ PROMO_CODE_FORMAT, "XXXXXXYyXXMmXXDd", 10, 4906 },
		{ "XXXXXXXXX", "XXXXXXXXX", 9, 4416 },
		{ "XXXXX-XXXXX", "XXXXXXXXXX", 10, 4906 },
		{ "DDMMYY-XXXXXXXXX", "DdMmYyXXXXXXXXX", 9, 4416 },
		{ "XXXXXXXXXDD", "XXXXXXXXXDd", 9, 4416 },
		{ "X-X-X-X-X-X-X-X-X", "XXXXXXXXX", 9, 4416 },
		{ "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", 32,
			15702 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_code_pattern pattern;

		parse(cases[i].format, &pattern);
		assert_string_equal(pattern.cells, cases[i].cells);
		assert_int_equal(pattern.length, strlen(cases[i].cells));
		assert_int_equal(pattern.letters, cases[i].letters);
		assert_int_equal(promo_code_pattern_centibits(&pattern), cases[i].centibits);
	}
}

static void test_formats_that_are_refused(void **state)
{
	static const struct {
		const char *format, *why;
	} cases[] = {
		{ "", "dash" },
		{ "-", "dash" },
		{ "-XXXXXXXXXX", "dash" },
		{ "XXXXXXXXXX-", "dash" },
		{ "XXXXX--XXXXX", "dash" },
		{ "XXXX", "guessed" },
		{ "XXXXXXXX", "guessed" }, /* 39.25 bits */
		{ "XXXXXXXXYYMMDD", "guessed" },
		{ "YYMMDD", "guessed" },
		{ "xxxxxxxxxx", "only X" },
		{ "XXXXXXXXXXY", "only X" },
		{ "XXXXXXXXXXYDD", "only X" },
		{ "XXXXXXXXXXM-M", "only X" },
		{ "XXXXXXXXXX 1", "only X" },
		{ "XXXXXXXXXXA", "only X" },
		{ "XXXXXXXXXX\xe2\x80\x93X", "only X" },
		{ "XXXXXXXXXXYYYY", "only once" },
		{ "XXXXXXXXXXDDMMDD", "only once" },
		{ "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "32" },
		{ "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXYY", "32" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_code_pattern pattern;
		const char *why = NULL;

		if (promo_code_pattern_parse(cases[i].format, &pattern, &why) !=
			PROMO_E_INVALID_INPUT)
			fail_msg("\"%s\" was taken", cases[i].format);
		if (!strstr(why, cases[i].why))
			fail_msg("\"%s\": %s", cases[i].format, why);
	}
}

static void test_the_date_stands_where_the_format_says(void **state)
{
	struct seeded seeded = { 13 };
	struct promo_random source = seeded_source(&seeded);
	struct promo_code_pattern standard, other;
	char code[PROMO_CODE_SIZE] = "unchanged";

	(void)state;
	parse(PROMO_CODE_FORMAT, &standard);
	parse("DDMMYYXXXXXXXXX", &other);
	assert_int_equal(
		promo_code_generate(&standard, "2026-13-01", &source, code), PROMO_E_INVALID_INPUT);
	assert_string_equal(code, "unchanged");
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(promo_code_generate(&standard, "2026-11-05", &source, code), 0);
		assert_int_equal(strlen(code), 16);
		assert_int_equal(strspn(code, PROMO_CODE_ALPHABET), 16);
		assert_memory_equal(code + 6, "26", 2);
		assert_memory_equal(code + 10, "11", 2);
		assert_memory_equal(code + 14, "05", 2);
		assert_true(promo_code_plausible(code, "2026-11-05"));
		assert_int_equal(promo_code_generate(&other, "2026-11-05", &source, code), 0);
		assert_memory_equal(code, "051126", 6);
	}
}

/*
 * Chi-square with 29 degrees of freedom at each of the 10 places: a fair generator exceeds 66.2 in
 * 1 of 10,000 cases. One that took a byte modulo 30 would make 0 to 15 likelier by an eighth: a
 * statistic of hundreds.
 */
static void test_letters_are_equally_likely(void **state)
{
	enum {
		CODES = 300000
	};
	static int counts[PROMO_CODE_SIZE][128];
	struct seeded seeded = { 14 };
	struct promo_random source = seeded_source(&seeded);
	struct promo_code_pattern pattern;

	(void)state;
	parse(PROMO_CODE_FORMAT, &pattern);
	for (int i = 0; i < CODES; i++) {
		char code[PROMO_CODE_SIZE];

		assert_int_equal(promo_code_generate(&pattern, "2026-11-22", &source, code), 0);
		for (int at = 0; at < pattern.length; at++)
			counts[at][(int)code[at]]++;
	}
	for (int at = 0; at < pattern.length; at++) {
		const double expected = (double)CODES / PROMO_CODE_LETTERS;
		double chi_square = 0;

		if (pattern.cells[at] != 'X')
			continue;
		for (const char *c = PROMO_CODE_ALPHABET; *c; c++) {
			double off = counts[at][(int)*c] - expected;

			chi_square += off * off / expected;
		}
		assert_true(chi_square < 66.2);
		assert_true(chi_square > 8.0); /* nor suspiciously even: 1 of 10,000 again */
	}
}

/* A source whose every second number lies in the surplus that has to be rejected. */
static void half_surplus(void *context, void *bytes, size_t size)
{
	unsigned *calls = context;
	unsigned char *number = bytes;

	assert_int_equal(size, 4);
	memset(number, 0, 4);
	if (++*calls % 2 == 0)
		number[1] = 1; /* 256: far from the surplus, and 256 modulo 30 is 16 */
}

static void test_biased_numbers_are_drawn_again(void **state)
{
	unsigned calls = 0;
	struct promo_random source = { half_surplus, &calls };
	struct promo_code_pattern pattern;
	char code[PROMO_CODE_SIZE];

	(void)state;
	parse("XXXXXXXXXX", &pattern);
	assert_int_equal(promo_code_generate(&pattern, "2026-11-22", &source, code), 0);
	assert_int_equal(calls, 20);
	for (int i = 0; i < 10; i++)
		assert_int_equal(code[i], PROMO_CODE_ALPHABET[16]);
}

static int compare_codes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void test_a_million_codes_differ(void **state)
{
	char(*codes)[PROMO_CODE_SIZE] = calloc(MANY, PROMO_CODE_SIZE);
	struct seeded seeded = { 15 };
	struct promo_random source = seeded_source(&seeded);
	struct promo_code_pattern pattern;

	(void)state;
	assert_non_null(codes);
	parse(PROMO_CODE_FORMAT, &pattern);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(promo_code_generate(&pattern, "2026-11-22", &source, codes[i]), 0);
	qsort(codes, MANY, PROMO_CODE_SIZE, compare_codes);
	for (int i = 1; i < MANY; i++)
		assert_true(strcmp(codes[i - 1], codes[i]) < 0);
	free(codes);
}

/* Smaller numbers are earlier codes, and no two numbers are one code. */
static void test_drawn_numbers_are_in_the_order_of_codes(void **state)
{
	static const char *const formats[] = { PROMO_CODE_FORMAT, "XXXXXXXXX", "DDXXXXXXXXXXXXX",
		"XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX" };
	struct seeded seeded = { 16 };
	struct promo_random source = seeded_source(&seeded);

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(formats); i++) {
		struct promo_code_pattern pattern;
		char codes[2][PROMO_CODE_SIZE];

		parse(formats[i], &pattern);
		for (int round = 0; round < 2000; round++) {
			uint64_t a = promo_code_draw(&pattern, &source);
			uint64_t b = round % 2 ? a + 1 : promo_code_draw(&pattern, &source);

			if (a == b || (round % 2 && a % PROMO_CODE_LETTERS == 29))
				continue;
			assert_int_equal(
				promo_code_spell(&pattern, "2026-11-22", a, &source, codes[0]), 0);
			assert_int_equal(
				promo_code_spell(&pattern, "2026-11-22", b, &source, codes[1]), 0);
			assert_int_equal(a < b, strcmp(codes[0], codes[1]) < 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_that_are_taken),
		cmocka_unit_test(test_formats_that_are_refused),
		cmocka_unit_test(test_drawn_numbers_are_in_the_order_of_codes),
		cmocka_unit_test(test_the_date_stands_where_the_format_says),
		cmocka_unit_test(test_letters_are_equally_likely),
		cmocka_unit_test(test_biased_numbers_are_drawn_again),
		cmocka_unit_test(test_a_million_codes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
