/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"

#include "libpromo/api/op_mfa.h"

enum {
	NAME_MAX_CHARS = 100
};

#define T struct promo_id_in
static const struct promo_field id_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL, "the id"),
};
#undef T
const struct promo_schema promo_id_in_schema = PROMO_INPUT(struct promo_id_in, "id_in", id_in);

#define T struct promo_login_in
static const struct promo_field login_in[] = {
	PROMO_F_TEXT(T, identifier, TEXT, 1, 254, PROMO_REQUIRED, "e-mail address or phone number"),
	PROMO_F_TEXT(T, password, SECRET, 1, PROMO_PASSWORD_MAX,
		PROMO_REQUIRED | PROMO_RAW | PROMO_KNOWN, "password"),
	PROMO_F_BOOL(T, remember, 0, "keep the session for 30 days"),
	PROMO_F_BOOL(T, cookie, PROMO_ONLY_API,
		"for browsers: put the token in a cookie in the place of the answer"),
};
#undef T
static const struct promo_schema login_in_schema =
	PROMO_INPUT(struct promo_login_in, "login_in", login_in);

#define T struct promo_login_answer
static const struct promo_field login_answer[] = {
	PROMO_F_TEXT(T, token, SECRET, 0, 0, PROMO_NULLABLE,
		"for the header Authorization: Bearer; null where it stands in a cookie"),
	PROMO_F_TIME(T, expires_at, 0, "when the session ends at the latest"),
	PROMO_F_OBJECT(T, user, struct promo_user, promo_user_schema, 0, "who signed in"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what the user may do"),
	PROMO_F_BOOL(
		T, mfa_enrolment_required, 0, "whether a second factor has to be enrolled first"),
};
#undef T
const struct promo_schema promo_login_answer_schema =
	PROMO_SCHEMA(struct promo_login_answer, "login_answer", login_answer);

#define T struct promo_session_answer
static const struct promo_field session_answer[] = {
	PROMO_F_OBJECT(T, user, struct promo_user, promo_user_schema, 0, "who is signed in"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what the user may do"),
	PROMO_F_OBJECT(T, session, struct promo_session, promo_session_schema, 0, "the session"),
};
#undef T
static const struct promo_schema session_answer_schema =
	PROMO_SCHEMA(struct promo_session_answer, "session_answer", session_answer);

#define T struct promo_me_update_in
static const struct promo_field me_update_in[] = {
	PROMO_F_TEXT(T, first_name, TEXT, 1, NAME_MAX_CHARS, 0, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 1, NAME_MAX_CHARS, 0, "last name"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE,
		"phone number; null takes it away, where there is an e-mail address to sign in "
		"with"),
};
#undef T
const struct promo_schema promo_me_update_in_schema =
	PROMO_INPUT(struct promo_me_update_in, "me_update_in", me_update_in);

#define T struct promo_me_password_in
static const struct promo_field me_password_in[] = {
	PROMO_F_TEXT(T, current_password, SECRET, 1, PROMO_PASSWORD_MAX,
		PROMO_REQUIRED | PROMO_RAW | PROMO_KNOWN, "the password so far"),
	PROMO_F_TEXT(T, new_password, SECRET, 1, PROMO_PASSWORD_MAX, PROMO_REQUIRED | PROMO_RAW,
		"the new password"),
};
#undef T
static const struct promo_schema me_password_in_schema =
	PROMO_INPUT(struct promo_me_password_in, "me_password_in", me_password_in);

#define T struct promo_session_list_in
static const struct promo_field session_list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema session_list_in_schema =
	PROMO_INPUT(struct promo_session_list_in, "session_list_in", session_list_in);

const struct promo_op promo_op_auth_login = {
	.name = "auth.login",
	.summary = "Sign in and get a session token",
	.method = PROMO_POST,
	.path = "/auth/login",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_WRITES | PROMO_OP_SIGN_IN | PROMO_OP_HASHES | PROMO_OP_PASSWORD |
		 PROMO_OP_NO_CLI,
	.in = &login_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_login_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_ORIGIN_NOT_ALLOWED },
		{ PROMO_E_MFA_REQUIRED, &promo_mfa_member_schema }, { PROMO_E_TOO_MANY_REQUESTS } },
};

const struct promo_op promo_op_auth_logout = {
	.name = "auth.logout",
	.summary = "End the session that asks",
	.method = PROMO_POST,
	.path = "/auth/logout",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_NO_CLI | PROMO_OP_UNENROLLED,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
};

const struct promo_op promo_op_auth_session = {
	.name = "auth.session",
	.summary = "Show who is signed in, with which rights, in which session",
	.method = PROMO_GET,
	.path = "/auth/session",
	.access = PROMO_ACCESS_SELF,
	.shape = PROMO_SHAPE_ONE,
	.out = &session_answer_schema,
	.status = 200,
};

const struct promo_op promo_op_me_show = {
	.name = "me.show",
	.summary = "Show your own profile",
	.method = PROMO_GET,
	.path = "/me",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_ETAG | PROMO_OP_UNENROLLED | PROMO_OP_BY_API_KEY,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
};

/* Not the e-mail address: tokens for a forgotten password go there, and whoever found a session open would
 * have them. */
const struct promo_op promo_op_me_update = {
	.name = "me.update",
	.summary = "Change your own name or phone number",
	.method = PROMO_PATCH,
	.path = "/me",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,
	.in = &promo_me_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.errors = { { PROMO_E_PHONE_NUMBER_TAKEN } },
	.examples = "promo me update --phone-number 0788123456",
};

const struct promo_op promo_op_me_password = {
	.name = "me.password",
	.summary = "Change your own password; your other sessions end",
	.method = PROMO_POST,
	.path = "/me/password",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_HASHES | PROMO_OP_PASSWORD,
	.in = &me_password_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_TOO_MANY_REQUESTS } },
};

const struct promo_op promo_op_session_list = {
	.name = "session.list",
	.summary = "List your own sessions",
	.method = PROMO_GET,
	.path = "/me/sessions",
	.access = PROMO_ACCESS_SELF,
	.in = &session_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_session_schema,
	.status = 200,
};

const struct promo_op promo_op_session_end = {
	.name = "session.end",
	.summary = "End one of your own sessions",
	.method = PROMO_DELETE,
	.path = "/me/sessions/{id}",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND } },
};
