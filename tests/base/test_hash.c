/* SPDX-License-Identifier: MIT */
/*
 * The hash is BLAKE2b-256 (values computed with another implementation), encodings go round and are
 * read strictly, tokens have 256 bits and one form.
 */
#include "libpromo/base/hash.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

#define KEYED "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f"

static void test_hashes_are_blake2b(void **state)
{
	unsigned char hash[PROMO_HASH_BYTES], key[PROMO_HASH_KEY_BYTES];
	char hex[PROMO_HASH_HEX_SIZE];

	(void)state;
	promo_hash_text("", hex);
	assert_string_equal(
		hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	promo_hash_text("abc", hex);
	assert_string_equal(
		hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (unsigned char)i;
	promo_hash_keyed(key, "abc", 3, hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	assert_string_equal(hex, KEYED);
	key[0] = 1;
	promo_hash_keyed(key, "abc", 3, hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	assert_string_not_equal(hex, KEYED);
}

/* RFC 4231, cases 2 and 6. */
static void test_hmacs_are_those_of_the_rfc(void **state)
{
	static const char sentence[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	unsigned char mac[PROMO_SHA256_BYTES], key[131];
	char hex[PROMO_SHA256_HEX_SIZE];

	(void)state;
	promo_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac);
	promo_hex_encode(mac, sizeof(mac), hex);
	assert_string_equal(
		hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	promo_hmac_sha256(key, sizeof(key), sentence, strlen(sentence), mac);
	promo_hex_encode(mac, sizeof(mac), hex);
	assert_string_equal(
		hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 4648 section 10. */
static void test_base64_is_that_of_the_rfc(void **state)
{
	static const struct {
		const char *text, *encoded;
	} cases[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
	};
	char encoded[16];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		promo_base64_encode(cases[i].text, strlen(cases[i].text), encoded);
		assert_string_equal(encoded, cases[i].encoded);
		assert_int_equal(strlen(encoded) + 1, PROMO_BASE64_SIZE(strlen(cases[i].text)));
	}
}

static void test_encodings_go_round(void **state)
{
	struct seeded seeded = { 6 };

	(void)state;
	for (size_t size = 0; size < 100; size++) {
		unsigned char bytes[100], again[100];
		char text[PROMO_HEX_SIZE(100)];
		size_t decoded;

		seeded_fill(&seeded, bytes, size);
		promo_hex_encode(bytes, size, text);
		assert_int_equal(strlen(text) + 1, PROMO_HEX_SIZE(size));
		assert_int_equal(promo_hex_decode(text, again, size), 0);
		assert_memory_equal(bytes, again, size);
		promo_base64url_encode(bytes, size, text);
		assert_int_equal(strlen(text) + 1, PROMO_BASE64URL_SIZE(size));
		assert_int_equal(promo_base64url_decode(text, again, sizeof(again), &decoded), 0);
		assert_int_equal(decoded, size);
		assert_memory_equal(bytes, again, size);
	}
}

static void test_bad_encodings_are_refused(void **state)
{
	static const char *const bad_hex[] = { "", "0", "01020", "0102030", "01020x", "01 203",
		"0102 3", "01020304" };
	static const char *const bad_base64[] = { "A", "AA=", "AA==", "A+AA", "A/AA", "AA AA", "AB",
		"AAAAAAAA", "\xc3\xa9" };
	unsigned char bytes[3];
	size_t size = 42;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad_hex); i++)
		assert_int_equal(promo_hex_decode(bad_hex[i], bytes, 3), PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_hex_decode("aAbB01", bytes, 3), 0);
	for (size_t i = 0; i < PROMO_COUNT(bad_base64); i++)
		assert_int_equal(promo_base64url_decode(bad_base64[i], bytes, sizeof(bytes), &size),
			PROMO_E_INVALID_INPUT);
	assert_int_equal(size, 42);
	assert_int_equal(promo_base64url_decode("-_-_", bytes, sizeof(bytes), &size), 0);
	assert_int_equal(size, 3);
}

static void test_tokens(void **state)
{
	static const char *const bad[] = { "", "pmo_s_", "pmo_s_x",
		"pmo_k_0123456789012345678901234567890123456789012",
		"pmo_s_0123456789012345678901234567890123456789",
		"pmo_s_012345678901234567890123456789012345678901234567",
		"pmo_s_0123456789012345678901234567890123456789=12" };
	char a[PROMO_TOKEN_SIZE], b[PROMO_TOKEN_SIZE];
	unsigned char hash_a[PROMO_HASH_BYTES], hash_b[PROMO_HASH_BYTES];

	(void)state;
	promo_token_new(PROMO_TOKEN_SESSION, a);
	promo_token_new(PROMO_TOKEN_SESSION, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), strlen(PROMO_TOKEN_SESSION) + 43);
	assert_true(promo_token_valid(PROMO_TOKEN_SESSION, a));
	assert_false(promo_token_valid("pmo_k_", a));
	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		assert_false(promo_token_valid(PROMO_TOKEN_SESSION, bad[i]));
	promo_token_hash(a, hash_a);
	promo_token_hash(b, hash_b);
	assert_false(promo_secret_equal(hash_a, hash_b, sizeof(hash_a)));
	promo_token_hash(a, hash_b);
	assert_true(promo_secret_equal(hash_a, hash_b, sizeof(hash_a)));
}

static void test_secrets_are_wiped(void **state)
{
	char text[] = "secret";

	(void)state;
	promo_secret_wipe_text(text);
	assert_memory_equal(text, "\0\0\0\0\0\0", sizeof(text));
	promo_secret_wipe_text(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes_are_blake2b),
		cmocka_unit_test(test_hmacs_are_those_of_the_rfc),
		cmocka_unit_test(test_base64_is_that_of_the_rfc),
		cmocka_unit_test(test_encodings_go_round),
		cmocka_unit_test(test_bad_encodings_are_refused),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_secrets_are_wiped),
	};

	if (promo_base_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
