/* SPDX-License-Identifier: MIT */
/* Whatever goes wrong with a group, every request of it gets its true answer: the good ones are not
 * harmed by a bad one, who was overtaken is decided again, and what may have been committed is found
 * out and not done twice. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/traffic.h"

enum {
	MANY = 300,
	KILLS = 5,
	KILLS_MAX = 12,               /* batch A has codes for that many */
	LONG_RESOLVE_MS = 100 * 1000, /* more than any test takes */
	PATIENCE_MS = 30000
};

static struct till *till;
static struct traffic *traffic;
static struct person clerk;
static struct traffic_request *requests[MANY];
static int used; /* serials of batch A */

static int setup(void **state)
{
	if (till_setup(state))
		return -1;
	till = *state;
	clerk = till_person(till, "batch-manager");
	(void)stock_batch(till, 'A', 5000);
	traffic = traffic_new(till, 2, TRAFFIC_MAX, &clerk);
	return 0;
}

static int teardown(void **state)
{
	traffic_free(traffic);
	return till_teardown(state);
}

/* The requests of the test before are over. */
static int start_anew(void **state)
{
	(void)state;
	assert_int_equal(traffic->under_way, 0);
	traffic->count = 0;
	return 0;
}

static const char *fresh_code(char text[17])
{
	(void)snprintf(text, 17, "%s", stock_code('A', ++used).text);
	return text;
}

static struct traffic_request *redeem(const char *code, const char *key, const char *more)
{
	return SEND(traffic, .op = &promo_op_redemption_create, .token = clerk.token, .key = key,
		.body = stock_body(code, used % 10000, more));
}

static struct traffic_request *redeem_fresh(const char *more)
{
	char key[32], code[17];

	(void)snprintf(key, sizeof(key), "key-%d", used);
	return redeem(fresh_code(code), key, more);
}

static long redeemed(void)
{
	return strtol(promo_test_sql(till->database,
			      "SELECT count(*) FROM redemptions WHERE status = 'completed'"),
		NULL, 10);
}

/* Every code that was redeemed has one answer of success in the trail, replays apart, and counts
 * once. */
static void assert_books(long before, long more)
{
	assert_int_equal(redeemed(), before + more);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM promo_codes p WHERE status = 'redeemed' AND "
			"NOT EXISTS (SELECT FROM audit_log l WHERE l.entity_id = p.id AND "
			"l.action = 'redemption.create' AND l.outcome = 'allowed')"),
		"0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_writers w WHERE seq <> "
				    "(SELECT count(*) FROM audit_log l WHERE l.writer_id = w.id)"),
		"0");
	stock_assert_totals(till);
}

static void test_one_bad_among_many(void **state)
{
	const int bad = 57;
	long before = redeemed();
	int alone = 0;

	(void)state;
	(void)promo_test_sql(till->database,
		"ALTER TABLE redemptions ADD CONSTRAINT poison CHECK (note <> 'poison')");
	for (int i = 0; i < MANY; i++)
		requests[i] = redeem_fresh(i == bad ? ", \"note\": \"poison\"" : "");
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++) {
		if (requests[i]->state == TRAFFIC_ALONE) {
			alone++;
			(void)traffic_alone(traffic, requests[i]);
		}
		assert_int_equal(traffic_status(requests[i]), i == bad ? 500 : 201);
		assert_false(requests[i]->lane.answer.replayed);
	}
	assert_true(alone > 0);
	(void)promo_test_sql(till->database, "ALTER TABLE redemptions DROP CONSTRAINT poison");
	assert_books(before, MANY - 1);
}

static void test_a_guess_among_many(void **state)
{
	struct person guesser = till_person(till, "batch-manager");
	struct traffic_request *guess = NULL;

	(void)state;
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = guesser.token), 200);
	for (int i = 0; i < MANY; i++) {
		requests[i] = redeem_fresh("");
		if (i == MANY / 2)
			guess = SEND(traffic, .op = &promo_op_redemption_create,
				.token = guesser.token, .key = "guess",
				.body = stock_body(stock_code('H', 1).text, 1, ""));
	}
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(traffic_status(requests[i]), 201);
	assert_int_equal(traffic_alone(traffic, guess), 404);
}

static void sql(PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", text, PQerrorMessage(conn));
	PQclear(result);
}

/* Turns until some transaction waits for a lock. */
static void wait_for_a_lock(void)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;

	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_locks WHERE NOT granted AND " TILL_PIDS),
		       "0") == 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_turn(traffic, 10);
	}
}

