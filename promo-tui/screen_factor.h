/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_mfa.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* What the screen of the second factor is opened with: who signs in where, and what the server asks
 * for. Both are copied. */
struct tui_factor_question {
	const struct tui_sign_in *who;
	const struct promo_mfa_member *asked;
};
