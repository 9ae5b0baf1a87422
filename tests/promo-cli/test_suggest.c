/* SPDX-License-Identifier: MIT */
/* Proves that "did you mean" counts typing errors as people make them, and offers nothing where
 * nothing is near. */
#include "promo-cli/suggest.h"

#include <string.h>

#include "harness.h"

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		int distance;
	} cases[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "batch", "batch", 0 },
		{ "btach", "batch", 1 },  /* swapped */
		{ "bath", "batch", 1 },   /* left out */
		{ "battch", "batch", 1 }, /* doubled */
		{ "betch", "batch", 1 },  /* another letter */
		{ "verify", "redeem", 5 },
		{ "ca", "abc", 3 }, /* a letter that was moved is not moved again */
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(cli_distance(cases[i].a, cases[i].b), cases[i].distance);
		assert_int_equal(cli_distance(cases[i].b, cases[i].a), cases[i].distance);
	}
}

static void test_long_words_are_far(void **state)
{
	char word[200];

	(void)state;
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_true(cli_distance(word, "a") > 10);
	assert_true(cli_distance("a", word) > 10);
}

static const char *suggested(const char *typed)
{
	static const char *const words[] = { "batch", "code", "customer", "fraud-report", "redeem",
		"redemption", "verify" };
	struct cli_suggestion near = { .typed = typed };

	for (size_t i = 0; i < PROMO_COUNT(words); i++)
		cli_suggest(&near, words[i]);
	return near.best;
}

static void test_suggestions(void **state)
{
	(void)state;
	assert_string_equal(suggested("btach"), "batch");
	assert_string_equal(suggested("redemtion"), "redemption");
	assert_string_equal(suggested("verfy"), "verify");
	assert_string_equal(suggested("fraud"), "fraud-report"); /* begins with it */
	assert_null(suggested("xyz"));
	assert_null(suggested("q"));
	assert_null(suggested("settings"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_long_words_are_far),
		cmocka_unit_test(test_suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
