/* SPDX-License-Identifier: MIT */
/* An import whose batch gets another amount while its chunks come brings in nothing: no code is worth
 * what it was worth before. Left alone, it brings in all. One of empty rows is read in steps as well. */
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "libpromo/api/op_import.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/upload.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

static const char file[] = "code\nTEST-1111\nTEST-2222\n";

/* Queues the import of a file, with `rest` behind its beginning. */
static struct mill_batch queue_file(struct till *till, const struct stock_id *batch,
	const char *beginning, const char *rest, bool dry_run)
{
	struct person admin = till_person(till, "admin");
	const struct ask ask = { .op = &promo_op_code_import,
		.token = admin.token,
		.id = batch->text,
		.query = { { "any_format", "true" }, { "dry_run", dry_run ? "true" : "false" } } };
	struct mill_batch made = { .batch = *batch };
	struct promo_pair path[2];
	struct promo_request request = till_request(&ask, path);

	assert_int_equal(promo_upload_new(NULL, 0, "text/csv", &request.upload), 0);
	assert_int_equal(promo_upload_write(request.upload, beginning, strlen(beginning)), 0);
	assert_int_equal(promo_upload_write(request.upload, rest, strlen(rest)), 0);
	assert_int_equal(promo_upload_finish(request.upload), 0);
	request.content_type = "text/csv";
	promo_arena_clear(till->arena);
	promo_run(till->runner, &request, till->arena, &till->answer);
	promo_arena_clear(till->texts);
	promo_upload_free(request.upload);
	assert_int_equal(till->answer.status, 202);
	(void)snprintf(made.job.text, sizeof(made.job.text), "%s", till_get(till, "job.id"));
	return made;
}

/* The file with `salt` behind it, so that it is another one each time. */
static struct mill_batch queue(struct till *till, const struct stock_id *batch, const char *salt)
{
	return queue_file(till, batch, file, salt, false);
}

static const char *codes_of(struct till *till, const struct mill_batch *made)
{
	return promo_test_sql(till->database,
		"SELECT (SELECT status || ' ' || coalesce(error_code, '-') FROM jobs "
		"WHERE id = '%s') || ' ' || count(*) || ' ' || min(b.ready_codes) || ' ' || "
		"min(p.amount) || ' ' || max(p.amount) "
		"FROM promo_codes p JOIN batches b ON b.id = p.batch_id WHERE b.id = '%s'",
		made->job.text, made->batch.text);
}

static void test_another_amount(void **state)
{
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'R', 1);
	const struct mill_batch made = queue(till, &batch, "");
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	struct promo_jobs *jobs;
	char sql[512];

	/* What a change of the amount does that found no job, since it came before it. */
	(void)snprintf(sql, sizeof(sql),
		"BEGIN; UPDATE batches SET amount_per_code = 600, version = version + 1 "
		"WHERE id = '%s'; UPDATE promo_codes SET amount = 600 WHERE batch_id = '%s'",
		batch.text, batch.text);
	PQclear(PQexec(holder, sql));
	jobs = mill_start(till, /* coins= */ false);
	mill_wait_until(
		till, "SELECT position = bytes FROM imports WHERE job_id = '%s'", made.job.text);
	PQclear(PQexec(holder, "COMMIT"));
	PQfinish(holder);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	assert_string_equal(codes_of(till, &made), "failed batch_changed 1 1 600.00 600.00");
}

static void test_left_alone(void **state)
{
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'S', 1);
	const struct mill_batch made = queue(till, &batch, "TEST-3333\n");

	mill_run(till, &made, /* coins= */ false);
	assert_string_equal(codes_of(till, &made), "succeeded - 4 4 500.00 500.00");
}

/* A long file with nothing in its cells is read in steps like any other, and is said to be empty. */
static void test_nothing_but_empty_rows(void **state)
{
	enum {
		BYTES = 24 * 1024 * 1024
	};
	static const char cells[] = ",,,\n", blank[] = "\n \t\n";
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'U', 1);
	char *salt = malloc(BYTES + 1);
	struct mill_batch made;
	struct promo_jobs *jobs;

	assert_non_null(salt);
	for (size_t i = 0; i < BYTES; i += 4)
		memcpy(salt + i, i < BYTES / 2 ? cells : blank, 4);
	salt[BYTES] = '\0';
	made = queue_file(till, &batch, "code,status,amount,serial\n", salt, false);
	free(salt);
	jobs = mill_start(till, /* coins= */ false);
	mill_wait_until(till,
		"SELECT position > bytes / 2 AND position < bytes AND rows_read = 0 FROM imports "
		"WHERE job_id = '%s'",
		made.job.text);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	assert_string_equal(codes_of(till, &made), "failed file_empty 1 1 500.00 500.00");
}

