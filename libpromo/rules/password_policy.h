/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"

/*
 * Which passwords are taken. Length and a list of what everybody tries are the default, as NIST
 * SP 800-63B 5.1.1.2 asks; the PRD's switches for kinds of characters exist and are off.
 */

PROMO_BEGIN_DECLS

struct promo_password_policy {
	int64_t min_length; /* characters */
	bool require_uppercase, require_lowercase, require_numbers, require_special_chars;
	const char *company_name; /* UTF-8; NULL: none */
};

/* length 12, no switches */
extern const struct promo_password_policy promo_password_policy_default;

/* Whose password it is; any may be NULL. */
struct promo_password_owner {
	const char *first_name, *last_name, *email, *phone_number;
};

struct promo_password_refusal {
	const char *code; /* of the field error: "password_too_short", "password_common", ... */
	const char *message;
};

/* PROMO_E_INVALID_INPUT with the first rule that failed in reterr (its message in the arena): the
 * length, a switch, a common password (also with digits or signs around it), one's own name, e-mail or phone
 * in it, or the company's name, in one word too. The owner's texts are UTF-8. */
int promo_password_check(const struct promo_password_policy *policy,
	const struct promo_password_owner *owner, const char *password, struct promo_arena *arena,
	struct promo_password_refusal *reterr) PROMO_CHECK;

PROMO_END_DECLS
