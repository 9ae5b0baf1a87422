/* SPDX-License-Identifier: MIT */
#include "libpromo/base/seal.h"

#include <sodium.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	KEY_ID_BYTES = (PROMO_SEAL_KEY_ID_SIZE - 1) / 2,
};

_Static_assert(PROMO_SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(PROMO_SEAL_EXTRA_BYTES == NONCE + TAG, "nonce and tag");

void promo_seal(const unsigned char key[PROMO_SEAL_KEY_BYTES], const char *about, const void *bytes,
	size_t size, unsigned char *ret)
{
	randombytes_buf(ret, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(ret + NONCE, NULL, bytes, size,
		(const unsigned char *)about, strlen(about), NULL, ret, key);
}

int promo_unseal(const unsigned char key[PROMO_SEAL_KEY_BYTES], const char *about,
	const unsigned char *sealed, size_t size, void *ret)
{
	if (size < PROMO_SEAL_EXTRA_BYTES ||
		crypto_aead_xchacha20poly1305_ietf_decrypt(ret, NULL, NULL, sealed + NONCE,
			size - NONCE, (const unsigned char *)about, strlen(about), sealed,
			key) != 0)
		return PROMO_E_INVALID_INPUT;
	return 0;
}

void promo_seal_key_id(
	const unsigned char key[PROMO_SEAL_KEY_BYTES], char ret[PROMO_SEAL_KEY_ID_SIZE])
{
	static const char what[] = "promo: which key";
	unsigned char hash[PROMO_HASH_BYTES];

	promo_hash_keyed(key, what, sizeof(what) - 1, hash);
	promo_hex_encode(hash, KEY_ID_BYTES, ret);
}
