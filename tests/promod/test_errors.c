/* SPDX-License-Identifier: MIT */
/* Every refusal that a row lists is really produced, over HTTP, and every one that is produced is
 * listed: what never came fails the last test, unless it stands in `unproduced` with the reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"
#include "tests/promod/second_factor.h"
#include "tests/promod/trouble.h"

#define NAMES "\"first_name\":\"Aline\",\"last_name\":\"Uwase\""

/* What cannot be had by asking. A lack of memory is shown by tests/api. */
static const struct {
	const char *op, *error, *why;
} unproduced[] = {
	{ "server.health", "internal", "needs no database, so only without memory" },
	{ "server.ready", "internal", "its database answers or does not" },
	{ "server.version", "internal", "needs no database, so only without memory" },
	{ "job.file", "range_not_satisfiable", "needs a file: promo-cli/t0110-exports" },
	{ "server.metrics", "forbidden", "who asks here may: test_metrics.c" },
	{ "server.metrics", "internal", "its database answers or does not" },
	{ "server.openapi", "internal", "needs no database, so only without memory" },
};

static struct till till; /* of the same database, for people and stock */
static struct person boss;

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	boss = till_person(&till, "super-admin");
	return 0;
}

/*
 * What follows from the row.
 */

static void test_who_asks(void **state)
{
	struct api *api = *state;
	struct person late = till_person(&till, "super-admin"), idle = late, nobody, key, ended,
		      elsewhere;
	struct api_answer answer;
	char cookie[256];

	(void)snprintf(cookie, sizeof(cookie),
		"Cookie: __Host-promo_session=%s\r\nOrigin: https://elsewhere.example\r\n",
		boss.token);
	idle = till_person(&till, "super-admin");
	nobody = till_person(&till, "");
	key = till_key(&till, &idle, "batches.read");
	ended = till_key(&till, &idle, "batches.read");
	elsewhere = till_key(&till, &idle, "batches.read");
	(void)promo_test_sql(api->database,
		"UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = '%s'",
		ended.session_id);
	(void)promo_test_sql(api->database,
		"UPDATE api_keys SET allowed_ips = '{192.0.2.0/24}' WHERE id = '%s'",
		elsewhere.session_id);
	(void)promo_test_sql(api->database,
		"UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = '%s'",
		late.session_id);
	(void)promo_test_sql(api->database,
		"UPDATE sessions SET last_seen_at = now() - interval '1 day' WHERE id = '%s'",
		idle.session_id);
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->access == PROMO_ACCESS_PUBLIC)
			continue;
		(void)ORDER(api, &answer, op);
		assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
		(void)ORDER(api, &answer, op, i % 2 ? late.token : idle.token);
		assert_refused(&answer, PROMO_E_SESSION_EXPIRED);
		(void)ORDER(api, &answer, op, ended.token);
		assert_refused(&answer, PROMO_E_API_KEY_EXPIRED);
		(void)ORDER(api, &answer, op, elsewhere.token);
		assert_refused(&answer, PROMO_E_ADDRESS_NOT_ALLOWED);
		if (op->method != PROMO_GET) {
			(void)ORDER(api, &answer, op, .headers = cookie);
			assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
		}
		if (op->access == PROMO_ACCESS_SELF && !(op->flags & PROMO_OP_BY_API_KEY)) {
			(void)ORDER(api, &answer, op, key.token);
			assert_refused(&answer, PROMO_E_SESSION_REQUIRED);
		}
		if (op->access == PROMO_ACCESS_SELF)
			continue;
		(void)ORDER(api, &answer, op, nobody.token);
		assert_refused(&answer, PROMO_E_FORBIDDEN);
	}
}

