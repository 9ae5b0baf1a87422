/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* Users, roles, permissions, sessions and changes of roles that wait for approval. */

PROMO_BEGIN_DECLS

struct promo_user {
	const char *id, *first_name, *last_name, *email, *phone_number;
	bool is_active, mfa_enabled;
	int64_t lockout_until;
	struct promo_objects roles;        /* of struct promo_ref */
	struct promo_texts permissions;    /* in /me, login and single reads */
	struct promo_objects role_changes; /* of struct promo_role_change: those that now wait */
	int64_t last_login_at, created_at, updated_at, version;
};
extern const struct promo_schema promo_user_schema;

struct promo_role {
	const char *id, *name, *description;
	int64_t rank; /* one manages only users of a lower rank than one's own */
	struct promo_texts permissions;
	bool built_in;
	int64_t created_at, version;
};
extern const struct promo_schema promo_role_schema;

/* What is granted to a user and denied him, beside his roles. */
struct promo_user_permissions {
	const char *id;
	struct promo_texts grant, deny;
	int64_t version; /* of the user */
};
extern const struct promo_schema promo_user_permissions_schema;

struct promo_permission_row {
	const char *key, *description;
};
extern const struct promo_schema promo_permission_schema;

struct promo_role_change {
	const char *id;
	int kind; /* enum promo_role_change_kind */
	const struct promo_ref *user, *role;
	const char *change; /* JSON */
	int status;         /* enum promo_approval */
	const struct promo_ref *requested_by, *decided_by;
	int64_t created_at, decided_at;
};
extern const struct promo_schema promo_role_change_schema;

struct promo_session {
	const char *id, *ip, *user_agent;
	int64_t created_at, last_seen_at, expires_at;
	bool current;
};
extern const struct promo_schema promo_session_schema;

PROMO_END_DECLS
