/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/signin.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * A user is deleted. His row stays, since redemptions, batches and the audit trail point at it, and is
 * nobody's any more: no name, no address, no password, no rights, no session (docs/decisions/0032).
 */
int promo_user_delete(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena), waiting = PROMO_PARAMS(ctx->arena);
	struct promo_managed_user user;
	struct promo_id_row locked;
	int r;

	promo_audit_entity(ctx, "user", in->id);
	promo_param_text(&params, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCKWHOLE, &params, &locked);
	if (!r)
		r = promo_user_manage(ctx, in->id, &user);
	if (!r && user.super_admin && user.is_active)
		r = promo_user_keep_super_admin(ctx, user.id);
	if (r)
		return r;
	promo_param_text(&waiting, user.id);
	promo_param_text(&waiting, ctx->actor->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_ROLE_CHANGE_REJECTUSER, &waiting, NULL);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_USER_ERASE, &params, NULL);
	return r ? r : promo_auth_changed(ctx, user.id);
}

int promo_user_unlock(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret)
{
	struct promo_managed_user user;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (!r)
		r = promo_signin_unlock(ctx, in->id);
	return r ? r : promo_user_read(ctx, in->id, ret);
}
