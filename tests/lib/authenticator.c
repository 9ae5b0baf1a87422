/* SPDX-License-Identifier: MIT */
#include "tests/lib/authenticator.h"

#include <assert.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/mfa/totp.h"

/* RFC 4648 section 6, without padding. */
static size_t decode(const char *text, unsigned char *bytes, size_t capacity)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned bits = 0, held = 0;
	size_t size = 0;

	for (; *text; text++) {
		const char *letter = strchr(letters, *text);

		assert(letter);
		bits = (bits << 5 | (unsigned)(letter - letters)) & 0xffff;
		held += 5;
		if (held < 8)
			continue;
		assert(size < capacity);
		held -= 8;
		bytes[size++] = (unsigned char)(bits >> held & 0xff);
	}
	return size;
}

void authenticator_code(const char *secret, int steps, char ret[AUTHENTICATOR_CODE_SIZE])
{
	const int64_t now = promo_now_ms() / 1000 / PROMO_TOTP_PERIOD_S;
	unsigned char bytes[64];
	size_t size = decode(secret, bytes, sizeof(bytes));
	int r;

	r = promo_totp_code(bytes, size, now + steps, ret);
	assert(r == 0);
}
