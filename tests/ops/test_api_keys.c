/* SPDX-License-Identifier: MIT */
/* An API key does what it is for and its owner may at that moment, from where it is bound to, until it
 * ends; it is no way to more rights, and nobody sees it twice. */
#include "libpromo/ops/api_keys.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_password_reset.h"
#include "libpromo/base/api_key.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

#define FOR_BATCHES "{\"name\":\"nightly\",\"permissions\":[\"batches.read\",\"users.read\"]"

/* Makes one, and becomes its bearer. */
static struct person with_key(struct till *till, const struct person *owner, const char *body)
{
	struct person bearer = *owner;

	assert_int_equal(ASK(till, &promo_op_api_key_create, owner->token, body), 201);
	(void)snprintf(bearer.token, sizeof(bearer.token), "%s", till_get(till, "key"));
	(void)snprintf(bearer.session_id, sizeof(bearer.session_id), "%s", till_get(till, "id"));
	return bearer;
}

static void test_made_and_shown_once(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "admin"), bearer;
	char key[PROMO_API_KEY_SIZE];
	struct ask ask = { &promo_op_api_key_create, owner.token,
		FOR_BATCHES ",\"allowed_ips\":[\"192.0.2.0/24\",\"::1\"],"
			    "\"expires_at\":\"2099-01-01T00:00:00Z\"}",
		.key = "once" };

	assert_int_equal(till_ask(till, &ask), 201);
	assert_got(till, "name", "nightly");
	assert_got(till, "permissions", "[\"batches.read\",\"users.read\"]");
	assert_got(till, "allowed_ips", "[\"192.0.2.0/24\",\"::1\"]");
	assert_got(till, "expires_at", "2099-01-01T00:00:00.000Z");
	assert_got(till, "last_used_at", "null");
	(void)snprintf(key, sizeof(key), "%s", till_get(till, "key"));
	assert_true(promo_api_key_valid(key));
	assert_int_equal(strncmp(till_get(till, "prefix"), key, 14), 0);
	/* The first answer again, and not the key. */
	assert_int_equal(till_ask(till, &ask), 201);
	assert_true(till->answer.replayed);
	assert_got(till, "key", "null");
	assert_int_equal(ASK(till, &promo_op_api_key_list, owner.token), 200);
	assert_null(till_get(till, "items.0.key"));
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM api_keys k WHERE k::text LIKE '%%%s%%') + "
			"(SELECT count(*) FROM audit_log l WHERE l::text LIKE '%%%s%%') + "
			"(SELECT count(*) FROM idempotency_keys i WHERE i::text LIKE '%%%s%%')",
			key + 14, key + 14, key + 14),
		"0");
	bearer = with_key(till, &owner, FOR_BATCHES "}");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT entity_kind || ' ' || (changes::text LIKE "
				    "'%%batches.read%%') FROM audit_log WHERE entity_id = '%s'",
				    bearer.session_id),
		"api_key true");
}

static void test_refused_inputs(void **state)
{
	static const struct {
		const char *body, *pointer, *code;
	} cases[] = {
		{ "{\"name\":\"a\",\"permissions\":[]}", "/permissions", "too_short" },
		{ "{\"name\":\"a\",\"permissions\":[\"all\"]}", "/permissions/0", "invalid_value" },
		{ FOR_BATCHES ",\"allowed_ips\":[\"10.0.0.0/8\",\"here\"]}", "/allowed_ips/1",
			"invalid_value" },
		{ FOR_BATCHES ",\"expires_at\":\"2001-01-01T00:00:00Z\"}", "/expires_at",
			"out_of_range" },
	};
	struct till *till = *state;
	struct person owner = till_person(till, "admin"), clerk = till_person(till, "support");

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_problem(till, 422, "invalid_input", &promo_op_api_key_create, owner.token,
			cases[i].body);
		assert_got(till, "errors.0.pointer", cases[i].pointer);
		assert_got(till, "errors.0.code", cases[i].code);
	}
	assert_problem(
		till, 403, "forbidden", &promo_op_api_key_create, clerk.token, FOR_BATCHES "}");
	assert_got(till, "permission", "batches.read");
}

