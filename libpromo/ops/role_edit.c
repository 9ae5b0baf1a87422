/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/roles.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/role_name.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	RANK_DEFAULT = 30 /* between a counter and the support */
};

int promo_rights_refuse_missing(struct promo_ctx *ctx, enum promo_permission missing)
{
	int r = promo_auth_need(ctx, missing);

	/* Who asks may have it by now; that he did not is what was decided upon. */
	return r ? r : promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN, "one hands on only what one holds");
}

static int read_role(struct promo_ctx *ctx, const char *name_or_id, struct promo_role *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, name_or_id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_SHOW, &params, ret);
}

int promo_role_lock(struct promo_ctx *ctx, const char *name_or_id, struct promo_role *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_role_key key;
	int r;

	promo_param_text(&params, name_or_id);
	/* Two statements: one that waited for the lock still sees the permissions as they were. */
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_LOCK, &params, &key);
	if (!r)
		r = read_role(ctx, key.id, ret);
	return r ? r : promo_auth_again(ctx);
}

int promo_role_show(struct promo_ctx *ctx, const struct promo_role_in *in, struct promo_role *ret)
{
	int r = read_role(ctx, in->id, ret);

	if (!r)
		promo_audit_entity(ctx, "role", ret->id);
	return r;
}

static int permit(struct promo_ctx *ctx, const char *role_id, struct promo_texts permissions)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, role_id);
	promo_param_texts(&params, permissions);
	return promo_store_exec(ctx->store, PROMO_Q_ROLE_PERMIT, &params, NULL);
}

/*
 * Made.
 */

static int check_name(struct promo_ctx *ctx, const char *name)
{
	if (!name || promo_role_name_valid(name))
		return 0;
	return promo_ctx_refuse_field(ctx, "/name", "invalid_name",
		"has to be of small letters, digits and single dashes, a letter first");
}

int promo_role_create_check(struct promo_ctx *ctx, const struct promo_role_create_in *in)
{
	return check_name(ctx, in->name);
}

/* The permission of a set that an actor lacks. */
static enum promo_permission lacks(promo_permissions has, promo_permissions wanted)
{
	for (int i = 1; i < PROMO_P_COUNT; i++)
		if (promo_permissions_has(wanted & ~has, (enum promo_permission)i))
			return (enum promo_permission)i;
	return PROMO_P_NONE;
}

static int insert_role(
	struct promo_ctx *ctx, const char *id, const struct promo_role_create_in *in, int64_t rank)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	promo_param_text(&params, in->name);
	promo_param_text(&params, in->description ? in->description : "");
	promo_param_int(&params, rank);
	r = promo_store_exec(ctx->store, PROMO_Q_ROLE_INSERT, &params, NULL);
	return r ? r : permit(ctx, id, in->permissions);
}

static int64_t rank_of_new(const struct promo_actor *actor, int64_t asked)
{
	if (asked != PROMO_NULL_INT)
		return asked;
	return promo_outranks(actor, RANK_DEFAULT) ? RANK_DEFAULT : actor->rank - 1;
}

int promo_role_create(
	struct promo_ctx *ctx, const struct promo_role_create_in *in, struct promo_role *ret)
{
	const int64_t rank = rank_of_new(ctx->actor, in->rank);
	const enum promo_permission missing =
		lacks(ctx->actor->permissions, promo_permissions_from_keys(&in->permissions));
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	int r = 0;

	if (!id)
		return promo_fault(-ENOMEM, "could not make a role");
	if (rank < 1 || !promo_outranks(ctx->actor, rank))
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "a role ranks below whoever makes it");
	if (missing)
		return promo_rights_refuse_missing(ctx, missing);
	promo_uuid_new(id);
	promo_audit_entity(ctx, "role", id);
	r = insert_role(ctx, id, in, rank);
	if (!r)
		r = read_role(ctx, id, ret);
	if (!r)
		r = promo_audit_change(ctx, &promo_role_schema, "rank", NULL, ret);
	if (!r)
		r = promo_audit_change(ctx, &promo_role_schema, "permissions", NULL, ret);
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/roles/%s", id);
	return r;
}

