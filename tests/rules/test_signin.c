/* SPDX-License-Identifier: MIT */
/* Who guesses passwords is slowed down: the first failures are free, delays double up to the limit,
 * nothing is locked for good, and a day without failures forgets them all. */
#include "libpromo/rules/signin.h"

#include "tests/lib/test.h"

#define START  INT64_C(1795348696123)
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define DAY    (24 * 60 * MINUTE)

static const struct promo_signin_limit limit = { .free = 5, .delay_max_ms = 15 * MINUTE };

static void test_delays_double(void **state)
{
	static const int64_t seconds[] = { 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900,
		900 };
	struct promo_signin_state guesser = { 0 };
	int64_t now = START;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(seconds); i++) {
		assert_int_equal(promo_signin_wait_ms(&guesser, now), 0);
		guesser = promo_signin_failure(&limit, &guesser, now);
		assert_int_equal(guesser.failures, i + 1);
		assert_int_equal(promo_signin_wait_ms(&guesser, now), seconds[i] * SECOND);
		now += seconds[i] * SECOND;
	}
}

static void test_a_day_forgets(void **state)
{
	struct promo_signin_state guesser = { 0 };
	int64_t now = START;

	(void)state;
	for (int i = 0; i < 6; i++)
		guesser = promo_signin_failure(&limit, &guesser, now += MINUTE);
	guesser = promo_signin_failure(&limit, &guesser, now += DAY - 1);
	assert_int_equal(guesser.failures, 7);
	guesser = promo_signin_failure(&limit, &guesser, now += DAY);
	assert_int_equal(guesser.failures, 1);
	assert_int_equal(promo_signin_wait_ms(&guesser, now), 0);
}

/* The bound that NIST SP 800-63B asks for: what a patient guesser gets out of a day. */
static void test_guesses_of_a_day(void **state)
{
	struct promo_signin_state guesser = { 0 };
	int64_t guesses = 0;

	(void)state;
	for (int64_t now = START; now < START + DAY; guesses++) {
		guesser = promo_signin_failure(&limit, &guesser, now);
		now += promo_signin_wait_ms(&guesser, now);
	}
	assert_in_range(guesses, 90, 110);
}

static void test_limits_of_the_settings(void **state)
{
	const struct promo_signin_limit strict = { .free = 1, .delay_max_ms = MINUTE };
	const struct promo_signin_limit longest = { .free = 1, .delay_max_ms = DAY };
	struct promo_signin_state guesser = { 0 };

	(void)state;
	guesser = promo_signin_failure(&strict, &guesser, START);
	assert_int_equal(promo_signin_wait_ms(&guesser, START), 2 * SECOND);
	guesser.failures = INT64_C(1) << 40;
	guesser = promo_signin_failure(&longest, &guesser, START);
	assert_int_equal(promo_signin_wait_ms(&guesser, START), DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delays_double),
		cmocka_unit_test(test_a_day_forgets),
		cmocka_unit_test(test_guesses_of_a_day),
		cmocka_unit_test(test_limits_of_the_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
