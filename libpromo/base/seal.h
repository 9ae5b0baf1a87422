/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * Small secrets at rest: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) with a nonce drawn for each, which
 * stands in front of what was sealed. What is sealed is bound to a text that says what it is and whose,
 * so that nobody who writes to the database can hand one user's secret to another.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SEAL_KEY_BYTES = 32,
	PROMO_SEAL_EXTRA_BYTES = 40, /* by so much a sealed text is longer: nonce and tag */
	PROMO_SEAL_KEY_ID_SIZE = 17, /* with the NUL */
};

/* Seals `size` bytes; ret has room for PROMO_SEAL_EXTRA_BYTES more. */
void promo_seal(const unsigned char key[PROMO_SEAL_KEY_BYTES], const char *about, const void *bytes,
	size_t size, unsigned char *ret);

/* The other way; `size` is that of what was sealed, ret has room for PROMO_SEAL_EXTRA_BYTES less.
 * PROMO_E_INVALID_INPUT: not sealed with this key, not about this, or not as it was. */
int promo_unseal(const unsigned char key[PROMO_SEAL_KEY_BYTES], const char *about,
	const unsigned char *sealed, size_t size, void *ret) PROMO_CHECK;

/* Which key it is, in hex, without telling anything of it: stands beside what was sealed, so that keys
 * can be changed one after the other. */
void promo_seal_key_id(
	const unsigned char key[PROMO_SEAL_KEY_BYTES], char ret[PROMO_SEAL_KEY_ID_SIZE]);

PROMO_END_DECLS
