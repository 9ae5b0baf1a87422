/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/roles.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/store.h"

int promo_role_find(
	struct promo_ctx *ctx, const char *name_or_id, struct promo_role_key *ret, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, name_or_id);
	return promo_store_find(ctx->store, ctx->arena, PROMO_Q_ROLE_FIND, &params, ret, ret_found);
}

static int check_role_rank(struct promo_ctx *ctx, const struct promo_role_key *role)
{
	if (promo_outranks(ctx->actor, role->rank))
		return 0;
	return promo_ctx_refuse(
		ctx, PROMO_E_FORBIDDEN, "one gives and takes only roles of a lower rank");
}

int promo_rights_tell(
	struct promo_ctx *ctx, const char *user_id, const char *title, const char *body)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_ROLE_CHANGE,
				       .about_kind = "user",
				       .about_id = user_id,
				       .user_id = user_id,
				       .title = title,
				       .body = body,
				       .count = PROMO_NULL_INT,
			       });
}

int promo_rights_tell_asked(
	struct promo_ctx *ctx, const char *kind, const char *id, const char *body)
{
	return promo_tell(ctx, &(struct promo_event){
				       .kind = PROMO_EVENT_ROLE_CHANGE_ASKED,
				       .about_kind = kind,
				       .about_id = id,
				       .title = "A change of rights waits for approval",
				       .body = body,
				       .count = PROMO_NULL_INT,
			       });
}

/* Asks for approval; where the same was asked before, that request goes on waiting. */
static int ask(struct promo_ctx *ctx, enum promo_role_change_kind kind, const char *user_id,
	const struct promo_role_key *role, const struct promo_role_change **ret)
{
	const char *word = promo_word(&promo_role_change_kind_words, (int)kind);
	struct promo_role_change *change = promo_arena_alloc(ctx->arena, sizeof(*change));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int r;

	if (!change)
		return promo_fault(-ENOMEM, "could not ask for a change of roles");
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, word);
	promo_param_text(&params, user_id);
	promo_param_text(&params, role->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_bool(&params, ctx->op == &promo_op_user_create);
	r = promo_store_exec(ctx->store, PROMO_Q_ROLE_CHANGE_INSERT, &params, NULL);
	if (r)
		return r;
	params = PROMO_PARAMS(ctx->arena);
	promo_param_text(&params, word);
	promo_param_text(&params, user_id);
	promo_param_text(&params, role->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_PENDING, &params, change);
	if (!r)
		r = promo_rights_tell_asked(ctx, "user", user_id,
			kind == PROMO_ROLE_CHANGE_REVOKE ? "A role is to be taken from a user."
							 : "A user is to be given a role.");
	if (r)
		return r;
	*ret = change;
	return 0;
}

int promo_role_held(
	struct promo_ctx *ctx, const char *user_id, const struct promo_role_key *role, bool *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row found;
	int r;

	promo_param_text(&params, user_id);
	promo_param_text(&params, role->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_HASROLE, &params, &found);
	if (r)
		return r;
	*ret = found.count > 0;
	return 0;
}

/* A statement about a user and a role, and what follows from a change of somebody's roles. */
static int change_role(struct promo_ctx *ctx, enum promo_query query, const char *user_id,
	const struct promo_role_key *role)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, user_id);
	promo_param_text(&params, role->id);
	r = promo_store_exec(ctx->store, query, &params, NULL);
	if (!r)
		r = promo_auth_changed(ctx, user_id);
	return r;
}

int promo_role_changed(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_USER_TOUCH, &params, NULL);
	return r ? r
		 : promo_rights_tell(ctx, user_id, "Your roles changed",
			   "What you may do now is what your profile says.");
}

int promo_role_put(struct promo_ctx *ctx, const char *user_id, const struct promo_role_key *role)
{
	return change_role(ctx, PROMO_Q_USER_ADDROLE, user_id, role);
}

int promo_role_take(struct promo_ctx *ctx, const struct promo_managed_user *user,
	const struct promo_role_key *role)
{
	int r = 0;

	/* One who is inactive is no longer counted, so taking his role takes nobody away. */
	if (user->super_admin && user->is_active && strcmp(role->name, PROMO_ROLE_SUPER_ADMIN) == 0)
		r = promo_user_keep_super_admin(ctx, user->id);
	return r ? r : change_role(ctx, PROMO_Q_USER_DROPROLE, user->id, role);
}

