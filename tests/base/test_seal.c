/* SPDX-License-Identifier: MIT */
/* What was sealed comes back with its key and for what it was sealed, and with nothing else; a changed
 * bit is found; the same sealed twice looks different; keys are told apart without being told. */
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/base/seal.h"
#include "tests/lib/test.h"

static const unsigned char key[PROMO_SEAL_KEY_BYTES] = "one", other[PROMO_SEAL_KEY_BYTES] = "two";

enum {
	SIZE = 20,
	SEALED = SIZE + PROMO_SEAL_EXTRA_BYTES
};

static void test_there_and_back(void **state)
{
	unsigned char sealed[SEALED], again[SEALED];
	char opened[SIZE];

	(void)state;
	promo_seal(key, "whose", "twenty bytes of seed", SIZE, sealed);
	promo_seal(key, "whose", "twenty bytes of seed", SIZE, again);
	assert_memory_not_equal(sealed, again, SEALED);
	assert_int_equal(promo_unseal(key, "whose", sealed, SEALED, opened), 0);
	assert_memory_equal(opened, "twenty bytes of seed", SIZE);
	assert_int_equal(
		promo_unseal(other, "whose", sealed, SEALED, opened), PROMO_E_INVALID_INPUT);
	assert_int_equal(
		promo_unseal(key, "another's", sealed, SEALED, opened), PROMO_E_INVALID_INPUT);
}

static void test_what_was_changed(void **state)
{
	unsigned char sealed[SEALED];
	char opened[SIZE];

	(void)state;
	promo_seal(key, "", "twenty bytes of seed", SIZE, sealed);
	for (size_t i = 0; i < SEALED; i++) {
		sealed[i] ^= 1;
		assert_int_equal(
			promo_unseal(key, "", sealed, SEALED, opened), PROMO_E_INVALID_INPUT);
		sealed[i] ^= 1;
	}
	for (size_t size = 0; size < SEALED; size++)
		assert_int_equal(
			promo_unseal(key, "", sealed, size, opened), PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_unseal(key, "", sealed, SEALED, opened), 0);
}

static void test_key_ids(void **state)
{
	char one[PROMO_SEAL_KEY_ID_SIZE], same[PROMO_SEAL_KEY_ID_SIZE], two[PROMO_SEAL_KEY_ID_SIZE];

	(void)state;
	promo_seal_key_id(key, one);
	promo_seal_key_id(key, same);
	promo_seal_key_id(other, two);
	assert_int_equal(strlen(one), PROMO_SEAL_KEY_ID_SIZE - 1);
	assert_string_equal(one, same);
	assert_string_not_equal(one, two);
}

static int setup(void **state)
{
	(void)state;
	return promo_base_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_what_was_changed),
		cmocka_unit_test(test_key_ids),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
