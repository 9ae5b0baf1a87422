/* SPDX-License-Identifier: MIT */
/*
 * However a code is written down, typed and misread among the letters that never occur, it is read
 * as the one that was issued; what cannot have been issued is told without a database.
 */
#include "libpromo/rules/code.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void random_code(struct seeded *seeded, size_t length, char ret[PROMO_CODE_SIZE])
{
	for (size_t i = 0; i < length; i++)
		ret[i] = PROMO_CODE_ALPHABET[seeded_below(seeded, PROMO_CODE_LETTERS)];
	ret[length] = '\0';
}

static void test_the_alphabet(void **state)
{
	(void)state;
	assert_int_equal(strlen(PROMO_CODE_ALPHABET), PROMO_CODE_LETTERS);
	assert_null(strpbrk(PROMO_CODE_ALPHABET, "BDIOQV"));
	for (size_t i = 1; i < PROMO_CODE_LETTERS; i++)
		assert_true(PROMO_CODE_ALPHABET[i - 1] < PROMO_CODE_ALPHABET[i]);
}

static void test_forms_of_one_code(void **state)
{
	static const char *const forms[] = {
		"A7KX-M226-9W11-RT22",
		"A7KXM2269W11RT22",
		"a7kx-m226-9w11-rt22",
		" A7KX M226 9W11 RT22\r\n",
		"A7KX\xe2\x80\x93M226\xe2\x80\x94"
		"9W11\xe2\x88\x92RT22",
		"A7KX\xc2\xa0M226\xe2\x80\x83"
		"9W11\tRT22",
		"--A-7-K-X-M-2-2-6-9-W-1-1-R-T-2-2--",
	};
	char code[PROMO_CODE_SIZE];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(forms); i++) {
		assert_int_equal(promo_code_canonical(forms[i], code), 0);
		assert_string_equal(code, "A7KXM2269W11RT22");
		assert_int_equal(promo_code_read(forms[i], code), 0);
		assert_string_equal(code, "A7KXM2269W11RT22");
	}
}

static void test_malformed_codes(void **state)
{
	static const char *const bad[] = {
		"", "ABC", "A-B-C-", "----", "A7KX_M226", "A7KX.M226", "A7KX/M226", "A7KX'--",
		"A7KX;M226",
		"\xc3\x89"
		"7KX", /* E with an accent */
		"\xef\xbc\xa1"
		"7KX1", /* full-width A */
		"\xd0\x90"
		"7KX1",                                                      /* Cyrillic A */
		"A7KX\xff", "A7KX\x01", "012345678901234567890123456789012", /* 33 */
	};
	char code[PROMO_CODE_SIZE] = "unchanged";

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		if (promo_code_canonical(bad[i], code) != PROMO_E_INVALID_INPUT)
			fail_msg("\"%s\" was taken for a code", bad[i]);
		assert_int_equal(promo_code_read(bad[i], code), PROMO_E_INVALID_INPUT);
	}
	assert_string_equal(code, "unchanged");
	assert_int_equal(promo_code_read("ABCD", code), 0);
	assert_int_equal(promo_code_read("01234567890123456789012345678901", code), 0);
}

static void test_every_misread_letter_is_mapped(void **state)
{
	/* What is read for what was printed. */
	static const struct {
		char printed;
		const char *typed;
	} misreadings[] = {
		{ '0', "ODQodq" },
		{ '1', "Ii" },
		{ '8', "Bb" },
		{ 'U', "Vv" },
	};
	struct seeded seeded = { 10 };
	int mapped = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char issued[PROMO_CODE_SIZE], typed[PROMO_CODE_SIZE], read[PROMO_CODE_SIZE];

		random_code(&seeded, 16, issued);
		for (size_t at = 0; at < 16; at++) {
			for (size_t m = 0; m < PROMO_COUNT(misreadings); m++) {
				if (issued[at] != misreadings[m].printed)
					continue;
				for (const char *c = misreadings[m].typed; *c; c++) {
					memcpy(typed, issued, sizeof(typed));
					typed[at] = *c;
					assert_int_equal(promo_code_read(typed, read), 0);
					assert_string_equal(read, issued);
					mapped++;
				}
			}
		}
	}
	assert_true(mapped > 1000);
}