static void test_what_it_may(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "admin");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");

	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	assert_problem(till, 403, "forbidden", &promo_op_batch_create, key.token);
	assert_got(till, "permission", "batches.create");
	assert_int_equal(ASK(till, &promo_op_me_show, key.token), 200);
	assert_got(till, "id", owner.id);
	assert_got(till, "permissions", "[\"batches.read\",\"users.read\"]");
	assert_int_equal(ASK(till, &promo_op_job_list, key.token), 200);
	/* No more than its owner, at once. */
	till_deny(till, &owner, "batches.read");
	assert_problem(till, 403, "forbidden", &promo_op_batch_list, key.token);
	assert_int_equal(ASK(till, &promo_op_user_list, key.token), 200);
	till_grant(till, &owner, "batches.read");
	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
}

/* Whatever belongs to the person himself takes himself. */
static void test_no_self_service(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "super-admin");
	struct person key = till_key(till, &owner, "batches.read");
	int tried = 0;

	for (size_t i = 0; promo_ops[i]; i++) {
		if (promo_ops[i]->access != PROMO_ACCESS_SELF ||
			promo_ops[i]->flags & PROMO_OP_BY_API_KEY)
			continue;
		assert_problem(till, 403, "session_required", promo_ops[i], key.token);
		tried++;
	}
	assert_true(tried > 12);
}

/* What a super-admin decides alone, he decides himself. */
static void test_never_a_super_admin(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "super-admin");
	struct person other = till_person(till, "super-admin"), clerk = till_person(till, "");
	struct person key =
		till_key(till, &owner, "users.update users.roles.assign users.roles.revoke");

	assert_problem(
		till, 403, "forbidden", &promo_op_user_end_sessions, key.token, .id = other.id);
	assert_int_equal(
		ASK(till, &promo_op_user_assign_role, key.token, "{\"role\":\"user\"}", clerk.id),
		202);
	assert_problem(till, 403, "forbidden", &promo_op_user_assign_role, key.token,
		"{\"role\":\"super-admin\"}", clerk.id);
}

static void test_how_it_ends(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "admin"), stranger = till_person(till, "admin");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");
	struct person late = with_key(till, &owner, FOR_BATCHES "}");

	(void)promo_test_sql(till->database,
		"UPDATE api_keys SET expires_at = now() WHERE id = '%s'", late.session_id);
	assert_problem(till, 401, "api_key_expired", &promo_op_batch_list, late.token);
	/* Neither idleness nor the end of sessions concerns it. */
	(void)promo_test_sql(till->database,
		"UPDATE api_keys SET created_at = now() - interval '1 year', "
		"last_used_at = now() - interval '1 year' WHERE id = '%s'; "
		"DELETE FROM sessions WHERE user_id = '%s'",
		key.session_id, owner.id);
	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", owner.id);
	assert_problem(till, 401, "unauthenticated", &promo_op_batch_list, key.token);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = true WHERE id = '%s'", owner.id);
	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	/* By its owner alone. */
	assert_problem(till, 404, "not_found", &promo_op_api_key_delete, stranger.token,
		.id = key.session_id);
	(void)promo_test_sql(till->database, "DELETE FROM auth_changes");
	owner = till_person(till, "admin");
	key = with_key(till, &owner, FOR_BATCHES "}");
	assert_int_equal(
		ASK(till, &promo_op_api_key_delete, owner.token, .id = key.session_id), 204);
	assert_problem(till, 401, "unauthenticated", &promo_op_batch_list, key.token);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT user_id FROM auth_changes"), owner.id);
}

/* By whoever may change its owner, who sees no more of it than that there is one. */
static void test_of_somebody_else(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), owner = till_person(till, "admin");
	struct person clerk = till_person(till, "user");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");

	assert_int_equal(ASK(till, &promo_op_user_api_keys, boss.token, .id = owner.id,
				 .query = { { "count", "true" } }),
		200);
	assert_got(till, "items.0.id", key.session_id);
	assert_got(till, "total", "1");
	assert_null(till_get(till, "items.0.key"));
	assert_int_equal(ASK(till, &promo_op_user_api_keys, boss.token, .id = clerk.id), 200);
	assert_null(till_get(till, "items.0"));
	/* A rank that is not lower, the key of another than the path names, nobody. */
	assert_problem(till, 403, "forbidden", &promo_op_user_end_api_key, owner.token,
		.id = boss.id, .key_id = key.session_id);
	assert_problem(till, 404, "not_found", &promo_op_user_end_api_key, boss.token,
		.id = clerk.id, .key_id = key.session_id);
	assert_problem(
		till, 404, "not_found", &promo_op_user_api_keys, boss.token, .id = key.session_id);
	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	assert_int_equal(ASK(till, &promo_op_user_end_api_key, boss.token, .id = owner.id,
				 .key_id = key.session_id),
		204);
	assert_problem(till, 401, "unauthenticated", &promo_op_batch_list, key.token);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT actor_id FROM audit_log WHERE action = "
				    "'user.end-api-key' AND entity_id = '%s' AND outcome = "
				    "'allowed'",
				    key.session_id),
		boss.id);
}