static void test_what_is_sent(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		struct order order = {
			.op = op, .token = boss.token, .key = "sent", .if_match = "\"1\""
		};

		order.query = "a=%zz";
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
		order.query = "nonsense=1";
		order.body = order_good_body(op);
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(api_get(&answer, "errors.0.pointer"), "?nonsense");
		assert_string_equal(api_get(&answer, "errors.0.code"), "unknown_field");
		order.query = NULL;
		if (!promo_op_takes_body(op))
			continue;
		if (promo_op_takes_json(op)) {
			order.body = "{\"nonsense\":1}";
			(void)order_ask(api, &order, &answer);
			assert_refused(&answer, PROMO_E_INVALID_INPUT);
			assert_non_null(strstr(answer.body, "\"/nonsense\""));
			order.body = "{\"nonsense\":";
			(void)order_ask(api, &order, &answer);
			assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
		}
		order.body = "{}";
		order.headers = "Content-Type: text/plain\r\n";
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_UNSUPPORTED_MEDIA_TYPE);
		/* Too large to be read to its end: refused by what it says of itself. */
		order.body = NULL;
		order.headers = "Content-Length: 10000000000\r\n";
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_BODY_TOO_LARGE);
	}
}

static void test_what_is_not_there(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (!strchr(op->path, '{'))
			continue;
		(void)ORDER(api, &answer, op, boss.token, order_good_body(op), .if_match = "\"1\"");
		assert_refused(&answer, PROMO_E_NOT_FOUND);
		(void)ORDER(api, &answer, op, boss.token, order_good_body(op), .if_match = "\"1\"",
			.id = "no-uuid");
		assert_refused(&answer, PROMO_E_NOT_FOUND);
	}
}

/* Keys: the same one for two different things, or none where one is needed. */
static void test_keys(void **state)
{
	static const struct {
		const struct promo_op *op;
		const char *first, *second; /* NULL: about codes of stock */
	} cases[] = {
		{ &promo_op_user_create, "{" NAMES ",\"email\":\"k1@example.com\"}",
			"{" NAMES ",\"email\":\"k2@example.com\"}" },
		{ &promo_op_batch_create,
			"{\"batch_name\":\"KEY_1\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
			"\"expiration_date\":\"2099-12-31\"}",
			"{\"batch_name\":\"KEY_2\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
			"\"expiration_date\":\"2099-12-31\"}" },
		{ &promo_op_api_key_create, "{\"name\":\"one\",\"permissions\":[\"batches.read\"]}",
			"{\"name\":\"two\",\"permissions\":[\"batches.read\"]}" },
		{ &promo_op_redemption_create, NULL, NULL },
		{ &promo_op_fraud_report_create, NULL, NULL },
	};
	struct api *api = *state;
	struct api_answer answer;
	char first[512], second[512];

	(void)stock_batch(&till, 'K', 2);
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct order order = { .op = cases[i].op, .token = boss.token, .key = "k" };
		char key[8];

		(void)snprintf(key, sizeof(key), "k-%zu", i);
		(void)snprintf(first, sizeof(first), "%s",
			cases[i].first ? cases[i].first
				       : stock_body(stock_code('K', 1).text, 1, ""));
		(void)snprintf(second, sizeof(second), "%s",
			cases[i].second ? cases[i].second
					: stock_body(stock_code('K', 2).text, 1, ""));
		order.key = key;
		order.body = first;
		assert_int_equal(order_ask(api, &order, &answer), 201);
		order.body = second;
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
		if (!(cases[i].op->flags & PROMO_OP_KEY_REQUIRED))
			continue;
		order.key = NULL;
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REQUIRED);
		order.key = "two words";
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
	}
}

static void test_imports(void **state)
{
	trouble_imports(*state, boss.token);
}

/*
 * What the rows list.
 */

static void test_export_keys(void **state)
{
	struct api *api = *state;
	struct stock_id batch = stock_batch(&till, 'H', 2);
	struct order order = {
		.op = &promo_op_batch_export, .token = boss.token, .key = "export", .id = batch.text
	};
	struct api_answer answer;

	order.body = "{\"format\":\"csv\"}";
	assert_int_equal(order_ask(api, &order, &answer), 202);
	order.body = "{\"format\":\"pdf\"}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
}

