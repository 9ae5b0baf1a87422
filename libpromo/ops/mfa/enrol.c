/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/mfa/factor.h"
#include "libpromo/ops/mfa/mfa.h"
#include "libpromo/ops/mfa/sent.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/store.h"

/* Enrolment, removal, recovery codes. What changes the factor ends the sessions that were made without
 * it, or with the one that is gone: all but the one that asks. */

static int lock_own(struct promo_ctx *ctx, struct promo_credential_row *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_audit_entity(ctx, "user", ctx->actor->user_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params, ret);
	return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
}

static int end_others(struct promo_ctx *ctx)
{
	int r;

	r = promo_session_end_all(ctx, ctx->actor->user_id, ctx->actor->session_id, NULL);
	/* What the session that asks may do has changed as well. */
	return r ? r : promo_auth_changed(ctx, ctx->actor->user_id);
}

static bool can_be_sent(const struct promo_ctx *ctx, const struct promo_user *user)
{
	return (user->email && promo_sent_offered(ctx, PROMO_MFA_EMAIL)) ||
	       (user->phone_number && promo_sent_offered(ctx, PROMO_MFA_SMS));
}

/* Who has to have a factor can always enrol this one where no other can be had. */
static bool app_offered(const struct promo_ctx *ctx, const struct promo_user *user)
{
	if (!promo_settings_bool(ctx->settings, PROMO_SETTING_MFA_ENABLED))
		return false;
	return promo_settings_lists(ctx->settings, PROMO_SETTING_MFA_METHODS,
		       promo_word(&promo_mfa_method_words, PROMO_MFA_AUTHENTICATOR_APP)) ||
	       (ctx->actor->must_enrol && !can_be_sent(ctx, user));
}

int promo_me_mfa_totp(struct promo_ctx *ctx, struct promo_totp_answer *ret)
{
	const struct promo_random random = promo_random_system();
	unsigned char secret[PROMO_TOTP_SECRET_BYTES];
	struct promo_credential_row own;
	struct promo_user user;
	int r;

	r = lock_own(ctx, &own);
	if (!r)
		r = promo_user_read(ctx, own.id, &user);
	if (!r && !app_offered(ctx, &user))
		r = PROMO_E_MFA_NOT_OFFERED;
	if (r)
		return r;
	random.fill(random.context, secret, sizeof(secret));
	r = promo_factor_enrol(ctx, own.id, secret);
	if (!r)
		r = promo_totp_show(secret, sizeof(secret),
			promo_settings_text(ctx->settings, PROMO_SETTING_COMPANY_NAME),
			user.email ? user.email : user.phone_number, ctx->arena, &ret->secret,
			&ret->uri);
	promo_secret_wipe(secret, sizeof(secret));
	return r;
}

int promo_me_mfa_totp_confirm(
	struct promo_ctx *ctx, const struct promo_code_in *in, struct promo_recovery_codes *ret)
{
	struct promo_credential_row own;
	int r;

	r = lock_own(ctx, &own);
	if (!r)
		r = promo_factor_confirm(ctx, own.id, in->code);
	if (!r)
		r = promo_factor_recovery_codes(ctx, own.id, &ret->recovery_codes);
	if (!r)
		r = promo_audit_change_hidden(ctx, "second_factor");
	return r ? r : end_others(ctx);
}

/* The user is locked, his password is still the one that before() looked at, and he has a factor. */
static int lock_enrolled(struct promo_ctx *ctx, struct promo_credential_row *ret)
{
	struct promo_mfa_usable_row usable;
	int r;

	r = lock_own(ctx, ret);
	if (!r)
		r = promo_password_confirm(ctx, ret);
	if (!r)
		r = promo_factor_usable(ctx, ret->id, &usable);
	if (r)
		return r;
	return usable.methods.count > 0 ? 0 : PROMO_E_MFA_NOT_ENROLLED;
}

int promo_me_mfa_totp_remove_before(struct promo_ctx *ctx, const struct promo_totp_remove_in *in)
{
	return promo_password_ask(ctx, in->password);
}

int promo_me_mfa_totp_remove(struct promo_ctx *ctx, const struct promo_totp_remove_in *in)
{
	struct promo_credential_row own;
	int r;

	r = lock_enrolled(ctx, &own);
	if (!r)
		r = promo_factor_check(ctx, own.id, promo_factor_guess(in->code), in->code);
	if (!r)
		r = promo_factor_remove(ctx, own.id);
	if (!r)
		r = promo_audit_change_hidden(ctx, "second_factor");
	return r ? r : end_others(ctx);
}

int promo_me_mfa_recovery_codes_before(struct promo_ctx *ctx, const struct promo_password_in *in)
{
	return promo_password_ask(ctx, in->password);
}

int promo_me_mfa_recovery_codes(
	struct promo_ctx *ctx, const struct promo_password_in *in, struct promo_recovery_codes *ret)
{
	struct promo_credential_row own;
	int r;

	(void)in; /* before() has read it */
	r = lock_enrolled(ctx, &own);
	if (!r)
		r = promo_factor_recovery_codes(ctx, own.id, &ret->recovery_codes);
	return r ? r : promo_audit_change_hidden(ctx, "recovery_codes");
}

int promo_user_mfa_remove(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret)
{
	struct promo_managed_user user;
	struct promo_mfa_usable_row usable;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (r)
		return r;
	if (ctx->actor->user_id && strcmp(ctx->actor->user_id, user.id) == 0)
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN,
			"one's own second factor is removed with the password and a code");
	r = promo_factor_usable(ctx, user.id, &usable);
	if (!r && usable.methods.count == 0)
		r = PROMO_E_MFA_NOT_ENROLLED;
	if (!r)
		r = promo_factor_remove(ctx, user.id);
	if (!r)
		r = promo_audit_change_hidden(ctx, "second_factor");
	if (!r)
		r = promo_session_end_all(ctx, user.id, NULL, NULL);
	if (!r)
		r = promo_auth_changed(ctx, user.id);
	return r ? r : promo_user_read(ctx, user.id, ret);
}
