/* SPDX-License-Identifier: MIT */
#include "libpromo/model/user.h"

#define T struct promo_user
static const struct promo_field user_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the user's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_COLUMN, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_COLUMN, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "e-mail address"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone number, E.164"),
	PROMO_F_BOOL(T, is_active, PROMO_COLUMN, "whether the user may sign in"),
	PROMO_F_BOOL(T, mfa_enabled, 0, "whether a second factor is enrolled"),
	PROMO_F_TIME(T, lockout_until, PROMO_NULLABLE, "sign-in is delayed until then"),
	PROMO_F_OBJECTS(T, roles, promo_ref_schema, PROMO_COLUMN, "the roles of the user"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, PROMO_OMIT_NULL, "what the user may do"),
	PROMO_F_OBJECTS(T, role_changes, promo_role_change_schema,
		PROMO_OMIT_NULL | PROMO_ONLY_WIRE,
		"roles that were asked for and wait for approval"),
	PROMO_F_TIME(T, last_login_at, PROMO_COLUMN | PROMO_NULLABLE, "last sign-in"),
	PROMO_F_TIME(T, created_at, 0, "when the account was made"),
	PROMO_F_TIME(T, updated_at, 0, "when it was last changed"),
	PROMO_F_INT(T, version, 0, 0, 0, "for If-Match"),
};
#undef T
const struct promo_schema promo_user_schema = PROMO_SCHEMA(struct promo_user, "user", user_fields);

#define T struct promo_role
static const struct promo_field role_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the role's id"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_COLUMN, "name"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_COLUMN, "what it is for"),
	PROMO_F_INT(T, rank, 0, 0, PROMO_COLUMN, "one manages only users of a lower rank"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what its holders may do"),
	PROMO_F_BOOL(T, built_in, 0, "whether it came with the product"),
	PROMO_F_TIME(T, created_at, 0, "when it was made"),
	PROMO_F_INT(T, version, 0, 0, 0, "for If-Match"),
};
#undef T
const struct promo_schema promo_role_schema = PROMO_SCHEMA(struct promo_role, "role", role_fields);

#define T struct promo_user_permissions
static const struct promo_field user_permissions_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the user's id"),
	PROMO_F_TEXTS(T, grant, 0, 0, NULL, 0, "what he may do beside what his roles allow"),
	PROMO_F_TEXTS(T, deny, 0, 0, NULL, 0, "what he may not do whatever his roles allow"),
	PROMO_F_INT(T, version, 0, 0, 0, "the user's version, for If-Match"),
};
#undef T
const struct promo_schema promo_user_permissions_schema =
	PROMO_SCHEMA(struct promo_user_permissions, "user_permissions", user_permissions_fields);

#define T struct promo_permission_row
static const struct promo_field permission_fields[] = {
	PROMO_F_TEXT(T, key, TEXT, 0, 0, PROMO_COLUMN, "the permission"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_COLUMN, "what it allows"),
};
#undef T
const struct promo_schema promo_permission_schema =
	PROMO_SCHEMA(struct promo_permission_row, "permission", permission_fields);

#define T struct promo_role_change
static const struct promo_field role_change_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the change's id"),
	PROMO_F_ENUM(T, kind, promo_role_change_kind_words, PROMO_COLUMN, "what is asked for"),
	PROMO_F_OBJECT(T, user, struct promo_ref, promo_ref_schema, PROMO_COLUMN | PROMO_NULLABLE,
		"the user concerned"),
	PROMO_F_OBJECT(T, role, struct promo_ref, promo_ref_schema, PROMO_COLUMN | PROMO_NULLABLE,
		"the role concerned"),
	PROMO_F_TEXT(T, change, JSON, 0, 0, 0, "the particulars"),
	PROMO_F_ENUM(T, status, promo_approval_words, PROMO_COLUMN, "where it stands"),
	PROMO_F_OBJECT(T, requested_by, struct promo_ref, promo_ref_schema, PROMO_COLUMN,
		"who asked for it"),
	PROMO_F_OBJECT(T, decided_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"who decided it"),
	PROMO_F_TIME(T, created_at, 0, "when it was asked for"),
	PROMO_F_TIME(T, decided_at, PROMO_NULLABLE, "when it was decided"),
};
#undef T
const struct promo_schema promo_role_change_schema =
	PROMO_SCHEMA(struct promo_role_change, "role_change", role_change_fields);

#define T struct promo_session
static const struct promo_field session_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the session's id"),
	PROMO_F_TEXT(T, ip, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "where it signed in from"),
	PROMO_F_TEXT(T, user_agent, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "with what"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it signed in"),
	PROMO_F_TIME(T, last_seen_at, PROMO_COLUMN, "last use, to the minute"),
	PROMO_F_TIME(T, expires_at, 0, "when it ends at the latest"),
	PROMO_F_BOOL(T, current, PROMO_COLUMN, "whether it is the one that asks"),
};
#undef T
const struct promo_schema promo_session_schema =
	PROMO_SCHEMA(struct promo_session, "session", session_fields);
