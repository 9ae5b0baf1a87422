/* SPDX-License-Identifier: MIT */
#include "libpromo/base/merkle.h"

#include <string.h>

static const unsigned char leaf_mark = 0, node_mark = 1;

void promo_merkle_leaf_start(struct promo_sha256 *sha)
{
	promo_sha256_start(sha);
	promo_sha256_add(sha, &leaf_mark, sizeof(leaf_mark));
}

void promo_merkle_leaf_end(struct promo_sha256 *sha, unsigned char ret[PROMO_SHA256_BYTES])
{
	promo_sha256_end_bytes(sha, ret);
}

void promo_merkle_leaf(const void *bytes, size_t size, unsigned char ret[PROMO_SHA256_BYTES])
{
	struct promo_sha256 sha;

	promo_merkle_leaf_start(&sha);
	promo_sha256_add(&sha, bytes, size);
	promo_merkle_leaf_end(&sha, ret);
}

/* ret may be one of the two. */
static void join(const unsigned char *left, const unsigned char *right, unsigned char *ret)
{
	struct promo_sha256 sha;

	promo_sha256_start(&sha);
	promo_sha256_add(&sha, &node_mark, sizeof(node_mark));
	promo_sha256_add(&sha, left, PROMO_SHA256_BYTES);
	promo_sha256_add(&sha, right, PROMO_SHA256_BYTES);
	promo_sha256_end_bytes(&sha, ret);
}

void promo_merkle_start(struct promo_merkle *tree)
{
	tree->count = 0;
}

void promo_merkle_add(struct promo_merkle *tree, const unsigned char leaf[PROMO_SHA256_BYTES])
{
	unsigned char root[PROMO_SHA256_BYTES];
	int level = 0;

	memcpy(root, leaf, sizeof(root));
	/* As a number is counted up: what is complete is carried. */
	for (; tree->count >> level & 1; level++)
		join(tree->roots[level], root, root);
	memcpy(tree->roots[level], root, sizeof(root));
	tree->count++;
}

void promo_merkle_root(const struct promo_merkle *tree, unsigned char ret[PROMO_SHA256_BYTES])
{
	unsigned char root[PROMO_SHA256_BYTES];
	struct promo_sha256 sha;
	bool any = false;

	if (tree->count == 0) {
		promo_sha256_start(&sha);
		promo_sha256_end_bytes(&sha, ret);
		return;
	}
	for (int level = 0; level < 64; level++) {
		if (!(tree->count >> level & 1))
			continue;
		if (any)
			join(tree->roots[level], root, root);
		else
			memcpy(root, tree->roots[level], sizeof(root));
		any = true;
	}
	memcpy(ret, root, sizeof(root));
}
