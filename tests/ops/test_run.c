/* SPDX-License-Identifier: MIT */
/* The runner: headers and bodies that it refuses, and what it makes of a database that conflicts,
 * vanishes, or is full: the operation happens once or not at all, and the answer does not lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/till.h"

static const char body[] =
	"{\"first_name\":\"Eric\",\"last_name\":\"Habimana\",\"email\":\"eric@example.com\"}";

/* From now on the first `times` inserts of a user do `what` (a statement of plpgsql): in the
 * statement itself, or when the transaction commits. A sequence counts, since no rollback takes that
 * back. */
static void plant(struct till *till, const char *when, int times, const char *what)
{
	(void)promo_test_sql(till->database,
		"DROP TRIGGER IF EXISTS planted ON users; DROP SEQUENCE IF EXISTS planted_seq; "
		"CREATE SEQUENCE planted_seq; GRANT ALL ON SEQUENCE planted_seq TO promo_app; "
		"CREATE OR REPLACE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ "
		"BEGIN IF nextval('planted_seq') <= %d THEN %s; END IF; RETURN NEW; END $$; "
		"CREATE %s ON users %s FOR EACH ROW EXECUTE FUNCTION planted()",
		times, what,
		strcmp(when, "commit") == 0 ? "CONSTRAINT TRIGGER planted AFTER INSERT"
					    : "TRIGGER planted BEFORE INSERT",
		strcmp(when, "commit") == 0 ? "DEFERRABLE INITIALLY DEFERRED" : "");
}

static const char conflict[] = "RAISE EXCEPTION USING ERRCODE = '40001'";
static const char full[] = "RAISE EXCEPTION USING ERRCODE = '53100'";
static const char broken[] = "RAISE EXCEPTION USING ERRCODE = '22012'";
static const char gone[] = "PERFORM pg_terminate_backend(pg_backend_pid())";

static int tear_down(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"DROP TRIGGER IF EXISTS planted ON users; DELETE FROM idempotency_keys; "
		"DELETE FROM users WHERE email = 'eric@example.com'; DELETE FROM audit_log");
	return 0;
}

static int made(struct till *till)
{
	return promo_test_sql(till->database,
		       "SELECT count(*) FROM users WHERE email = 'eric@example.com'")[0] -
	       '0';
}

/* How many audit rows of user.create have this outcome and error ("" for none). */
static int audited(struct till *till, const char *outcome, const char *error)
{
	return promo_test_sql(till->database,
		       "SELECT count(*) FROM audit_log WHERE action = 'user.create' "
		       "AND outcome = '%s' AND coalesce(error, '') = '%s'",
		       outcome, error)[0] -
	       '0';
}

static void test_conflicts_are_tried_again(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	plant(till, "now", 3, conflict);
	assert_int_equal(ASK(till, &promo_op_user_create, boss.token, body), 201);
	assert_int_equal(made(till), 1);
	assert_int_equal(audited(till, "allowed", ""), 1);
}

static void test_conflicts_without_end(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	plant(till, "now", 4, conflict);
	assert_problem(till, 503, "unavailable", &promo_op_user_create, boss.token, body);
	assert_true(till->answer.retry_after_s > 0);
	assert_int_equal(made(till), 0);
	assert_int_equal(audited(till, "failed", "unavailable"), 1);
}

static void test_a_lost_connection(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	plant(till, "now", 1, gone);
	assert_int_equal(ASK(till, &promo_op_user_create, boss.token, body), 201);
	assert_int_equal(made(till), 1);
	assert_int_equal(audited(till, "allowed", ""), 1);
	plant(till, "now", 9, gone);
	assert_problem(till, 503, "unavailable", &promo_op_user_create, boss.token,
		"{\"first_name\":\"A\",\"last_name\":\"B\",\"email\":\"ab@example.com\"}");
	assert_int_equal(made(till), 1);
}

static void test_lost_while_idle(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, &promo_op_me_show, boss.token), 200);
	(void)promo_test_sql(till->database,
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
		"WHERE datname = current_database() AND usename = 'promo_app'");
	assert_int_equal(ASK(till, &promo_op_me_show, boss.token), 200);
}

static void test_lost_in_the_commit(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	/* Nobody knows whether it was done, and without a key it must not be done again. */
	plant(till, "commit", 1, gone);
	assert_problem(till, 503, "outcome_unknown", &promo_op_user_create, boss.token, body);
	assert_int_equal(audited(till, "failed", "outcome_unknown"), 1);
	(void)tear_down(state);
	/* With one it is: it is the same request whatever became of the first. */
	plant(till, "commit", 1, gone);
	assert_int_equal(
		ASK(till, &promo_op_user_create, boss.token, body, .key = "unknown-1"), 201);
	assert_false(till->answer.replayed);
	assert_int_equal(made(till), 1);
	assert_int_equal(audited(till, "allowed", ""), 1);
	assert_int_equal(
		ASK(till, &promo_op_user_create, boss.token, body, .key = "unknown-1"), 201);
	assert_true(till->answer.replayed);
}

