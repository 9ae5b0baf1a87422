/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_role.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/ops/users.h"
#include "libpromo/store/rows_access.h"

/*
 * Who may change whose rights (design section 5, docs/decisions/0032). One acts on users and roles of a
 * lower rank, hands on only what one may do oneself, and changes no role that one holds. A super-admin's
 * act is done at once; what anybody else asks for waits as a row of role_changes, and every rule is
 * looked at again, as things are then, when somebody else approves it: for who asked as for who
 * approves. What is common to both moments stands here.
 *
 * Locks are taken in this order: the change, the user, the role.
 */

PROMO_BEGIN_DECLS

int promo_role_show(
	struct promo_ctx *ctx, const struct promo_role_in *in, struct promo_role *ret) PROMO_CHECK;
int promo_role_create_check(
	struct promo_ctx *ctx, const struct promo_role_create_in *in) PROMO_CHECK;
int promo_role_create(struct promo_ctx *ctx, const struct promo_role_create_in *in,
	struct promo_role *ret) PROMO_CHECK;
int promo_role_update(struct promo_ctx *ctx, const struct promo_role_update_in *in,
	struct promo_role *ret) PROMO_CHECK;
int promo_role_delete(struct promo_ctx *ctx, const struct promo_role_in *in) PROMO_CHECK;

int promo_role_change_list(struct promo_ctx *ctx, const struct promo_role_change_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_role_change_approve(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_role_change *ret) PROMO_CHECK;
int promo_role_change_reject(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_role_change *ret) PROMO_CHECK;

int promo_user_permissions(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_user_permissions *ret) PROMO_CHECK;
int promo_user_set_permissions(struct promo_ctx *ctx, const struct promo_user_permissions_in *in,
	struct promo_user_permissions *ret) PROMO_CHECK;

/* Whether this rank is below the actor's; every rank is below a super-admin. */
static inline bool promo_outranks(const struct promo_actor *actor, int64_t rank)
{
	return actor->super_admin || rank < actor->rank;
}

/* Whether the actor may do all of this himself; who could act as somebody stronger would be it. */
static inline bool promo_outmatches(
	const struct promo_actor *actor, const struct promo_texts *permissions)
{
	return actor->super_admin ||
	       !(promo_permissions_from_keys(permissions) & ~actor->permissions);
}

/* Whether a user has a role. */
int promo_role_held(struct promo_ctx *ctx, const char *user_id, const struct promo_role_key *role,
	bool *ret) PROMO_CHECK;

/* Gives a role to a user, or takes it, whoever is behind it, and raises the epoch; then
 * promo_role_changed() raises his version and tells him. PROMO_E_LAST_SUPER_ADMIN. */
int promo_role_put(
	struct promo_ctx *ctx, const char *user_id, const struct promo_role_key *role) PROMO_CHECK;
int promo_role_take(struct promo_ctx *ctx, const struct promo_managed_user *user,
	const struct promo_role_key *role) PROMO_CHECK;
int promo_role_changed(struct promo_ctx *ctx, const char *user_id) PROMO_CHECK;

/* Tells a user that his rights changed, or who may decide that a change waits (user_id: whom it
 * concerns, NULL: a role). */
int promo_rights_tell(struct promo_ctx *ctx, const char *user_id, const char *title,
	const char *body) PROMO_CHECK;
int promo_rights_tell_asked(
	struct promo_ctx *ctx, const char *kind, const char *id, const char *body) PROMO_CHECK;

/* Answers with the change of this id, which waits. */
int promo_role_change_answer(struct promo_ctx *ctx, const char *id) PROMO_CHECK;

/* Locks a role by name or id and reads it as it is now. PROMO_E_NOT_FOUND. */
int promo_role_lock(
	struct promo_ctx *ctx, const char *name_or_id, struct promo_role *ret) PROMO_CHECK;

/* What is to become of a role. */
struct promo_role_edit {
	const char *name, *description; /* NULL: stays */
	int64_t rank;                   /* PROMO_NULL_INT: stays */
	bool sets_permissions;
	struct promo_texts permissions;
};
/* NULL, or why this actor may not make this of the role, for what he may do and whether he holds it;
 * *ret_missing is the permission that he would hand on without having it, or PROMO_P_NONE. */
const char *promo_role_edit_refusal(const struct promo_actor *actor, bool holds,
	const struct promo_role *was, const struct promo_role_edit *edit,
	enum promo_permission *ret_missing);
/* Does it, with the epoch of all who hold the role. PROMO_E_ROLE_BUILT_IN, PROMO_E_ROLE_IN_USE,
 * PROMO_E_ROLE_NAME_TAKEN. */
int promo_role_edit_apply(struct promo_ctx *ctx, const struct promo_role *was,
	const struct promo_role_edit *edit) PROMO_CHECK;

/* The permission that the actor lacks and a user would gain; PROMO_P_NONE if there is none. */
enum promo_permission promo_user_gains(const struct promo_actor *actor,
	const struct promo_user_permissions *was, const struct promo_texts *grant,
	const struct promo_texts *deny);
/* Makes these what is granted to a user and denied him, with his epoch, his version and the news to
 * him. PROMO_E_LAST_SUPER_ADMIN. */
int promo_user_permissions_apply(struct promo_ctx *ctx, const struct promo_managed_user *user,
	const struct promo_user_permissions *was, const struct promo_texts *grant,
	const struct promo_texts *deny) PROMO_CHECK;

/* Refuses with PROMO_E_FORBIDDEN and the missing permission as a member, where there is one. */
int promo_rights_refuse_missing(struct promo_ctx *ctx, enum promo_permission missing) PROMO_CHECK;

PROMO_END_DECLS
