/* SPDX-License-Identifier: MIT */
/* Many thousand codes are changed by a job, exactly: also where its process is killed in the middle and
 * another one goes on; cancelled, it says how many it has changed. While jobs change and delete, clerks
 * redeem and batches are topped up, no total is ever wrong. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

enum {
	CODES = 12000
};

static struct mill_batch change(struct till *till, const struct person *boss, const char *action,
	const char *status, struct stock_id batch, int expected)
{
	struct mill_batch job = { .batch = batch };
	char body[300];

	(void)snprintf(body, sizeof(body),
		"{\"action\":\"%s\",\"filter\":{\"batch_id\":\"%s\",\"status\":[\"%s\"]},"
		"\"expected_count\":%d,\"reason\":\"test\"}",
		action, batch.text, status, expected);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_bulk, .token = boss->token, .body = body), 202);
	(void)snprintf(job.job.text, sizeof(job.job.text), "%s", till_get(till, "job.id"));
	assert_got(till, "job.kind", "bulk");
	assert_non_null(strstr(till->answer.location, job.job.text));
	return job;
}

static void assert_result(struct till *till, const struct person *boss,
	const struct mill_batch *job, const char *status, const char *changed, const char *skipped)
{
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = boss->token, .id = job->job.text),
		200);
	assert_got(till, "status", status);
	assert_got(till, "result.changed", changed);
	assert_got(till, "result.skipped", skipped);
}

static void test_blocked_and_freed(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', CODES);
	struct mill_batch job;
	struct promo_jobs *jobs;
	char body[200];

	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"filter\":{\"batch_id\":\"%s\"},\"expected_count\":5}",
		batch.text);
	assert_problem(till, 409, "count_mismatch", .op = &promo_op_code_bulk, .token = boss.token,
		.body = body);
	assert_got(till, "count", "12000");
	stock_redeem(till, &boss, 'A', 3, 1);
	job = change(till, &boss, "block", "active", batch, CODES - 1);
	/* Redeemed after it was asked for. */
	stock_redeem(till, &boss, 'A', 11000, 2);
	jobs = mill_start(till, false);
	mill_wait_for_end(till, &job);
	assert_result(till, &boss, &job, "succeeded", "11998", "1");
	stock_assert_all_totals(till);
	job = change(till, &boss, "unblock", "blocked", batch, CODES - 2);
	mill_wait_for_end(till, &job);
	assert_result(till, &boss, &job, "succeeded", "11998", "0");
	stock_assert_all_totals(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT sum((changes -> 0 ->> 'after')::int) FROM audit_log WHERE "
			"action = 'code.bulk' AND entity_id = '%s' AND actor_kind = 'system'",
			job.job.text),
		"11998");
	mill_stop(jobs);
}

static void test_killed(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'C', CODES);
	struct mill_batch job = change(till, &boss, "delete", "active", batch, CODES);
	struct promo_jobs *jobs;

	mill_kill_at(till, &job, 3000);
	(void)promo_test_sql(till->database, "UPDATE jobs SET lease_until = now() WHERE id = '%s'",
		job.job.text);
	jobs = mill_start(till, false);
	mill_wait_for_end(till, &job);
	assert_result(till, &boss, &job, "succeeded", "12000", "0");
	stock_assert_all_totals(till);
	mill_stop(jobs);
}

static void test_cancelled(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 30000);
	struct mill_batch job = change(till, &boss, "block", "active", batch, 30000);
	struct promo_jobs *jobs;
	char blocked[16];

	mill_kill_at(till, &job, 2000);
	(void)promo_test_sql(till->database, "UPDATE jobs SET lease_until = now() WHERE id = '%s'",
		job.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = boss.token, .id = job.job.text),
		200);
	jobs = mill_start(till, false);
	mill_wait_for_end(till, &job);
	(void)snprintf(blocked, sizeof(blocked), "%s",
		promo_test_sql(till->database,
			"SELECT count(*) FROM promo_codes WHERE batch_id = '%s' AND status = "
			"'blocked'",
			batch.text));
	assert_true(strtol(blocked, NULL, 10) >= 2000 && strtol(blocked, NULL, 10) < 30000);
	assert_result(till, &boss, &job, "cancelled", blocked, "0");
	stock_assert_all_totals(till);
	mill_stop(jobs);
}