static void test_overtaken(void **state)
{
	PGconn *conn = PQconnectdb(till->database->owner_uri);
	struct traffic_request *overtaken, *others[10];
	char code[17], text[256];
	long before = redeemed();

	(void)state;
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	(void)snprintf(text, sizeof(text),
		"BEGIN; UPDATE promo_codes SET status = 'blocked', blocked_at = now() "
		"WHERE code = '%s'",
		fresh_code(code));
	sql(conn, text);
	overtaken = redeem(code, "overtaken", "");
	for (size_t i = 0; i < PROMO_COUNT(others); i++)
		others[i] = redeem_fresh("");
	wait_for_a_lock();
	/* It was read and decided as an active code; what it is now is what it gets. */
	sql(conn, "COMMIT");
	traffic_run(traffic);
	assert_int_equal(traffic_status(overtaken), 409);
	assert_int_equal(overtaken->lane.answer.error, PROMO_E_CODE_BLOCKED);
	/* Who was refused is no customer by that. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM customers c WHERE NOT EXISTS "
				    "(SELECT FROM redemptions r WHERE r.customer_id = c.id AND "
				    "r.status = 'completed')"),
		"0");
	for (size_t i = 0; i < PROMO_COUNT(others); i++)
		assert_int_equal(traffic_status(others[i]), 201);
	PQfinish(conn);
	assert_books(before, PROMO_COUNT(others));
}

static void kill_backends(void)
{
	(void)promo_test_sql(till->database,
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
		"WHERE usename = 'promo_app' AND datname = current_database()");
}

/* Of a group that was perhaps committed, only those have to find out about it for whom it was to do
 * something: a miss is a miss, and who may not do it is told so. */
static void test_unknown_only_for_some(void **state)
{
	PGconn *conn = PQconnectdb(till->database->owner_uri);
	struct person guesser = till_person(till, "batch-manager");
	struct traffic_request *guess, *paid;
	const int64_t started_ms = promo_monotonic_ms();
	char code[17], text[128];
	long before = redeemed();

	(void)state;
	till->config.resolve_ms = LONG_RESOLVE_MS;
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = guesser.token), 200);
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	(void)snprintf(text, sizeof(text),
		"BEGIN; SELECT FROM promo_codes WHERE code = '%s' FOR UPDATE", fresh_code(code));
	sql(conn, text);
	paid = redeem(code, "unknown-paid", "");
	guess = SEND(traffic, .op = &promo_op_redemption_create, .token = guesser.token,
		.key = "unknown-guess", .body = stock_body(stock_code('H', 2).text, 1, ""));
	wait_for_a_lock();
	(void)promo_test_sql(till->database,
		"SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE NOT granted "
		"AND " TILL_PIDS);
	traffic_run(traffic);
	sql(conn, "ROLLBACK");
	PQfinish(conn);
	assert_true(paid->lane.request.resolve_until_ms >= started_ms + LONG_RESOLVE_MS);
	till->config.resolve_ms = 0;
	assert_int_equal(traffic_alone(traffic, paid), 201);
	assert_true(guess->lane.request.resolve_until_ms == 0);
	assert_int_equal(traffic_alone(traffic, guess), 404);
	assert_books(before, 1);
}

static void until_up(void)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	struct traffic_request *request;

	for (;;) {
		assert_true(promo_monotonic_ms() < until_ms);
		request = TRY(traffic, .op = &promo_op_code_verify, .token = clerk.token,
			.body = traffic_verify_body('A', 1));
		traffic_run(traffic);
		if (request && request->state == TRAFFIC_ANSWERED)
			return;
		if (request)
			(void)traffic_alone(traffic, request);
		traffic_turn(traffic, 100);
		traffic->count = 0;
	}
}

static void test_lost_connections(void **state)
{
	int alone = 0, unknown = 0, rounds = 0;

	/* On a busy machine all may be over before the blow: then once more. */
	for (; rounds < KILLS || (alone == 0 && rounds < KILLS_MAX); rounds++) {
		long before = redeemed();

		(void)start_anew(state);
		until_up();
		(void)start_anew(state);
		for (int i = 0; i < MANY; i++)
			requests[i] = redeem_fresh("");
		for (int turn = 0; turn < 4 * (rounds % KILLS); turn++)
			traffic_turn(traffic, 20);
		kill_backends();
		traffic_run(traffic);
		for (int i = 0; i < MANY; i++) {
			if (requests[i]->state == TRAFFIC_ALONE) {
				alone++;
				unknown += requests[i]->lane.request.resolve_until_ms != 0;
				(void)traffic_alone(traffic, requests[i]);
			}
			assert_int_equal(traffic_status(requests[i]), 201);
			assert_false(requests[i]->lane.answer.replayed);
		}
		assert_books(before, MANY);
	}
	print_message("%d of %d were handed back, %d of these after a commit was sent\n", alone,
		rounds * MANY, unknown);
	assert_true(alone > 0);
}

static void test_no_database(void **state)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	struct traffic_request *request;

	(void)state;
	until_up();
	till_shut(till);
	kill_backends();
	for (;;) {
		request = TRY(traffic, .op = &promo_op_code_verify, .token = clerk.token,
			.body = traffic_verify_body('A', 1));
		if (!request)
			break;
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_run(traffic);
		if (request->state == TRAFFIC_ALONE)
			promo_lanes_alone_over(traffic->lanes, &request->lane);
	}
	/* The lanes take nothing while they cannot do it, and come back by themselves. */
	till_open(till);
	until_up();
}

/* As a standby that was promoted without the last transactions: what was known by them must not hold
 * on, and whoever signs in there is known again. */
static void test_a_database_that_lost_something(void **state)
{
	struct traffic_request *request;

	(void)state;
	until_up();
	(void)promo_test_sql(till->database,
		"UPDATE auth_state SET epoch = epoch + 9, settings_version = settings_version + 9");
	until_up();
	(void)promo_test_sql(till->database,
		"UPDATE auth_state SET epoch = epoch - 5, settings_version = settings_version - 5");
	request = SEND(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('A', 1));
	traffic_run(traffic);
	assert_int_equal(traffic_alone(traffic, request), 200);
	request = SEND(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('A', 1));
	traffic_run(traffic);
	assert_int_equal(traffic_status(request), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_bad_among_many, start_anew),
		cmocka_unit_test_setup(test_a_guess_among_many, start_anew),
		cmocka_unit_test_setup(test_overtaken, start_anew),
		cmocka_unit_test_setup(test_unknown_only_for_some, start_anew),
		cmocka_unit_test_setup(test_lost_connections, start_anew),
		cmocka_unit_test_setup(test_no_database, start_anew),
		cmocka_unit_test_setup(test_a_database_that_lost_something, start_anew),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