int promo_user_give_role(struct promo_ctx *ctx, const char *user_id,
	const struct promo_role_key *role, const struct promo_role_change **ret_change)
{
	bool has;
	int r;

	r = check_role_rank(ctx, role);
	if (!r)
		r = promo_role_held(ctx, user_id, role, &has);
	if (r)
		return r;
	if (has)
		return PROMO_E_ROLE_ALREADY_ASSIGNED;
	if (!ctx->actor->super_admin)
		return ask(ctx, PROMO_ROLE_CHANGE_ASSIGN, user_id, role, ret_change);
	r = promo_role_put(ctx, user_id, role);
	if (!r)
		*ret_change = NULL;
	return r;
}

static int take_role(struct promo_ctx *ctx, const struct promo_managed_user *user,
	const struct promo_role_key *role, const struct promo_role_change **ret_change)
{
	bool has;
	int r;

	r = check_role_rank(ctx, role);
	if (!r)
		r = promo_role_held(ctx, user->id, role, &has);
	if (r)
		return r;
	if (!has)
		return promo_ctx_refuse(
			ctx, PROMO_E_NOT_FOUND, "the user does not have the role %s", role->name);
	if (!ctx->actor->super_admin)
		return ask(ctx, PROMO_ROLE_CHANGE_REVOKE, user->id, role, ret_change);
	r = promo_role_take(ctx, user, role);
	if (!r)
		*ret_change = NULL;
	return r;
}

int promo_role_change_answer(struct promo_ctx *ctx, const char *id)
{
	struct promo_role_change_answer *answer = promo_arena_alloc(ctx->arena, sizeof(*answer));
	struct promo_role_change *change = promo_arena_alloc(ctx->arena, sizeof(*change));
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	if (!answer || !change)
		return promo_fault(-ENOMEM, "could not answer with a change of rights");
	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_SHOW, &params, change);
	if (r)
		return r;
	answer->role_change = change;
	ctx->other = answer;
	promo_audit_entity(ctx, "role_change", change->id);
	return 0;
}

/* The answer of both: the user as he is now, or the change that waits. */
static int finish(struct promo_ctx *ctx, const struct promo_user *before, const char *user_id,
	const struct promo_role_change *change, struct promo_user *ret)
{
	int r;

	if (change)
		return promo_role_change_answer(ctx, change->id);
	r = promo_role_changed(ctx, user_id);
	if (!r)
		r = promo_user_read(ctx, user_id, ret);
	if (!r)
		r = promo_audit_change(ctx, &promo_user_schema, "roles", before, ret);
	return r;
}

/* Both ways to change the roles of a user begin alike: whom, as he is now, and which role. */
struct role_wish {
	struct promo_managed_user user;
	struct promo_user before;
	struct promo_role_key role;
};

static int read_wish(struct promo_ctx *ctx, const struct promo_user_role_in *in,
	struct role_wish *ret, bool *ret_found)
{
	int r;

	r = promo_user_manage(ctx, in->id, &ret->user);
	if (!r)
		r = promo_user_read(ctx, in->id, &ret->before);
	return r ? r : promo_role_find(ctx, in->role, &ret->role, ret_found);
}

int promo_user_assign_role(
	struct promo_ctx *ctx, const struct promo_user_role_in *in, struct promo_user *ret)
{
	const struct promo_role_change *change = NULL;
	struct role_wish wish;
	bool found;
	int r;

	r = read_wish(ctx, in, &wish, &found);
	if (r)
		return r;
	if (!found)
		return promo_ctx_refuse_field(
			ctx, "/role", "unknown_role", "there is no role \"%s\"", in->role);
	r = promo_user_give_role(ctx, wish.user.id, &wish.role, &change);
	return r ? r : finish(ctx, &wish.before, wish.user.id, change, ret);
}

int promo_user_revoke_role(
	struct promo_ctx *ctx, const struct promo_user_role_in *in, struct promo_user *ret)
{
	const struct promo_role_change *change = NULL;
	struct role_wish wish;
	bool found;
	int r;

	r = read_wish(ctx, in, &wish, &found);
	if (r)
		return r;
	if (!found)
		return promo_ctx_refuse(
			ctx, PROMO_E_NOT_FOUND, "there is no role \"%s\"", in->role);
	r = take_role(ctx, &wish.user, &wish.role, &change);
	return r ? r : finish(ctx, &wish.before, wish.user.id, change, ret);
}

int promo_role_list(
	struct promo_ctx *ctx, const struct promo_role_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	return promo_list_read(ctx,
		PROMO_LISTING_BY(in, "rank id", PROMO_Q_ROLE_LIST, PROMO_Q_ROLE_COUNT), &params,
		ret);
}

int promo_permission_list(
	struct promo_ctx *ctx, const struct promo_role_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	return promo_list_read(ctx,
		PROMO_LISTING_BY(in, "key", PROMO_Q_PERMISSION_LIST, PROMO_Q_PERMISSION_COUNT),
		&params, ret);
}
