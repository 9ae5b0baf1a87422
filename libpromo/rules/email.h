/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * E-mail addresses by the rule of HTML's <input type=email> (WHATWG HTML 4.10.5.1.5), which is what
 * people have, not RFC 5322, which is what grammars allow; a mail to it is the only proof.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_EMAIL_SIZE = 255
}; /* 254 bytes (RFC 5321 4.5.3.1.3) and the NUL */

/* In lower case, since that is what is unique. PROMO_E_INVALID_INPUT if it is no address; line
 * ends, blanks and anything but ASCII are not. */
int promo_email_normalize(const char *text, char ret[PROMO_EMAIL_SIZE]) PROMO_CHECK;

PROMO_END_DECLS
