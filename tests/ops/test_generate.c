/* SPDX-License-Identifier: MIT */
/* Generation gives exactly as many codes as were asked for, or none: also where next to no codes are
 * left, where it is cancelled, where its process is killed in the middle and another one goes on. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/jobs.h"
#include "tests/lib/log.h"
#include "tests/ops/stock.h"

enum {
	WAIT_MS = 60000,
	LOOK_MS = 20
};

struct made {
	struct stock_id batch, job;
};

static struct stock_id id_at(struct till *till, const char *path)
{
	struct stock_id id;

	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, path));
	return id;
}

/* A batch by the operation; `more` as in stock_body(). */
static struct made make(struct till *till, const struct person *admin, const char *name, int count,
	const char *more)
{
	char body[512];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"%s\", \"total_codes\": %d, \"amount_per_code\": "
		"\"1234567.89\", "
		"\"expiration_date\": \"2999-12-31\"%s}",
		name, count, more);
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_create, .token = admin->token, .body = body), 201);
	return (struct made){ .batch = id_at(till, "batch.id"), .job = id_at(till, "job.id") };
}

/* A dice of two sides: every X of a code is one of two letters, so that a day has 1,024 codes. */
static void throw_coins(void *context, void *bytes, size_t size)
{
	const struct promo_random *system = context;
	unsigned char *at = bytes;

	system->fill(system->context, at, size);
	for (size_t i = 0; i < size; i++)
		at[i] = i % 4 == 0 ? at[i] & 1 : i % 4 == 2 ? 60 : 0;
}

static struct promo_jobs *start_with(struct till *till, bool coins)
{
	static struct promo_random system;
	const struct promo_random two_sided = { .fill = throw_coins, .context = &system };
	const struct promo_jobs_config config = { .runner = &till->config,
		.random = coins ? &two_sided : NULL };
	struct promo_jobs *jobs;

	system = promo_random_system();

	assert_int_equal(promo_jobs_start(&config, &jobs), 0);
	return jobs;
}

static struct promo_jobs *start(struct till *till)
{
	return start_with(till, false);
}

/* Until the condition, an SQL expression, holds; the test fails when it never does. */
static void PROMO_PRINTF(2, 3) wait_until(struct till *till, const char *condition, ...)
{
	int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;
	va_list arguments;
	char sql[512];

	va_start(arguments, condition);
	(void)vsnprintf(sql, sizeof(sql), condition, arguments);
	va_end(arguments);
	while (strcmp(promo_test_sql(till->database, "SELECT (%s)::text", sql), "true") != 0) {
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

static void wait_for_end(struct till *till, const struct made *made)
{
	wait_until(till, "(SELECT status FROM jobs WHERE id = '%s') NOT IN ('queued', 'running')",
		made->job.text);
}

static void run_to_end(struct till *till, const struct made *made)
{
	struct promo_jobs *jobs = start(till);

	wait_for_end(till, made);
	promo_jobs_stop(jobs);
}

static void run_with_coins(struct till *till, const struct made *made)
{
	struct promo_jobs *jobs = start_with(till, true);

	wait_for_end(till, made);
	promo_jobs_stop(jobs);
}

static void assert_job(struct till *till, const struct made *made, const char *status)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status FROM jobs WHERE id = '%s'", made->job.text),
		status);
}

/* Exactly `count` codes, their serials 1 to count, all ready, the batch active. */
static void assert_complete(struct till *till, const struct made *made, int count)
{
	char expected[128];

	assert_job(till, made, "succeeded");
	(void)snprintf(
		expected, sizeof(expected), "%d %d 1 %d %d active", count, count, count, count);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(DISTINCT p.serial) || ' ' || "
			"min(p.serial) "
			"|| ' ' || max(p.serial) || ' ' || min(b.ready_codes) || ' ' || "
			"min(b.status) "
			"FROM promo_codes p JOIN batches b ON b.id = p.batch_id WHERE b.id = '%s'",
			made->batch.text),
		expected);
}

static void assert_gone(struct till *till, const struct made *made)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM promo_codes WHERE batch_id = '%s') || ' ' || "
			"(SELECT count(*) FROM batches WHERE id = '%s')",
			made->batch.text, made->batch.text),
		"0 0");
}

