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

#include "libpromo/api/op_notification.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/pace.h"
#include "tests/lib/log.h"
#include "tests/ops/mill.h"
#include "tests/ops/stock.h"

/* By whom it was meant for, and by nobody else. */
static void assert_notification_is_read(struct till *till, const struct person *admin)
{
	struct person other = till_person(till, "admin");
	struct stock_id id;

	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "items.0.id"));
	assert_problem(till, 404, "not_found", .op = &promo_op_notification_read,
		.token = other.token, .id = id.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_notification_read_all, .token = other.token), 204);
	assert_int_equal(ASK(till, .op = &promo_op_notification_list, .token = admin->token,
				 .query = { { "count", "true" } }),
		200);
	assert_got(till, "total", "1");
	assert_got(till, "items.0.read_at", "null");
	assert_int_equal(
		ASK(till, .op = &promo_op_notification_read, .token = admin->token, .id = id.text),
		200);
	assert_string_not_equal(till_get(till, "read_at"), "null");
	assert_int_equal(
		ASK(till, .op = &promo_op_notification_read_all, .token = admin->token), 204);
}

static void test_a_batch(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "summer", 1000, "");

	assert_got(till, "batch.batch_name", "BATCH_SUMMER");
	assert_got(till, "batch.status", "generating");
	assert_got(till, "batch.ready_codes", "0");
	assert_got(till, "batch.job_id", made.job.text);
	assert_got(till, "job.status", "queued");
	assert_got(till, "job.total", "1000");
	mill_run(till, &made, /* coins= */ false);
	mill_assert_complete(till, &made, 1000);

	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "done", "1000");
	assert_got(till, "result.generated", "1000");
	assert_int_equal(ASK(till, .op = &promo_op_notification_list, .token = admin.token), 200);
	assert_got(till, "items.0.title", "Generation of BATCH_SUMMER is done");
	assert_got(till, "items.0.link.id", made.job.text);
	assert_got(till, "items.0.read_at", "null");
	assert_notification_is_read(till, &admin);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = made.job.text),
		200);
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

/* Beside busy lanes a chunk is written in pieces, and is as exact. */
static void test_beside_busy_counters(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch idle = mill_make(till, &admin, "idle", 20250, "");
	struct mill_batch made;
	struct mill_rush *rush = mill_rush(till);

	mill_run(till, &idle, /* coins= */ false);
	mill_assert_complete(till, &idle, 20250);
	assert_int_equal(mill_pieces(till, &idle), 1);

	made = mill_make(till, &admin, "rush", 20250, "");
	mill_rush_begin(rush);
	mill_run(till, &made, /* coins= */ false);
	mill_rush_end(till, rush);
	mill_assert_complete(till, &made, 20250);
	assert_in_range(mill_pieces(till, &made), 5, 20250 / PROMO_PACE_ROWS + 1);
}

/* Of 1,024 codes all are found, however often drawing meets what is there; then there are none. */
static void test_few_codes_left(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch first = mill_make(till, &admin, "few-1", 600, "");
	struct mill_batch second = mill_make(till, &admin, "few-2", 424, "");
	struct mill_batch third = mill_make(till, &admin, "few-3", 1, "");

	mill_run(till, &first, /* coins= */ true);
	mill_assert_complete(till, &first, 600);
	mill_run(till, &second, /* coins= */ true);
	mill_assert_complete(till, &second, 424);

	mill_run(till, &third, /* coins= */ true);
	mill_assert_job(till, &third, "failed");
	mill_assert_gone(till, &third);
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
	struct mill_batch made = mill_make(till, &admin, "too-many", 500000, "");
	struct promo_jobs *jobs = mill_start(till, false);

	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	mill_stop(jobs);
	mill_assert_job(till, &made, "running");
	mill_run(till, &made, /* coins= */ true);
	mill_assert_job(till, &made, "failed");
	mill_assert_gone(till, &made);
}

