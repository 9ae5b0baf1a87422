/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/user.h"

/* Roles that people make, what single users are granted and denied, and the changes of rights that
 * wait for approval. */

PROMO_BEGIN_DECLS

enum {
	PROMO_ROLE_RANK_MOST = 99, /* of a role that somebody makes: below super-admin */
};

/* One role by its name or its id. */
struct promo_role_in {
	struct promo_set set;
	const char *id;
};

struct promo_role_create_in {
	struct promo_set set;
	const char *name, *description;
	int64_t rank; /* PROMO_NULL_INT: low */
	struct promo_texts permissions;
};
extern const struct promo_schema promo_role_create_in_schema;

struct promo_role_update_in {
	struct promo_set set;
	const char *id, *name, *description;
	int64_t rank;
	struct promo_texts permissions;
};
extern const struct promo_schema promo_role_update_in_schema;

struct promo_role_change_list_in {
	struct promo_set set;
	struct promo_texts status; /* words of promo_approval_words */
	PROMO_LIST_MEMBERS;
};

struct promo_user_permissions_in {
	struct promo_set set;
	const char *id;
	struct promo_texts grant, deny; /* permissions; what is not named is neither */
};

extern const struct promo_op promo_op_role_show, promo_op_role_create, promo_op_role_update,
	promo_op_role_delete, promo_op_role_change_list, promo_op_role_change_approve,
	promo_op_role_change_reject, promo_op_user_permissions, promo_op_user_set_permissions;

PROMO_END_DECLS