/* Whatever keeps the second attempt from its end says nothing about the first: it is tried until it
 * ends by itself, or until the time for that is over. */
static void test_unknown_stays_unknown(void **state)
{
	static const char *const then[] = { conflict, full, broken };
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	for (size_t i = 0; i < PROMO_COUNT(then); i++) {
		char what[256];

		(void)snprintf(what, sizeof(what),
			"IF currval('planted_seq') = 1 THEN %s; ELSE %s; END IF", gone, then[i]);
		till->config.resolve_ms = 250;
		plant(till, "commit", 999, what);
		assert_problem(till, 503, "outcome_unknown", &promo_op_user_create, boss.token,
			body, .key = "unknown-2");
		assert_int_equal(audited(till, "failed", "outcome_unknown"), 1);
		(void)tear_down(state);
		if (then[i] == broken)
			continue;
		till->config.resolve_ms = 60000;
		plant(till, "commit", 6, what);
		assert_int_equal(
			ASK(till, &promo_op_user_create, boss.token, body, .key = "unknown-3"),
			201);
		assert_int_equal(made(till), 1);
		(void)tear_down(state);
	}
	till->config.resolve_ms = 0;
}

static void test_a_full_disk(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	plant(till, "now", 1, full);
	assert_problem(till, 503, "unavailable", &promo_op_user_create, boss.token, body);
	assert_int_equal(audited(till, "failed", "unavailable"), 1);
}

static void test_a_fault(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	plant(till, "now", 1, broken);
	assert_problem(till, 500, "internal", &promo_op_user_create, boss.token, body);
	assert_got(till, "request_id", "test-request");
	assert_null(strstr(till->answer.body, "22012"));
	assert_int_equal(made(till), 0);
	assert_int_equal(audited(till, "failed", "internal"), 1);
}

/* Nothing can be written then, not even that it was refused. */
static void test_no_database_at_all(void **state)
{
	struct till *till = *state;
	struct till *other = till_new(till->database);
	struct person boss = till_person(till, "super-admin");

	till_shut(till);
	(void)promo_test_sql(till->database,
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
		"WHERE datname = current_database() AND usename = 'promo_app'");
	assert_problem(other, 503, "unavailable", &promo_op_user_create, boss.token, body);
	assert_problem(other, 503, "unavailable", &promo_op_server_ready);
	assert_int_equal(ASK(other, &promo_op_server_health), 200);
	assert_int_equal(ASK(other, &promo_op_server_metrics), 200);
	assert_non_null(strstr(other->answer.body, "\npromo_database_up 0\n"));
	assert_null(strstr(other->answer.body, "promo_jobs"));
	till_open(till);
	assert_int_equal(ASK(other, &promo_op_server_metrics), 200);
	assert_non_null(strstr(other->answer.body, "\npromo_database_up 1\n"));
	assert_int_equal(ASK(other, &promo_op_server_ready), 200);
	assert_int_equal(ASK(other, &promo_op_user_create, boss.token, body), 201);
	till_free(other);
}

static void test_keys(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	char longest[257];

	memset(longest, 'k', sizeof(longest));
	longest[256] = '\0';
	assert_problem(till, 400, "malformed_request", &promo_op_user_create, boss.token, body,
		.key = longest);
	longest[255] = '\0';
	assert_int_equal(ASK(till, &promo_op_user_create, boss.token, body, .key = longest), 201);
	assert_problem(
		till, 400, "malformed_request", &promo_op_user_create, boss.token, body, .key = "");
	assert_problem(till, 400, "malformed_request", &promo_op_user_create, boss.token, body,
		.key = "two words");
	assert_problem(till, 400, "malformed_request", &promo_op_user_create, boss.token, body,
		.key = "\xc3\xa9");
	assert_problem(till, 400, "idempotency_key_required", &promo_op_redemption_create,
		boss.token, "{\"code\":\"x\",\"phone_number\":\"0788123456\"}");
	/* Where no key is taken, none is looked at. */
	assert_int_equal(ASK(till, &promo_op_user_list, boss.token, .key = "two words"), 200);
}

static void test_if_match(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "");
	const struct promo_op *op = &promo_op_user_update;
	static const char *const wrong[] = { "\"2\"", "1", "W/\"1\"", "\"1", "*", "\"1\", \"2\"",
		"\"\"", "\"x\"", "\"99999999999999999999\"" };

	assert_problem(till, 428, "precondition_required", op, boss.token, "{}", clerk.id);
	for (size_t i = 0; i < PROMO_COUNT(wrong); i++)
		assert_problem(till, 412, "version_mismatch", op, boss.token, "{}", clerk.id,
			.if_match = wrong[i]);
	assert_int_equal(ASK(till, op, boss.token, "{\"first_name\":\"Aline Marie\"}", clerk.id,
				 .if_match = "\"1\""),
		200);
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_got(till, "version", "2");
}

