/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/roles.h"
#include "libpromo/store/store.h"

/* Changes of rights that wait: who decides, and what is looked at again before one is made. */

int promo_role_change_list(
	struct promo_ctx *ctx, const struct promo_role_change_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_texts_or_null(&params, in->status);
	return promo_list_read(ctx,
		PROMO_LISTING(in, PROMO_Q_ROLE_CHANGE_LIST, PROMO_Q_ROLE_CHANGE_COUNT), &params,
		ret);
}

/* A change with all that it is about, as it is now and locked. */
struct decision {
	struct promo_asked_change asked;
	struct promo_actor asker;
	bool asker_active;
	struct promo_managed_user user; /* where the change has one */
	struct promo_role role;         /* the same */
	struct promo_role_key role_key;
};

static int stale(struct promo_ctx *ctx, const char *why)
{
	return promo_ctx_refuse(ctx, PROMO_E_ROLE_CHANGE_STALE,
		"%s; reject the change and ask again if it is still wanted", why);
}

/* Of its role, what who decides has to be: above it, and none of those who hold it where it is to be
 * changed for them all; who asked may withdraw in any case. */
static int check_role(struct promo_ctx *ctx, const struct decision *decision)
{
	const struct promo_asked_change *asked = &decision->asked;
	bool holds;
	int r;

	if (!promo_outranks(ctx->actor, decision->role.rank))
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "one decides only on roles of a lower rank");
	if (asked->kind != PROMO_ROLE_CHANGE_ROLE_EDIT ||
		strcmp(asked->requested_by, ctx->actor->user_id) == 0)
		return 0;
	r = promo_role_held(ctx, ctx->actor->user_id, &decision->role_key, &holds);
	if (!r && holds)
		r = promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "nobody decides on a role that he holds");
	return r;
}

/* The change, and whom and what it concerns: of a lower rank than who decides, and not himself. */
static int open_change(struct promo_ctx *ctx, const char *id, struct decision *ret)
{
	const struct promo_asked_change *asked = &ret->asked;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	/* Four eyes are people's: a key may be anybody's who found it. */
	if (ctx->actor->kind == PROMO_ACTOR_API_KEY)
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN,
			"changes of rights are decided by people who are signed in");
	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_LOCK, &params, &ret->asked);
	if (r)
		return r;
	if (asked->status != PROMO_APPROVAL_PENDING)
		return PROMO_E_ROLE_CHANGE_DECIDED;
	if (asked->user_id && strcmp(asked->user_id, ctx->actor->user_id) == 0)
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "nobody decides on what concerns himself");
	if (asked->user_id)
		r = promo_user_manage(ctx, asked->user_id, &ret->user);
	if (!r && asked->role_id)
		r = promo_role_lock(ctx, asked->role_id, &ret->role);
	promo_audit_entity(ctx, "role_change", asked->id);
	if (r)
		return r;
	if (asked->role_id) {
		ret->role_key = (struct promo_role_key){
			.id = ret->role.id, .name = ret->role.name, .rank = ret->role.rank
		};
		r = check_role(ctx, ret);
		if (r)
			return r;
	}
	return promo_auth_read_rights(ctx, asked->requested_by, &ret->asker, &ret->asker_active);
}

static int close_change(struct promo_ctx *ctx, const struct decision *decision,
	enum promo_approval status, struct promo_role_change *ret)
{
	const char *id = decision->asked.id;
	struct promo_role_change was = { .status = PROMO_APPROVAL_PENDING };
	struct promo_params params = PROMO_PARAMS(ctx->arena), show = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	promo_param_text(&params, promo_word(&promo_approval_words, (int)status));
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&show, id);
	r = promo_store_exec(ctx->store, PROMO_Q_ROLE_CHANGE_DECIDE, &params, NULL);
	if (!r)
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_SHOW, &show, ret);
	return r ? r : promo_audit_change(ctx, &promo_role_change_schema, "status", &was, ret);
}

/* The permission that who asked had to have, and still has to. */
static enum promo_permission permission_of(const struct promo_asked_change *asked)
{
	switch (asked->kind) {
	case PROMO_ROLE_CHANGE_ASSIGN:
		return asked->at_creation ? PROMO_P_USERS_CREATE : PROMO_P_USERS_ROLES_ASSIGN;
	case PROMO_ROLE_CHANGE_REVOKE:
		return PROMO_P_USERS_ROLES_REVOKE;
	default:
		return PROMO_P_USERS_PERMISSIONS_MANAGE;
	}
}

/* Whether who asked could ask for it today. */
static int check_asker(struct promo_ctx *ctx, const struct decision *decision)
{
	const struct promo_actor *asker = &decision->asker;

	if (!decision->asker_active)
		return stale(ctx, "who asked for it may no longer sign in");
	if (!promo_permissions_has(asker->permissions, permission_of(&decision->asked)))
		return stale(ctx, "who asked for it may no longer do so");
	if (decision->asked.user_id && !promo_outranks(asker, decision->user.rank))
		return stale(ctx, "who asked for it no longer ranks above the user");
	if (decision->asked.user_id && !promo_outmatches(asker, &decision->user.permissions))
		return stale(ctx, "the user may do by now what who asked for it may not");
	if (decision->asked.role_id && !promo_outranks(asker, decision->role.rank))
		return stale(ctx, "who asked for it no longer ranks above the role");
	return 0;
}

