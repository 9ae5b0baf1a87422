/* SPDX-License-Identifier: MIT */
/* Names become what the database's constraint takes, or are refused with the reason. */
#include "libpromo/rules/batch_name.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static void test_names_are_completed(void **state)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
		{ "BATCH_20250917", "BATCH_20250917" },
		{ "batch_easter", "BATCH_EASTER" },
		{ " easter-2026 ", "BATCH_EASTER-2026" },
		{ "abc", "BATCH_ABC" },
		{ "Batch_1", "BATCH_1" },
		{ "BATCH", "BATCH_BATCH" },
		{ "batch-easter", "BATCH_BATCH-EASTER" },
		{ "\xc2\xa0"
		  "abc\t\n",
			"BATCH_ABC" },
		{ "BATCH_BATCH_1", "BATCH_BATCH_1" },
		{ "___", "BATCH____" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char name[PROMO_BATCH_NAME_SIZE], again[PROMO_BATCH_NAME_SIZE];
		const char *why;

		assert_int_equal(promo_batch_name_normalize(cases[i].text, name, &why), 0);
		assert_string_equal(name, cases[i].name);
		assert_int_equal(promo_batch_name_normalize(name, again, &why), 0);
		assert_string_equal(again, name);
	}
}

static void test_names_are_refused_with_the_reason(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "three" },
		{ "  ", "three" },
		{ "ab", "three" },
		{ "BATCH_", "three" },
		{ " batch_ ", "three" },
		{ "easter 2026", "letter" },
		{ "easter.2026", "letter" },
		{ "p\xc3\xa2ques", "letter" },
		{ "easter'; drop", "letter" },
		{ "easter\x01", "letter" },
		{ "easter\xff", "letter" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char name[PROMO_BATCH_NAME_SIZE] = "unchanged";
		const char *why = NULL;

		assert_int_equal(promo_batch_name_normalize(cases[i].text, name, &why),
			PROMO_E_INVALID_INPUT);
		assert_string_equal(name, "unchanged");
		if (!strstr(why, cases[i].why))
			fail_msg("\"%s\": %s", cases[i].text, why);
	}
}

static void test_lengths(void **state)
{
	char text[200], name[PROMO_BATCH_NAME_SIZE];
	const char *why;

	(void)state;
	memset(text, 'A', sizeof(text));
	text[94] = '\0';
	assert_int_equal(promo_batch_name_normalize(text, name, &why), 0);
	assert_int_equal(strlen(name), PROMO_BATCH_NAME_MAX);
	text[94] = 'A';
	text[95] = '\0';
	assert_int_equal(promo_batch_name_normalize(text, name, &why), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(why, "100"));
	memcpy(text, "BATCH_", 6);
	text[95] = 'A';
	text[100] = '\0';
	assert_int_equal(promo_batch_name_normalize(text, name, &why), 0);
	assert_string_equal(name, text);
	text[100] = 'A';
	text[101] = '\0';
	assert_int_equal(promo_batch_name_normalize(text, name, &why), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(why, "100"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_completed),
		cmocka_unit_test(test_names_are_refused_with_the_reason),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