/* An account that is taken back from somebody: what he made in it goes too. */
static void test_a_reset_password(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), owner = till_person(till, "admin");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");
	char body[256];

	assert_int_equal(ASK(till, &promo_op_user_password_reset, boss.token, .id = owner.id), 201);
	(void)snprintf(body, sizeof(body),
		"{\"token\":\"%s\",\"new_password\":\"tram lake copper nine\"}",
		till_get(till, "token"));
	assert_int_equal(ASK(till, &promo_op_auth_password_reset, .body = body), 204);
	assert_problem(till, 401, "unauthenticated", &promo_op_batch_list, key.token);
}

struct maker {
	struct promo_test_database *database;
	struct person owner;
	int status;
};

static void *make_key(void *context)
{
	struct maker *maker = context;
	struct till *till = till_new(maker->database);

	maker->status = ASK(till, &promo_op_api_key_create, maker->owner.token, FOR_BATCHES "}");
	till_free(till);
	return NULL;
}

/* Who is thrown out of an account does not get a key of it at the last moment. */
static void test_not_of_a_session_that_ends(void **state)
{
	struct till *till = *state;
	struct maker maker = { .database = till->database, .owner = till_person(till, "admin") };
	int64_t until_ms = promo_monotonic_ms() + 60000;
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	pthread_t thread;
	char sql[300];

	(void)snprintf(sql, sizeof(sql),
		"BEGIN; SELECT FROM users WHERE id = '%s' FOR UPDATE; "
		"DELETE FROM sessions WHERE user_id = '%s'",
		maker.owner.id, maker.owner.id);
	PQclear(PQexec(holder, sql));
	assert_int_equal(pthread_create(&thread, NULL, make_key, &maker), 0);
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
			      "'Lock' AND datname = current_database()"),
		       "1") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	PQclear(PQexec(holder, "COMMIT"));
	assert_int_equal(pthread_join(thread, NULL), 0);
	PQfinish(holder);
	assert_int_equal(maker.status, 401);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM api_keys WHERE user_id = '%s'",
			maker.owner.id),
		"0");
}

static void test_what_is_noted(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "admin");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");

	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT actor_kind || ' ' || actor_id || ' ' || session_id "
				    "FROM audit_log WHERE action = 'batch.list' "
				    "ORDER BY at DESC, seq DESC LIMIT 1"),
		promo_test_sql(till->database, "SELECT 'api_key %s %s'", owner.id, key.session_id));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT last_used_at > now() - interval '1 minute' "
				    "FROM api_keys WHERE id = '%s'",
				    key.session_id),
		"t");
	/* Once a minute. */
	(void)promo_test_sql(till->database,
		"UPDATE api_keys SET last_used_at = now() - interval '50 seconds' WHERE id = '%s'",
		key.session_id);
	assert_int_equal(ASK(till, &promo_op_batch_list, key.token), 200);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT last_used_at < now() - interval '45 seconds' "
				    "FROM api_keys WHERE id = '%s'",
				    key.session_id),
		"t");
}

/* One that has a slip is refused by its form: nobody looks for it. */
static void test_slips(void **state)
{
	struct till *till = *state;
	struct person owner = till_person(till, "admin");
	struct person key = with_key(till, &owner, FOR_BATCHES "}");

	key.token[20] = key.token[20] == 'x' ? 'y' : 'x';
	assert_false(promo_api_key_valid(key.token));
	assert_problem(till, 401, "unauthenticated", &promo_op_batch_list, key.token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_and_shown_once),
		cmocka_unit_test(test_refused_inputs),
		cmocka_unit_test(test_what_it_may),
		cmocka_unit_test(test_no_self_service),
		cmocka_unit_test(test_never_a_super_admin),
		cmocka_unit_test(test_how_it_ends),
		cmocka_unit_test(test_of_somebody_else),
		cmocka_unit_test(test_a_reset_password),
		cmocka_unit_test(test_not_of_a_session_that_ends),
		cmocka_unit_test(test_what_is_noted),
		cmocka_unit_test(test_slips),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
