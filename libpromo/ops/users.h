/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_user.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Users, their roles and sessions; bind.h says when and how the operations are called, the rows of
 * api/op_user.c what they may refuse. Design section 5: one manages only users of a lower rank than
 * one's own and gives or takes only roles of a lower rank; super-admins manage all. What anyone but
 * a super-admin asks for in roles waits for approval.
 */

PROMO_BEGIN_DECLS

#define PROMO_ROLE_SUPER_ADMIN "super-admin"

int promo_user_create_check(
	struct promo_ctx *ctx, const struct promo_user_create_in *in) PROMO_CHECK;
int promo_user_create_before(
	struct promo_ctx *ctx, const struct promo_user_create_in *in) PROMO_CHECK;
int promo_user_create(struct promo_ctx *ctx, const struct promo_user_create_in *in,
	struct promo_user *ret) PROMO_CHECK;
int promo_user_list(struct promo_ctx *ctx, const struct promo_user_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_user_show(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret) PROMO_CHECK;
int promo_user_update(struct promo_ctx *ctx, const struct promo_user_update_in *in,
	struct promo_user *ret) PROMO_CHECK;
int promo_me_update(struct promo_ctx *ctx, const struct promo_me_update_in *in,
	struct promo_user *ret) PROMO_CHECK;
int promo_user_delete(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;
int promo_user_unlock(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_user *ret) PROMO_CHECK;
int promo_user_assign_role(struct promo_ctx *ctx, const struct promo_user_role_in *in,
	struct promo_user *ret) PROMO_CHECK;
int promo_user_revoke_role(struct promo_ctx *ctx, const struct promo_user_role_in *in,
	struct promo_user *ret) PROMO_CHECK;
int promo_user_sessions(struct promo_ctx *ctx, const struct promo_user_sessions_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_user_end_sessions(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;

int promo_role_list(struct promo_ctx *ctx, const struct promo_role_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_permission_list(struct promo_ctx *ctx, const struct promo_role_list_in *in,
	struct promo_list *ret) PROMO_CHECK;

/* A user with his roles and permissions. PROMO_E_NOT_FOUND. */
int promo_user_read(struct promo_ctx *ctx, const char *user_id, struct promo_user *ret) PROMO_CHECK;

/* Locks a user whom the actor wants to change: one of a lower rank who may do nothing that the actor
 * may not do himself, since ranks say nothing of grants. PROMO_E_NOT_FOUND, PROMO_E_FORBIDDEN. */
int promo_user_manage(
	struct promo_ctx *ctx, const char *user_id, struct promo_managed_user *ret) PROMO_CHECK;

/* Holds off everyone else who takes a super-admin away until this transaction ends, and refuses
 * with PROMO_E_LAST_SUPER_ADMIN if no active one but this user is left. */
int promo_user_keep_super_admin(struct promo_ctx *ctx, const char *but_id) PROMO_CHECK;

/* Gives a role to a user whom the actor manages: at once if a super-admin asks, else *ret_change is
 * the change that now waits for approval, else NULL. PROMO_E_FORBIDDEN by rank,
 * PROMO_E_ROLE_ALREADY_ASSIGNED. */
int promo_user_give_role(struct promo_ctx *ctx, const char *user_id,
	const struct promo_role_key *role, const struct promo_role_change **ret_change) PROMO_CHECK;

/* A role by name or id; *ret_found tells. */
int promo_role_find(struct promo_ctx *ctx, const char *name_or_id, struct promo_role_key *ret,
	bool *ret_found) PROMO_CHECK;

PROMO_END_DECLS
