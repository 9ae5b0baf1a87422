/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/seal.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/merkle.h"

enum {
	ROW_VERSION = 1,
	RANGE_HEX = 2 * PROMO_SEAL_RANGE_BYTES,
};

/* What is signed begins with this, so that the key's signatures mean nothing else. */
static const char title[] = "promo audit seal 1\n";
enum {
	BODY_BYTES = sizeof(title) - 1 + 3 * 8 + 2 * PROMO_SEAL_HASH_BYTES
};

const char promo_seal_no_hash[PROMO_SHA256_HEX_SIZE] =
	"0000000000000000000000000000000000000000000000000000000000000000";

static unsigned char *put(unsigned char *to, uint64_t number, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*to++ = (unsigned char)(number >> (8 * i));
	return to;
}

static const unsigned char *take(const unsigned char *from, int64_t *ret)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | *from++;
	*ret = (int64_t)number;
	return from;
}

void promo_seal_leaf(
	const char *const values[PROMO_SEAL_COLUMNS], unsigned char ret[PROMO_SEAL_HASH_BYTES])
{
	static const unsigned char version = ROW_VERSION;
	struct promo_sha256 sha;

	promo_merkle_leaf_start(&sha);
	promo_sha256_add(&sha, &version, sizeof(version));
	for (int i = 0; i < PROMO_SEAL_COLUMNS; i++) {
		size_t size = values[i] ? strlen(values[i]) : 0;
		unsigned char head[4];

		(void)put(head, values[i] ? size : UINT32_MAX, sizeof(head));
		promo_sha256_add(&sha, head, sizeof(head));
		if (size > 0)
			promo_sha256_add(&sha, values[i], size);
	}
	promo_merkle_leaf_end(&sha, ret);
}

/*
 * Ranges.
 */

static void encode_range(const struct promo_seal_range *range, unsigned char *to)
{
	to = put(to, (uint64_t)range->writer_id, 8);
	to = put(to, (uint64_t)range->from, 8);
	to = put(to, (uint64_t)range->to, 8);
	memcpy(to, range->root, sizeof(range->root));
}

int promo_seal_ranges_write(const struct promo_seal_range *ranges, size_t count,
	struct promo_arena *arena, const char **ret)
{
	char *text = promo_arena_alloc(arena, count * RANGE_HEX + 1);
	unsigned char bytes[PROMO_SEAL_RANGE_BYTES];

	if (!text)
		return promo_fault(-ENOMEM, "could not make a seal");
	for (size_t i = 0; i < count; i++) {
		encode_range(&ranges[i], bytes);
		promo_hex_encode(bytes, sizeof(bytes), text + i * RANGE_HEX);
	}
	*ret = text;
	return 0;
}

static bool read_range(const char *text, struct promo_seal_range *ret)
{
	unsigned char bytes[PROMO_SEAL_RANGE_BYTES];
	const unsigned char *at = bytes;
	char one[RANGE_HEX + 1];

	memcpy(one, text, RANGE_HEX);
	one[RANGE_HEX] = '\0';
	if (promo_hex_decode(one, bytes, sizeof(bytes)))
		return false;
	at = take(at, &ret->writer_id);
	at = take(at, &ret->from);
	at = take(at, &ret->to);
	memcpy(ret->root, at, sizeof(ret->root));
	return ret->writer_id > 0 && ret->from > 0 && ret->to >= ret->from &&
	       ret->to - ret->from < PROMO_SEAL_ROWS_MAX;
}

int promo_seal_ranges_read(const char *text, struct promo_arena *arena,
	struct promo_seal_range **ret, size_t *ret_count)
{
	size_t length = strlen(text), count = length / RANGE_HEX;
	struct promo_seal_range *ranges;
	int64_t rows = 0;

	if (length % RANGE_HEX != 0 || count > PROMO_SEAL_ROWS_MAX)
		return PROMO_E_INVALID_INPUT;
	ranges = promo_arena_alloc_array(arena, count + 1, sizeof(*ranges));
	if (!ranges)
		return promo_fault(-ENOMEM, "could not read a seal");
	for (size_t i = 0; i < count; i++) {
		if (!read_range(text + i * RANGE_HEX, &ranges[i]))
			return PROMO_E_INVALID_INPUT;
		rows += ranges[i].to - ranges[i].from + 1;
		if (rows > PROMO_SEAL_ROWS_MAX ||
			(i > 0 && ranges[i].writer_id <= ranges[i - 1].writer_id))
			return PROMO_E_INVALID_INPUT;
	}
	*ret = ranges;
	*ret_count = count;
	return 0;
}

