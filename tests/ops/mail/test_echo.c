/* SPDX-License-Identifier: MIT */
/* What repeats a piece of a text is told from what only has words in common with it. */
#include "libpromo/ops/mail/echo.h"

#include "tests/lib/test.h"

static void test_repeats(void **state)
{
	static const char text[] = "482913 is your code for signing in to MBELYCO.";

	(void)state;
	assert_true(promo_echo_repeats("answered 400: spam: 482913 is your c", text));
	assert_true(promo_echo_repeats(text, text));
	assert_true(promo_echo_repeats("answered 400: ign in to MBELYCO.", "sign in to MBELYCO."));
	assert_true(promo_echo_repeats("a bad key: s3cret!", "s3cret"));
	assert_false(promo_echo_repeats("answered 400: 482913 is y", text));
	assert_false(promo_echo_repeats("answered 503: come again", text));
	assert_false(promo_echo_repeats("", text));
	assert_false(promo_echo_repeats("s3cre", "s3cret"));
	assert_false(promo_echo_repeats("anything", ""));
	assert_false(promo_echo_repeats("anything", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
