/* SPDX-License-Identifier: MIT */
#include "tests/ops/till.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/api_key.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/password.h"
#include "libpromo/base/random.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/seals.h"
#include "libpromo/store/store.h"

static const unsigned char hash_key[32] = "a key that only the tests know.";
static const unsigned char mfa_key[32] = "another that only they know.";

struct till *till_new_at(struct promo_test_database *database, const char *uri)
{
	struct till *till = calloc(1, sizeof(*till));

	assert_non_null(till);
	assert_int_equal(promo_base_init(), 0);
	till->database = database;
	till->config = (struct promo_runner_config){
		.database = uri,
		.version = "0.0-test",
		.openapi = "{\"openapi\":\"3.1.0\"}",
		.hash_key = hash_key,
		.mfa_key = mfa_key,
	};
	assert_int_equal(promo_hash_slots_new(2, 8, &till->config.hash_slots), 0);
	till->arena = promo_arena_new(64 * 1024 * 1024);
	till->texts = promo_arena_new(64 * 1024 * 1024);
	assert_non_null(till->arena);
	assert_non_null(till->texts);
	assert_int_equal(promo_runner_new(&till->config, &till->runner), 0);
	return till;
}

struct till *till_new(struct promo_test_database *database)
{
	return till_new_at(database, database->app_uri);
}

void till_free(struct till *till)
{
	promo_runner_free(till->runner);
	promo_arena_free(till->arena);
	promo_arena_free(till->texts);
	promo_hash_slots_free(till->config.hash_slots);
	free(till);
}

void till_shut(const struct till *till)
{
	(void)promo_test_sql(till->database, "REVOKE CONNECT ON DATABASE %s FROM PUBLIC, promo_app",
		till->database->name);
}

void till_open(const struct till *till)
{
	(void)promo_test_sql(
		till->database, "GRANT CONNECT ON DATABASE %s TO PUBLIC", till->database->name);
}

void till_index(const struct till *till)
{
	const struct promo_store_config config = { .uri = till->config.database };
	struct promo_arena *arena = promo_arena_new(1024 * 1024);
	struct promo_pacer pacer = { 0 };
	struct promo_store *store;
	bool more = true;

	assert_non_null(arena);
	assert_int_equal(promo_store_open(&config, &store), 0);
	while (more) {
		more = false;
		assert_int_equal(promo_audit_index(store, arena, &pacer, NULL, &more), 0);
	}
	promo_store_close(store);
	promo_arena_free(arena);
}

int till_setup(void **state)
{
	struct promo_test_database *database = promo_test_database_new();

	if (!database)
		return -1;
	*state = till_new(database);
	return 0;
}

int till_teardown(void **state)
{
	struct till *till = *state;
	struct promo_test_database *database = till->database;

	till_free(till);
	promo_test_database_free(database);
	return 0;
}

struct promo_request till_request(const struct ask *ask, struct promo_pair path[2])
{
	struct promo_request request = {
		.op = ask->op,
		.request_id = "test-request",
		.ip = ask->ip ? ask->ip : "192.0.2.7",
		.user_agent = "till",
		.token = ask->token,
		.idempotency_key = ask->key,
		.if_match = ask->if_match,
		.content_type = "application/json",
		.resolve_until_ms = ask->resolve_until_ms,
		.input = {
			.path = path,
			.query = ask->query,
			.body = ask->body,
			.body_size = ask->body ? strlen(ask->body) : 0,
		},
	};

	if (ask->id)
		path[request.input.path_count++] = (struct promo_pair){ "id", ask->id };
	if (ask->role)
		path[request.input.path_count++] = (struct promo_pair){ "role", ask->role };
	if (ask->category)
		path[request.input.path_count++] = (struct promo_pair){ "category", ask->category };
	if (ask->key_id)
		path[request.input.path_count++] = (struct promo_pair){ "key_id", ask->key_id };
	while (request.input.query_count < PROMO_COUNT(ask->query) &&
		ask->query[request.input.query_count].name)
		request.input.query_count++;
	return request;
}

int till_ask(struct till *till, const struct ask *ask)
{
	struct promo_pair path[2];
	const struct promo_request request = till_request(ask, path);

	promo_arena_clear(till->arena);
	promo_run(till->runner, &request, till->arena, &till->answer);
	promo_arena_clear(till->texts);
	return till->answer.status;
}

