/* SPDX-License-Identifier: MIT */
/* On an engine without SKIP LOCKED jobs are claimed as well, each once: who wants one that somebody else
 * holds waits for him and takes the next one. Forced here by the setting for such engines. */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

enum {
	JOBS = 6,
	CODES = 500,
	ENGINES = 2,
	WAIT_MS = 60000,
	LOOK_MS = 20,
};

static struct promo_jobs *engines[ENGINES];

/* Until the query says "t"; the test fails when it never does. */
static void wait_until(struct till *till, const char *query)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(promo_test_sql(till->database, "%s", query), "t") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

static void make_batches(struct till *till, const struct person *admin)
{
	for (int i = 0; i < JOBS; i++) {
		char body[256];

		(void)snprintf(body, sizeof(body),
			"{\"batch_name\": \"WAITING_%d\", \"total_codes\": %d, "
			"\"amount_per_code\": "
			"\"5.00\", \"expiration_date\": \"2999-12-31\"}",
			i, CODES);
		assert_int_equal(ASK(till, .op = &promo_op_batch_create, .token = admin->token,
					 .body = body),
			201);
	}
}

/* A transaction of somebody else, in the middle of something with the first job. */
static PGconn *hold_first_job(struct till *till)
{
	PGconn *conn = PQconnectdb(till->database->owner_uri);
	PGresult *result;

	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	result = PQexec(conn, "BEGIN; SELECT id FROM jobs ORDER BY priority DESC, run_after, id "
			      "LIMIT 1 FOR UPDATE");
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	PQclear(result);
	return conn;
}

static void start_engines(struct till *till)
{
	const struct promo_jobs_config config = { .runner = &till->config };

	for (int i = 0; i < ENGINES; i++)
		assert_int_equal(promo_jobs_start(&config, &engines[i]), 0);
}

static void stop_engines(void)
{
	for (int i = 0; i < ENGINES; i++)
		promo_jobs_stop(engines[i]);
}

static const char all_done[] =
	"SELECT count(*) FILTER (WHERE status = 'succeeded') = count(*) FROM jobs";

static void assert_each_once(struct till *till)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(DISTINCT fence::text, ' ') || ' ' || "
				    "(SELECT count(*) FROM promo_codes) FROM jobs"),
		"1 3000");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM batches WHERE status = 'active' AND "
				    "ready_codes = 500"),
		"6");
}

static void test_waiting(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "super-admin");
	PGconn *conn;

	till->config.no_skip_locked = true;
	make_batches(till, &admin);
	conn = hold_first_job(till);
	start_engines(till);
	wait_until(till, "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = "
			 "current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE "
			 "jobs%' AND query NOT LIKE '%SKIP LOCKED%'");
	PQfinish(conn);
	wait_until(till, all_done);
	stop_engines();
	assert_each_once(till);
	till->config.no_skip_locked = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waiting),
	};

	return cmocka_run_group_tests_name("ops/jobs_waiting", tests, till_setup, till_teardown);
}