/* Over all batches: codes that are there and not ready when it is asked for are not meant, although
 * they are ready when their turn comes. */
static void test_not_what_comes_meanwhile(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	char since[40], body[240];
	struct mill_batch job = { 0 };
	struct promo_jobs *jobs;

	(void)snprintf(since, sizeof(since), "%s",
		promo_test_sql(till->database,
			"SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', "
			"'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"));
	(void)stock_batch(till, 'W', CODES);
	job.batch = stock_batch(till, 'X', 20);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET ready_codes = 10 WHERE id = '%s'; "
		"INSERT INTO jobs (id, kind, status, batch_id, total, lease_until) VALUES "
		"(gen_random_uuid(), 'generate', 'running', '%s', 10, now() + interval '1 hour')",
		job.batch.text, job.batch.text);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"filter\":{\"created_after\":\"%s\"},\"expected_count\":%"
		"d}",
		since, CODES + 10);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_bulk, .token = boss.token, .body = body), 202);
	(void)snprintf(job.job.text, sizeof(job.job.text), "%s", till_get(till, "job.id"));
	(void)promo_test_sql(till->database,
		"UPDATE batches SET ready_codes = 20 WHERE id = '%s'; "
		"UPDATE jobs SET status = 'succeeded', finished_at = now() WHERE batch_id = '%s'",
		job.batch.text, job.batch.text);
	jobs = mill_start(till, false);
	mill_wait_for_end(till, &job);
	mill_stop(jobs);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT max(serial) FROM promo_codes WHERE batch_id = '%s' "
				    "AND status = 'blocked'",
				    job.batch.text),
		"10");
	assert_result(till, &boss, &job, "succeeded", "12010", "0");
	stock_assert_all_totals(till);
}

/* A deleted batch is gone at once, and after a while also its codes, but for what is on record. */
static void test_a_deleted_batch_leaves_nothing(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id gone = stock_batch(till, 'F', 2500), tried = stock_batch(till, 'G', 5);
	struct ask ask = { .op = &promo_op_batch_delete, .token = boss.token, .id = gone.text };
	struct promo_jobs *jobs;

	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'blocked', version = 2 WHERE id = '%s'", tried.text);
	assert_problem(till, 409, "batch_not_active", .op = &promo_op_redemption_create,
		.token = boss.token, .key = "g",
		.body = stock_body(stock_code('G', 1).text, 1, ""));
	assert_int_equal(till_ask(till, &ask), 204);
	ask.id = tried.text;
	assert_int_equal(till_ask(till, &ask), 204);
	jobs = mill_start(till, false);
	mill_wait_until(till,
		"(SELECT count(*) = 2 FROM jobs WHERE batch_id IN ('%s', '%s') AND status = "
		"'succeeded')",
		gone.text, tried.text);
	mill_stop(jobs);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM batches WHERE id = '%s') || ' ' || "
			"(SELECT count(*) FROM promo_codes WHERE batch_id = '%s') || ' ' "
			"|| (SELECT count(*) FROM promo_codes WHERE batch_id = '%s') || ' ' "
			"|| (SELECT string_agg(status, ' ') FROM promo_codes WHERE batch_id = "
			"'%s')",
			gone.text, gone.text, tried.text, tried.text),
		"0 0 1 blocked");
	/* What was redeemed by then would have been found; who comes now finds it blocked. */
	stock_assert_all_totals(till);
	assert_int_equal(ASK(till, &promo_op_redemption_list, boss.token,
				 .query = { { "status", "failed" } }),
		200);
	assert_got(till, "items.0.error_code", "batch_not_active");
}

/* A redemption that was under way when its batch was deleted was paid: it is not hidden. Nor does
 * anybody keep by a cancellation what is left of a deleted batch. */