static void test_a_batch(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "summer", 1000, "");

	assert_got(till, "batch.batch_name", "BATCH_SUMMER");
	assert_got(till, "batch.status", "generating");
	assert_got(till, "batch.ready_codes", "0");
	assert_got(till, "batch.job_id", made.job.text);
	assert_got(till, "job.status", "queued");
	assert_got(till, "job.total", "1000");
	run_to_end(till, &made);
	assert_complete(till, &made, 1000);

	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "done", "1000");
	assert_got(till, "result.generated", "1000");
	assert_got(till, "error", "null");
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_show, .token = admin.token, .id = made.batch.text),
		200);
	assert_got(till, "status", "active");
	assert_got(till, "counts.active", "1000");
	assert_got(till, "job_id", "null");
	assert_string_equal(till->answer.etag, "\"2\"");

	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT min(amount) || ' ' || max(amount) || ' ' || bool_and(code ~ "
			"'^[0-9ACEFGHJKLMNPRSTUWXYZ]{16}$') FROM promo_codes "
			"WHERE batch_id = '%s'",
			made.batch.text),
		"1234567.89 1234567.89 true");
	/* Neighbours in print are no neighbours in order. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (abs(corr(serial, place)) < 0.2)::text FROM (SELECT serial, "
			"row_number() OVER (ORDER BY code) AS place FROM promo_codes "
			"WHERE batch_id = '%s') p",
			made.batch.text),
		"true");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT actor_kind || ' ' || outcome || ' ' || changes::text "
			"FROM audit_log WHERE action = 'job.finish' AND entity_id = '%s'",
			made.job.text),
		"system allowed [{\"after\": \"succeeded\", \"field\": \"status\", \"before\": "
		"\"running\"}]");
}

/* Of 1,024 codes all are found, however often drawing meets what is there; then there are none. */
static void test_few_codes_left(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made first = make(till, &admin, "few-1", 600, "");
	struct made second = make(till, &admin, "few-2", 424, "");
	struct made third = make(till, &admin, "few-3", 1, "");

	run_with_coins(till, &first);
	assert_complete(till, &first, 600);
	run_with_coins(till, &second);
	assert_complete(till, &second, 424);

	run_with_coins(till, &third);
	assert_job(till, &third, "failed");
	assert_gone(till, &third);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = third.job.text),
		200);
	assert_got(till, "error.code", "code_space_exhausted");
}

/* The first chunk is there and the second finds no place: nothing of it stays. */
static void test_too_many_for_the_space(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "too-many", 500000, "");
	struct promo_jobs *jobs = start(till);

	wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	promo_jobs_stop(jobs);
	assert_job(till, &made, "running");
	run_with_coins(till, &made);
	assert_job(till, &made, "failed");
	assert_gone(till, &made);
}

static void test_cancelled_before_it_began(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "queued", 100, "");

	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "status", "cancelled");
	assert_gone(till, &made);
	assert_problem(till, 409, "job_finished", .op = &promo_op_job_cancel, .token = admin.token,
		.id = made.job.text);
	assert_problem(till, 404, "not_found", .op = &promo_op_job_cancel, .token = admin.token,
		.id = made.batch.text);
}

static void test_cancelled_while_it_runs(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "running", 5000000, "");
	struct promo_jobs *jobs = start(till);

	wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	wait_for_end(till, &made);
	assert_job(till, &made, "cancelled");
	assert_gone(till, &made);
	promo_jobs_stop(jobs);
}

/* Stopped between two chunks it is given back, and the next engine goes on at once. */
static void test_stopped_and_started_again(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "stopped", 200000, "");
	struct promo_jobs *jobs = start(till);

	wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	promo_jobs_stop(jobs);
	assert_job(till, &made, "running");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT (lease_until IS NULL)::text FROM jobs WHERE id = '%s'",
				    made.job.text),
		"true");
	run_to_end(till, &made);
	assert_complete(till, &made, 200000);
}

/* An engine in a process of its own, which is killed at `done` codes or later. */
static void kill_at(struct till *till, const struct made *made, int done)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		const struct promo_jobs_config config = { .runner = &till->config };
		struct promo_jobs *jobs;

		if (promo_jobs_start(&config, &jobs))
			_exit(1);
		for (;;)
			(void)pause();
	}
	wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= %d", made->job.text, done);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_killed(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "killed", 400000, "");
	int64_t begun_ms;

	kill_at(till, &made, 50000 * (1 + (int)(promo_now_ms() % 3)));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT ready_codes || ' ' || status FROM batches "
				    "WHERE id = '%s'",
				    made.batch.text),
		"0 generating");
	begun_ms = promo_monotonic_ms();
	run_to_end(till, &made);
	assert_true(promo_monotonic_ms() - begun_ms < 30000);
	assert_complete(till, &made, 400000);
}

/* However long a chunk took, the lease is renewed from its end: else nobody would hold it between a
 * slow chunk and the next. */
