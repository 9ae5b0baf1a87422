/* SPDX-License-Identifier: MIT */
/* All lanes lose their connections at once, with many more requests than the workers could take: what
 * was never sent waits for a lane to come back and is answered by it, or is told that nothing was done;
 * only for whom the lost transactions were to do something it has to be found out. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/traffic.h"

enum {
	MANY = 900, /* of TRAFFIC_MAX */
	LANES = 2,
	GROUP = 256, /* so many go together where so many wait */
	PATIENCE_MS = 30000,
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
	return 0;
}

static int open_lanes(void **state)
{
	(void)state;
	traffic = traffic_new(till, LANES, TRAFFIC_MAX, &clerk);
	return 0;
}

static int close_lanes(void **state)
{
	(void)state;
	traffic_free(traffic);
	return 0;
}

static void sql(PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", text, PQerrorMessage(conn));
	PQclear(result);
}

static bool is_sql(const char *text, const char *expected)
{
	return strcmp(promo_test_sql(till->database, "%s", text), expected) == 0;
}

static int count_in(enum traffic_state state)
{
	int found = 0;

	for (int i = 0; i < MANY; i++)
		found += requests[i]->state == state;
	return found;
}

/* Each code is somebody else's; a transaction of the test's own holds them, so that a lane that writes
 * does not come to its end. */
static PGconn *send_all(void)
{
	PGconn *conn = PQconnectdb(till->database->owner_uri);

	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	sql(conn, "BEGIN; SELECT count(*) FROM (SELECT FROM promo_codes FOR UPDATE) s");
	for (int i = 0; i < MANY; i++) {
		char key[32];

		(void)snprintf(key, sizeof(key), "outage-%d", ++used);
		requests[i] = SEND(traffic, .op = &promo_op_redemption_create, .token = clerk.token,
			.key = key,
			.body = stock_body(stock_code('A', used).text, used % 10000, ""));
	}
	return conn;
}

/* Every lane's connection is gone, and none comes back. */
static void cut_off(void)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;

	till_shut(till);
	(void)promo_test_sql(till->database,
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = "
		"'promo_app' AND datname = current_database()");
	while (!is_sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'promo_app' AND "
		       "datname = current_database()",
		"0")) {
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_turn(traffic, 10);
	}
}

static void wait_for_writers(int count)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	char expected[8];

	(void)snprintf(expected, sizeof(expected), "%d", count);
	while (!is_sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND " TILL_PIDS,
		expected)) {
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_turn(traffic, 10);
	}
}

/* What was handed back: the groups whose writes were on their way, each of whom may be redeemed. */
static void assert_unknown(void)
{
	assert_int_equal(count_in(TRAFFIC_ALONE), LANES * GROUP);
	for (int i = 0; i < MANY; i++)
		if (requests[i]->state == TRAFFIC_ALONE)
			assert_true(requests[i]->lane.request.resolve_until_ms != 0);
}

static void finish_alone(void)
{
	for (int i = 0; i < MANY; i++)
		if (requests[i]->state == TRAFFIC_ALONE)
			assert_int_equal(traffic_alone(traffic, requests[i]), 201);
}

static void test_a_lane_comes_back(void **state)
{
	PGconn *conn = send_all();
	int waiting;

	(void)state;
	wait_for_writers(LANES);
	cut_off();
	while (count_in(TRAFFIC_ALONE) < LANES * GROUP)
		traffic_turn(traffic, 10);
	assert_unknown();
	waiting = count_in(TRAFFIC_UNDER_WAY);
	assert_int_equal(waiting, MANY - count_in(TRAFFIC_ALONE));
	/* And whoever comes now. */
	assert_non_null(TRY(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('A', 4000)));
	sql(conn, "COMMIT");
	PQfinish(conn);
	till_open(till);
	traffic_run(traffic);
	assert_int_equal(count_in(TRAFFIC_ANSWERED), waiting);
	finish_alone();
	for (int i = 0; i < MANY; i++)
		assert_int_equal(traffic_status(requests[i]), 201);
	stock_assert_totals(till);
}

static void test_no_lane_comes_back(void **state)
{
	PGconn *conn = send_all();
	long told = 0;

	(void)state;
	wait_for_writers(LANES);
	cut_off();
	traffic_run(traffic);
	sql(conn, "COMMIT");
	PQfinish(conn);
	assert_unknown();
	for (int i = 0; i < MANY; i++) {
		if (requests[i]->state != TRAFFIC_ANSWERED)
			continue;
		assert_int_equal(traffic_status(requests[i]), 503);
		assert_int_equal(requests[i]->lane.answer.error, PROMO_E_UNAVAILABLE);
		assert_true(requests[i]->lane.answer.retry_after_s > 0);
		told++;
	}
	assert_int_equal(told, MANY - count_in(TRAFFIC_ALONE));
	/* By now it is no use to wait. */
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('A', 4000)));
	till_open(till);
	finish_alone();
	/* Nothing was done for those who were told so. */
	for (int i = 0; i < MANY; i++)
		told -= is_sql(promo_arena_printf(till->texts,
				       "SELECT status FROM promo_codes WHERE code = '%s'",
				       stock_code('A', used - MANY + i + 1).text),
			"active");
	assert_int_equal(told, 0);
	stock_assert_totals(till);
}

/* Who still waits for his turn can be taken back, and then it is true that nothing is done. */
static void test_taken_back(void **state)
{
	PGconn *conn = send_all();
	int back = 0;

	(void)state;
	wait_for_writers(LANES);
	for (int i = 0; i < MANY; i++)
		if (promo_lanes_recall(traffic->lanes, &requests[i]->lane)) {
			requests[i]->state = TRAFFIC_OUTSIDE;
			traffic->under_way--;
			back++;
		}
	assert_int_equal(back, MANY - LANES * GROUP);
	assert_false(promo_lanes_recall(traffic->lanes, &requests[0]->lane));
	sql(conn, "COMMIT");
	PQfinish(conn);
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++)
		if (requests[i]->state == TRAFFIC_OUTSIDE)
			back -= is_sql(promo_arena_printf(till->texts,
					       "SELECT status FROM promo_codes WHERE code = '%s'",
					       stock_code('A', used - MANY + i + 1).text),
				"active");
		else
			assert_int_equal(traffic_status(requests[i]), 201);
	assert_int_equal(back, 0);
	stock_assert_totals(till);
}

#define WITH_LANES(test) cmocka_unit_test_setup_teardown(test, open_lanes, close_lanes)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LANES(test_a_lane_comes_back),
		WITH_LANES(test_no_lane_comes_back),
		WITH_LANES(test_taken_back),
	};

	return cmocka_run_group_tests(tests, setup, till_teardown);
}
