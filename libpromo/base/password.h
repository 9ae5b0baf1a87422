/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/*
 * Passwords are stored as Argon2id (RFC 9106) with t=2 and 64 MiB. One takes about 0.1 s and
 * 64 MiB: never inside a transaction, and whoever calls limits how many run at once. The password is
 * brought to Unicode form NFKC first (NIST SP 800-63B 5.1.1.2), so that the same keys on another
 * keyboard are the same password.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PASSWORD_HASH_SIZE = 128
};

/* "$argon2id$v=19$m=65536,t=2,p=1$..." with a salt of its own. A fault without memory. */
int promo_password_hash(const char *password, char ret[PROMO_PASSWORD_HASH_SIZE]) PROMO_CHECK;

/* 0 if the password belongs to the hash, else PROMO_E_INVALID_CREDENTIALS. Where there is no hash
 * (NULL: no such user, or one without a password) it works as long and refuses. */
int promo_password_verify(const char *hash, const char *password) PROMO_CHECK;

/* Whether the hash was made with other parameters than today's (or is none at all). */
bool promo_password_needs_rehash(const char *hash);

PROMO_END_DECLS
