/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * How fast passwords may be guessed (design section 7; docs/decisions/0034-signing-in.md has the
 * arithmetic). Failures are counted for an account at an address, for an account at all addresses that
 * it never signed in from, and for an address over all such accounts. Each count has a number of
 * failures that are free; with the last of them begins a delay of 2 s, and each failure after it doubles
 * the delay up to a limit. Nothing is locked for good: NIST SP 800-63B asks for a bound of attempts, and
 * OWASP ASVS 6.1.1 that no stranger can keep an owner out.
 *
 * All of it is pure: states go in and come out. A state of zeros is that of nobody who failed.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SIGNIN_DELAY_MS = 2000, /* the first delay */
	PROMO_SIGNIN_REST_MS =
		86400000, /* a day after the last failure all of them are forgotten */
	/* Failures that are free, in those of an account at one address. */
	PROMO_SIGNIN_ACCOUNT_TIMES = 4,
	PROMO_SIGNIN_ADDRESS_TIMES = 10,
	PROMO_SIGNIN_ALERT = 20,      /* failures of an account in a row: somebody has to know */
	PROMO_SIGNIN_KNOWN_DAYS = 90, /* for so long an account knows an address */
};

/* Times are milliseconds since the epoch, by the database's clock. */
struct promo_signin_state {
	int64_t failures, last; /* in a row, and when the last of them was */
	int64_t blocked_until;  /* end of the last delay; 0: none */
};

struct promo_signin_limit {
	int64_t free;         /* the failure that the first delay follows, at least 1 */
	int64_t delay_max_ms; /* at least PROMO_SIGNIN_DELAY_MS */
};

/* For how many milliseconds no password is looked at; 0: the next one is. */
int64_t promo_signin_wait_ms(const struct promo_signin_state *state, int64_t now);

/* After a failure, which may not be counted while promo_signin_wait_ms() is above 0: that password was
 * not looked at. */
struct promo_signin_state promo_signin_failure(const struct promo_signin_limit *limit,
	const struct promo_signin_state *state, int64_t now);

PROMO_END_DECLS