/* The root of the tree over the ranges, as their hex stands in the seal. */
static bool root_of(const char *ranges, unsigned char ret[PROMO_SEAL_HASH_BYTES])
{
	size_t length = strlen(ranges);
	unsigned char bytes[PROMO_SEAL_RANGE_BYTES], leaf[PROMO_SEAL_HASH_BYTES];
	struct promo_merkle tree;
	char one[RANGE_HEX + 1];

	if (length % RANGE_HEX != 0)
		return false;
	promo_merkle_start(&tree);
	for (size_t at = 0; at < length; at += RANGE_HEX) {
		memcpy(one, ranges + at, RANGE_HEX);
		one[RANGE_HEX] = '\0';
		if (promo_hex_decode(one, bytes, sizeof(bytes)))
			return false;
		promo_merkle_leaf(bytes, sizeof(bytes), leaf);
		promo_merkle_add(&tree, leaf);
	}
	promo_merkle_root(&tree, ret);
	return true;
}

/*
 * Signatures.
 */

static bool write_body(const struct promo_audit_seal *seal, unsigned char ret[BODY_BYTES])
{
	unsigned char *to = ret;

	memcpy(to, title, sizeof(title) - 1);
	to += sizeof(title) - 1;
	to = put(to, (uint64_t)seal->id, 8);
	to = put(to, (uint64_t)seal->at, 8);
	to = put(to, (uint64_t)seal->dropped_to, 8);
	if (promo_hex_decode(seal->root, to, PROMO_SEAL_HASH_BYTES))
		return false;
	to += PROMO_SEAL_HASH_BYTES;
	return promo_hex_decode(seal->previous, to, PROMO_SEAL_HASH_BYTES) == 0;
}

int promo_seal_sign(const unsigned char seed[PROMO_SIGN_SEED_BYTES], struct promo_arena *arena,
	struct promo_audit_seal *seal)
{
	char *root = promo_arena_alloc(arena, PROMO_SHA256_HEX_SIZE);
	char *key_id = promo_arena_alloc(arena, PROMO_SIGN_KEY_ID_SIZE);
	char *text = promo_arena_alloc(arena, PROMO_SIGNATURE_HEX_SIZE);
	unsigned char hash[PROMO_SEAL_HASH_BYTES], body[BODY_BYTES];
	unsigned char key[PROMO_SIGN_PUBLIC_BYTES], signature[PROMO_SIGNATURE_BYTES];

	if (!root || !key_id || !text)
		return promo_fault(-ENOMEM, "could not sign a seal");
	if (!root_of(seal->ranges, hash))
		return promo_fault(-EINVAL, "a seal has no ranges");
	promo_hex_encode(hash, sizeof(hash), root);
	seal->root = root;
	if (!write_body(seal, body))
		return promo_fault(-EINVAL, "a seal names none before it");
	promo_sign_public(seed, key);
	promo_sign_key_id(key, key_id);
	seal->key_id = key_id;
	promo_sign(seed, body, sizeof(body), signature);
	promo_hex_encode(signature, sizeof(signature), text);
	seal->signature = text;
	return 0;
}

bool promo_seal_signed(const struct promo_audit_seal *seal,
	const unsigned char (*keys)[PROMO_SIGN_PUBLIC_BYTES], size_t key_count)
{
	unsigned char root[PROMO_SEAL_HASH_BYTES], named[PROMO_SEAL_HASH_BYTES];
	unsigned char body[BODY_BYTES], signature[PROMO_SIGNATURE_BYTES];

	if (!root_of(seal->ranges, root) || promo_hex_decode(seal->root, named, sizeof(named)) ||
		memcmp(root, named, sizeof(root)) != 0 || !write_body(seal, body) ||
		promo_hex_decode(seal->signature, signature, sizeof(signature)))
		return false;
	for (size_t i = 0; i < key_count; i++)
		if (promo_sign_valid(keys[i], body, sizeof(body), signature))
			return true;
	return false;
}

bool promo_seal_hash(const struct promo_audit_seal *seal, char ret[PROMO_SHA256_HEX_SIZE])
{
	unsigned char bytes[BODY_BYTES + PROMO_SIGNATURE_BYTES];
	struct promo_sha256 sha;

	if (!write_body(seal, bytes) ||
		promo_hex_decode(seal->signature, bytes + BODY_BYTES, PROMO_SIGNATURE_BYTES))
		return false;
	promo_sha256_start(&sha);
	promo_sha256_add(&sha, bytes, sizeof(bytes));
	promo_sha256_end(&sha, ret);
	return true;
}
