/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_api_key.h"

#include "libpromo/api/op_auth.h"

enum {
	NAME_MAX_CHARS = 100,
	NETWORKS_MAX = 16,
};

#define T struct promo_api_key_list_in
static const struct promo_field api_key_list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema api_key_list_in_schema =
	PROMO_INPUT(struct promo_api_key_list_in, "api_key_list_in", api_key_list_in);

#define T struct promo_api_key_create_in
static const struct promo_field api_key_create_in[] = {
	PROMO_F_TEXT(T, name, TEXT, 1, NAME_MAX_CHARS, PROMO_REQUIRED | PROMO_POSITIONAL,
		"what it is called, such as the program that uses it"),
	PROMO_F_TEXTS(T, permissions, 1, PROMO_P_COUNT - 1, &promo_permission_words, PROMO_REQUIRED,
		"what it may be used for: some of your own permissions"),
	PROMO_F_TEXTS(T, allowed_ips, 0, NETWORKS_MAX, NULL, 0,
		"addresses and networks such as 192.0.2.0/24 it may be used from"),
	PROMO_F_TIME(T, expires_at, PROMO_NULLABLE, "when it ends; never unless said"),
};
#undef T
const struct promo_schema promo_api_key_create_in_schema =
	PROMO_INPUT(struct promo_api_key_create_in, "api_key_create_in", api_key_create_in);

#define T struct promo_user_api_keys_in
static const struct promo_field user_api_keys_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema user_api_keys_in_schema =
	PROMO_INPUT(struct promo_user_api_keys_in, "user_api_keys_in", user_api_keys_in);

#define T struct promo_user_api_key_in
static const struct promo_field user_api_key_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the user's id"),
	PROMO_F_TEXT(T, key_id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the key's id"),
};
#undef T
static const struct promo_schema user_api_key_in_schema =
	PROMO_INPUT(struct promo_user_api_key_in, "user_api_key_in", user_api_key_in);

const struct promo_op promo_op_api_key_list = {
	.name = "api-key.list",
	.summary = "List your own API keys, newest first",
	.method = PROMO_GET,
	.path = "/me/api-keys",
	.access = PROMO_ACCESS_SELF,
	.in = &api_key_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_api_key_schema,
	.status = 200,
};

const struct promo_op promo_op_api_key_create = {
	.name = "api-key.create",
	.summary = "Make an API key for a program; the answer shows it, once",
	.method = PROMO_POST,
	.path = "/me/api-keys",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_api_key_create_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_api_key_made_schema,
	.status = 201,
	.errors = { { PROMO_E_FORBIDDEN }, { PROMO_E_TOO_MANY_API_KEYS } },
	.examples = "promo api-key create nightly-export --permissions promo-codes.download",
};

const struct promo_op promo_op_api_key_delete = {
	.name = "api-key.delete",
	.summary = "Delete one of your own API keys; what uses it is refused at once",
	.method = PROMO_DELETE,
	.path = "/me/api-keys/{id}",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_user_api_keys = {
	.name = "user.api-keys",
	.summary = "List the API keys of a user, newest first",
	.method = PROMO_GET,
	.path = "/users/{id}/api-keys",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.in = &user_api_keys_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_api_key_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo user api-keys aline@example.com",
};

const struct promo_op promo_op_user_end_api_key = {
	.name = "user.end-api-key",
	.summary = "Delete an API key of a user; what uses it is refused at once",
	.method = PROMO_DELETE,
	.path = "/users/{id}/api-keys/{key_id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES,
	.in = &user_api_key_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo user end-api-key aline@example.com 0190a1b2-...",
};
