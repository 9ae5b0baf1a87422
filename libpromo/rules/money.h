/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Money as text. Inside it is minor units (hundredths) in an int64_t beside its currency; on the
 * wire a decimal with at most two places. One amount, one reading: no exponents, no plus sign, no
 * superfluous zeros in front, no blanks, nothing after two places.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_MONEY_SIZE = 24,       /* "-92233720368547758.08" and the NUL */
	PROMO_MONEY_SHOWN_SIZE = 32, /* with separators */
};

enum promo_money_sign {
	PROMO_MONEY_NOT_NEGATIVE,
	PROMO_MONEY_ANY_SIGN,
};

/* "500", "500.0", "500.00". PROMO_E_INVALID_INPUT for everything else, and for what does not fit. */
int promo_money_parse(const char *text, enum promo_money_sign sign, int64_t *ret) PROMO_CHECK;

/* "500.00", "-0.05": the form of the wire and of files. */
void promo_money_format(int64_t minor, char ret[PROMO_MONEY_SIZE]);

/* "1,234,500.00": for people. */
void promo_money_show(int64_t minor, char ret[PROMO_MONEY_SHOWN_SIZE]);

PROMO_END_DECLS