static void test_a_deleted_batch_comes_back(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'T', 3), gone = stock_batch(till, 'U', 3);
	struct ask ask = { .op = &promo_op_batch_delete, .token = boss.token, .id = batch.text };
	struct promo_jobs *jobs;

	assert_int_equal(till_ask(till, &ask), 204);
	ask.id = gone.text;
	assert_int_equal(till_ask(till, &ask), 204);
	(void)promo_test_sql(till->database,
		"WITH paid AS (UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() "
		"WHERE batch_id = '%s' AND serial = 2 RETURNING batch_id, amount) "
		"INSERT INTO totals (batch_id, day, lane, redeemed, redeemed_amount) "
		"SELECT batch_id, current_date, 0, 1, amount FROM paid",
		batch.text);
	(void)ASK(till, .op = &promo_op_job_cancel, .token = boss.token,
		.id = promo_test_sql(
			till->database, "SELECT id FROM jobs WHERE batch_id = '%s'", gone.text));
	jobs = mill_start(till, false);
	mill_wait_until(till,
		"(SELECT count(*) = 2 FROM jobs WHERE batch_id IN ('%s', '%s') "
		"AND finished_at IS NOT NULL)",
		batch.text, gone.text);
	mill_stop(jobs);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM promo_codes WHERE batch_id = '%s'", gone.text),
		"0");
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_show, .token = boss.token, .id = batch.text), 200);
	assert_got(till, "status", "archived");
	assert_got(till, "ready_codes", "1");
	assert_got(till, "counts.redeemed", "1");
	assert_got(till, "counts.blocked", "0");
}

/*
 * All at once.
 */

struct clerk {
	struct till *till;
	struct person person;
	int first;
	atomic_int *stop;
	int redeemed;
};

static void *redeem_on(void *argument)
{
	struct clerk *clerk = argument;

	for (int i = clerk->first; !atomic_load(clerk->stop) && i <= CODES; i += 40) {
		char key[PROMO_UUID_SIZE];
		int status;

		promo_uuid_new(key);
		status = ASK(clerk->till, .op = &promo_op_redemption_create,
			.token = clerk->person.token, .key = key,
			.body = stock_body(stock_code('M', i).text, 1 + i % 9, ""));
		assert_true(status == 201 || status == 404 || status == 409);
		clerk->redeemed += status == 201;
	}
	return NULL;
}

static void test_everything_at_once(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'M', CODES);
	struct promo_jobs *jobs = mill_start(till, false);
	struct clerk clerks[2];
	pthread_t threads[2];
	atomic_int stop = 0;
	struct mill_batch job;
	char body[200];

	for (int i = 0; i < 2; i++) {
		clerks[i] = (struct clerk){ till_new(till->database),
			till_person(till, "batch-manager"), 7 + i, &stop, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, redeem_on, &clerks[i]), 0);
	}
	(void)snprintf(body, sizeof(body), "{\"count\":2000}");
	assert_int_equal(ASK(till, .op = &promo_op_batch_generate, .token = boss.token,
				 .id = batch.text, .body = body),
		202);
	(void)snprintf(job.job.text, sizeof(job.job.text), "%s", till_get(till, "job.id"));
	for (int i = 1; i <= 30; i++) {
		struct stock_id code = stock_code_id(till, 'M', 300 * i);

		(void)ASK(till, .op = &promo_op_code_status, .token = boss.token, .id = code.text,
			.body = "{\"status\":\"blocked\"}");
		(void)snprintf(body, sizeof(body),
			"{\"action\":\"delete\",\"codes\":[\"%s\",\"%s\"],\"expected_count\":2}",
			stock_code('M', 300 * i + 1).text, stock_code('M', 300 * i + 2).text);
		(void)ASK(till, .op = &promo_op_code_bulk, .token = boss.token, .body = body);
	}
	mill_wait_for_end(till, &job);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"filter\":{\"batch_id\":\"%s\",\"q\":\"M02\"},"
		"\"expected_count\":%s}",
		batch.text,
		promo_test_sql(till->database,
			"SELECT count(*) FROM promo_codes WHERE batch_id = '%s' AND code LIKE "
			"'%%M02%%'",
			batch.text));
	(void)ASK(till, .op = &promo_op_code_bulk, .token = boss.token, .body = body);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(clerks[i].redeemed > 0);
		till_free(clerks[i].till);
	}
	mill_stop(jobs);
	stock_assert_all_totals(till);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocked_and_freed),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_not_what_comes_meanwhile),
		cmocka_unit_test(test_a_deleted_batch_leaves_nothing),
		cmocka_unit_test(test_everything_at_once),
		cmocka_unit_test(test_a_deleted_batch_comes_back),
	};

	return cmocka_run_group_tests_name("ops/bulk", tests, till_setup, mill_teardown);
}
