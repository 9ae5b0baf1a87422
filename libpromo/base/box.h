/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * Long files for one reader: whoever knows the public key can write them, only who has the secret one can
 * read them. A key is drawn for each file and stands in its head, in a sealed box (X25519); what follows are
 * pieces under that key (XChaCha20-Poly1305 as libsodium's secretstream chains them), so that none can be
 * changed, left out, moved or cut off at the end without being noticed.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_BOX_KEY_BYTES = 32,
	PROMO_BOX_HEAD_BYTES = 104, /* in front of the pieces */
	PROMO_BOX_EXTRA_BYTES = 17, /* by so much a sealed piece is longer */
};

/* One file in work, of one side. Holds its key: wipe it with promo_secret_wipe() afterwards. */
struct promo_box {
	_Alignas(16) unsigned char state[64];
};

/* The public half of 32 random bytes. */
void promo_box_public(
	const unsigned char secret[PROMO_BOX_KEY_BYTES], unsigned char ret[PROMO_BOX_KEY_BYTES]);

/* Begins a file. PROMO_E_INVALID_INPUT: it is no public key. */
int promo_box_begin(const unsigned char public_key[PROMO_BOX_KEY_BYTES],
	unsigned char ret_head[PROMO_BOX_HEAD_BYTES], struct promo_box *ret) PROMO_CHECK;
/* Seals the next piece; ret has room for PROMO_BOX_EXTRA_BYTES more. */
void promo_box_seal(
	struct promo_box *box, const void *bytes, size_t size, bool last, unsigned char *ret);

/* The other way. PROMO_E_INVALID_INPUT: it was not made for this key, or not as it was. */
int promo_box_open(const unsigned char secret[PROMO_BOX_KEY_BYTES],
	const unsigned char head[PROMO_BOX_HEAD_BYTES], struct promo_box *ret) PROMO_CHECK;
/* `size` is that of the sealed piece; ret has room for PROMO_BOX_EXTRA_BYTES less. *ret_last: it was sealed
 * as the last one. */
int promo_box_unseal(struct promo_box *box, const unsigned char *sealed, size_t size, void *ret,
	bool *ret_last) PROMO_CHECK;

PROMO_END_DECLS
