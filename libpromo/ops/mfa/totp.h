/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"

/*
 * Codes of authenticator apps: RFC 6238 with its defaults, which is what every app knows (SHA-1, 6
 * digits, 30 s). A code holds one step to either side of now, for clocks that are not quite right, and
 * its step is told, so that the caller can see to it that each is used once. The only home of liboath.
 * Not installed.
 */

enum {
	PROMO_TOTP_SECRET_BYTES = 20, /* RFC 4226 section 4: 160 bits are recommended */
	PROMO_TOTP_DIGITS = 6,
	PROMO_TOTP_PERIOD_S = 30,
	PROMO_TOTP_WINDOW = 1, /* steps to either side */
};

/* The code of a step (the time in seconds by PROMO_TOTP_PERIOD_S). */
int promo_totp_code(
	const void *secret, size_t size, int64_t step, char ret[PROMO_TOTP_DIGITS + 1]) PROMO_CHECK;

/* The first step after `last_step`, of those that hold at `now_ms`, whose code this is; *ret_found
 * tells. Blanks in the code do not matter. It takes as long whatever the code is. */
int promo_totp_find(const void *secret, size_t size, int64_t now_ms, int64_t last_step,
	const char *code, bool *ret_found, int64_t *ret_step) PROMO_CHECK;

/* The secret as people type it (base32, RFC 4648, without padding), and, with the names of the shop and
 * of the account, as apps read it from a picture: otpauth://totp/... Both in the arena. */
int promo_totp_show(const void *secret, size_t size, const char *issuer, const char *account,
	struct promo_arena *arena, const char **ret_secret, const char **ret_uri) PROMO_CHECK;
