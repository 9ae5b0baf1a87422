/* SPDX-License-Identifier: MIT */
/* The job engine: a job is heard of in other processes at once, ends in the middle of its work when it is
 * to be cancelled, takes turns with those of other users, goes by its priority, is put off and tried
 * again when it fails, fails in the end with the reason, and is forgotten long after its end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/child.h"
#include "tests/lib/log.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

enum {
	WORDS = 10,
};

static pid_t elsewhere;

/* An engine in a process of its own. */
static void start_elsewhere(struct till *till)
{
	elsewhere = promo_test_fork();
	assert_true(elsewhere >= 0);
	if (elsewhere == 0) {
		(void)mill_start(till, false);
		for (;;)
			(void)pause();
	}
}

static void end_elsewhere(void)
{
	const pid_t child = elsewhere;

	elsewhere = 0;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* A test that failed is not to have the others fail, too. */
static int clear(void **state)
{
	struct till *till = *state;

	mill_stop_all();
	if (elsewhere > 0)
		end_elsewhere();
	(void)promo_test_sql(till->database, "DROP TRIGGER IF EXISTS dawdle ON promo_codes; "
					     "DROP TRIGGER IF EXISTS note_check ON promo_codes; "
					     "DROP TRIGGER IF EXISTS note_check ON job_chunks");
	return 0;
}

/* By looking alone it would take a quarter of a second on average. */
static void test_heard_elsewhere(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	const struct promo_jobs_config bell = { .runner = &till->config, .threads = -1 };
	struct promo_jobs *jobs;

	start_elsewhere(till);
	assert_int_equal(promo_jobs_start(&bell, &jobs), 0);
	mill_wait_until(till, "(SELECT count(*) FROM pg_stat_activity WHERE datname = "
			      "current_database() AND query = 'LISTEN promo_jobs') = 2");
	for (int i = 0; i < WORDS; i++) {
		char name[16];
		struct mill_batch made;

		(void)snprintf(name, sizeof(name), "word-%d", i);
		made = mill_make(till, &admin, name, 10, "");
		mill_wait_for_end(till, &made);
	}
	mill_stop(jobs);
	end_elsewhere();
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (percentile_disc(0.5) WITHIN GROUP (ORDER BY claimed_at - "
			"created_at) < interval '100 ms')::text FROM jobs"),
		"true");
}

/* A chunk that takes long is left in its middle. */
static void test_cancelled_within_a_chunk(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made;

	(void)promo_test_sql(till->database,
		"CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"PERFORM pg_sleep(0.0002); RETURN NEW; END $$; "
		"CREATE TRIGGER dawdle BEFORE INSERT ON promo_codes "
		"FOR EACH ROW EXECUTE FUNCTION dawdle()");
	made = mill_make(till, &admin, "dawdling", 50000, "");
	start_elsewhere(till);
	mill_wait_until(till, "(SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
			      "'%%COPY promo_codes%%' AND state = 'active' AND datname = "
			      "current_database() AND query NOT LIKE '%%pg_stat_activity%%') = 1");
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "status", "running");
	mill_wait_for_end(till, &made);
	end_elsewhere();
	/* The whole of it would have taken more than ten seconds. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM job_chunks WHERE job_id = '%s'", made.job.text),
		"0");
	mill_assert_job(till, &made, "cancelled");
	mill_assert_gone(till, &made);
}

static void test_priorities(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch first = mill_make(till, &admin, "first", 10, "");
	struct mill_batch second = mill_make(till, &admin, "second", 10, "");
	struct mill_batch third = mill_make(till, &admin, "third", 10, "");
	struct promo_jobs *jobs;

	(void)promo_test_sql(
		till->database, "UPDATE jobs SET priority = 5 WHERE id = '%s'", third.job.text);
	jobs = mill_start(till, false);
	mill_wait_for_end(till, &first);
	mill_wait_for_end(till, &second);
	mill_stop(jobs);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(b.batch_name, ' ' ORDER BY j.claimed_at) FROM jobs j "
			"JOIN batches b ON b.id = j.batch_id WHERE j.id IN ('%s', '%s', '%s')",
			first.job.text, second.job.text, third.job.text),
		"BATCH_THIRD BATCH_FIRST BATCH_SECOND");
}

/* A job that fails is tried again later and later, and goes on when what was in its way is gone. */
static void test_put_off(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "put-off", 10, "");
	struct promo_jobs *jobs;

	(void)promo_test_sql(till->database, "UPDATE batches SET code_format = '?' WHERE id = '%s'",
		made.batch.text);
	jobs = mill_start(till, false);
	mill_wait_until(till,
		"(SELECT attempts >= 2 AND last_error IS NOT NULL AND lease_until IS NULL "
		"AND run_after > now() + interval '400 ms' FROM jobs WHERE id = '%s')",
		made.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "status", "running");
	(void)promo_test_sql(till->database,
		"UPDATE batches SET code_format = 'XXXXXXXXXX' WHERE id = '%s'", made.batch.text);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	mill_assert_complete(till, &made, 10);
}

/* Whoever cancels a job that is put off does not wait for its turn. */
static void test_cancelled_while_put_off(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "not-put-off", 10, "");
	struct promo_jobs *jobs;

	(void)promo_test_sql(till->database,
		"UPDATE jobs SET status = 'running', run_after = now() + interval '1 hour' "
		"WHERE id = '%s'",
		made.job.text);
	jobs = mill_start(till, false);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	mill_assert_job(till, &made, "cancelled");
	mill_assert_gone(till, &made);
}

