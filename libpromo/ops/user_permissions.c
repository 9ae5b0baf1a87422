/* SPDX-License-Identifier: MIT */
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/roles.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/* What single users may do beside their roles, and what they may not. */

static int read_permissions(
	struct promo_ctx *ctx, const char *user_id, struct promo_user_permissions *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_PERMISSION_SHOW, &params, ret);
}

int promo_user_permissions(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user_permissions *ret)
{
	promo_audit_entity(ctx, "user", in->id);
	return read_permissions(ctx, in->id, ret);
}

static promo_permissions set_of(const struct promo_texts *keys)
{
	return promo_permissions_from_keys(keys);
}

enum promo_permission promo_user_gains(const struct promo_actor *actor,
	const struct promo_user_permissions *was, const struct promo_texts *grant,
	const struct promo_texts *deny)
{
	const promo_permissions gained =
		(set_of(grant) & ~set_of(&was->grant)) | (set_of(&was->deny) & ~set_of(deny));

	for (int i = 1; i < PROMO_P_COUNT; i++)
		if (promo_permissions_has(gained & ~actor->permissions, (enum promo_permission)i))
			return (enum promo_permission)i;
	return PROMO_P_NONE;
}

int promo_user_permissions_apply(struct promo_ctx *ctx, const struct promo_managed_user *user,
	const struct promo_user_permissions *was, const struct promo_texts *grant,
	const struct promo_texts *deny)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena), touch = PROMO_PARAMS(ctx->arena);
	struct promo_user_permissions is;
	int r = 0;

	/* Who is denied something is no super-admin that the shop can rely on. */
	if (user->super_admin && user->is_active && deny->count > 0)
		r = promo_user_keep_super_admin(ctx, user->id);
	promo_param_text(&params, user->id);
	promo_param_texts(&params, *grant);
	promo_param_texts(&params, *deny);
	promo_param_text(&touch, user->id);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_USER_PERMISSION_SET, &params, NULL);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_USER_TOUCH, &touch, NULL);
	if (!r)
		r = promo_auth_changed(ctx, user->id);
	if (!r)
		r = promo_rights_tell(ctx, user->id, "Your rights changed",
			"What you may do now is what your profile says.");
	if (!r)
		r = read_permissions(ctx, user->id, &is);
	if (!r && set_of(&was->grant) != set_of(&is.grant))
		r = promo_audit_change(ctx, &promo_user_permissions_schema, "grant", was, &is);
	if (!r && set_of(&was->deny) != set_of(&is.deny))
		r = promo_audit_change(ctx, &promo_user_permissions_schema, "deny", was, &is);
	return r;
}

static int ask(struct promo_ctx *ctx, const struct promo_user_permissions_in *in,
	const struct promo_user_permissions *was)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row waits;
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_texts(&params, in->grant);
	promo_param_texts(&params, in->deny);
	promo_param_texts(&params, was->grant);
	promo_param_texts(&params, was->deny);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_GRANT, &params, &waits);
	if (!r)
		r = promo_rights_tell_asked(
			ctx, "user", in->id, "What a single user may do is to change.");
	return r ? r : promo_role_change_answer(ctx, waits.id);
}

int promo_user_set_permissions(struct promo_ctx *ctx, const struct promo_user_permissions_in *in,
	struct promo_user_permissions *ret)
{
	struct promo_managed_user user;
	struct promo_user_permissions was;
	enum promo_permission missing;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (!r)
		r = read_permissions(ctx, in->id, &was);
	if (r)
		return r;
	if (user.version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	if (set_of(&in->grant) & set_of(&in->deny))
		return promo_ctx_refuse_field(ctx, "/deny", "invalid_value",
			"a permission is either granted or denied, not both");
	missing = promo_user_gains(ctx->actor, &was, &in->grant, &in->deny);
	if (missing)
		return promo_rights_refuse_missing(ctx, missing);
	if (set_of(&in->grant) == set_of(&was.grant) && set_of(&in->deny) == set_of(&was.deny)) {
		*ret = was;
		return 0;
	}
	if (!ctx->actor->super_admin)
		return ask(ctx, in, &was);
	r = promo_user_permissions_apply(ctx, &user, &was, &in->grant, &in->deny);
	return r ? r : read_permissions(ctx, in->id, ret);
}