/*
 * Changed.
 */

const char *promo_role_edit_refusal(const struct promo_actor *actor, bool holds,
	const struct promo_role *was, const struct promo_role_edit *edit,
	enum promo_permission *ret_missing)
{
	*ret_missing = PROMO_P_NONE;
	if (!promo_outranks(actor, was->rank))
		return "one changes only roles of a lower rank";
	if (holds)
		return "nobody changes a role that he holds";
	if (edit->rank != PROMO_NULL_INT && !promo_outranks(actor, edit->rank))
		return "a role ranks below whoever makes it so";
	if (!edit->sets_permissions)
		return NULL;
	*ret_missing =
		lacks(actor->permissions, promo_permissions_from_keys(&edit->permissions) &
						  ~promo_permissions_from_keys(&was->permissions));
	return *ret_missing ? "one hands on only what one holds" : NULL;
}

/* The settings call roles by name: whoever must have a second factor would need none any more. */
static int refuse_named(struct promo_ctx *ctx, const struct promo_role *role)
{
	if (!promo_settings_lists(ctx->settings, PROMO_SETTING_MFA_REQUIRED_ROLES, role->name))
		return 0;
	return promo_ctx_refuse(ctx, PROMO_E_ROLE_IN_USE,
		"the setting two_factor_authentication.required_roles names this role");
}

static bool differs(const char *now, const char *becomes)
{
	return becomes && strcmp(now, becomes) != 0;
}

static int note_edit(
	struct promo_ctx *ctx, const struct promo_role *was, const struct promo_role *is)
{
	static const char *const fields[] = { "name", "description", "rank", "permissions" };
	const bool changed[] = {
		strcmp(was->name, is->name) != 0,
		strcmp(was->description, is->description) != 0,
		was->rank != is->rank,
		promo_permissions_from_keys(&was->permissions) !=
			promo_permissions_from_keys(&is->permissions),
	};
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		if (changed[i])
			r = promo_audit_change(ctx, &promo_role_schema, fields[i], was, is);
	return r;
}

static bool is_fixed(const struct promo_role *was, const struct promo_role_edit *edit)
{
	const bool ranks = edit->rank != PROMO_NULL_INT && edit->rank != was->rank;

	return strcmp(was->name, PROMO_ROLE_SUPER_ADMIN) == 0 ||
	       (was->built_in && (ranks || differs(was->name, edit->name)));
}

int promo_role_edit_apply(
	struct promo_ctx *ctx, const struct promo_role *was, const struct promo_role_edit *edit)
{
	const bool renames = differs(was->name, edit->name);
	const bool ranks = edit->rank != PROMO_NULL_INT && edit->rank != was->rank;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params holders = PROMO_PARAMS(ctx->arena);
	struct promo_role is;
	int r = 0;

	if (is_fixed(was, edit))
		return PROMO_E_ROLE_BUILT_IN;
	if (renames)
		r = refuse_named(ctx, was);
	promo_param_text(&params, was->id);
	promo_param_text(&params, renames ? edit->name : was->name);
	promo_param_text(&params, edit->description ? edit->description : was->description);
	promo_param_int(&params, ranks ? edit->rank : was->rank);
	promo_param_text(&holders, was->id);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_ROLE_UPDATE, &params, NULL);
	if (!r && edit->sets_permissions)
		r = permit(ctx, was->id, edit->permissions);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_AUTH_CHANGEROLE, &holders, NULL);
	if (!r)
		r = read_role(ctx, was->id, &is);
	return r ? r : note_edit(ctx, was, &is);
}

/* Whether anything would become another than it is. */
static bool changes(const struct promo_role *was, const struct promo_role_edit *edit)
{
	return differs(was->name, edit->name) || differs(was->description, edit->description) ||
	       (edit->rank != PROMO_NULL_INT && edit->rank != was->rank) ||
	       (edit->sets_permissions && promo_permissions_from_keys(&edit->permissions) !=
						  promo_permissions_from_keys(&was->permissions));
}

