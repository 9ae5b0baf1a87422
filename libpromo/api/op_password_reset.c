/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_password_reset.h"

#include "libpromo/api/op_auth.h"

enum {
	TOKEN_MAX = 100 /* characters; those that we make have 49 */
};

#define T struct promo_password_reset
static const struct promo_field password_reset[] = {
	PROMO_F_TEXT(T, token, SECRET, 0, 0, PROMO_NULLABLE,
		"for the user, who sets a password with it; shown once"),
	PROMO_F_TIME(T, expires_at, 0, "until when it works"),
	PROMO_F_BOOL(T, mailed, 0, "whether it is on its way to the user's e-mail address as well"),
};
#undef T
const struct promo_schema promo_password_reset_schema =
	PROMO_SCHEMA(struct promo_password_reset, "password_reset", password_reset);

#define T struct promo_password_reset_in
static const struct promo_field password_reset_in[] = {
	PROMO_F_TEXT(T, token, SECRET, 1, TOKEN_MAX, PROMO_REQUIRED | PROMO_RAW | PROMO_KNOWN,
		"the token that was told or sent"),
	PROMO_F_TEXT(T, new_password, SECRET, 1, PROMO_PASSWORD_MAX, PROMO_REQUIRED | PROMO_RAW,
		"the new password"),
};
#undef T
static const struct promo_schema password_reset_in_schema =
	PROMO_INPUT(struct promo_password_reset_in, "password_reset_in", password_reset_in);

const struct promo_op promo_op_user_password_reset = {
	.name = "user.password-reset",
	.summary = "Make a token with which a user sets a new password, once, within the hour",
	.method = PROMO_POST,
	.path = "/users/{id}/password-reset",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_password_reset_schema,
	.status = 201,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo user password-reset 0190a1b2-...",
};

const struct promo_op promo_op_auth_password_reset = {
	.name = "auth.password-reset",
	.summary = "Set a new password with the token of a reset; every session of yours ends",
	.method = PROMO_POST,
	.path = "/auth/password-reset",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_WRITES | PROMO_OP_HASHES | PROMO_OP_PASSWORD,
	.in = &password_reset_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo auth password-reset --server https://promo.example.com",
};
