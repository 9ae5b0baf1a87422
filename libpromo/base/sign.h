/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * Signatures: Ed25519 (RFC 8032). The key is its seed of 32 random bytes, which stand in a file; who
 * checks needs the public key only, and a name of 16 hex digits tells which one it was.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SIGN_SEED_BYTES = 32,
	PROMO_SIGN_PUBLIC_BYTES = 32,
	PROMO_SIGN_PUBLIC_HEX_SIZE = 65,
	PROMO_SIGNATURE_BYTES = 64,
	PROMO_SIGNATURE_HEX_SIZE = 129,
	PROMO_SIGN_KEY_ID_SIZE = 17, /* with the NUL */
};

void promo_sign_public(const unsigned char seed[PROMO_SIGN_SEED_BYTES],
	unsigned char ret[PROMO_SIGN_PUBLIC_BYTES]);
/* The first 8 bytes of the public key's hash (BLAKE2b), in hex. */
void promo_sign_key_id(
	const unsigned char key[PROMO_SIGN_PUBLIC_BYTES], char ret[PROMO_SIGN_KEY_ID_SIZE]);

void promo_sign(const unsigned char seed[PROMO_SIGN_SEED_BYTES], const void *bytes, size_t size,
	unsigned char ret[PROMO_SIGNATURE_BYTES]);
bool promo_sign_valid(const unsigned char key[PROMO_SIGN_PUBLIC_BYTES], const void *bytes,
	size_t size, const unsigned char signature[PROMO_SIGNATURE_BYTES]);

PROMO_END_DECLS