static void test_cancelled_before_it_began(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "queued", 100, "");

	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	assert_got(till, "status", "cancelled");
	mill_assert_gone(till, &made);
	assert_problem(till, 409, "job_finished", .op = &promo_op_job_cancel, .token = admin.token,
		.id = made.job.text);
	assert_problem(till, 404, "not_found", .op = &promo_op_job_cancel, .token = admin.token,
		.id = made.batch.text);
}

static void test_cancelled_while_it_runs(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "running", 5000000, "");
	struct promo_jobs *jobs = mill_start(till, false);

	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	mill_wait_for_end(till, &made);
	mill_assert_job(till, &made, "cancelled");
	mill_assert_gone(till, &made);
	mill_stop(jobs);
}

/* Stopped between two chunks it is given back, and the next engine goes on at once. */
static void test_stopped_and_started_again(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "stopped", 200000, "");
	struct promo_jobs *jobs = mill_start(till, false);

	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	mill_stop(jobs);
	mill_assert_job(till, &made, "running");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT (lease_until IS NULL)::text FROM jobs WHERE id = '%s'",
				    made.job.text),
		"true");
	mill_run(till, &made, /* coins= */ false);
	mill_assert_complete(till, &made, 200000);
	/* Nor do serials tell which part of the alphabet a code is from, whoever numbered it. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (abs(corr(serial, place)) < 0.02)::text FROM (SELECT serial, "
			"row_number() OVER (ORDER BY code) AS place FROM promo_codes "
			"WHERE batch_id = '%s' AND serial > 50000) p",
			made.batch.text),
		"true");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (params ? 'key')::text FROM jobs WHERE id = '%s'", made.job.text),
		"false");
}

/* Jobs that a version began which knew of chunks only. */
static void test_of_an_older_version(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch whole = mill_make(till, &admin, "older-1", 60000, "");
	struct mill_batch undone = mill_make(till, &admin, "older-2", 400000, "");
	struct promo_jobs *jobs;

	(void)promo_test_sql(till->database,
		"UPDATE jobs SET params = params - 'key' - 'run' WHERE id IN ('%s', '%s')",
		whole.job.text, undone.job.text);
	mill_run(till, &whole, /* coins= */ false);
	mill_assert_complete(till, &whole, 60000);
	jobs = mill_start(till, false);
	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') > 50000", undone.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = undone.job.text),
		200);
	mill_wait_for_end(till, &undone);
	mill_stop(jobs);
	mill_assert_job(till, &undone, "cancelled");
	mill_assert_gone(till, &undone);
}

static void test_killed(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "killed", 400000, "");
	int64_t begun_ms;

	mill_kill_at(till, &made, 50000 * (1 + (int)(promo_now_ms() % 3)));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT ready_codes || ' ' || status FROM batches "
				    "WHERE id = '%s'",
				    made.batch.text),
		"0 generating");
	begun_ms = promo_monotonic_ms();
	mill_run(till, &made, /* coins= */ false);
	assert_true(promo_monotonic_ms() - begun_ms < 30000);
	mill_assert_complete(till, &made, 400000);
}

/* However long a chunk took, the lease is renewed from its end: else nobody would hold it between a
 * slow chunk and the next. */
static void test_the_lease(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made;

	(void)promo_test_sql(till->database,
		"CREATE TABLE leases (since_begin interval); GRANT ALL ON leases TO promo_app; "
		"CREATE FUNCTION note_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"INSERT INTO leases VALUES (NEW.lease_until - now()); RETURN NEW; END $$; "
		"CREATE TRIGGER note_lease BEFORE UPDATE OF done ON jobs "
		"FOR EACH ROW EXECUTE FUNCTION note_lease()");
	made = mill_make(till, &admin, "lease", 100, "");
	mill_run(till, &made, /* coins= */ false);
	(void)promo_test_sql(till->database, "DROP TRIGGER note_lease ON jobs");
	mill_assert_complete(till, &made, 100);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(*) FILTER (WHERE since_begin > "
			"make_interval(secs => %d)) FROM leases",
			PROMO_JOBS_LEASE_S),
		"1 1");
}

