/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/hash.h"

/*
 * Merkle trees over SHA-256, as RFC 6962 section 2.1 defines them: a leaf is hashed behind a byte 0, a
 * node behind a byte 1, so that neither can be taken for the other. A tree is built leaf by leaf in
 * constant memory: it keeps the roots of the complete subtrees that there are so far.
 */

PROMO_BEGIN_DECLS

struct promo_merkle {
	uint64_t count;
	unsigned char roots
		[64]
		[PROMO_SHA256_BYTES]; /* of the subtree with 2^i leaves, where count has bit i */
};

/* The hash of a leaf, in pieces: start, promo_sha256_add() as often as wanted, end. */
void promo_merkle_leaf_start(struct promo_sha256 *sha);
void promo_merkle_leaf_end(struct promo_sha256 *sha, unsigned char ret[PROMO_SHA256_BYTES]);
/* The same of bytes that are at hand. */
void promo_merkle_leaf(const void *bytes, size_t size, unsigned char ret[PROMO_SHA256_BYTES]);

void promo_merkle_start(struct promo_merkle *tree);
void promo_merkle_add(struct promo_merkle *tree, const unsigned char leaf[PROMO_SHA256_BYTES]);
/* Of the leaves so far; without any, the hash of nothing. More may be added after it. */
void promo_merkle_root(const struct promo_merkle *tree, unsigned char ret[PROMO_SHA256_BYTES]);

PROMO_END_DECLS
