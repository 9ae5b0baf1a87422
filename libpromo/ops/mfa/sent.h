/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/*
 * Codes of a second factor that are sent, by mail or SMS: six digits, good once, for ten minutes, the last
 * one only. The caller has locked the user. Not installed.
 */

/* Whether a method is one whose codes are sent, and there is a way to send: what a sign-in asks, since it
 * asks for a factor that is enrolled whatever the settings offer by now. */
bool promo_sent_ready(const struct promo_ctx *ctx, enum promo_mfa_method method);
/* Whether the settings offer it for enrolment besides. */
bool promo_sent_offered(const struct promo_ctx *ctx, enum promo_mfa_method method);

/* Where the codes of a method go that he has enrolled; NULL: he has not. */
int promo_sent_address(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char **ret) PROMO_CHECK;

/* Writes a letter with a new code to this address; `kind` as in mail/templates.def.
 * PROMO_E_TOO_MANY_REQUESTS: one was sent a moment ago, or too many in this hour. */
int promo_sent_write(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *address, const char *kind) PROMO_CHECK;

/* Whether this is the code that was sent last; it is used up then. */
int promo_sent_use(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *code, bool *ret_right) PROMO_CHECK;