static void test_content_type(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct promo_request request = {
		.op = &promo_op_user_create,
		.token = boss.token,
		.input = { .body = body, .body_size = strlen(body) },
	};
	static const struct {
		const char *type;
		int status;
	} cases[] = { { "text/csv", 415 }, { "application/jsonx", 415 }, { "application/js", 415 },
		{ "", 415 }, { "Application/JSON; charset=utf-8", 201 }, { NULL, 409 } };

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		request.content_type = cases[i].type;
		promo_arena_clear(till->arena);
		promo_run(till->runner, &request, till->arena, &till->answer);
		assert_int_equal(till->answer.status, cases[i].status);
	}
}

static void test_what_a_request_says_of_itself(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	char longest[2000];
	const struct {
		const char *ip, *agent, *kept_ip, *kept_agent;
	} cases[] = {
		{ "2001:db8::7", "curl/7.88", "2001:db8::7", "curl/7.88" },
		{ "fe80::1%eth0", "bad \xff\xc3", "-", "bad \xef\xbf\xbd\xef\xbf\xbd" },
		{ "unix", "a\nb\x1b[2J", "-",
			"a\xef\xbf\xbd"
			"b\xef\xbf\xbd[2J" },
		{ NULL, longest, "-", NULL },
		{ "", NULL, "-", "-" },
	};

	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const struct promo_request request = {
			.op = &promo_op_me_show,
			.token = boss.token,
			.ip = cases[i].ip,
			.user_agent = cases[i].agent,
		};

		(void)promo_test_sql(till->database, "DELETE FROM audit_log");
		promo_arena_clear(till->arena);
		promo_run(till->runner, &request, till->arena, &till->answer);
		assert_int_equal(till->answer.status, 200);
		assert_string_equal(promo_test_sql(till->database,
					    "SELECT coalesce(host(ip), '-') FROM audit_log"),
			cases[i].kept_ip);
		if (cases[i].kept_agent)
			assert_string_equal(
				promo_test_sql(till->database,
					"SELECT coalesce(user_agent, '-') FROM audit_log"),
				cases[i].kept_agent);
		else
			assert_string_equal(promo_test_sql(till->database,
						    "SELECT length(user_agent) FROM audit_log"),
				"250");
	}
}

static void test_bad_input_is_named(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_problem(till, 400, "malformed_request", &promo_op_user_create, boss.token, "{");
	assert_problem(till, 422, "invalid_input", &promo_op_user_create, boss.token,
		"{\"first_name\":7,\"nickname\":\"x\"}");
	assert_int_equal(audited(till, "failed", "invalid_input"), 1);
	assert_problem(till, 422, "invalid_input", &promo_op_user_list, boss.token,
		.query = { { "limit", "0" } });
	assert_got(till, "errors.0.pointer", "?limit");
	assert_problem(till, 422, "invalid_input", &promo_op_user_list, boss.token,
		.query = { { "cursor", "made-up" } });
	assert_got(till, "errors.0.pointer", "?cursor");
}

static void test_what_a_server_says_of_itself(void **state)
{
	struct till *till = *state;

	assert_int_equal(ASK(till, &promo_op_server_version), 200);
	assert_got(till, "version", "0.0-test");
	assert_int_equal(ASK(till, &promo_op_server_ready), 200);
	assert_got(till, "checks.3.name", "disk");
	assert_got(till, "checks.3.ok", "true");
	/* Of no disk 101 percent are free. */
	till->config.spool_dir = "/";
	till->config.disk_least_percent = 101;
	assert_int_equal(ASK(till, &promo_op_server_ready), 200);
	assert_got(till, "checks.3.ok", "false");
	assert_got(till, "status", "degraded");
	till->config.spool_dir = NULL;
	till->config.disk_least_percent = 0;
	/* What was made once for all is what is answered, not made anew. */
	assert_int_equal(ASK(till, &promo_op_server_openapi), 200);
	assert_ptr_equal(till->answer.body, till->config.openapi);
	assert_string_equal(till->answer.content_type, "application/json");
	assert_non_null(till_get(till, "openapi"));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action LIKE 'server.%%'"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_conflicts_are_tried_again, tear_down),
		cmocka_unit_test_teardown(test_conflicts_without_end, tear_down),
		cmocka_unit_test_teardown(test_a_lost_connection, tear_down),
		cmocka_unit_test_teardown(test_lost_while_idle, tear_down),
		cmocka_unit_test_teardown(test_lost_in_the_commit, tear_down),
		cmocka_unit_test_teardown(test_unknown_stays_unknown, tear_down),
		cmocka_unit_test_teardown(test_a_full_disk, tear_down),
		cmocka_unit_test_teardown(test_a_fault, tear_down),
		cmocka_unit_test_teardown(test_no_database_at_all, tear_down),
		cmocka_unit_test_teardown(test_keys, tear_down),
		cmocka_unit_test_teardown(test_if_match, tear_down),
		cmocka_unit_test_teardown(test_content_type, tear_down),
		cmocka_unit_test_teardown(test_what_a_request_says_of_itself, tear_down),
		cmocka_unit_test_teardown(test_bad_input_is_named, tear_down),
		cmocka_unit_test_teardown(test_what_a_server_says_of_itself, tear_down),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
