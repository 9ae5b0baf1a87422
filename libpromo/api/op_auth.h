/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/user.h"

/* Sign-in, the own profile and the own sessions. */

PROMO_BEGIN_DECLS

enum {
	PROMO_PASSWORD_MAX = 128
}; /* characters; NIST SP 800-63B asks for at least 64 */

struct promo_login_in {
	struct promo_set set;
	const char *identifier, *password;
	bool remember, cookie;
};

struct promo_login_answer {
	const char *token; /* NULL: it stands in a cookie */
	int64_t expires_at;
	const struct promo_user *user;
	struct promo_texts permissions;
	bool mfa_enrolment_required;
};
extern const struct promo_schema promo_login_answer_schema;

struct promo_session_answer {
	const struct promo_user *user;
	struct promo_texts permissions;
	const struct promo_session *session;
};

struct promo_me_password_in {
	struct promo_set set;
	const char *current_password, *new_password;
};

struct promo_me_update_in {
	struct promo_set set;
	const char *first_name, *last_name, *phone_number;
};
extern const struct promo_schema promo_me_update_in_schema;

struct promo_session_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

/* An operation that takes nothing but the id in its path. */
struct promo_id_in {
	struct promo_set set;
	const char *id;
};
extern const struct promo_schema promo_id_in_schema;

extern const struct promo_op promo_op_auth_login, promo_op_auth_logout, promo_op_auth_session,
	promo_op_me_show, promo_op_me_update, promo_op_me_password, promo_op_session_list,
	promo_op_session_end;

PROMO_END_DECLS
