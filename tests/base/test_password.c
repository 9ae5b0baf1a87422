/* SPDX-License-Identifier: MIT */
/*
 * A password fits its own hash and no other, also when a keyboard composes its letters in another
 * way; a user who does not exist costs as much time as one who does.
 */
#include "libpromo/base/password.h"

#include <string.h>
#include <time.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "tests/lib/test.h"

static void test_a_password_fits_its_hash_only(void **state)
{
	char a[PROMO_PASSWORD_HASH_SIZE], b[PROMO_PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(promo_password_hash("umusozi muremure", a), 0);
	assert_int_equal(promo_password_hash("umusozi muremure", b), 0);
	assert_string_not_equal(a, b); /* each has a salt of its own */
	assert_non_null(strstr(a, "$argon2id$v=19$m=65536,t=2,p=1$"));
	assert_int_equal(promo_password_verify(a, "umusozi muremure"), 0);
	assert_int_equal(promo_password_verify(b, "umusozi muremure"), 0);
	assert_int_equal(promo_password_verify(a, "umusozi muremurE"), PROMO_E_INVALID_CREDENTIALS);
	assert_int_equal(promo_password_verify(a, ""), PROMO_E_INVALID_CREDENTIALS);
}

static void test_normal_forms_are_one_password(void **state)
{
	char hash[PROMO_PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(promo_password_hash("caf\xc3\xa9 du matin", hash), 0);
	assert_int_equal(promo_password_verify(hash, "cafe\xcc\x81 du matin"), 0);
	assert_int_equal(promo_password_verify(hash, "cafe du matin"), PROMO_E_INVALID_CREDENTIALS);
	/* What is no UTF-8 is taken byte by byte. */
	assert_int_equal(promo_password_hash("caf\xe9 du matin", hash), 0);
	assert_int_equal(promo_password_verify(hash, "caf\xe9 du matin"), 0);
	assert_int_equal(
		promo_password_verify(hash, "caf\xe8 du matin"), PROMO_E_INVALID_CREDENTIALS);
}

static double cpu_seconds(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_nobody_costs_as_much_as_somebody(void **state)
{
	char hash[PROMO_PASSWORD_HASH_SIZE];
	double somebody = 0, nobody = 0;

	(void)state;
	assert_int_equal(promo_password_hash("umusozi muremure", hash), 0);
	for (int i = 0; i < 3; i++) {
		double begin = cpu_seconds();

		assert_int_equal(promo_password_verify(hash, "x"), PROMO_E_INVALID_CREDENTIALS);
		somebody += cpu_seconds() - begin;
		begin = cpu_seconds();
		assert_int_equal(promo_password_verify(NULL, "x"), PROMO_E_INVALID_CREDENTIALS);
		nobody += cpu_seconds() - begin;
	}
	/* A check that was left out would be a thousand times faster. */
	assert_true(nobody > somebody / 3);
	assert_true(somebody > nobody / 3);
}

static void test_old_hashes_are_told(void **state)
{
	/* m=8192, t=1 */
	static const char old[] = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA"
				  "$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE";
	char hash[PROMO_PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(promo_password_hash("umusozi muremure", hash), 0);
	assert_false(promo_password_needs_rehash(hash));
	assert_true(promo_password_needs_rehash(old));
	assert_true(promo_password_needs_rehash("no hash"));
	assert_true(promo_password_verify("no hash", "x") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_password_fits_its_hash_only),
		cmocka_unit_test(test_normal_forms_are_one_password),
		cmocka_unit_test(test_nobody_costs_as_much_as_somebody),
		cmocka_unit_test(test_old_hashes_are_told),
	};

	if (promo_base_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
