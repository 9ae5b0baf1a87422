/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_mfa.h"
#include "libpromo/ops/ctx.h"

/*
 * The second factor (api/op_mfa.h, rules/mfa.h, docs/decisions/0023-second-factor.md); bind.h says when and
 * how the operations are called.
 *
 * Whatever reads or changes a user's second factor locks his row of `users` first, and nothing else
 * before it: so of two requests with the same code, on whatever daemons, one is first and the other finds
 * it used. Seeds are sealed with the key of mfa_key_file (base/seal.h), recovery codes are kept as keyed
 * hashes; neither is ever in the audit trail or in a log.
 */

PROMO_BEGIN_DECLS

/* For the sign-in, when the password was right: refuses with PROMO_E_MFA_REQUIRED and what the client
 * needs to go on, where the user has a second factor; what has to be kept of it is committed. */
int promo_mfa_ask(
	struct promo_ctx *ctx, const char *user_id, bool remember, bool cookie) PROMO_CHECK;

int promo_auth_mfa(struct promo_ctx *ctx, const struct promo_mfa_in *in,
	struct promo_login_answer *ret) PROMO_CHECK;
int promo_auth_mfa_send(struct promo_ctx *ctx, const struct promo_mfa_send_in *in) PROMO_CHECK;

int promo_me_mfa_totp(struct promo_ctx *ctx, struct promo_totp_answer *ret) PROMO_CHECK;
int promo_me_mfa_totp_confirm(struct promo_ctx *ctx, const struct promo_code_in *in,
	struct promo_recovery_codes *ret) PROMO_CHECK;
int promo_me_mfa_email(struct promo_ctx *ctx) PROMO_CHECK;
int promo_me_mfa_email_confirm(struct promo_ctx *ctx, const struct promo_code_in *in,
	struct promo_recovery_codes *ret) PROMO_CHECK;
int promo_me_mfa_sms(struct promo_ctx *ctx) PROMO_CHECK;
int promo_me_mfa_sms_confirm(struct promo_ctx *ctx, const struct promo_code_in *in,
	struct promo_recovery_codes *ret) PROMO_CHECK;
int promo_me_mfa_totp_remove_before(
	struct promo_ctx *ctx, const struct promo_totp_remove_in *in) PROMO_CHECK;
int promo_me_mfa_totp_remove(
	struct promo_ctx *ctx, const struct promo_totp_remove_in *in) PROMO_CHECK;
int promo_me_mfa_recovery_codes_before(
	struct promo_ctx *ctx, const struct promo_password_in *in) PROMO_CHECK;
int promo_me_mfa_recovery_codes(struct promo_ctx *ctx, const struct promo_password_in *in,
	struct promo_recovery_codes *ret) PROMO_CHECK;
int promo_user_mfa_remove(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret) PROMO_CHECK;

PROMO_END_DECLS
