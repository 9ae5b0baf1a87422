/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_user.h"

#include "libpromo/api/op_auth.h"

enum {
	NAME_MAX_CHARS = 100,
	EMAIL_MAX_BYTES = 254 /* RFC 5321 4.5.3.1.3 */
};

#define T struct promo_user_create_in
static const struct promo_field user_create_in[] = {
	PROMO_F_TEXT(T, first_name, TEXT, 1, NAME_MAX_CHARS, PROMO_REQUIRED, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 1, NAME_MAX_CHARS, PROMO_REQUIRED, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, EMAIL_MAX_BYTES, PROMO_NULLABLE,
		"e-mail address; this or the phone number is needed to sign in"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone number"),
	PROMO_F_TEXT(T, password, SECRET, 1, 128, PROMO_RAW,
		"first password; without one the user cannot sign in yet"),
	PROMO_F_TEXTS(T, roles, 0, 20, NULL, 0, "names or ids of roles"),
};
#undef T
const struct promo_schema promo_user_create_in_schema =
	PROMO_INPUT(struct promo_user_create_in, "user_create_in", user_create_in);

#define T struct promo_user_update_in
static const struct promo_field user_update_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 1, NAME_MAX_CHARS, 0, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 1, NAME_MAX_CHARS, 0, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, EMAIL_MAX_BYTES, PROMO_NULLABLE, "e-mail address"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone number"),
	PROMO_F_BOOL(T, is_active, 0, "false: may no longer sign in, and every session ends"),
};
#undef T
const struct promo_schema promo_user_update_in_schema =
	PROMO_INPUT(struct promo_user_update_in, "user_update_in", user_update_in);

#define T struct promo_user_list_in
static const struct promo_words user_sorts =
	PROMO_SORTS("created_at", "-created_at", "last_name", "-last_name", "email", "-email");
static const struct promo_field user_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_SORT(T, user_sorts),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY, "part of a name, e-mail or phone"),
	PROMO_F_TEXT(T, role, TEXT, 1, 100, PROMO_IN_QUERY, "name or id of a role"),
	PROMO_F_BOOL(T, is_active, PROMO_IN_QUERY, "active ones, or those that are not"),
};
#undef T
const struct promo_schema promo_user_list_in_schema =
	PROMO_INPUT(struct promo_user_list_in, "user_list_in", user_list_in);

#define T struct promo_user_role_in
static const struct promo_field assign_role_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_F_TEXT(
		T, role, TEXT, 1, 100, PROMO_REQUIRED | PROMO_POSITIONAL, "name or id of the role"),
};
static const struct promo_field revoke_role_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_F_TEXT(T, role, TEXT, 1, 100, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"name or id of the role"),
};
#undef T
static const struct promo_schema assign_role_in_schema =
	PROMO_INPUT(struct promo_user_role_in, "user_assign_role_in", assign_role_in);
static const struct promo_schema revoke_role_in_schema =
	PROMO_INPUT(struct promo_user_role_in, "user_revoke_role_in", revoke_role_in);

#define T struct promo_user_sessions_in
static const struct promo_field user_sessions_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema user_sessions_in_schema =
	PROMO_INPUT(struct promo_user_sessions_in, "user_sessions_in", user_sessions_in);

#define T struct promo_role_list_in
static const struct promo_field role_list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema role_list_in_schema =
	PROMO_INPUT(struct promo_role_list_in, "role_list_in", role_list_in);

const struct promo_op promo_op_user_create = {
	.name = "user.create",
	.summary = "Create a user",
	.method = PROMO_POST,
	.path = "/users",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_CREATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_HASHES | PROMO_OP_ETAG,
	.in = &promo_user_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 201,
	.errors = { { PROMO_E_EMAIL_TAKEN }, { PROMO_E_PHONE_NUMBER_TAKEN },
		{ PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo user create --first-name Aline --last-name Uwase "
		    "--email aline@example.com --roles batch-manager",
};

const struct promo_op promo_op_user_list = {
	.name = "user.list",
	.summary = "List users",
	.method = PROMO_GET,
	.path = "/users",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.in = &promo_user_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_user_schema,
	.status = 200,
};

const struct promo_op promo_op_user_show = {
	.name = "user.show",
	.summary = "Show a user",
	.method = PROMO_GET,
	.path = "/users/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.flags = PROMO_OP_ETAG,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_user_update = {
	.name = "user.update",
	.summary = "Change a user, or deactivate him",
	.method = PROMO_PATCH,
	.path = "/users/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,
	.in = &promo_user_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_EMAIL_TAKEN }, { PROMO_E_PHONE_NUMBER_TAKEN },
		{ PROMO_E_LAST_SUPER_ADMIN } },
	.examples = "promo user update 0190a1b2-... --is-active false",
};

const struct promo_op promo_op_user_delete = {
	.name = "user.delete",
	.summary = "Delete a user: all that is personal goes, history keeps pointing at him",
	.method = PROMO_DELETE,
	.path = "/users/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_DELETE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_LAST_SUPER_ADMIN } },
	.examples = "promo user delete aline@example.com",
};

const struct promo_op promo_op_user_unlock = {
	.name = "user.unlock",
	.summary = "Let a user sign in again who gave too many wrong passwords",
	.method = PROMO_POST,
	.path = "/users/{id}/unlock",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_ETAG,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo user unlock aline@example.com",
};

const struct promo_op promo_op_user_assign_role = {
	.name = "user.assign-role",
	.summary = "Give a user a role",
	.method = PROMO_POST,
	.path = "/users/{id}/roles",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_ROLES_ASSIGN } },
	.flags = PROMO_OP_WRITES,
	.in = &assign_role_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.other_status = 202,
	.other_out = &promo_role_change_answer_schema,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_ROLE_ALREADY_ASSIGNED } },
	.examples = "promo user assign-role 0190a1b2-... batch-manager",
};

const struct promo_op promo_op_user_revoke_role = {
	.name = "user.revoke-role",
	.summary = "Take a role from a user",
	.method = PROMO_DELETE,
	.path = "/users/{id}/roles/{role}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_ROLES_REVOKE } },
	.flags = PROMO_OP_WRITES,
	.in = &revoke_role_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.other_status = 202,
	.other_out = &promo_role_change_answer_schema,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_LAST_SUPER_ADMIN } },
};

const struct promo_op promo_op_user_sessions = {
	.name = "user.sessions",
	.summary = "List the sessions of a user",
	.method = PROMO_GET,
	.path = "/users/{id}/sessions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.in = &user_sessions_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_session_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_user_end_sessions = {
	.name = "user.end-sessions",
	.summary = "End every session of a user",
	.method = PROMO_DELETE,
	.path = "/users/{id}/sessions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_role_list = {
	.name = "role.list",
	.summary = "List the roles",
	.method = PROMO_GET,
	.path = "/roles",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.in = &role_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_role_schema,
	.status = 200,
};

const struct promo_op promo_op_permission_list = {
	.name = "permission.list",
	.summary = "List the permissions",
	.method = PROMO_GET,
	.path = "/permissions",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_READ } },
	.in = &role_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_permission_schema,
	.status = 200,
};
