/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mfa/totp.h"

#include <ctype.h>
#include <errno.h>
#include <liboath/oath.h>
#include <pthread.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"

enum {
	MS_PER_S = 1000,
	URI_MAX = 4096
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int init_result;

static void init(void)
{
	init_result = oath_init();
}

int promo_totp_code(const void *secret, size_t size, int64_t step, char ret[PROMO_TOTP_DIGITS + 1])
{
	int r;

	(void)pthread_once(&once, init);
	r = init_result;
	if (r == OATH_OK)
		r = oath_hotp_generate(secret, size, (uint64_t)step, PROMO_TOTP_DIGITS, false,
			OATH_HOTP_DYNAMIC_TRUNCATION, ret);
	return r == OATH_OK ? 0 : promo_fault(-EIO, "liboath: %s", oath_strerror(r));
}

/* Apps show "123 456". What is no code becomes one that no code is equal to. */
static void read_digits(const char *text, char ret[PROMO_TOTP_DIGITS + 1])
{
	size_t length = 0;

	memset(ret, 0, PROMO_TOTP_DIGITS + 1);
	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (!isdigit((unsigned char)*text) || length == PROMO_TOTP_DIGITS) {
			memset(ret, 0, PROMO_TOTP_DIGITS + 1);
			return;
		}
		ret[length++] = *text;
	}
}

int promo_totp_find(const void *secret, size_t size, int64_t now_ms, int64_t last_step,
	const char *code, bool *ret_found, int64_t *ret_step)
{
	const int64_t now = now_ms / MS_PER_S / PROMO_TOTP_PERIOD_S;
	char typed[PROMO_TOTP_DIGITS + 1], right[PROMO_TOTP_DIGITS + 1];
	int64_t found = 0;
	int r;

	read_digits(code, typed);
	for (int64_t step = now + PROMO_TOTP_WINDOW; step >= now - PROMO_TOTP_WINDOW; step--) {
		r = promo_totp_code(secret, size, step, right);
		if (r)
			return r;
		if (promo_secret_equal(typed, right, sizeof(right)) && step > last_step)
			found = step;
	}
	*ret_found = found > 0;
	*ret_step = found;
	return 0;
}

/* RFC 3986: what is not unreserved goes as %XX. */
static void append_escaped(struct promo_buffer *uri, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x80 && isalnum(c)) || strchr("-._~", c))
			promo_buffer_char(uri, *text);
		else
			promo_buffer_printf(uri, "%%%02X", (unsigned)c);
	}
}

int promo_totp_show(const void *secret, size_t size, const char *issuer, const char *account,
	struct promo_arena *arena, const char **ret_secret, const char **ret_uri)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct promo_buffer base32 = PROMO_BUFFER(arena, URI_MAX);
	struct promo_buffer uri = PROMO_BUFFER(arena, URI_MAX);
	const unsigned char *bytes = secret;
	const char *text;
	unsigned bits = 0, held = 0;
	int r;

	for (size_t i = 0; i < size; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (held += 8; held >= 5; held -= 5)
			promo_buffer_char(&base32, letters[bits >> (held - 5) & 31]);
	}
	if (held > 0)
		promo_buffer_char(&base32, letters[bits << (5 - held) & 31]);
	r = promo_buffer_end(&base32, &text);
	if (r)
		return r;
	promo_buffer_text(&uri, "otpauth://totp/");
	append_escaped(&uri, issuer);
	promo_buffer_char(&uri, ':');
	append_escaped(&uri, account);
	promo_buffer_printf(&uri, "?secret=%s&issuer=", text);
	append_escaped(&uri, issuer);
	promo_buffer_printf(&uri, "&algorithm=SHA1&digits=%d&period=%d", PROMO_TOTP_DIGITS,
		PROMO_TOTP_PERIOD_S);
	r = promo_buffer_end(&uri, ret_uri);
	if (!r)
		*ret_secret = text;
	return r;
}