static int ask(
	struct promo_ctx *ctx, const struct promo_role *was, const struct promo_role_edit *edit)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row waits;
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, was->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_int(&params, was->version);
	promo_param_text(&params, edit->name);
	promo_param_text(&params, edit->description);
	promo_param_int(&params, edit->rank);
	if (edit->sets_permissions)
		promo_param_texts(&params, edit->permissions);
	else
		promo_param_null(&params);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_CHANGE_EDIT, &params, &waits);
	if (!r)
		r = promo_rights_tell_asked(
			ctx, "role", was->id, "What the holders of a role may do is to change.");
	return r ? r : promo_role_change_answer(ctx, waits.id);
}

/* Whether the actor may, and whether the role may become so at all. */
static int check_edit(
	struct promo_ctx *ctx, const struct promo_role *was, const struct promo_role_edit *edit)
{
	const struct promo_role_key key = { .id = was->id, .name = was->name, .rank = was->rank };
	enum promo_permission missing;
	const char *why;
	bool holds;
	int r;

	r = promo_role_held(ctx, ctx->actor->user_id, &key, &holds);
	if (r)
		return r;
	why = promo_role_edit_refusal(ctx->actor, holds, was, edit, &missing);
	if (missing)
		return promo_rights_refuse_missing(ctx, missing);
	return why ? promo_ctx_refuse(ctx, PROMO_E_FORBIDDEN, "%s", why) : 0;
}

int promo_role_update(
	struct promo_ctx *ctx, const struct promo_role_update_in *in, struct promo_role *ret)
{
	const struct promo_role_edit edit = {
		.name = in->name,
		.description = in->description,
		.rank = in->rank,
		.sets_permissions = promo_present(&promo_role_update_in_schema, in, "permissions"),
		.permissions = in->permissions,
	};
	struct promo_role was;
	int r;

	r = check_name(ctx, in->name);
	if (!r)
		r = promo_role_lock(ctx, in->id, &was);
	if (r)
		return r;
	promo_audit_entity(ctx, "role", was.id);
	if (was.version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	r = check_edit(ctx, &was, &edit);
	if (r)
		return r;
	if (!changes(&was, &edit)) {
		*ret = was;
		return 0;
	}
	if (is_fixed(&was, &edit))
		return PROMO_E_ROLE_BUILT_IN;
	if (!ctx->actor->super_admin)
		return ask(ctx, &was, &edit);
	r = promo_role_edit_apply(ctx, &was, &edit);
	return r ? r : read_role(ctx, was.id, ret);
}

/*
 * Deleted. Nobody holds it, so nobody's rights change and nobody has to approve; what waited about it
 * is rejected, so that a role of the same name inherits nothing.
 */

static int check_unused(struct promo_ctx *ctx, const struct promo_role *role)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row holders;
	int r;

	promo_param_text(&params, role->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_ROLE_HOLDERS, &params, &holders);
	if (!r && holders.count > 0)
		r = PROMO_E_ROLE_IN_USE;
	return r ? r : refuse_named(ctx, role);
}

int promo_role_delete(struct promo_ctx *ctx, const struct promo_role_in *in)
{
	struct promo_params id = PROMO_PARAMS(ctx->arena), orphan = PROMO_PARAMS(ctx->arena);
	struct promo_role role;
	int r;

	r = promo_role_lock(ctx, in->id, &role);
	if (r)
		return r;
	promo_audit_entity(ctx, "role", role.id);
	if (!promo_outranks(ctx->actor, role.rank))
		return promo_ctx_refuse(
			ctx, PROMO_E_FORBIDDEN, "one changes only roles of a lower rank");
	if (role.built_in)
		return PROMO_E_ROLE_BUILT_IN;
	r = check_unused(ctx, &role);
	promo_param_text(&id, role.id);
	promo_param_text(&orphan, role.id);
	promo_param_text(&orphan, role.name);
	promo_param_text(&orphan, ctx->actor->user_id);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_ROLE_CHANGE_ORPHAN, &orphan, NULL);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_ROLE_DELETE, &id, NULL);
	if (!r)
		r = promo_audit_change(ctx, &promo_role_schema, "name", &role, NULL);
	return r;
}