static const json_t *step(const json_t *value, const char *name)
{
	if (json_is_array(value))
		return json_array_get(value, (size_t)strtoul(name, NULL, 10));
	return json_object_get(value, name);
}

const char *till_get(struct till *till, const char *path)
{
	json_auto_t *answer = till->answer.body ? json_loads(till->answer.body, 0, NULL) : NULL;
	const json_t *value = answer;
	const char *text;
	char *dumped;

	while (value && *path) {
		char name[64];
		size_t length = strcspn(path, ".");

		assert_true(length < sizeof(name));
		memcpy(name, path, length);
		name[length] = '\0';
		value = step(value, name);
		path += length + (path[length] == '.');
	}
	if (!value)
		return NULL;
	if (json_is_string(value))
		return promo_arena_strdup(till->texts, json_string_value(value));
	dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	text = promo_arena_strdup(till->texts, dumped);
	free(dumped);
	return text;
}

static void make_user(
	struct till *till, struct person *person, const char *roles, const char *password_hash)
{
	promo_uuid_new(person->id);
	(void)snprintf(person->email, sizeof(person->email), "%s@example.com", person->id);
	(void)promo_test_sql(till->database,
		"INSERT INTO users (id, first_name, last_name, email, password_hash, mfa_enabled) "
		"VALUES ('%s', 'Aline', 'Uwase', '%s', nullif('%s', ''), "
		"string_to_array('%s', ' ') && ARRAY['admin', 'super-admin'])",
		person->id, person->email, password_hash, roles);
	(void)promo_test_sql(till->database,
		"INSERT INTO user_role_assignments (user_id, role_id) SELECT '%s', id FROM roles "
		"WHERE name = ANY (string_to_array('%s', ' '))",
		person->id, roles);
}

struct person till_person(struct till *till, const char *roles)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char hex[PROMO_HASH_HEX_SIZE], token[PROMO_TOKEN_SIZE];
	struct person person;

	make_user(till, &person, roles, "");
	promo_uuid_new(person.session_id);
	promo_token_new(PROMO_TOKEN_SESSION, token);
	promo_token_hash(token, hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	(void)snprintf(person.token, sizeof(person.token), "%s", token);
	(void)promo_test_sql(till->database,
		"INSERT INTO sessions (id, user_id, token_hash, expires_at) "
		"VALUES ('%s', '%s', decode('%s', 'hex'), now() + interval '1 hour')",
		person.session_id, person.id, hex);
	return person;
}

struct person till_person_with_password(struct till *till, const char *roles, const char *password)
{
	char hash[PROMO_PASSWORD_HASH_SIZE];
	struct person person = { .token = "" };

	assert_int_equal(promo_password_hash(password, hash), 0);
	make_user(till, &person, roles, hash);
	return person;
}

struct person till_key(struct till *till, const struct person *owner, const char *keys)
{
	char hex[PROMO_HASH_HEX_SIZE], prefix[PROMO_API_KEY_PREFIX_SIZE];
	unsigned char hash[PROMO_HASH_BYTES];
	struct person person = *owner;

	promo_uuid_new(person.session_id);
	promo_api_key_new(person.token);
	promo_api_key_prefix(person.token, prefix);
	promo_token_hash(person.token, hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	(void)promo_test_sql(till->database,
		"INSERT INTO api_keys (id, user_id, name, prefix, key_hash, permissions) "
		"VALUES ('%s', '%s', 'a key', '%s', decode('%s', 'hex'), "
		"array_remove(string_to_array('%s', ' '), ''))",
		person.session_id, person.id, prefix, hex, keys);
	return person;
}

static void give(
	struct till *till, const struct person *person, const char *keys, const char *granted)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO user_permissions (user_id, permission_id, granted) "
		"SELECT '%s', id, %s FROM permissions WHERE key = ANY (string_to_array('%s', ' ')) "
		"ON CONFLICT ON CONSTRAINT user_permissions_key DO UPDATE SET granted = "
		"excluded.granted",
		person->id, granted, keys);
}

void till_grant(struct till *till, const struct person *person, const char *keys)
{
	give(till, person, keys, "true");
}

void till_deny(struct till *till, const struct person *person, const char *keys)
{
	give(till, person, keys, "false");
}