static void test_reading_loses_nothing(void **state)
{
	struct seeded seeded = { 11 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t length =
			PROMO_CODE_MIN + seeded_below(&seeded, PROMO_CODE_MAX - PROMO_CODE_MIN + 1);
		char issued[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE], read[PROMO_CODE_SIZE];

		random_code(&seeded, length, issued);
		promo_code_show(issued, shown);
		assert_int_equal(promo_code_read(shown, read), 0);
		assert_string_equal(read, issued);
		assert_int_equal(promo_code_read(issued, read), 0);
		assert_string_equal(read, issued);
	}
}

static void test_codes_are_shown_in_groups(void **state)
{
	char shown[PROMO_CODE_SHOWN_SIZE];

	(void)state;
	promo_code_show("A7KXM2269W11RT22", shown);
	assert_string_equal(shown, "A7KX-M226-9W11-RT22");
	promo_code_show("A7KXM2269W11RT2", shown);
	assert_string_equal(shown, "A7KXM2269W11RT2");
	promo_code_show("ABCD", shown);
	assert_string_equal(shown, "ABCD");
	promo_code_show("01234567890123456789012345678901", shown);
	assert_string_equal(shown, "01234567890123456789012345678901");
}

static void test_dates_that_never_were(void **state)
{
	static const struct {
		const char *code;
		bool plausible; /* on 2026-11-22 */
	} cases[] = {
		{ "XXXXXX26XX11XX22", true },
		{ "XXXXXX26XX11XX23", true }, /* a day ahead: clocks and zones differ */
		{ "XXXXXX26XX11XX24", false },
		{ "XXXXXX26XX12XX01", false },
		{ "XXXXXX27XX01XX01", false },
		{ "XXXXXX99XX01XX01", false },
		{ "XXXXXX00XX01XX01", true },
		{ "XXXXXX24XX02XX29", true },
		{ "XXXXXX25XX02XX29", false },
		{ "XXXXXX26XX00XX22", false },
		{ "XXXXXX26XX13XX22", false },
		{ "XXXXXX26XX11XX00", false },
		{ "XXXXXX26XX11XX31", false },
		{ "XXXXXXX6XX11XX22", false },
		{ "XXXXXX2XXX11XX22", false },
		{ "XXXXXX26XXX1XX22", false },
		{ "XXXXXX26XX11XX2X", false },
		{ "XXXXXX26XX11XX2", true }, /* not the standard shape */
		{ "XXXXXX26XX11XX222", true },
		{ "ABCD", true },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		if (promo_code_plausible(cases[i].code, "2026-11-22") != cases[i].plausible)
			fail_msg("%s", cases[i].code);
	assert_true(promo_code_plausible("XXXXXX27XX01XX01", "2026-12-31"));
	assert_false(promo_code_plausible("XXXXXX27XX01XX02", "2026-12-31"));
	/* Without a today there is no future. */
	assert_true(promo_code_plausible("XXXXXX99XX01XX01", ""));
	assert_false(promo_code_plausible("XXXXXX99XX13XX01", ""));
}

static void test_most_typos_in_the_date_are_told(void **state)
{
	struct seeded seeded = { 12 };
	static const size_t places[] = { 6, 7, 10, 11, 14, 15 };
	int told = 0, typos = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		char code[PROMO_CODE_SIZE];
		char *at;

		random_code(&seeded, 16, code);
		memcpy(code + 6, "26", 2);
		memcpy(code + 10, "11", 2);
		memcpy(code + 14, "22", 2);
		at = &code[places[seeded_below(&seeded, PROMO_COUNT(places))]];
		*at = PROMO_CODE_ALPHABET[seeded_below(&seeded, PROMO_CODE_LETTERS)];
		typos++;
		told += !promo_code_plausible(code, "2026-11-22");
	}
	assert_true(told * 10 > typos * 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_alphabet),
		cmocka_unit_test(test_forms_of_one_code),
		cmocka_unit_test(test_malformed_codes),
		cmocka_unit_test(test_every_misread_letter_is_mapped),
		cmocka_unit_test(test_reading_loses_nothing),
		cmocka_unit_test(test_codes_are_shown_in_groups),
		cmocka_unit_test(test_dates_that_never_were),
		cmocka_unit_test(test_most_typos_in_the_date_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
