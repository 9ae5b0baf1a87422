/* SPDX-License-Identifier: MIT */
/* Trees are those of RFC 6962, by the leaves and roots of its reference implementation, at every size on
 * the way and without disturbing what is added later; signatures are those of RFC 8032, and hold for
 * nothing that differs in a bit. */
#include <string.h>

#include "libpromo/base/merkle.h"
#include "libpromo/base/random.h"
#include "libpromo/base/sign.h"
#include "tests/lib/test.h"

static void assert_hex(const void *bytes, size_t size, const char *expected)
{
	char hex[256];

	assert_true(PROMO_HEX_SIZE(size) <= sizeof(hex));
	promo_hex_encode(bytes, size, hex);
	assert_string_equal(hex, expected);
}

static void test_the_trees_of_rfc_6962(void **state)
{
	static const char *const leaves[] = { "", "00", "10", "2021", "3031", "40414243",
		"5051525354555657", "606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	unsigned char bytes[16], hash[PROMO_SHA256_BYTES];
	struct promo_merkle tree;

	(void)state;
	promo_merkle_start(&tree);
	for (size_t i = 0; i < PROMO_COUNT(roots); i++) {
		promo_merkle_root(&tree, hash);
		assert_hex(hash, sizeof(hash), roots[i]);
		if (i == PROMO_COUNT(leaves))
			break;
		assert_int_equal(promo_hex_decode(leaves[i], bytes, strlen(leaves[i]) / 2), 0);
		promo_merkle_leaf(bytes, strlen(leaves[i]) / 2, hash);
		promo_merkle_add(&tree, hash);
	}
}

static void test_a_leaf_is_no_node(void **state)
{
	unsigned char both[2 * PROMO_SHA256_BYTES] = { 1, 2, 3 }, leaf[PROMO_SHA256_BYTES];
	unsigned char root[PROMO_SHA256_BYTES];
	struct promo_merkle tree;

	(void)state;
	promo_merkle_start(&tree);
	promo_merkle_add(&tree, both);
	promo_merkle_add(&tree, both + PROMO_SHA256_BYTES);
	promo_merkle_root(&tree, root);
	promo_merkle_leaf(both, sizeof(both), leaf);
	assert_memory_not_equal(root, leaf, sizeof(leaf));
}

static void test_the_signatures_of_rfc_8032(void **state)
{
	unsigned char seed[PROMO_SIGN_SEED_BYTES], key[PROMO_SIGN_PUBLIC_BYTES];
	unsigned char signature[PROMO_SIGNATURE_BYTES], message[] = { 0x72 };

	(void)state;
	assert_int_equal(promo_hex_decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed"
					  "4fb8a6fb",
				 seed, sizeof(seed)),
		0);
	promo_sign_public(seed, key);
	assert_hex(key, sizeof(key),
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	promo_sign(seed, message, sizeof(message), signature);
	assert_hex(signature, sizeof(signature),
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
	assert_true(promo_sign_valid(key, message, sizeof(message), signature));
	for (size_t bit = 0; bit < sizeof(signature) * 8; bit++) {
		signature[bit / 8] ^= (unsigned char)(1U << bit % 8);
		assert_false(promo_sign_valid(key, message, sizeof(message), signature));
		signature[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
	message[0] ^= 1;
	assert_false(promo_sign_valid(key, message, sizeof(message), signature));
	assert_false(promo_sign_valid(key, message, 0, signature));
}

static int setup(void **state)
{
	(void)state;
	return promo_base_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_trees_of_rfc_6962),
		cmocka_unit_test(test_a_leaf_is_no_node),
		cmocka_unit_test(test_the_signatures_of_rfc_8032),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
