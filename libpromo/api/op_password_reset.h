/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"

/* A forgotten password: an administrator has a token made that works once, its user sets a password
 * with it. Nobody chooses a password for somebody else (OWASP ASVS 6.4.6). */

PROMO_BEGIN_DECLS

struct promo_password_reset {
	const char *token; /* NULL in the answer to a repeated request: it is shown once */
	int64_t expires_at;
	bool mailed; /* it is on its way to the user's address as well */
};
extern const struct promo_schema promo_password_reset_schema;

struct promo_password_reset_in {
	struct promo_set set;
	const char *token, *new_password;
};

extern const struct promo_op promo_op_user_password_reset, promo_op_auth_password_reset;

PROMO_END_DECLS