/* Beside busy lanes a chunk is stored in pieces, and is as exact. */
static void test_beside_busy_counters(void **state)
{
	enum {
		CODES = 9250,
		LINE = 10
	};
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'X', 1);
	struct mill_rush *rush = mill_rush(till);
	char *codes = malloc(CODES * LINE + 1);
	struct mill_batch made;

	assert_non_null(codes);
	for (int i = 0; i < CODES; i++)
		(void)snprintf(codes + (size_t)i * LINE, LINE + 1, "RUSH-%04d\n", i);
	made = queue_file(till, &batch, "code\n", codes, false);
	free(codes);
	(void)promo_test_sql(
		till->database, "DELETE FROM promo_codes WHERE batch_id = '%s'", batch.text);
	mill_rush_begin(rush);
	mill_run(till, &made, /* coins= */ false);
	mill_rush_end(till, rush);
	assert_string_equal(codes_of(till, &made), "succeeded - 9250 9251 500.00 500.00");
	assert_in_range(mill_pieces(till, &made), 2, CODES / PROMO_PACE_ROWS + 1);
}

/* One that goes slowly is not waited for by who cancels it: nothing of its chunk is stored. */
static void test_cancelled_in_a_rush(void **state)
{
	enum {
		CODES = 50000, /* a chunk, and some seconds */
		LINE = sizeof("SLOW-00000\n") - 1
	};
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	const struct stock_id batch = stock_batch(till, 'V', 1);
	struct mill_rush *rush = mill_rush(till);
	char *codes = malloc(CODES * LINE + 1);
	struct mill_batch made;
	struct promo_jobs *jobs;

	assert_non_null(codes);
	for (int i = 0; i < CODES; i++)
		(void)snprintf(codes + (size_t)i * LINE, LINE + 1, "SLOW-%05d\n", i);
	made = queue_file(till, &batch, "code\n", codes, false);
	free(codes);
	mill_rush_begin(rush);
	jobs = mill_start(till, /* coins= */ false);
	mill_wait_until(till,
		"EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'job %s' AND "
		"query LIKE '%%COPY promo_codes%%')",
		made.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = made.job.text),
		200);
	mill_wait_for_end(till, &made);
	mill_stop(jobs);
	mill_rush_end(till, rush);
	assert_string_equal(codes_of(till, &made), "cancelled - 1 1 500.00 500.00");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM job_chunks WHERE job_id = '%s'", made.job.text),
		"0");
}

/* The setting bounds what an import brings, as it does what is generated. */
static void test_more_than_one_job_may_bring(void **state)
{
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'W', 1);
	struct mill_batch made;

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'codes', 'max_per_job', '3'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	made = queue(till, &batch, "TEST-4444\nTEST-5555\n");
	mill_run(till, &made, /* coins= */ false);
	assert_string_equal(codes_of(till, &made), "failed too_many_codes 1 1 500.00 500.00");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT error_detail FROM jobs WHERE id = '%s'", made.job.text),
		"the file has more than the 3 codes that one job may bring; split it, or raise "
		"codes.max_per_job");
	made = queue_file(till, &batch, "code\n", "TEST-6666\nTEST-7777\nTEST-8888\n", false);
	mill_run(till, &made, /* coins= */ false);
	assert_string_equal(codes_of(till, &made), "succeeded - 4 4 500.00 500.00");
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings WHERE key = 'max_per_job'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

/* Whoever tried a file out hears what would come of it, and nobody that codes are there. */
static void test_told_of_a_trial(void **state)
{
	struct till *till = *state;
	const struct stock_id batch = stock_batch(till, 'D', 1);
	const struct person assigned = till_person(till, "batch-manager");
	struct mill_batch made;

	(void)promo_test_sql(till->database,
		"DELETE FROM notifications; UPDATE batches SET assigned_user_id = '%s' "
		"WHERE id = '%s'",
		assigned.id, batch.text);
	made = queue_file(till, &batch, "code\n", "TEST-9991\nTEST-9992\n", true);
	mill_run(till, &made, /* coins= */ false);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT string_agg((title LIKE 'Import (dry run) of "
					       "%%') || ' ' || body, '; ') "
					       "FROM notifications"),
		"true 2 of 2 codes would be imported");
	made = queue_file(till, &batch, "code\n", "TEST-9991\nTEST-9992\n", false);
	mill_run(till, &made, /* coins= */ false);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(body, '; ' ORDER BY body) FROM notifications "
			"WHERE title NOT LIKE '%%dry run%%'"),
		"2 of 2 codes imported; it has 3 codes now");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_amount),
		cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_nothing_but_empty_rows),
		cmocka_unit_test(test_beside_busy_counters),
		cmocka_unit_test(test_cancelled_in_a_rush),
		cmocka_unit_test(test_more_than_one_job_may_bring),
		cmocka_unit_test(test_told_of_a_trial),
	};

	return cmocka_run_group_tests(tests, till_setup, mill_teardown);
}
