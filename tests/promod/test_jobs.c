/* SPDX-License-Identifier: MIT */
/* Jobs of two daemons on one database: who prefers to wait is answered with the job that has ended, and
 * else with the one that goes on; a job is cancelled on either of them; and when a daemon is killed in
 * the middle of a chunk, the other one goes on within half a minute, to exactly as many codes; so it does
 * when the first one only stands still, which then changes nothing any more. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/api.h"

enum {
	CODES = 150 * 1000,
	WAIT_MS = 120 * 1000,
	PICKED_UP_MS = 30 * 1000,
};

static struct till till; /* of the daemons' database, for stock */
static struct promo_test_daemon other;
static struct api second; /* the same database, by the other daemon */

static int setup(void **state)
{
	if (api_setup(state))
		return -1;
	till.database = ((struct api *)*state)->database;
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&other);
	return api_teardown(state);
}

/* More codes for a batch, by one of the daemons. */
static int top_up(struct api *api, const char *batch_id, int count, const char *headers,
	struct api_answer *answer)
{
	char path[128], body[64];

	(void)snprintf(path, sizeof(path), "/api/v1/batches/%s/generate", batch_id);
	(void)snprintf(body, sizeof(body), "{\"count\":%d}", count);
	return API(
		api, answer, "POST", path, .token = api->token, .headers = headers, .body = body);
}

static void PROMO_PRINTF(1, 2) wait_until(const char *condition, ...)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	char sql[512];
	va_list arguments;

	va_start(arguments, condition);
	(void)vsnprintf(sql, sizeof(sql), condition, arguments);
	va_end(arguments);
	while (strcmp(promo_test_sql(till.database, "SELECT (%s)::text", sql), "true") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, /* timeout_ms= */ 10);
	}
}

static void test_prefers_to_wait(void **state)
{
	struct api *api = *state;
	struct stock_id batch = stock_batch(&till, 'W', 1);
	struct api_answer answer;
	int64_t begun_ms = promo_monotonic_ms();

	assert_int_equal(
		top_up(api, batch.text, 10, "Prefer: respond-async, wait=20\r\n", &answer), 200);
	assert_true(promo_monotonic_ms() - begun_ms < 15000);
	assert_string_equal(api_get(&answer, "job.status"), "succeeded");
	assert_string_equal(api_get(&answer, "job.result.generated"), "10");

	/* Nobody is at work on it any longer than that. */
	(void)promo_test_sql(till.database,
		"CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.run_after "
		"= "
		"'infinity'; RETURN NEW; END $$; CREATE TRIGGER hold BEFORE INSERT ON jobs "
		"FOR EACH ROW EXECUTE FUNCTION hold()");
	begun_ms = promo_monotonic_ms();
	assert_int_equal(top_up(api, batch.text, 10, "Prefer: wait=1\r\n", &answer), 202);
	assert_true(promo_monotonic_ms() - begun_ms >= 1000);
	assert_string_equal(api_get(&answer, "job.status"), "queued");
	(void)promo_test_sql(till.database, "DROP TRIGGER hold ON jobs; "
					    "UPDATE jobs SET run_after = now()");
	wait_until("(SELECT ready_codes = 21 FROM batches WHERE id = '%s')", batch.text);
}

static void test_killed(void **state)
{
	static char key_file[128];
	const char *const options[] = { "--hash-key-file", key_file, "--job-threads", "1", NULL };
	struct api *api = *state;
	struct stock_id batch = stock_batch(&till, 'K', 1);
	struct api_answer answer;
	char job[40];
	int64_t killed_ms;

	assert_int_equal(top_up(api, batch.text, CODES, NULL, &answer), 202);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	(void)snprintf(key_file, sizeof(key_file), "%s/hash.key", api->daemon.state_dir);
	wait_until("(SELECT done FROM jobs WHERE id = '%s') > 0", job);
	/* In the middle of the next chunk. */
	wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND "
		   "state = 'active' AND query LIKE '%%COPY promo_codes%%' AND pid <> "
		   "pg_backend_pid())");
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGKILL), 128 + SIGKILL);
	killed_ms = promo_monotonic_ms();
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT ready_codes || ' ' || status FROM batches "
				    "WHERE id = '%s'",
				    batch.text),
		"1 active");

	promo_test_daemon_start(&other, api->database, options);
	second = *api;
	second.daemon = other;
	wait_until("(SELECT fence > 1 FROM jobs WHERE id = '%s')", job);
	assert_true(promo_monotonic_ms() - killed_ms < PICKED_UP_MS);
	wait_until("(SELECT status = 'succeeded' FROM jobs WHERE id = '%s')", job);
	assert_string_equal(
		promo_test_sql(till.database,
			"SELECT count(*) || ' ' || count(DISTINCT serial) || ' ' || max(serial) "
			"|| ' ' || min(b.ready_codes) || ' ' || min(b.total_codes) "
			"FROM promo_codes p JOIN batches b ON b.id = p.batch_id WHERE b.id = '%s'",
			batch.text),
		"150001 150001 150001 150001 150001");
	promo_test_daemon_start_again(
		&api->daemon, api->database, (const char *const[]){ "--job-threads", "0", NULL });
}

