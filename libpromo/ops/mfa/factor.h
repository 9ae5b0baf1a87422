/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/ops/mfa/totp.h"
#include "libpromo/store/rows_access.h"

/* One user's second factor: what stands in mfa_methods, recovery_codes and throttles. The caller has
 * locked the user. Not installed. */

/* What he has enrolled. */
int promo_factor_usable(
	struct promo_ctx *ctx, const char *user_id, struct promo_mfa_usable_row *ret) PROMO_CHECK;

/* Looks at a code and uses it up where it is right. PROMO_E_INVALID_CREDENTIALS: it is not, whatever
 * the reason; that was counted and has to be committed (ctx->commit_refusal is set).
 * PROMO_E_TOO_MANY_REQUESTS: it was not looked at. */
int promo_factor_check(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *code) PROMO_CHECK;
/* Which method a code looks like that came without one. */
enum promo_mfa_method promo_factor_guess(const char *code);

/* An app that waits to be confirmed, in the place of one that waits. PROMO_E_MFA_ALREADY_ENROLLED. */
int promo_factor_enrol(struct promo_ctx *ctx, const char *user_id,
	const unsigned char secret[PROMO_TOTP_SECRET_BYTES]) PROMO_CHECK;
/* It counts from now on. PROMO_E_INVALID_CREDENTIALS, PROMO_E_MFA_ALREADY_ENROLLED,
 * PROMO_E_MFA_NOT_ENROLLED. */
int promo_factor_confirm(struct promo_ctx *ctx, const char *user_id, const char *code) PROMO_CHECK;

/* The same for one whose codes are sent (sent.h). Refuses as promo_factor_confirm(), and as promo_factor_check() where it was guessed too often. */
int promo_factor_confirm_sent(struct promo_ctx *ctx, const char *user_id,
	enum promo_mfa_method method, const char *code) PROMO_CHECK;
/* New recovery codes in the place of the old ones. */
int promo_factor_recovery_codes(
	struct promo_ctx *ctx, const char *user_id, struct promo_texts *ret) PROMO_CHECK;

/* Takes everything away. */
int promo_factor_remove(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;
