/* SPDX-License-Identifier: MIT */
#include "libpromo/base/sign.h"

#include <sodium.h>

#include "libpromo/base/hash.h"

_Static_assert(PROMO_SIGN_SEED_BYTES == crypto_sign_SEEDBYTES, "seed");
_Static_assert(PROMO_SIGN_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "public key");
_Static_assert(PROMO_SIGNATURE_BYTES == crypto_sign_BYTES, "signature");

void promo_sign_public(
	const unsigned char seed[PROMO_SIGN_SEED_BYTES], unsigned char ret[PROMO_SIGN_PUBLIC_BYTES])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(ret, secret, seed);
	promo_secret_wipe(secret, sizeof(secret));
}

void promo_sign_key_id(
	const unsigned char key[PROMO_SIGN_PUBLIC_BYTES], char ret[PROMO_SIGN_KEY_ID_SIZE])
{
	unsigned char hash[PROMO_HASH_BYTES];

	promo_hash(key, PROMO_SIGN_PUBLIC_BYTES, hash);
	promo_hex_encode(hash, (PROMO_SIGN_KEY_ID_SIZE - 1) / 2, ret);
}

void promo_sign(const unsigned char seed[PROMO_SIGN_SEED_BYTES], const void *bytes, size_t size,
	unsigned char ret[PROMO_SIGNATURE_BYTES])
{
	unsigned char key[PROMO_SIGN_PUBLIC_BYTES], secret[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(key, secret, seed);
	(void)crypto_sign_detached(ret, NULL, bytes, size, secret);
	promo_secret_wipe(secret, sizeof(secret));
}

bool promo_sign_valid(const unsigned char key[PROMO_SIGN_PUBLIC_BYTES], const void *bytes,
	size_t size, const unsigned char signature[PROMO_SIGNATURE_BYTES])
{
	return crypto_sign_verify_detached(signature, bytes, size, key) == 0;
}