static void test_the_lease(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made;

	(void)promo_test_sql(till->database,
		"CREATE TABLE leases (since_begin interval); GRANT ALL ON leases TO promo_app; "
		"CREATE FUNCTION note_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"INSERT INTO leases VALUES (NEW.lease_until - now()); RETURN NEW; END $$; "
		"CREATE TRIGGER note_lease BEFORE UPDATE OF done ON jobs "
		"FOR EACH ROW EXECUTE FUNCTION note_lease()");
	made = make(till, &admin, "lease", 100, "");
	run_to_end(till, &made);
	(void)promo_test_sql(till->database, "DROP TRIGGER note_lease ON jobs");
	assert_complete(till, &made, 100);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(*) FILTER (WHERE since_begin > "
			"make_interval(secs => %d)) FROM leases",
			PROMO_JOBS_LEASE_S),
		"1 1");
}

/* Who lost his lease cannot write: the fence has risen. */
static void test_the_fence(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "fenced", 3000000, "");
	struct promo_jobs *jobs = start(till);
	int done;

	wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	/* Somebody else claims it, as if the lease had ended. */
	(void)promo_test_sql(till->database,
		"UPDATE jobs SET fence = fence + 1, lease_until = now() + interval '1 hour' "
		"WHERE id = '%s'",
		made.job.text);
	done = (int)strtol(promo_test_sql(till->database, "SELECT done FROM jobs WHERE id = '%s'",
				   made.job.text),
		NULL, 10);
	promo_jobs_stop(jobs);
	assert_int_equal(strtol(promo_test_sql(till->database,
					"SELECT count(*) FROM promo_codes WHERE batch_id = '%s'",
					made.batch.text),
				 NULL, 10),
		done);
	(void)promo_test_sql(till->database,
		"UPDATE jobs SET lease_until = NULL, cancel_requested = true WHERE id = '%s'",
		made.job.text);
	run_to_end(till, &made);
	assert_gone(till, &made);
}

/* A job on which one worker after the other gives up does not stay for ever. */
static void test_a_job_that_never_gets_on(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct made made = make(till, &admin, "hopeless", 10, "");

	(void)promo_test_sql(till->database,
		"UPDATE batches SET code_format = '?' WHERE id = '%s'; "
		"UPDATE jobs SET attempts = 10 WHERE id = '%s'",
		made.batch.text, made.job.text);
	run_to_end(till, &made);
	assert_job(till, &made, "failed");
	assert_gone(till, &made);
}

static void test_jobs_are_seen_by_their_owner(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person own = till_person(till, "user");
	struct person other = till_person(till, "user");
	struct made made;

	till_grant(till, &own, "batches.create promo-codes.generate");
	made = make(till, &own, "own", 10, "");
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = own.token, .id = made.job.text), 200);
	assert_got(till, "created_by.id", own.id);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
	assert_problem(till, 404, "not_found", .op = &promo_op_job_show, .token = other.token,
		.id = made.job.text);
	assert_int_equal(ASK(till, .op = &promo_op_job_list, .token = other.token,
				 .query = { { "count", "true" } }),
		200);
	assert_got(till, "total", "0");
	assert_int_equal(ASK(till, .op = &promo_op_job_list, .token = own.token,
				 .query = { { "count", "true" }, { "status", "queued,running" },
					 { "batch_id", made.batch.text } }),
		200);
	assert_got(till, "total", "1");
	assert_got(till, "items.0.id", made.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
}

/* Every code redeemed: the batch is put into the archive by itself. */
static void test_an_empty_batch_is_archived(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'R', 2);
	struct stock_id half = stock_batch(till, 'S', 2);
	struct promo_jobs *jobs;

	stock_redeem(till, &clerk, 'R', 1, 1);
	stock_redeem(till, &clerk, 'R', 2, 2);
	stock_redeem(till, &clerk, 'S', 1, 3);
	jobs = start(till);
	wait_until(till, "(SELECT status FROM batches WHERE id = '%s') = 'archived'", batch.text);
	promo_jobs_stop(jobs);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status FROM batches WHERE id = '%s'", half.text),
		"active");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action = 'batch.archive' "
				    "AND entity_id = '%s'",
				    batch.text),
		"1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_batch),
		cmocka_unit_test(test_few_codes_left),
		cmocka_unit_test(test_too_many_for_the_space),
		cmocka_unit_test(test_cancelled_before_it_began),
		cmocka_unit_test(test_cancelled_while_it_runs),
		cmocka_unit_test(test_stopped_and_started_again),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_the_lease),
		cmocka_unit_test(test_the_fence),
		cmocka_unit_test(test_a_job_that_never_gets_on),
		cmocka_unit_test(test_jobs_are_seen_by_their_owner),
		cmocka_unit_test(test_an_empty_batch_is_archived),
	};

	promo_test_log_keep();
	return cmocka_run_group_tests_name("ops/generate", tests, till_setup, till_teardown);
}