static void test_sign_in(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	(void)ORDER(api, &answer, &promo_op_auth_login,
		.body = "{\"identifier\":\"boss@promo.example\",\"password\":\"wrong\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	(void)ORDER(api, &answer, &promo_op_auth_login,
		.body = "{\"identifier\":\"boss@promo.example\",\"password\":\"wrong\",\"cookie\":"
			"true}",
		.headers = "Origin: https://elsewhere.example\r\n");
	assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
	(void)ORDER(api, &answer, &promo_op_me_password, api->token,
		"{\"current_password\":\"wrong\",\"new_password\":\"horse battery staple\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	/* Who has to wait is told for how long. */
	(void)promo_test_sql(api->database,
		"UPDATE throttles SET blocked_until = now() + interval '1 min' WHERE kind = "
		"'signin'");
	(void)ORDER(api, &answer, &promo_op_auth_login,
		.body = "{\"identifier\":\"boss@promo.example\",\"password\":\"right\"}");
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	assert_non_null(strstr(answer.wire.head, "RateLimit: \"sign-ins\";r=0;t="));
	(void)promo_test_sql(api->database, "DELETE FROM throttles WHERE kind = 'signin'");
}

static void test_api_keys(void **state)
{
	struct person clerk = till_person(&till, "support");
	struct api *api = *state;
	struct api_answer answer;

	(void)ORDER(api, &answer, &promo_op_api_key_create, clerk.token,
		"{\"name\":\"a\",\"permissions\":[\"customers.read\",\"batches.read\"]}");
	assert_refused(&answer, PROMO_E_FORBIDDEN);
	assert_string_equal(api_get(&answer, "permission"), "batches.read");
	(void)promo_test_sql(api->database,
		"INSERT INTO api_keys (id, user_id, name, prefix, key_hash) SELECT "
		"gen_random_uuid(), "
		"'%s', 'one of many', 'pmo_k_', sha256(i::text::bytea) "
		"FROM generate_series(1, 50) i",
		clerk.id);
	(void)ORDER(api, &answer, &promo_op_api_key_create, clerk.token,
		"{\"name\":\"a\",\"permissions\":[\"customers.read\"]}");
	assert_refused(&answer, PROMO_E_TOO_MANY_API_KEYS);
}

static void test_the_second_factor(void **state)
{
	second_factor_errors(*state, &till, boss.token);
}

static void test_users(void **state)
{
	struct api *api = *state;
	struct person other = till_person(&till, "support"), third = till_person(&till, "");
	struct api_answer answer;
	char body[512];

	(void)promo_test_sql(api->database,
		"UPDATE users SET phone_number = '+250788900001' WHERE id = '%s'", other.id);
	(void)snprintf(body, sizeof(body), "{" NAMES ",\"email\":\"%s\"}", other.email);
	(void)ORDER(api, &answer, &promo_op_user_create, boss.token, body);
	assert_refused(&answer, PROMO_E_EMAIL_TAKEN);
	(void)ORDER(api, &answer, &promo_op_user_create, boss.token,
		"{" NAMES ",\"phone_number\":\"0788 900 001\"}");
	assert_refused(&answer, PROMO_E_PHONE_NUMBER_TAKEN);
	(void)snprintf(body, sizeof(body), "{\"email\":\"%s\"}", other.email);
	(void)ORDER(api, &answer, &promo_op_user_update, boss.token, body, third.id,
		.if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_EMAIL_TAKEN);
	(void)ORDER(api, &answer, &promo_op_user_update, boss.token,
		"{\"phone_number\":\"+250788900001\"}", third.id, .if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_PHONE_NUMBER_TAKEN);
	(void)ORDER(api, &answer, &promo_op_user_update, boss.token, "{}", third.id);
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	(void)ORDER(api, &answer, &promo_op_user_update, boss.token, "{}", third.id,
		.if_match = "\"7\"");
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	(void)ORDER(api, &answer, &promo_op_user_assign_role, boss.token, "{\"role\":\"support\"}",
		other.id);
	assert_refused(&answer, PROMO_E_ROLE_ALREADY_ASSIGNED);
	(void)ORDER(api, &answer, &promo_op_user_assign_role, boss.token, "{\"role\":\"king\"}",
		other.id);
	assert_bad_field(&answer, "/role", "unknown_role");
	errors_passwords(api, &till, &boss);
	errors_people(api, &till, &boss);
}

static void test_the_last_super_admin(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	/* All others lose the role for a while. */
	(void)promo_test_sql(api->database,
		"CREATE TABLE kept AS WITH gone AS (DELETE FROM user_role_assignments a USING "
		"roles r WHERE r.id = a.role_id AND r.name = 'super-admin' AND a.user_id <> '%s' "
		"RETURNING a.user_id, a.role_id) SELECT * FROM gone",
		boss.id);
	(void)ORDER(api, &answer, &promo_op_user_update, boss.token, "{\"is_active\":false}",
		boss.id, .if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_LAST_SUPER_ADMIN);
	(void)ORDER(api, &answer, &promo_op_user_revoke_role, boss.token, .id = boss.id,
		.role = "super-admin");
	assert_refused(&answer, PROMO_E_LAST_SUPER_ADMIN);
	(void)ORDER(api, &answer, &promo_op_user_delete, boss.token, .id = boss.id);
	assert_refused(&answer, PROMO_E_LAST_SUPER_ADMIN);
	(void)ORDER(api, &answer, &promo_op_user_set_permissions, boss.token,
		"{\"deny\":[\"audit.read\"]}", boss.id, .if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_LAST_SUPER_ADMIN);
	(void)promo_test_sql(api->database,
		"INSERT INTO user_role_assignments (user_id, role_id) SELECT * FROM kept; "
		"DROP TABLE kept");
}

static void test_batches(void **state)
{
	errors_batches(*state, &till, boss.token);
}

static void test_changes(void **state)
{
	errors_changes(*state, &till, &boss);
	errors_messages(*state, boss.token);
	errors_alerts(*state, boss.token);
	errors_events(*state, &till);
	errors_backups(*state, boss.token);
}

static void test_redemptions(void **state)
{
	errors_redemptions(*state, &till, &boss);
	errors_cases(*state, &till, &boss);
}

/*
 * The server's own troubles.
 */

static void test_a_crowd_at_the_door(void **state)
{
	trouble_crowd(*state, ((struct api *)*state)->token);
}

static void test_a_broken_database(void **state)
{
	trouble_database(*state, boss.token);
}

static void test_maintenance(void **state)
{
	struct person almost = till_person(&till, "super-admin");

	till_deny(&till, &almost, "system.settings.update");
	trouble_maintenance(*state, almost.token);
}

static void test_no_answer_in_time(void **state)
{
	trouble_lock(*state, boss.token);
}

static void test_stopping(void **state)
{
	trouble_stop(*state, boss.token);
}

/*
 * The whole.
 */

static bool is_unproduced(const struct promo_op *op, int error)
{
	for (size_t i = 0; i < PROMO_COUNT(unproduced); i++)
		if (strcmp(unproduced[i].op, op->name) == 0 &&
			strcmp(unproduced[i].error, promo_error_info(error)->wire) == 0)
			return true;
	return false;
}

static void test_nothing_is_missing(void **state)
{
	int missing = 0, listed = 0;

	(void)state;
	for (size_t i = 0; promo_ops[i]; i++)
		for (int error = 1; error < PROMO_E_COUNT; error++) {
			const struct promo_op *op = promo_ops[i];
			bool came = order_came(op, error);

			listed += promo_op_can_fail(op, error);
			/* What stands among the unproduced has to be listed and not to come. */
			if (came != (promo_op_can_fail(op, error) && !is_unproduced(op, error)) ||
				(is_unproduced(op, error) && !promo_op_can_fail(op, error))) {
				print_error("%s: %s %s\n", op->name, promo_error_info(error)->wire,
					came ? "came unexpectedly" : "was never produced");
				missing++;
			}
		}
	assert_int_equal(missing, 0);
	assert_true(listed > 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_asks),
		cmocka_unit_test(test_what_is_sent),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_export_keys),
		cmocka_unit_test(test_imports),
		cmocka_unit_test(test_sign_in),
		cmocka_unit_test(test_api_keys),
		cmocka_unit_test(test_the_second_factor),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_the_last_super_admin),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_redemptions),
		cmocka_unit_test(test_a_crowd_at_the_door),
		cmocka_unit_test(test_a_broken_database),
		cmocka_unit_test(test_maintenance),
		cmocka_unit_test(test_no_answer_in_time),
		cmocka_unit_test(test_stopping),
		cmocka_unit_test(test_nothing_is_missing),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
