/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * The rules of the second factor (docs/decisions/0023-second-factor.md has the arithmetic): how long a
 * sign-in may wait for it, how often a code may be wrong, and how recovery codes look.
 *
 * Whoever gets here knows the password, so wrong codes of an account are counted across all sign-ins,
 * until a right one comes: from the fifth on each is followed by a delay that doubles from 30 s to an
 * hour. That concerns codes of six digits. A recovery code cannot be guessed (73 bits) and goes through
 * at any time, so that whoever guesses cannot keep the owner out.
 */

PROMO_BEGIN_DECLS

struct promo_random;

enum {
	PROMO_MFA_TOKEN_S = 300,     /* a sign-in waits so long for its code */
	PROMO_MFA_TOKEN_WRONG = 5,   /* codes, then the sign-in begins anew */
	PROMO_MFA_WRONG_FREE = 4,    /* codes of an account without a delay */
	PROMO_MFA_WRONG_ALERT = 10,  /* from so many on somebody has to know */
	PROMO_MFA_SENT_S = 600,      /* a code that was sent is good so long */
	PROMO_MFA_SEND_PAUSE_S = 30, /* between two of them */
	PROMO_MFA_SENDS_AN_HOUR = 5,
	PROMO_MFA_DELAY_MS = 30 * 1000,
	PROMO_MFA_DELAY_MAX_MS = 60 * 60 * 1000,
	PROMO_RECOVERY_CODES = 10,         /* of a user */
	PROMO_RECOVERY_LETTERS = 15,       /* of the 30 of PROMO_CODE_ALPHABET */
	PROMO_RECOVERY_SIZE = 15 + 1,      /* in canonical form, with the NUL */
	PROMO_RECOVERY_SHOWN_SIZE = 17 + 1 /* XXXXX-XXXXX-XXXXX */
};

/* For how many milliseconds no code is looked at after the `wrong`th wrong one in a row. */
int64_t promo_mfa_delay_ms(int64_t wrong);

/* A recovery code, as it is shown. */
void promo_recovery_code_new(
	const struct promo_random *random, char ret[PROMO_RECOVERY_SHOWN_SIZE]);

/* What a person typed as one, in canonical form: blanks, dashes and lower case do not matter, and the
 * letters that are left out are read as what they were taken for. PROMO_E_INVALID_INPUT: it is none. */
int promo_recovery_code_read(const char *text, char ret[PROMO_RECOVERY_SIZE]) PROMO_CHECK;

PROMO_END_DECLS
