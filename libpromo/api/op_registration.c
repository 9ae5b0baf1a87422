/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_registration.h"

#include "libpromo/api/op_auth.h"

enum {
	NAME_MAX_CHARS = 100,
	EMAIL_MAX_BYTES = 254 /* RFC 5321 4.5.3.1.3 */
};

#define T struct promo_registration_create_in
static const struct promo_field create_in[] = {
	PROMO_F_TEXT(T, first_name, TEXT, 1, NAME_MAX_CHARS, PROMO_REQUIRED, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 1, NAME_MAX_CHARS, PROMO_REQUIRED, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, EMAIL_MAX_BYTES, PROMO_NULLABLE,
		"e-mail address; this or the phone number is needed to sign in"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone number"),
	PROMO_F_TEXT(T, password, SECRET, 1, PROMO_PASSWORD_MAX, PROMO_REQUIRED | PROMO_RAW,
		"the password to sign in with, when it is approved"),
};
#undef T
const struct promo_schema promo_registration_create_in_schema =
	PROMO_INPUT(struct promo_registration_create_in, "registration_create_in", create_in);

#define T struct promo_registration_list_in
static const struct promo_field list_in[] = {
	PROMO_F_ENUM(T, status, promo_approval_words, PROMO_IN_QUERY, "only of this status"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema list_in_schema =
	PROMO_INPUT(struct promo_registration_list_in, "registration_list_in", list_in);

const struct promo_op promo_op_registration_create = {
	.name = "registration.create",
	.summary = "Ask for an account of your own",
	.method = PROMO_POST,
	.path = "/registrations",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_WRITES | PROMO_OP_HASHES | PROMO_OP_PASSWORD,
	.in = &promo_registration_create_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_REGISTRATION_CLOSED }, { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo registration create --first-name Aline --last-name Uwase "
		    "--email aline@example.com",
};

const struct promo_op promo_op_registration_list = {
	.name = "registration.list",
	.summary = "List who asked for an account, newest first",
	.method = PROMO_GET,
	.path = "/registrations",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_REGISTRATION_APPROVE } },
	.in = &list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_registration_schema,
	.status = 200,
	.examples = "promo registration list --status pending",
};

const struct promo_op promo_op_registration_approve = {
	.name = "registration.approve",
	.summary = "Make the account that was asked for, with the role user",
	.method = PROMO_POST,
	.path = "/registrations/{id}/approve",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_REGISTRATION_APPROVE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_registration_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION }, { PROMO_E_EMAIL_TAKEN },
		{ PROMO_E_PHONE_NUMBER_TAKEN } },
	.examples = "promo registration approve 0190a1b2-...",
};

const struct promo_op promo_op_registration_reject = {
	.name = "registration.reject",
	.summary = "Refuse an account that was asked for",
	.method = PROMO_POST,
	.path = "/registrations/{id}/reject",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_REGISTRATION_APPROVE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_registration_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo registration reject 0190a1b2-...",
};
