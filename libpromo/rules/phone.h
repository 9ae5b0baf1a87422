/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * Phone numbers in one form, E.164 (ITU-T): "+", country code, number, 8 to 15 digits together.
 * A customer is known by it, so two ways to write a number have to end in the same one.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PHONE_SIZE = 17
};

/* Takes "+250 788 123 456", "00250788123456" and, with the country code "250", the national form
 * "0788 123 456"; blanks, dashes, dots, slashes and parentheses may stand between digits.
 * A number with neither "+" nor a zero in front is refused: nobody can tell which of the two
 * it is. So is a zero right behind one's own country code ("+250 0788..."): a slip, and
 * taken literally another number. PROMO_E_INVALID_INPUT. */
int promo_phone_normalize(
	const char *text, const char *country_code, char ret[PROMO_PHONE_SIZE]) PROMO_CHECK;

PROMO_END_DECLS