/* A job on which one worker after the other gives up does not stay for ever, and says why. */
static void test_given_up(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "hopeless", 10, "");
	struct promo_jobs *jobs;

	(void)promo_test_sql(till->database,
		"UPDATE batches SET code_format = '?' WHERE id = '%s'; "
		"UPDATE jobs SET attempts = 9 WHERE id = '%s'",
		made.batch.text, made.job.text);
	jobs = mill_start(till, false);
	mill_wait_until(till,
		"(SELECT attempts = 10 AND lease_until IS NULL FROM jobs "
		"WHERE id = '%s')",
		made.job.text);
	/* After nine pauses it would be minutes. */
	(void)promo_test_sql(
		till->database, "UPDATE jobs SET run_after = now() WHERE id = '%s'", made.job.text);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	mill_assert_job(till, &made, "failed");
	mill_assert_gone(till, &made);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "error.code", "internal");
	assert_got(till, "error.detail",
		"tried 10 times without getting on; the last time there was an internal error; "
		"the log of the daemon says which");
}

static void test_forgotten(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch old = mill_make(till, &admin, "old", 10, "");
	struct mill_batch young = mill_make(till, &admin, "young", 10, "");
	struct promo_jobs *jobs = mill_start(till, false);

	mill_wait_for_end(till, &old);
	mill_wait_for_end(till, &young);
	mill_stop(jobs);
	(void)promo_test_sql(till->database,
		"UPDATE jobs SET finished_at = now() - interval '91 days' WHERE id = '%s'; "
		"UPDATE jobs SET finished_at = now() - interval '8 days' WHERE id = '%s'; "
		"INSERT INTO job_files (job_id, name, part, bytes) VALUES "
		"('%s', 'file', 1, 'x'), ('%s', 'file', 1, 'x')",
		old.job.text, young.job.text, old.job.text, young.job.text);
	jobs = mill_start(till, false);
	mill_wait_until(till, "NOT EXISTS (SELECT FROM jobs WHERE id = '%s')", old.job.text);
	mill_stop(jobs);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM job_chunks WHERE job_id = '%s') || ' ' || "
			"(SELECT count(*) FROM job_files) || ' ' || (SELECT count(*) FROM jobs "
			"WHERE id = '%s') || ' ' || (SELECT count(*) FROM promo_codes "
			"WHERE batch_id = '%s')",
			old.job.text, young.job.text, old.batch.text),
		"0 0 1 10");
}

/* With a role that may, foreign keys are not checked row by row, and yet no code is without a batch. */
static void test_loader(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "loaded", 60000, "");
	const char *user = strstr(till->database->app_uri, "promo_app");
	struct promo_jobs_config config = { .runner = &till->config };
	struct promo_jobs *jobs;
	char uri[600];

	assert_non_null(user);
	(void)snprintf(uri, sizeof(uri), "%.*spromo_loader%s",
		(int)(user - till->database->app_uri), till->database->app_uri,
		user + strlen("promo_app"));
	config.loader = uri;
	(void)promo_test_sql(till->database,
		"DO $$ BEGIN CREATE ROLE promo_loader LOGIN IN ROLE promo_app; "
		"EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
		"GRANT SET ON PARAMETER session_replication_role TO promo_loader; "
		"CREATE TABLE checked (query text); GRANT ALL ON checked TO promo_app; "
		"CREATE FUNCTION note_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"INSERT INTO checked VALUES (TG_TABLE_NAME); RETURN NULL; END $$; "
		"CREATE TRIGGER note_check AFTER INSERT ON promo_codes "
		"FOR EACH STATEMENT EXECUTE FUNCTION note_check(); "
		"CREATE TRIGGER note_check AFTER INSERT ON job_chunks "
		"FOR EACH STATEMENT EXECUTE FUNCTION note_check()");
	assert_int_equal(promo_jobs_start(&config, &jobs), 0);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	mill_assert_complete(till, &made, 60000);
	/* Triggers, and so foreign keys, held for the chunk and not for its codes. */
	assert_string_equal(
		promo_test_sql(till->database, "SELECT string_agg(query, ' ') FROM checked"),
		"job_chunks job_chunks");
}

/* Last, since the large ones are left as they are. */
static void test_turns(void **state)
{
	struct till *till = *state;
	struct person greedy = till_person(till, "admin"), modest = till_person(till, "admin");
	struct mill_batch large = mill_make(till, &greedy, "large-1", 3000000, ""), small;
	struct promo_jobs *jobs;

	(void)mill_make(till, &greedy, "large-2", 3000000, "");
	(void)mill_make(till, &greedy, "large-3", 3000000, "");
	jobs = mill_start(till, false);
	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') > 0", large.job.text);
	small = mill_make(till, &modest, "small", 10, "");
	mill_wait_for_end(till, &small);
	mill_assert_complete(till, &small, 10);
	/* And then it goes on with what it had begun. */
	mill_wait_until(till,
		"(SELECT lease_until > now() AND claimed_at > (SELECT finished_at FROM jobs "
		"WHERE id = '%s') FROM jobs WHERE id = '%s')",
		small.job.text, large.job.text);
	mill_stop(jobs);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(DISTINCT status, ' ' ORDER BY status) "
				    "FROM jobs WHERE total = 3000000"),
		"queued running");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_heard_elsewhere, clear),
		cmocka_unit_test_teardown(test_cancelled_within_a_chunk, clear),
		cmocka_unit_test_teardown(test_priorities, clear),
		cmocka_unit_test_teardown(test_put_off, clear),
		cmocka_unit_test_teardown(test_cancelled_while_put_off, clear),
		cmocka_unit_test_teardown(test_given_up, clear),
		cmocka_unit_test_teardown(test_forgotten, clear),
		cmocka_unit_test_teardown(test_loader, clear),
		cmocka_unit_test_teardown(test_turns, clear),
	};

	promo_test_log_keep();
	return cmocka_run_group_tests_name("ops/jobs", tests, till_setup, mill_teardown);
}
