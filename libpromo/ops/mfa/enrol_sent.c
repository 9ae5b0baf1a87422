/* SPDX-License-Identifier: MIT */
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/mfa/factor.h"
#include "libpromo/ops/mfa/mfa.h"
#include "libpromo/ops/mfa/sent.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/store.h"

/* Enrolment of a second factor whose codes are sent: whoever confirms one reads what goes to the address. */

static int lock_own(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_credential_row own;
	int r;

	promo_audit_entity(ctx, "user", ctx->actor->user_id);
	promo_param_text(&params, ctx->actor->user_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCKCREDENTIAL, &params, &own);
	return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
}

/* A factor that waits to be confirmed, in the place of one that waits. */
static int begin_at(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	const char *address)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int64_t begun;
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, user_id);
	promo_param_text(&params, promo_word(&promo_mfa_method_words, (int)method));
	promo_param_text(&params, address);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_BEGIN, &params, &begun);
	if (r)
		return r;
	return begun == 1 ? 0 : PROMO_E_MFA_ALREADY_ENROLLED;
}

static int begin(struct promo_ctx *ctx, enum promo_mfa_method method)
{
	const char *user_id = ctx->actor->user_id, *address;
	struct promo_user user;
	int r;

	if (!promo_sent_offered(ctx, method))
		return PROMO_E_MFA_NOT_OFFERED;
	r = lock_own(ctx);
	if (!r)
		r = promo_user_read(ctx, user_id, &user);
	if (r)
		return r;
	address = method == PROMO_MFA_EMAIL ? user.email : user.phone_number;
	if (!address)
		return promo_ctx_refuse(ctx, PROMO_E_MFA_NOT_OFFERED,
			"there is nowhere to send a code to: your profile lacks it");
	r = begin_at(ctx, user_id, method, address);
	return r ? r : promo_sent_write(ctx, user_id, method, address, "mfa_enrol");
}

static int confirm(struct promo_ctx *ctx, enum promo_mfa_method method, const char *code,
	struct promo_recovery_codes *ret)
{
	const char *user_id = ctx->actor->user_id;
	struct promo_mfa_usable_row usable;
	int r;

	r = lock_own(ctx);
	if (!r)
		r = promo_factor_confirm_sent(ctx, user_id, method, code);
	if (!r)
		r = promo_factor_usable(ctx, user_id, &usable);
	/* Those that he has already, from another factor, stay good. */
	if (!r && usable.recovery_codes == 0)
		r = promo_factor_recovery_codes(ctx, user_id, &ret->recovery_codes);
	if (!r)
		r = promo_audit_change_hidden(ctx, "second_factor");
	if (!r)
		r = promo_session_end_all(ctx, user_id, ctx->actor->session_id, NULL);
	return r ? r : promo_auth_changed(ctx, user_id);
}

int promo_me_mfa_email(struct promo_ctx *ctx)
{
	return begin(ctx, PROMO_MFA_EMAIL);
}

int promo_me_mfa_email_confirm(
	struct promo_ctx *ctx, const struct promo_code_in *in, struct promo_recovery_codes *ret)
{
	return confirm(ctx, PROMO_MFA_EMAIL, in->code, ret);
}

int promo_me_mfa_sms(struct promo_ctx *ctx)
{
	return begin(ctx, PROMO_MFA_SMS);
}

int promo_me_mfa_sms_confirm(
	struct promo_ctx *ctx, const struct promo_code_in *in, struct promo_recovery_codes *ret)
{
	return confirm(ctx, PROMO_MFA_SMS, in->code, ret);
}
