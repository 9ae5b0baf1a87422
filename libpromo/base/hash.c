/* SPDX-License-Identifier: MIT */
#include "libpromo/base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "libpromo/base/error.h"

_Static_assert(PROMO_HASH_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert(PROMO_HASH_KEY_BYTES == crypto_generichash_KEYBYTES, "key of BLAKE2b");

enum {
	TOKEN_BYTES = 32,
	BASE64URL = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

void promo_hash(const void *bytes, size_t size, unsigned char ret[PROMO_HASH_BYTES])
{
	(void)crypto_generichash(ret, PROMO_HASH_BYTES, bytes, size, NULL, 0);
}

void promo_hash_keyed(const unsigned char key[PROMO_HASH_KEY_BYTES], const void *bytes, size_t size,
	unsigned char ret[PROMO_HASH_BYTES])
{
	(void)crypto_generichash(ret, PROMO_HASH_BYTES, bytes, size, key, PROMO_HASH_KEY_BYTES);
}

void promo_hash_text(const char *text, char ret[PROMO_HASH_HEX_SIZE])
{
	unsigned char hash[PROMO_HASH_BYTES];

	promo_hash(text, strlen(text), hash);
	promo_hex_encode(hash, sizeof(hash), ret);
}

_Static_assert(
	sizeof(((struct promo_sha256 *)0)->state) >= sizeof(crypto_hash_sha256_state), "room");
_Static_assert(PROMO_SHA256_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

static crypto_hash_sha256_state *sha256_of(struct promo_sha256 *sha)
{
	return (crypto_hash_sha256_state *)(void *)sha->state;
}

void promo_sha256_start(struct promo_sha256 *sha)
{
	(void)crypto_hash_sha256_init(sha256_of(sha));
}

void promo_sha256_add(struct promo_sha256 *sha, const void *bytes, size_t size)
{
	(void)crypto_hash_sha256_update(sha256_of(sha), bytes, size);
}

void promo_sha256_end_bytes(struct promo_sha256 *sha, unsigned char ret[PROMO_SHA256_BYTES])
{
	(void)crypto_hash_sha256_final(sha256_of(sha), ret);
}

void promo_sha256_end(struct promo_sha256 *sha, char ret[PROMO_SHA256_HEX_SIZE])
{
	unsigned char hash[PROMO_SHA256_BYTES];

	promo_sha256_end_bytes(sha, hash);
	promo_hex_encode(hash, sizeof(hash), ret);
}

void promo_hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t size,
	unsigned char ret[PROMO_SHA256_BYTES])
{
	crypto_auth_hmacsha256_state state;

	(void)crypto_auth_hmacsha256_init(&state, key, key_size);
	(void)crypto_auth_hmacsha256_update(&state, bytes, size);
	(void)crypto_auth_hmacsha256_final(&state, ret);
	sodium_memzero(&state, sizeof(state));
}

void promo_hex_encode(const void *bytes, size_t size, char *ret)
{
	(void)sodium_bin2hex(ret, PROMO_HEX_SIZE(size), bytes, size);
}

int promo_hex_decode(const char *text, void *ret, size_t size)
{
	const char *end;
	size_t decoded;

	if (strlen(text) != size * 2 ||
		sodium_hex2bin(ret, size, text, size * 2, NULL, &decoded, &end) != 0 ||
		decoded != size || *end != '\0')
		return PROMO_E_INVALID_INPUT;
	return 0;
}

void promo_base64url_encode(const void *bytes, size_t size, char *ret)
{
	(void)sodium_bin2base64(ret, PROMO_BASE64URL_SIZE(size), bytes, size, BASE64URL);
}

int promo_base64url_decode(const char *text, void *ret, size_t capacity, size_t *ret_size)
{
	const char *end;
	size_t size;

	if (sodium_base642bin(ret, capacity, text, strlen(text), NULL, &size, &end, BASE64URL) !=
			0 ||
		*end != '\0')
		return PROMO_E_INVALID_INPUT;
	*ret_size = size;
	return 0;
}

void promo_base64_encode(const void *bytes, size_t size, char *ret)
{
	(void)sodium_bin2base64(
		ret, PROMO_BASE64_SIZE(size), bytes, size, sodium_base64_VARIANT_ORIGINAL);
}

bool promo_secret_equal(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

void promo_secret_wipe(void *bytes, size_t size)
{
	sodium_memzero(bytes, size);
}

void promo_secret_wipe_text(char *text)
{
	if (text)
		sodium_memzero(text, strlen(text));
}

void promo_token_new(const char *prefix, char ret[PROMO_TOKEN_SIZE])
{
	unsigned char bytes[TOKEN_BYTES];
	size_t length = strlen(prefix);

	assert(length <= PROMO_TOKEN_PREFIX_MAX);
	randombytes_buf(bytes, sizeof(bytes));
	memcpy(ret, prefix, length);
	promo_base64url_encode(bytes, sizeof(bytes), ret + length);
	promo_secret_wipe(bytes, sizeof(bytes));
}

bool promo_token_valid(const char *prefix, const char *text)
{
	unsigned char bytes[TOKEN_BYTES];
	size_t length = strlen(prefix);
	size_t size;
	bool valid;

	valid = strncmp(text, prefix, length) == 0 &&
		promo_base64url_decode(text + length, bytes, sizeof(bytes), &size) == 0 &&
		size == sizeof(bytes);
	promo_secret_wipe(bytes, sizeof(bytes));
	return valid;
}

void promo_token_hash(const char *token, unsigned char ret[PROMO_HASH_BYTES])
{
	promo_hash(token, strlen(token), ret);
}
