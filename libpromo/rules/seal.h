/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/sign.h"
#include "libpromo/model/seal.h"

/*
 * What is hashed and signed when the audit trail is sealed: docs/decisions/0031 has it byte by byte, so
 * that others can compute it with their own tools. A row is a leaf of the tree of its writer's range; the
 * ranges are the leaves of the tree of the seal; what is signed is its root, its number, its time and the
 * hash of the seal before.
 */

PROMO_BEGIN_DECLS

/* The columns of a row, in the order in which they are hashed, as texts: that of PostgreSQL for numbers,
 * addresses and jsonb, RFC 3339 in UTC with microseconds for the time. */
enum promo_seal_column {
	PROMO_SEAL_WRITER_ID,
	PROMO_SEAL_SEQ,
	PROMO_SEAL_ROW_ID,
	PROMO_SEAL_AT,
	PROMO_SEAL_ACTOR_KIND,
	PROMO_SEAL_ACTOR_ID,
	PROMO_SEAL_SESSION_ID,
	PROMO_SEAL_IP,
	PROMO_SEAL_USER_AGENT,
	PROMO_SEAL_ACTION,
	PROMO_SEAL_PERMISSION,
	PROMO_SEAL_ENTITY_KIND,
	PROMO_SEAL_ENTITY_ID,
	PROMO_SEAL_OUTCOME,
	PROMO_SEAL_ERROR,
	PROMO_SEAL_CHANGES,
	PROMO_SEAL_PHONE_HASH,
	PROMO_SEAL_COUNT,
	PROMO_SEAL_REQUEST_ID,
	PROMO_SEAL_COLUMNS
};

enum {
	PROMO_SEAL_HASH_BYTES = PROMO_SHA256_BYTES,
	PROMO_SEAL_RANGE_BYTES = 56,
	PROMO_SEAL_ROWS_MAX = 20000, /* of one seal */
};

/* The leaf of a row; NULL is null. */
void promo_seal_leaf(
	const char *const values[PROMO_SEAL_COLUMNS], unsigned char ret[PROMO_SEAL_HASH_BYTES]);

/* Rows of a writer that are sealed together. */
struct promo_seal_range {
	int64_t writer_id, from, to;
	unsigned char root[PROMO_SEAL_HASH_BYTES];
};
/* How they stand in a seal, in hex. */
int promo_seal_ranges_write(const struct promo_seal_range *ranges, size_t count,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* PROMO_E_INVALID_INPUT: they are none, are not in order, or are of too many rows. */
int promo_seal_ranges_read(const char *text, struct promo_arena *arena,
	struct promo_seal_range **ret, size_t *ret_count) PROMO_CHECK;

/* Sets root, key_id and signature of a seal that is complete but for them. */
int promo_seal_sign(const unsigned char seed[PROMO_SIGN_SEED_BYTES], struct promo_arena *arena,
	struct promo_audit_seal *seal) PROMO_CHECK;
/* Whether the owner of one of these keys made exactly this seal. */
bool promo_seal_signed(const struct promo_audit_seal *seal,
	const unsigned char (*keys)[PROMO_SIGN_PUBLIC_BYTES], size_t key_count);
/* What the next seal names as the one before, in hex; false where root or signature are no hex. */
bool promo_seal_hash(const struct promo_audit_seal *seal, char ret[PROMO_SHA256_HEX_SIZE]);
/* The same of the seal before the first. */
extern const char promo_seal_no_hash[PROMO_SHA256_HEX_SIZE];

PROMO_END_DECLS