/* Stopped in the middle of a chunk: its connections stand, its locks too. */
static void test_stands_still(void **state)
{
	struct api *api = *state;
	struct stock_id batch = stock_batch(&till, 'H', 1), next = stock_batch(&till, 'N', 1);
	char job[40], made[2048];
	struct api_answer answer;
	int64_t stopped_ms;

	assert_int_equal(top_up(api, batch.text, CODES, NULL, &answer), 202);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	wait_until("(SELECT done FROM jobs WHERE id = '%s') > 0", job);
	wait_until(
		"EXISTS (SELECT FROM pg_stat_progress_copy WHERE datname = current_database() AND "
		"command = 'COPY FROM' AND tuples_processed > 0)");
	assert_int_equal(kill(other.pid, SIGSTOP), 0);
	stopped_ms = promo_monotonic_ms();
	/* One that has a part in jobs, in the place of the one that has none. */
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database, NULL);
	wait_until("(SELECT fence > 1 FROM jobs WHERE id = '%s')", job);
	assert_true(promo_monotonic_ms() - stopped_ms < PICKED_UP_MS);
	wait_until("(SELECT status = 'succeeded' FROM jobs WHERE id = '%s')", job);
	(void)snprintf(made, sizeof(made), "%s",
		promo_test_sql(till.database,
			"SELECT to_jsonb(j)::text FROM jobs j WHERE id = '%s'", job));

	assert_int_equal(kill(other.pid, SIGCONT), 0);
	/* Its only worker finds that out, and is at work again on what comes next. */
	(void)promo_test_daemon_end(&api->daemon, SIGTERM);
	promo_test_daemon_start_again(
		&api->daemon, api->database, (const char *const[]){ "--job-threads", "0", NULL });
	assert_int_equal(top_up(api, next.text, 10, "Prefer: wait=20\r\n", &answer), 200);
	assert_string_equal(api_get(&answer, "job.status"), "succeeded");
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT to_jsonb(j)::text FROM jobs j WHERE id = '%s'", job),
		made);
	assert_string_equal(
		promo_test_sql(till.database,
			"SELECT count(*) || ' ' || count(DISTINCT serial) || ' ' || max(serial) "
			"|| ' ' || min(b.ready_codes) || ' ' || min(b.total_codes) "
			"FROM promo_codes p JOIN batches b ON b.id = p.batch_id WHERE b.id = '%s'",
			batch.text),
		"150001 150001 150001 150001 150001");
}

/* Wished by the daemon that has no part in it. */
static void test_cancelled_elsewhere(void **state)
{
	struct api *api = *state;
	struct stock_id batch = stock_batch(&till, 'E', 1);
	struct api_answer answer;
	char job[40], path[128];

	assert_int_equal(top_up(&second, batch.text, CODES, NULL, &answer), 202);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	wait_until("(SELECT status = 'running' FROM jobs WHERE id = '%s')", job);
	(void)snprintf(path, sizeof(path), "/api/v1/jobs/%s/cancel", job);
	assert_int_equal(API(api, &answer, "POST", path, .token = api->token), 200);
	wait_until("(SELECT status = 'cancelled' FROM jobs WHERE id = '%s')", job);
	assert_string_equal(
		promo_test_sql(till.database,
			"SELECT (SELECT count(*) FROM promo_codes WHERE batch_id = b.id) || ' ' || "
			"total_codes || ' ' || ready_codes FROM batches b WHERE id = '%s'",
			batch.text),
		"1 1 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefers_to_wait),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_stands_still),
		cmocka_unit_test(test_cancelled_elsewhere),
	};

	return cmocka_run_group_tests_name("promod/jobs", tests, setup, teardown);
}
