/* SPDX-License-Identifier: MIT */
#include "libpromo/base/api_key.h"

#include <sodium.h>
#include <string.h>

#include "libpromo/base/hash.h"

enum {
	DRAWN_BYTES = 6 + 32,
	CHECK_BYTES = 4,
	KEY_BYTES = DRAWN_BYTES + CHECK_BYTES,
};
_Static_assert(
	sizeof(PROMO_API_KEY_BEGIN) - 1 + PROMO_BASE64URL_SIZE(KEY_BYTES) == PROMO_API_KEY_SIZE,
	"as long as the header says");

static void check_of(const unsigned char *drawn, unsigned char ret[CHECK_BYTES])
{
	unsigned char hash[PROMO_HASH_BYTES];

	promo_hash(drawn, DRAWN_BYTES, hash);
	memcpy(ret, hash, CHECK_BYTES);
}

void promo_api_key_new(char ret[PROMO_API_KEY_SIZE])
{
	const size_t length = strlen(PROMO_API_KEY_BEGIN);
	unsigned char bytes[KEY_BYTES];

	randombytes_buf(bytes, DRAWN_BYTES);
	check_of(bytes, bytes + DRAWN_BYTES);
	memcpy(ret, PROMO_API_KEY_BEGIN, length);
	promo_base64url_encode(bytes, sizeof(bytes), ret + length);
	promo_secret_wipe(bytes, sizeof(bytes));
}

bool promo_api_key_valid(const char *text)
{
	const size_t length = strlen(PROMO_API_KEY_BEGIN);
	unsigned char bytes[KEY_BYTES], check[CHECK_BYTES];
	size_t size;
	bool valid;

	if (strlen(text) != PROMO_API_KEY_SIZE - 1 ||
		strncmp(text, PROMO_API_KEY_BEGIN, length) != 0 ||
		promo_base64url_decode(text + length, bytes, sizeof(bytes), &size) != 0 ||
		size != sizeof(bytes))
		return false;
	check_of(bytes, check);
	valid = memcmp(check, bytes + DRAWN_BYTES, sizeof(check)) == 0;
	promo_secret_wipe(bytes, sizeof(bytes));
	return valid;
}

void promo_api_key_prefix(const char *key, char ret[PROMO_API_KEY_PREFIX_SIZE])
{
	memcpy(ret, key, PROMO_API_KEY_PREFIX_SIZE - 1);
	ret[PROMO_API_KEY_PREFIX_SIZE - 1] = '\0';
}
