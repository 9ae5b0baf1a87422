/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/users.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/list.h"
#include "libpromo/ops/passwords.h"
#include "libpromo/ops/roles.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/welcome.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

int promo_user_read(struct promo_ctx *ctx, const char *user_id, struct promo_user *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_SHOW, &params, ret);
}

static int lock_user(struct promo_ctx *ctx, const char *user_id, struct promo_managed_user *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row locked;
	int r;

	promo_audit_entity(ctx, "user", user_id);
	promo_param_text(&params, user_id);
	/* Two statements: one that waited for the lock still sees the roles as they were before. */
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_LOCK, &params, &locked);
	return r ? r : promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_MANAGED, &params, ret);
}

int promo_user_manage(struct promo_ctx *ctx, const char *user_id, struct promo_managed_user *ret)
{
	struct promo_managed_user user;
	int r;

	r = lock_user(ctx, user_id, &user);
	if (!r)
		r = promo_auth_again(ctx);
	if (r)
		return r;
	if (!promo_outranks(ctx->actor, user.rank))
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "one manages only users of a lower rank");
	if (!promo_outmatches(ctx->actor, &user.permissions))
		return promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN,
			"one manages only users who may do nothing that one may not do oneself");
	*ret = user;
	return 0;
}

int promo_user_keep_super_admin(struct promo_ctx *ctx, const char *but_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_role_key role;
	struct promo_count_row others;
	int r;

	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_LOCKSUPER, &params, &role);
	if (!r)
		r = promo_auth_again(ctx);
	if (r)
		return r;
	promo_param_text(&params, but_id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_USER_COUNTSUPER, &params, &others);
	if (r)
		return r;
	return others.count == 0 ? PROMO_E_LAST_SUPER_ADMIN : 0;
}

int promo_user_show(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret)
{
	promo_audit_entity(ctx, "user", in->id);
	return promo_user_read(ctx, in->id, ret);
}

int promo_user_list(
	struct promo_ctx *ctx, const struct promo_user_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, in->q);
	promo_param_text(&params, in->role);
	if (promo_present(&promo_user_list_in_schema, in, "is_active"))
		promo_param_bool(&params, in->is_active);
	else
		promo_param_null(&params);
	return promo_list_read(
		ctx, PROMO_LISTING_SORTED(in, PROMO_Q_USER_LIST, PROMO_Q_USER_COUNT), &params, ret);
}

/*
 * Creation.
 */

/* The roles by name or id; every one that does not exist is named. */
static int find_roles(
	struct promo_ctx *ctx, const struct promo_texts *names, struct promo_role_key **ret)
{
	struct promo_role_key *roles = NULL;
	int r, refused = 0;

	roles = promo_arena_alloc_array(ctx->arena, names->count, sizeof(*roles));
	if (!roles)
		return promo_fault(-ENOMEM, "could not find roles");
	for (size_t i = 0; i < names->count; i++) {
		const char *pointer;
		bool found;

		r = promo_role_find(ctx, names->items[i], &roles[i], &found);
		if (r)
			return r;
		if (found)
			continue;
		pointer = promo_arena_printf(ctx->arena, "/roles/%zu", i);
		if (!pointer)
			return promo_fault(-ENOMEM, "could not name a role");
		refused = promo_ctx_refuse_field(
			ctx, pointer, "unknown_role", "there is no role \"%s\"", names->items[i]);
	}
	if (refused)
		return refused;
	*ret = roles;
	return 0;
}

/* One of both is needed. Where the form was bad, what was given may be what could not be read. */
static int check_identifier(struct promo_ctx *ctx, const struct promo_user_create_in *in)
{
	const struct promo_schema *schema = &promo_user_create_in_schema;
	bool form_bad = ctx->problem.field_count > 0;

	if (in->email || in->phone_number)
		return 0;
	if (form_bad &&
		(promo_present(schema, in, "email") || promo_present(schema, in, "phone_number")))
		return 0;
	return promo_ctx_refuse_field(ctx, "/email", "required",
		"an e-mail address or a phone number is needed to sign in");
}

static int check_password(struct promo_ctx *ctx, const struct promo_user_create_in *in)
{
	const struct promo_password_owner owner = {
		.first_name = in->first_name,
		.last_name = in->last_name,
		.email = in->email,
		.phone_number = in->phone_number,
	};

	return in->password ? promo_new_password_check(ctx, &owner, "/password", in->password) : 0;
}

