/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * Hashes, their text forms, tokens and the handling of secrets in memory. The hash is BLAKE2b with
 * 256 bits (RFC 7693). Tokens carry 256 random bits, so a plain hash of one is enough to store:
 * there is nothing to guess.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_HASH_BYTES = 32,
	PROMO_HASH_HEX_SIZE = 65, /* as hex, with the NUL */
	PROMO_HASH_KEY_BYTES = 32,
	PROMO_TOKEN_PREFIX_MAX = 15,
	PROMO_TOKEN_SIZE = PROMO_TOKEN_PREFIX_MAX + 43 + 1,
};
#define PROMO_HEX_SIZE(bytes)       ((bytes)*2 + 1)
#define PROMO_BASE64URL_SIZE(bytes) (((bytes)*4 + 2) / 3 + 1)
#define PROMO_BASE64_SIZE(bytes)    (((bytes) + 2) / 3 * 4 + 1)
#define PROMO_TOKEN_SESSION         "pmo_s_"
#define PROMO_TOKEN_RESET           "pmo_r_" /* with which a password is set */
#define PROMO_TOKEN_MFA             "pmo_m_" /* of a sign-in that waits for its second factor */

void promo_hash(const void *bytes, size_t size, unsigned char ret[PROMO_HASH_BYTES]);
/* Only who has the key can compute it: for what could be tried out, such as phone numbers. */
void promo_hash_keyed(const unsigned char key[PROMO_HASH_KEY_BYTES], const void *bytes, size_t size,
	unsigned char ret[PROMO_HASH_BYTES]);
/* The hash of a text as hex. */
void promo_hash_text(const char *text, char ret[PROMO_HASH_HEX_SIZE]);

/* SHA-256 (FIPS 180-4) of what comes in pieces: what others can compute with their own tools. */
struct promo_sha256 {
	_Alignas(16) unsigned char state[104];
};
enum {
	PROMO_SHA256_BYTES = 32,
	PROMO_SHA256_HEX_SIZE = 65,
};
void promo_sha256_start(struct promo_sha256 *sha);
void promo_sha256_add(struct promo_sha256 *sha, const void *bytes, size_t size);
/* The end of it, as bytes or as hex. */
void promo_sha256_end_bytes(struct promo_sha256 *sha, unsigned char ret[PROMO_SHA256_BYTES]);
void promo_sha256_end(struct promo_sha256 *sha, char ret[PROMO_SHA256_HEX_SIZE]);

/* HMAC-SHA256 (RFC 2104, FIPS 198-1) with a key of any length. */
void promo_hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t size,
	unsigned char ret[PROMO_SHA256_BYTES]);

/* Lower case; ret has room for PROMO_HEX_SIZE(size). */
void promo_hex_encode(const void *bytes, size_t size, char *ret);
/* Exactly `size` bytes in hex of either case, else PROMO_E_INVALID_INPUT. */
int promo_hex_decode(const char *text, void *ret, size_t size) PROMO_CHECK;
/* RFC 4648 section 4, with padding; ret has room for PROMO_BASE64_SIZE(size). */
void promo_base64_encode(const void *bytes, size_t size, char *ret);
/* RFC 4648 section 5 without padding; ret has room for PROMO_BASE64URL_SIZE(size). */
void promo_base64url_encode(const void *bytes, size_t size, char *ret);
/* At most `capacity` bytes; PROMO_E_INVALID_INPUT for other characters, padding, or too much. */
int promo_base64url_decode(
	const char *text, void *ret, size_t capacity, size_t *ret_size) PROMO_CHECK;

/* Whether two secrets are equal, in a time that does not tell where they differ. */
bool promo_secret_equal(const void *a, const void *b, size_t size);
/* Overwrites; the compiler cannot leave it out. */
void promo_secret_wipe(void *bytes, size_t size);
void promo_secret_wipe_text(char *text); /* NULL is fine */

/* prefix (at most PROMO_TOKEN_PREFIX_MAX characters) and 256 random bits in base64url. */
void promo_token_new(const char *prefix, char ret[PROMO_TOKEN_SIZE]);
/* Whether text has the form of such a token; says nothing about its being known. */
bool promo_token_valid(const char *prefix, const char *text);
/* What is stored and looked for instead of the token. */
void promo_token_hash(const char *token, unsigned char ret[PROMO_HASH_BYTES]);

PROMO_END_DECLS
