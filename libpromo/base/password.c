/* SPDX-License-Identifier: MIT */
#include "libpromo/base/password.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "libpromo/base/error.h"
#include "libpromo/base/macros.h"

_Static_assert(PROMO_PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "text of Argon2id");

enum {
	PASSES = 2,
	MEMORY = 64 * 1024 * 1024
};

static void wipe_freep(char **text)
{
	if (*text)
		sodium_memzero(*text, strlen(*text));
	free(*text);
}

/* NFKC; what is no UTF-8 stays as it is. NULL without memory. */
static char *normal_form(const char *password)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t r;

	r = utf8proc_map((const utf8proc_uint8_t *)password, 0, &mapped,
		UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	if (r >= 0)
		return (char *)mapped;
	return r == UTF8PROC_ERROR_NOMEM ? NULL : strdup(password);
}

int promo_password_hash(const char *password, char ret[PROMO_PASSWORD_HASH_SIZE])
{
	PROMO_CLEANUP(wipe_freep) char *normal = normal_form(password);

	if (!normal || crypto_pwhash_str(ret, normal, strlen(normal), PASSES, MEMORY) != 0)
		return promo_fault(-ENOMEM, "could not hash a password");
	return 0;
}

int promo_password_verify(const char *hash, const char *password)
{
	PROMO_CLEANUP(wipe_freep) char *normal = normal_form(password);
	static const unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char unused[32];

	if (!normal)
		return promo_fault(-ENOMEM, "could not check a password");
	if (!hash) {
		if (crypto_pwhash(unused, sizeof(unused), normal, strlen(normal), salt, PASSES,
			    MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
			return promo_fault(-ENOMEM, "could not check a password");
		return PROMO_E_INVALID_CREDENTIALS;
	}
	if (crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) < 0)
		return promo_fault(
			-EINVAL, "could not check a password: what is stored is no hash");
	/* libsodium says EINVAL for another password, so that lack of memory can be told from it. */
	errno = 0;
	if (crypto_pwhash_str_verify(hash, normal, strlen(normal)) == 0)
		return 0;
	if (errno == EINVAL)
		return PROMO_E_INVALID_CREDENTIALS;
	return promo_fault(-ENOMEM, "could not check a password");
}

bool promo_password_needs_rehash(const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) != 0;
}