/* Whoever asked for codes is told that they are there when they are on disk, and no chunk waits before. */
static void test_what_waits_for_the_disk(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made;

	(void)promo_test_sql(till->database,
		"CREATE TABLE waits (what text, waits text DEFAULT "
		"current_setting('synchronous_commit')); GRANT ALL ON waits TO promo_app; "
		"CREATE FUNCTION note_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"INSERT INTO waits VALUES (TG_ARGV[0]); RETURN NEW; END $$; "
		"CREATE TRIGGER note_chunk BEFORE UPDATE OF done ON jobs "
		"FOR EACH ROW EXECUTE FUNCTION note_wait('chunk'); "
		"CREATE TRIGGER note_status BEFORE UPDATE OF status ON jobs "
		"FOR EACH ROW EXECUTE FUNCTION note_wait('status')");
	made = mill_make(till, &admin, "waits", 100, "");
	mill_run(till, &made, /* coins= */ false);
	(void)promo_test_sql(till->database,
		"DROP TRIGGER note_chunk ON jobs; DROP TRIGGER note_status ON jobs");
	mill_assert_complete(till, &made, 100);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(DISTINCT what || ' ' || waits, ', ') FROM waits"),
		"chunk off, status on");
}

/* Who lost his lease cannot write: the fence has risen. */
static void test_the_fence(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "fenced", 3000000, "");
	struct promo_jobs *jobs = mill_start(till, false);
	int done;

	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", made.job.text);
	/* Somebody else claims it, as if the lease had ended. */
	(void)promo_test_sql(till->database,
		"UPDATE jobs SET fence = fence + 1, lease_until = now() + interval '1 hour' "
		"WHERE id = '%s'",
		made.job.text);
	done = (int)strtol(promo_test_sql(till->database, "SELECT done FROM jobs WHERE id = '%s'",
				   made.job.text),
		NULL, 10);
	mill_stop(jobs);
	assert_int_equal(strtol(promo_test_sql(till->database,
					"SELECT count(*) FROM promo_codes WHERE batch_id = '%s'",
					made.batch.text),
				 NULL, 10),
		done);
	(void)promo_test_sql(till->database,
		"UPDATE jobs SET lease_until = NULL WHERE id = '%s'; "
		"INSERT INTO job_wishes (job_id) VALUES ('%s')",
		made.job.text, made.job.text);
	mill_run(till, &made, /* coins= */ false);
	mill_assert_gone(till, &made);
}

static void test_jobs_are_seen_by_their_owner(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person own = till_person(till, "user");
	struct person other = till_person(till, "user");
	struct mill_batch made;

	till_grant(till, &own, "batches.create promo-codes.generate");
	made = mill_make(till, &own, "own", 10, "");
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
	jobs = mill_start(till, false);
	mill_wait_until(
		till, "(SELECT status FROM batches WHERE id = '%s') = 'archived'", batch.text);
	mill_stop(jobs);
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
		cmocka_unit_test(test_beside_busy_counters),
		cmocka_unit_test(test_few_codes_left),
		cmocka_unit_test(test_too_many_for_the_space),
		cmocka_unit_test(test_cancelled_before_it_began),
		cmocka_unit_test(test_cancelled_while_it_runs),
		cmocka_unit_test(test_stopped_and_started_again),
		cmocka_unit_test(test_of_an_older_version),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_the_lease),
		cmocka_unit_test(test_what_waits_for_the_disk),
		cmocka_unit_test(test_the_fence),
		cmocka_unit_test(test_jobs_are_seen_by_their_owner),
		cmocka_unit_test(test_an_empty_batch_is_archived),
	};

	promo_test_log_keep();
	return cmocka_run_group_tests_name("ops/generate", tests, till_setup, mill_teardown);
}
