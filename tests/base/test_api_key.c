/* SPDX-License-Identifier: MIT */
/* A key is known by its form: each is another, none holds with any one character changed, missing,
 * added or swapped with its neighbour, and what may be shown of it is its beginning. */
#include "libpromo/base/api_key.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "tests/lib/test.h"

enum {
	KEYS = 50
};

static int setup(void **state)
{
	(void)state;
	return promo_base_init();
}

static void test_form(void **state)
{
	char keys[KEYS][PROMO_API_KEY_SIZE], prefix[PROMO_API_KEY_PREFIX_SIZE];

	(void)state;
	for (int i = 0; i < KEYS; i++) {
		promo_api_key_new(keys[i]);
		assert_int_equal(strlen(keys[i]), PROMO_API_KEY_SIZE - 1);
		assert_true(promo_api_key_valid(keys[i]));
		assert_false(promo_token_valid(PROMO_TOKEN_SESSION, keys[i]));
		promo_api_key_prefix(keys[i], prefix);
		assert_int_equal(strlen(prefix), 14);
		assert_int_equal(strncmp(prefix, "pmo_k_", 6), 0);
		assert_int_equal(strncmp(prefix, keys[i], 14), 0);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(strncmp(keys[i], keys[j], 14), 0);
	}
}

static void test_slips(void **state)
{
	char key[PROMO_API_KEY_SIZE], other[PROMO_API_KEY_SIZE + 1];

	(void)state;
	promo_api_key_new(key);
	for (size_t i = 0; i < strlen(key); i++) {
		memcpy(other, key, sizeof(key));
		other[i] = other[i] == 'x' ? 'y' : 'x';
		assert_false(promo_api_key_valid(other));
		memcpy(other, key, sizeof(key));
		other[i] = '\n';
		assert_false(promo_api_key_valid(other));
		memmove(other, key, i);
		memmove(other + i, key + i + 1, sizeof(key) - i - 1);
		assert_false(promo_api_key_valid(other));
		memcpy(other, key, i);
		other[i] = 'A';
		memcpy(other + i + 1, key + i, sizeof(key) - i);
		assert_false(promo_api_key_valid(other));
		memcpy(other, key, sizeof(key));
		if (!key[i + 1] || key[i] == key[i + 1])
			continue;
		other[i] = key[i + 1];
		other[i + 1] = key[i];
		assert_false(promo_api_key_valid(other));
	}
	assert_false(promo_api_key_valid(""));
	assert_false(promo_api_key_valid("pmo_k_"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_slips),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