static int change_roles(struct promo_ctx *ctx, const struct decision *decision)
{
	const bool gives = decision->asked.kind == PROMO_ROLE_CHANGE_ASSIGN;
	const char *user_id = decision->user.id;
	struct promo_user before, after;
	bool has;
	int r;

	r = promo_role_held(ctx, user_id, &decision->role_key, &has);
	if (!r && gives && !promo_outmatches(ctx->actor, &decision->role.permissions))
		r = promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "one approves only what one may do oneself");
	if (r)
		return r;
	if (has == gives)
		return stale(ctx, gives ? "the user has the role by now"
					: "the user does not have the role any more");
	r = promo_user_read(ctx, user_id, &before);
	if (!r)
		r = gives ? promo_role_put(ctx, user_id, &decision->role_key)
			  : promo_role_take(ctx, &decision->user, &decision->role_key);
	if (!r)
		r = promo_role_changed(ctx, user_id);
	if (!r)
		r = promo_user_read(ctx, user_id, &after);
	return r ? r : promo_audit_change(ctx, &promo_user_schema, "roles", &before, &after);
}

static bool same(const struct promo_texts *a, const struct promo_texts *b)
{
	return promo_permissions_from_keys(a) == promo_permissions_from_keys(b);
}

static int change_permissions(struct promo_ctx *ctx, const struct decision *decision)
{
	const struct promo_asked_change *asked = &decision->asked;
	const struct promo_id_in id = { .id = asked->user_id };
	struct promo_user_permissions was;
	enum promo_permission missing;
	int r;

	r = promo_user_permissions(ctx, &id, &was);
	promo_audit_entity(ctx, "role_change", asked->id);
	if (r)
		return r;
	if (!same(&was.grant, &asked->was_grant) || !same(&was.deny, &asked->was_deny))
		return stale(ctx, "what the user is granted or denied was changed meanwhile");
	if (promo_user_gains(&decision->asker, &was, &asked->grant, &asked->deny))
		return stale(ctx, "who asked for it no longer holds what he would hand on");
	missing = promo_user_gains(ctx->actor, &was, &asked->grant, &asked->deny);
	if (missing)
		return promo_rights_refuse_missing(ctx, missing);
	return promo_user_permissions_apply(
		ctx, &decision->user, &was, &asked->grant, &asked->deny);
}

static int change_role(struct promo_ctx *ctx, const struct decision *decision)
{
	const struct promo_asked_change *asked = &decision->asked;
	const struct promo_role_edit edit = {
		.name = asked->name,
		.description = asked->description,
		.rank = asked->rank,
		.sets_permissions = asked->sets_permissions,
		.permissions = asked->permissions,
	};
	enum promo_permission missing;
	const char *why;
	bool his;
	int r;

	r = promo_role_held(ctx, decision->asker.user_id, &decision->role_key, &his);
	if (r)
		return r;
	why = promo_role_edit_refusal(ctx->actor, false, &decision->role, &edit, &missing);
	if (missing)
		return promo_rights_refuse_missing(ctx, missing);
	if (why)
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN, "%s", why);
	if (decision->role.version != asked->version)
		return stale(ctx, "the role was changed meanwhile");
	why = promo_role_edit_refusal(&decision->asker, his, &decision->role, &edit, &missing);
	return why ? stale(ctx, why) : promo_role_edit_apply(ctx, &decision->role, &edit);
}

static int apply(struct promo_ctx *ctx, const struct decision *decision)
{
	switch (decision->asked.kind) {
	case PROMO_ROLE_CHANGE_GRANT:
		return change_permissions(ctx, decision);
	case PROMO_ROLE_CHANGE_ROLE_EDIT:
		return change_role(ctx, decision);
	default:
		return change_roles(ctx, decision);
	}
}

int promo_role_change_approve(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_role_change *ret)
{
	struct decision decision;
	int r;

	r = open_change(ctx, in->id, &decision);
	if (r)
		return r;
	if (strcmp(decision.asked.requested_by, ctx->actor->user_id) == 0)
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "nobody approves what he asked for himself");
	r = check_asker(ctx, &decision);
	if (!r)
		r = apply(ctx, &decision);
	/* What forbids the act itself came about after it was asked for. */
	if (r == PROMO_E_LAST_SUPER_ADMIN || r == PROMO_E_ROLE_BUILT_IN || r == PROMO_E_ROLE_IN_USE)
		return stale(ctx, promo_error_info(r)->text);
	return r ? r : close_change(ctx, &decision, PROMO_APPROVAL_APPROVED, ret);
}

int promo_role_change_reject(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_role_change *ret)
{
	struct decision decision;
	int r;

	r = open_change(ctx, in->id, &decision);
	return r ? r : close_change(ctx, &decision, PROMO_APPROVAL_REJECTED, ret);
}
