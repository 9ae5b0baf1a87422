/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/registration.h"

/* People who register themselves, where the settings let them: an account is made when somebody
 * approves of it. */

PROMO_BEGIN_DECLS

struct promo_registration_create_in {
	struct promo_set set;
	const char *first_name, *last_name, *email, *phone_number, *password;
};
extern const struct promo_schema promo_registration_create_in_schema;

struct promo_registration_list_in {
	struct promo_set set;
	int status; /* enum promo_approval */
	PROMO_LIST_MEMBERS;
};

extern const struct promo_op promo_op_registration_create, promo_op_registration_list,
	promo_op_registration_approve, promo_op_registration_reject;

PROMO_END_DECLS