int promo_user_create_check(struct promo_ctx *ctx, const struct promo_user_create_in *in)
{
	struct promo_role_key *roles;
	int r;

	r = check_identifier(ctx, in);
	if (r >= 0)
		r = check_password(ctx, in);
	if (r >= 0)
		r = find_roles(ctx, &in->roles, &roles);
	if (r < 0)
		return r;
	return ctx->problem.field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

int promo_user_create_before(struct promo_ctx *ctx, const struct promo_user_create_in *in)
{
	const char *hash = NULL;
	int r;

	r = promo_user_create_check(ctx, in);
	if (r || !in->password)
		return r;
	r = promo_new_password_hash(ctx, in->password, &hash);
	if (r)
		return r;
	ctx->before = promo_arena_strdup(ctx->arena, hash);
	return ctx->before ? 0 : promo_fault(-ENOMEM, "could not keep a password hash");
}

/* Gives the roles of a new user; those that wait for approval are listed. A role named twice, as
 * name and as id perhaps, is given once. */
static int give_roles(struct promo_ctx *ctx, const char *user_id,
	const struct promo_role_key *roles, size_t count, struct promo_objects *ret_waiting)
{
	const struct promo_role_change *change;
	struct promo_role_change *waiting;
	size_t waits = 0;

	waiting = promo_arena_alloc_array(ctx->arena, count, sizeof(*waiting));
	if (!waiting)
		return promo_fault(-ENOMEM, "could not give roles");
	for (size_t i = 0; i < count; i++) {
		bool again = false;
		int r;

		for (size_t j = 0; j < i; j++)
			again = again || strcmp(roles[j].id, roles[i].id) == 0;
		if (again)
			continue;
		r = promo_user_give_role(ctx, user_id, &roles[i], &change);
		if (r)
			return r;
		if (change)
			waiting[waits++] = *change;
	}
	*ret_waiting = (struct promo_objects){ .items = waiting, .count = waits };
	return 0;
}

static int insert_user(struct promo_ctx *ctx, const char *id, const struct promo_user_create_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_text(&params, in->first_name);
	promo_param_text(&params, in->last_name);
	promo_param_text(&params, in->email);
	promo_param_text(&params, in->phone_number);
	promo_param_text(&params, ctx->before); /* the password's hash, NULL without one */
	return promo_store_exec(ctx->store, PROMO_Q_USER_INSERT, &params, NULL);
}

/* Neither name nor address: both stand where who may see users looks. */
static int tell_of_user(struct promo_ctx *ctx, const char *id)
{
	return promo_tell(ctx,
		&(struct promo_event){
			.kind = PROMO_EVENT_USER_REGISTERED,
			.about_kind = "user",
			.about_id = id,
			.title = "There is a new user",
			.body = "Look at the list of users to see who it is and what he may do.",
			.count = PROMO_NULL_INT,
		});
}

int promo_user_create(
	struct promo_ctx *ctx, const struct promo_user_create_in *in, struct promo_user *ret)
{
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	struct promo_role_key *roles = NULL;
	struct promo_objects waiting;
	int r;

	if (!id)
		return promo_fault(-ENOMEM, "could not create a user");
	promo_uuid_new(id);
	/* The password took its time to be hashed. */
	r = promo_auth_again(ctx);
	if (!r)
		r = find_roles(ctx, &in->roles, &roles);
	if (!r)
		r = insert_user(ctx, id, in);
	if (r)
		return r;
	promo_audit_entity(ctx, "user", id);
	r = give_roles(ctx, id, roles, in->roles.count, &waiting);
	if (!r)
		r = promo_user_read(ctx, id, ret);
	if (r)
		return r;
	if (waiting.count)
		ret->role_changes = waiting;
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/users/%s", id);
	r = tell_of_user(ctx, id);
	if (!r)
		r = promo_user_welcome(ctx, ret);
	return r ? r : promo_audit_change(ctx, &promo_user_schema, "roles", NULL, ret);
}

/*
 * Changes.
 */

/* What the user becomes: the fields that were given, over what he was. */
static struct promo_managed_user merge(
	const struct promo_managed_user *was, const struct promo_user_update_in *in)
{
	const struct promo_schema *schema = &promo_user_update_in_schema;
	struct promo_managed_user becomes = *was;

	if (promo_present(schema, in, "first_name"))
		becomes.first_name = in->first_name;
	if (promo_present(schema, in, "last_name"))
		becomes.last_name = in->last_name;
	if (promo_present(schema, in, "email"))
		becomes.email = in->email;
	if (promo_present(schema, in, "phone_number"))
		becomes.phone_number = in->phone_number;
	if (promo_present(schema, in, "is_active"))
		becomes.is_active = in->is_active;
	return becomes;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Notes every field that changes; *ret tells whether any does. */
static int note_changes(struct promo_ctx *ctx, const struct promo_managed_user *was,
	const struct promo_managed_user *becomes, bool *ret)
{
	int r = 0;

	if (!same(was->first_name, becomes->first_name))
		r = promo_audit_change_hidden(ctx, "first_name");
	if (!r && !same(was->last_name, becomes->last_name))
		r = promo_audit_change_hidden(ctx, "last_name");
	if (!r && !same(was->email, becomes->email))
		r = promo_audit_change_hidden(ctx, "email");
	if (!r && !same(was->phone_number, becomes->phone_number))
		r = promo_audit_change_hidden(ctx, "phone_number");
	if (!r && was->is_active != becomes->is_active)
		r = promo_audit_change(ctx, &promo_managed_user_schema, "is_active", was, becomes);
	if (r)
		return r;
	*ret = ctx->audit.changes.count > 0;
	return 0;
}

static int write_user(struct promo_ctx *ctx, const struct promo_managed_user *user)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user->id);
	promo_param_text(&params, user->first_name);
	promo_param_text(&params, user->last_name);
	promo_param_text(&params, user->email);
	promo_param_text(&params, user->phone_number);
	promo_param_bool(&params, user->is_active);
	return promo_store_exec(ctx->store, PROMO_Q_USER_UPDATE, &params, NULL);
}

