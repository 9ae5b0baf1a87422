/* SPDX-License-Identifier: MIT */
/* Sessions end when they are told to, and with them the token; a new password ends the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "tests/ops/till.h"

static const char password[] = "tram lake copper nine";

/* Another session of the same user. */
static struct person again(struct till *till, const struct person *person)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char hex[PROMO_HASH_HEX_SIZE], token[PROMO_TOKEN_SIZE];
	struct person other = *person;

	promo_uuid_new(other.session_id);
	promo_token_new(PROMO_TOKEN_SESSION, token);
	promo_token_hash(token, hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	(void)snprintf(other.token, sizeof(other.token), "%s", token);
	(void)promo_test_sql(till->database,
		"INSERT INTO sessions (id, user_id, token_hash, expires_at) "
		"VALUES ('%s', '%s', decode('%s', 'hex'), now() + interval '1 hour')",
		other.session_id, other.id, hex);
	return other;
}

static long epoch(struct till *till)
{
	return strtol(promo_test_sql(till->database, "SELECT epoch FROM auth_state"), NULL, 10);
}

static const char *changes_of(struct till *till, const struct person *person)
{
	return promo_test_sql(till->database,
		"SELECT count(*) FROM auth_changes WHERE user_id = '%s'", person->id);
}

static void test_logout(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, ""), other = again(till, &clerk);
	long before = epoch(till);

	assert_int_equal(ASK(till, &promo_op_auth_logout, clerk.token), 204);
	assert_null(till->answer.body);
	assert_null(till->answer.content_type);
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, clerk.token);
	assert_int_equal(ASK(till, &promo_op_me_show, other.token), 200);
	assert_int_equal(epoch(till), before + 1);
	assert_string_equal(changes_of(till, &clerk), "1");
}

static void test_own_list(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, ""), other = again(till, &clerk);
	struct person stranger = till_person(till, "");
	struct person ended = again(till, &clerk), idle = again(till, &clerk);

	(void)promo_test_sql(till->database,
		"UPDATE sessions SET expires_at = now() WHERE id = '%s'", ended.session_id);
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE id = '%s'",
		idle.session_id);
	assert_int_equal(ASK(till, &promo_op_session_list, clerk.token,
				 .query = { { "count", "true" }, { "limit", "1" } }),
		200);
	assert_got(till, "total", "2");
	assert_got(till, "items.0.id", other.session_id);
	assert_got(till, "items.0.current", "false");
	assert_null(till_get(till, "items.1"));
	assert_int_equal(ASK(till, &promo_op_session_list, clerk.token,
				 .query = { { "cursor", till_get(till, "next_cursor") } }),
		200);
	assert_got(till, "items.0.id", clerk.session_id);
	assert_got(till, "items.0.current", "true");
	assert_got(till, "next_cursor", "null");
	assert_int_equal(ASK(till, &promo_op_session_list, stranger.token), 200);
	assert_got(till, "items.0.id", stranger.session_id);
	assert_null(till_get(till, "items.1"));
}

static void test_end_one(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, ""), other = again(till, &clerk);
	struct person stranger = till_person(till, "");

	assert_problem(till, 404, "not_found", &promo_op_session_end, clerk.token,
		.id = stranger.session_id);
	assert_int_equal(ASK(till, &promo_op_me_show, stranger.token), 200);
	assert_int_equal(
		ASK(till, &promo_op_session_end, clerk.token, .id = other.session_id), 204);
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, other.token);
	assert_problem(
		till, 404, "not_found", &promo_op_session_end, clerk.token, .id = other.session_id);
}

static int change(struct till *till, const struct person *person, const char *now, const char *new)
{
	char body[512];

	(void)snprintf(body, sizeof(body), "{\"current_password\":\"%s\",\"new_password\":\"%s\"}",
		now, new);
	return ASK(till, &promo_op_me_password, person->token, body);
}

static void test_a_new_password(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	struct person first = again(till, &clerk), second = again(till, &clerk);
	char body[512];

	assert_int_equal(change(till, &first, "wrong", "green boat paper seven"), 401);
	assert_got(till, "code", "invalid_credentials");
	assert_int_equal(change(till, &first, password, "short"), 422);
	assert_got(till, "errors.0.pointer", "/new_password");
	assert_int_equal(ASK(till, &promo_op_me_show, second.token), 200);

	assert_int_equal(change(till, &first, password, "green boat paper seven"), 204);
	assert_int_equal(ASK(till, &promo_op_me_show, first.token), 200);
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, second.token);
	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		clerk.email, "green boat paper seven");
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = body), 200);
	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		clerk.email, password);
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = body), 401);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT changes FROM audit_log WHERE action = 'me.password' "
				    "AND outcome = 'allowed' AND actor_id = '%s'",
				    clerk.id),
		"[{\"after\": null, \"field\": \"password\", \"before\": null}]");
}

static void test_me(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "support");

	assert_int_equal(ASK(till, &promo_op_me_show, clerk.token), 200);
	assert_got(till, "id", clerk.id);
	assert_got(till, "email", clerk.email);
	assert_got(till, "permissions.0", "customers.read");
	assert_null(strstr(till->answer.body, "password"));
	assert_string_equal(till->answer.etag, "\"1\"");
	till_deny(till, &clerk, "customers.read");
	assert_int_equal(ASK(till, &promo_op_auth_session, clerk.token), 200);
	assert_got(till, "permissions.0", "customers.search");
	assert_got(till, "user.permissions.0", "customers.search");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logout),
		cmocka_unit_test(test_own_list),
		cmocka_unit_test(test_end_one),
		cmocka_unit_test(test_a_new_password),
		cmocka_unit_test(test_me),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
