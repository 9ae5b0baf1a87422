/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_role.h"

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_user.h"

enum {
	NAME_MAX_CHARS = 30,
	DESCRIPTION_MAX_CHARS = 200,
};

#define F_ROLE(T)                                                                                  \
	PROMO_F_TEXT(T, id, TEXT, 1, 100, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,       \
		"name or id of the role")
#define F_PERMISSIONS(T, flags)                                                                    \
	PROMO_F_TEXTS(T, permissions, 0, PROMO_P_COUNT - 1, &promo_permission_words, (flags),      \
		"what its holders may do, of what you may do yourself")

#define T struct promo_role_in
static const struct promo_field role_in[] = { F_ROLE(T) };
#undef T
static const struct promo_schema role_in_schema =
	PROMO_INPUT(struct promo_role_in, "role_in", role_in);

#define T struct promo_role_create_in
static const struct promo_field role_create_in[] = {
	PROMO_F_TEXT(T, name, TEXT, 2, NAME_MAX_CHARS, PROMO_REQUIRED | PROMO_POSITIONAL,
		"name: small letters, digits and dashes"),
	PROMO_F_TEXT(T, description, TEXT, 0, DESCRIPTION_MAX_CHARS, 0, "what it is for"),
	PROMO_F_INT(T, rank, 1, PROMO_ROLE_RANK_MOST, 0, "below your own; low unless said"),
	F_PERMISSIONS(T, 0),
};
#undef T
const struct promo_schema promo_role_create_in_schema =
	PROMO_INPUT(struct promo_role_create_in, "role_create_in", role_create_in);

#define T struct promo_role_update_in
static const struct promo_field role_update_in[] = {
	F_ROLE(T),
	PROMO_F_TEXT(T, name, TEXT, 2, NAME_MAX_CHARS, 0, "name"),
	PROMO_F_TEXT(T, description, TEXT, 0, DESCRIPTION_MAX_CHARS, 0, "what it is for"),
	PROMO_F_INT(T, rank, 1, PROMO_ROLE_RANK_MOST, 0, "below your own"),
	F_PERMISSIONS(T, 0),
};
#undef T
const struct promo_schema promo_role_update_in_schema =
	PROMO_INPUT(struct promo_role_update_in, "role_update_in", role_update_in);

#define T struct promo_role_change_list_in
static const struct promo_field role_change_list_in[] = {
	PROMO_F_TEXTS(T, status, 0, 3, &promo_approval_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema role_change_list_in_schema =
	PROMO_INPUT(struct promo_role_change_list_in, "role_change_list_in", role_change_list_in);

#define T struct promo_user_permissions_in
static const struct promo_field user_permissions_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_F_TEXTS(T, grant, 0, PROMO_P_COUNT - 1, &promo_permission_words, 0,
		"what he may do beside what his roles allow; no others"),
	PROMO_F_TEXTS(T, deny, 0, PROMO_P_COUNT - 1, &promo_permission_words, 0,
		"what he may not do whatever his roles allow; no others"),
};
#undef T
static const struct promo_schema user_permissions_in_schema =
	PROMO_INPUT(struct promo_user_permissions_in, "user_permissions_in", user_permissions_in);

#define T struct promo_role_change_answer
static const struct promo_field role_change_answer[] = {
	PROMO_F_OBJECT(T, role_change, struct promo_role_change, promo_role_change_schema, 0,
		"the change that waits for approval"),
};
#undef T
const struct promo_schema promo_role_change_answer_schema =
	PROMO_SCHEMA(struct promo_role_change_answer, "role_change_answer", role_change_answer);

const struct promo_op promo_op_role_show = {
	.name = "role.show",
	.summary = "Show a role",
	.method = PROMO_GET,
	.path = "/roles/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.flags = PROMO_OP_ETAG,
	.in = &role_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_role_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo role show batch-manager",
};

const struct promo_op promo_op_role_create = {
	.name = "role.create",
	.summary = "Make a role of a lower rank, of permissions that you hold yourself",
	.method = PROMO_POST,
	.path = "/roles",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_ETAG,
	.in = &promo_role_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_role_schema,
	.status = 201,
	.errors = { { PROMO_E_ROLE_NAME_TAKEN } },
	.examples = "promo role create cashier --permissions promo-codes.search "
		    "--permissions redemptions.create.manual",
};

const struct promo_op promo_op_role_update = {
	.name = "role.update",
	.summary = "Change a role; for anyone but a super-admin the change waits for approval",
	.method = PROMO_PATCH,
	.path = "/roles/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,
	.in = &promo_role_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_role_schema,
	.status = 200,
	.other_status = 202,
	.other_out = &promo_role_change_answer_schema,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_ROLE_NAME_TAKEN }, { PROMO_E_ROLE_BUILT_IN },
		{ PROMO_E_ROLE_IN_USE } },
	.examples = "promo role update cashier --description 'at the counter'",
};

const struct promo_op promo_op_role_delete = {
	.name = "role.delete",
	.summary = "Delete a role that nobody has",
	.method = PROMO_DELETE,
	.path = "/roles/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &role_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_ROLE_BUILT_IN }, { PROMO_E_ROLE_IN_USE } },
	.examples = "promo role delete cashier",
};

const struct promo_op promo_op_role_change_list = {
	.name = "role-change.list",
	.summary = "List changes of rights that wait for approval, or did",
	.method = PROMO_GET,
	.path = "/role-changes",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.in = &role_change_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_role_change_schema,
	.status = 200,
	.examples = "promo role-change list --status pending",
};

const struct promo_op promo_op_role_change_approve = {
	.name = "role-change.approve",
	.summary = "Approve a change of rights that somebody else asked for, about somebody else",
	.method = PROMO_POST,
	.path = "/role-changes/{id}/approve",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_role_change_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_ROLE_CHANGE_DECIDED },
		{ PROMO_E_ROLE_CHANGE_STALE }, { PROMO_E_ROLE_NAME_TAKEN } },
	.examples = "promo role-change approve 0190a1b2-...",
};

const struct promo_op promo_op_role_change_reject = {
	.name = "role-change.reject",
	.summary = "Reject a change of rights, or withdraw one's own",
	.method = PROMO_POST,
	.path = "/role-changes/{id}/reject",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_role_change_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_ROLE_CHANGE_DECIDED } },
};

const struct promo_op promo_op_user_permissions = {
	.name = "user.permissions",
	.summary = "Show what a user is granted and denied beside his roles",
	.method = PROMO_GET,
	.path = "/users/{id}/permissions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_ETAG,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_permissions_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_user_set_permissions = {
	.name = "user.set-permissions",
	.summary = "Set what a user is granted and denied beside his roles; for anyone but a "
		   "super-admin it waits for approval",
	.method = PROMO_PUT,
	.path = "/users/{id}/permissions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_PERMISSIONS_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,
	.in = &user_permissions_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_permissions_schema,
	.status = 200,
	.other_status = 202,
	.other_out = &promo_role_change_answer_schema,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_LAST_SUPER_ADMIN } },
	.examples = "promo user set-permissions aline@example.com --grant audit.read",
};