static bool is_renamed(
	const struct promo_managed_user *was, const struct promo_managed_user *becomes)
{
	return !same(was->first_name, becomes->first_name) ||
	       !same(was->last_name, becomes->last_name);
}

int promo_user_update(
	struct promo_ctx *ctx, const struct promo_user_update_in *in, struct promo_user *ret)
{
	struct promo_managed_user was, becomes;
	bool changes;
	int r;

	r = promo_user_manage(ctx, in->id, &was);
	if (r)
		return r;
	if (was.version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	becomes = merge(&was, in);
	if (!becomes.email && !becomes.phone_number)
		return promo_ctx_refuse_field(ctx, "/email", "required",
			"an e-mail address or a phone number is needed to sign in");
	if (was.is_active && !becomes.is_active && was.super_admin) {
		r = promo_user_keep_super_admin(ctx, was.id);
		if (r)
			return r;
	}
	r = note_changes(ctx, &was, &becomes, &changes);
	if (!r && changes)
		r = write_user(ctx, &becomes);
	/* His name stands in answers that are made without reading it again, and who has an API key
	 * may have no session that could end. */
	if (!r && (is_renamed(&was, &becomes) || was.is_active != becomes.is_active))
		r = promo_auth_changed(ctx, was.id);
	if (!r && was.is_active && !becomes.is_active)
		r = promo_session_end_all(ctx, was.id, NULL, NULL);
	return r ? r : promo_user_read(ctx, was.id, ret);
}

/* What anybody may change of himself, whatever his rank. */
int promo_me_update(
	struct promo_ctx *ctx, const struct promo_me_update_in *in, struct promo_user *ret)
{
	const struct promo_schema *schema = &promo_me_update_in_schema;
	struct promo_managed_user was, becomes;
	bool changes;
	int r;

	r = lock_user(ctx, ctx->actor->user_id, &was);
	if (r)
		return r == PROMO_E_NOT_FOUND ? PROMO_E_UNAUTHENTICATED : r;
	if (was.version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	becomes = was;
	if (promo_present(schema, in, "first_name"))
		becomes.first_name = in->first_name;
	if (promo_present(schema, in, "last_name"))
		becomes.last_name = in->last_name;
	if (promo_present(schema, in, "phone_number"))
		becomes.phone_number = in->phone_number;
	if (!becomes.email && !becomes.phone_number)
		return promo_ctx_refuse_field(ctx, "/phone_number", "required",
			"an e-mail address or a phone number is needed to sign in");
	r = note_changes(ctx, &was, &becomes, &changes);
	if (!r && changes)
		r = write_user(ctx, &becomes);
	if (!r && is_renamed(&was, &becomes))
		r = promo_auth_changed(ctx, was.id);
	return r ? r : promo_user_read(ctx, was.id, ret);
}

int promo_user_sessions(
	struct promo_ctx *ctx, const struct promo_user_sessions_in *in, struct promo_list *ret)
{
	struct promo_managed_user user;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (r)
		return r;
	return promo_session_page(ctx, in->id, in->limit, in->cursor, in->count, ret);
}

int promo_user_end_sessions(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_managed_user user;
	int r;

	r = promo_user_manage(ctx, in->id, &user);
	if (r)
		return r;
	return promo_session_end_all(ctx, in->id, NULL, NULL);
}
