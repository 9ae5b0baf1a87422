/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/user.h"

/* Users, their roles and sessions; the roles and permissions there are. */

PROMO_BEGIN_DECLS

struct promo_user_create_in {
	struct promo_set set;
	const char *first_name, *last_name, *email, *phone_number, *password;
	struct promo_texts roles; /* names or ids */
};
extern const struct promo_schema promo_user_create_in_schema;

struct promo_user_update_in {
	struct promo_set set;
	const char *id, *first_name, *last_name, *email, *phone_number;
	bool is_active;
};
extern const struct promo_schema promo_user_update_in_schema;

struct promo_user_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	int sort;
	const char *q, *role;
	bool is_active;
};
extern const struct promo_schema promo_user_list_in_schema;

struct promo_user_role_in {
	struct promo_set set;
	const char *id, *role; /* the role's name or id */
};

struct promo_user_sessions_in {
	struct promo_set set;
	const char *id;
	PROMO_LIST_MEMBERS;
};

struct promo_role_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

struct promo_role_change_answer {
	const struct promo_role_change *role_change;
};
extern const struct promo_schema promo_role_change_answer_schema;

extern const struct promo_op promo_op_user_create, promo_op_user_list, promo_op_user_show,
	promo_op_user_update, promo_op_user_assign_role, promo_op_user_revoke_role,
	promo_op_user_sessions, promo_op_user_end_sessions, promo_op_role_list,
	promo_op_permission_list, promo_op_user_delete, promo_op_user_unlock;

PROMO_END_DECLS
