/* SPDX-License-Identifier: MIT */
/* The delays after wrong codes are those that decision 0023 reckons with; recovery codes have all their
 * letters from the source they are given, and are read back as people type them. */
#include <stdbool.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/rules/mfa.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void test_delays(void **state)
{
	static const int64_t seconds[] = { 0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600,
		3600 };

	(void)state;
	for (size_t wrong = 0; wrong < PROMO_COUNT(seconds); wrong++)
		assert_int_equal(promo_mfa_delay_ms((int64_t)wrong), seconds[wrong] * 1000);
	assert_int_equal(promo_mfa_delay_ms(INT64_MAX), 3600 * 1000);
}

static void test_recovery_codes(void **state)
{
	struct seeded seeded = { 7 };
	const struct promo_random random = seeded_source(&seeded);
	char shown[PROMO_RECOVERY_SHOWN_SIZE], read[PROMO_RECOVERY_SIZE], first[sizeof(shown)] = "";
	bool seen[256] = { false };
	int letters = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		promo_recovery_code_new(&random, shown);
		assert_int_equal(strlen(shown), 17);
		assert_int_equal(shown[5], '-');
		assert_int_equal(shown[11], '-');
		assert_int_equal(promo_recovery_code_read(shown, read), 0);
		assert_int_equal(strlen(read), PROMO_RECOVERY_LETTERS);
		assert_string_not_equal(shown, first);
		memcpy(first, shown, sizeof(shown));
		for (const char *at = read; *at; at++)
			seen[(unsigned char)*at] = true;
	}
	for (size_t i = 0; i < PROMO_COUNT(seen); i++)
		letters += seen[i];
	assert_int_equal(letters, 30);
}

static void test_what_people_type(void **state)
{
	static const char *const none[] = { "", "123456", "A1U2-C325-5X09-6E21", "A1U2C3255X096",
		"A1U2C-3255X-096E!", "A1U2C3255X096E2Z" };
	char read[PROMO_RECOVERY_SIZE];

	(void)state;
	assert_int_equal(promo_recovery_code_read(" a1u2c 3255x-o96ez ", read), 0);
	assert_string_equal(read, "A1U2C3255X096EZ");
	for (size_t i = 0; i < PROMO_COUNT(none); i++)
		assert_int_equal(promo_recovery_code_read(none[i], read), PROMO_E_INVALID_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delays),
		cmocka_unit_test(test_recovery_codes),
		cmocka_unit_test(test_what_people_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
