/* SPDX-License-Identifier: MIT */
/* A batch that gets more codes is redeemed as before meanwhile and then has exactly so many more; when
 * that is cancelled or fails it is what it was. */
#include <stdio.h>
#include <string.h>

#include "tests/lib/log.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

/* More codes for a batch, as a job. */
static struct mill_batch top_up(
	struct till *till, const struct person *admin, const struct stock_id *batch, int count)
{
	struct mill_batch made = { .batch = *batch };
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"count\": %d}", count);
	assert_int_equal(ASK(till, .op = &promo_op_batch_generate, .token = admin->token,
				 .id = batch->text, .body = body),
		202);
	(void)snprintf(made.job.text, sizeof(made.job.text), "%s", till_get(till, "job.id"));
	assert_non_null(strstr(till->answer.location, made.job.text));
	return made;
}

static void assert_stand(
	struct till *till, const struct person *admin, const char *id, const char *stand)
{
	char text[128];

	assert_int_equal(
		ASK(till, .op = &promo_op_batch_show, .token = admin->token, .id = id), 200);
	(void)snprintf(text, sizeof(text), "%s %s %s", till_get(till, "total_codes"),
		till_get(till, "ready_codes"), till_get(till, "status"));
	assert_string_equal(text, stand);
}

/* Its codes are redeemed as before while it gets more, and then the new ones are too. */
static void test_top_up(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"),
		      clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'T', 200);
	struct mill_batch more = top_up(till, &admin, &batch, 120000);
	struct promo_jobs *jobs;
	char code[40], body[128];
	int phone = 100;

	assert_stand(till, &admin, batch.text, "120200 200 active");
	assert_problem(till, 409, "job_running", .op = &promo_op_batch_generate,
		.token = admin.token, .id = batch.text, .body = "{\"count\": 1}");
	jobs = mill_start(till, false);
	while (strcmp(promo_test_sql(till->database, "SELECT status FROM jobs WHERE id = '%s'",
			      more.job.text),
		       "succeeded") != 0 &&
		phone < 300) {
		stock_redeem(till, &clerk, 'T', phone - 99, phone);
		phone++;
		/* What is there already does not exist for anyone. */
		assert_string_equal(
			promo_test_sql(till->database,
				"SELECT count(*) FROM promo_codes_effective p JOIN batches b "
				"ON b.id = p.batch_id WHERE b.id = '%s' AND p.serial > "
				"b.ready_codes",
				batch.text),
			"0");
	}
	mill_wait_for_end(till, &more);
	mill_stop(jobs);
	mill_assert_complete(till, &more, 120200);
	stock_assert_totals(till);
	(void)snprintf(code, sizeof(code), "%s",
		promo_test_sql(till->database,
			"SELECT code FROM promo_codes WHERE batch_id = '%s' AND serial = 120200",
			batch.text));
	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", code);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = clerk.token, .body = body), 200);
	assert_got(till, "redeemable", "true");
}

/* Cancelled, before and after its beginning, and failed: the batch is what it was. */
static void test_top_up_taken_back(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'U', 20);
	struct mill_batch more = top_up(till, &admin, &batch, 1000);
	struct promo_jobs *jobs;

	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = more.job.text),
		200);
	assert_got(till, "status", "cancelled");
	assert_stand(till, &admin, batch.text, "20 20 active");

	more = top_up(till, &admin, &batch, 2000000);
	jobs = mill_start(till, false);
	mill_wait_until(till, "(SELECT done FROM jobs WHERE id = '%s') >= 50000", more.job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = more.job.text),
		200);
	mill_wait_for_end(till, &more);
	mill_stop(jobs);
	mill_assert_job(till, &more, "cancelled");
	assert_stand(till, &admin, batch.text, "20 20 active");

	more = top_up(till, &admin, &batch, 1025);
	mill_run(till, &more, /* coins= */ true);
	mill_assert_job(till, &more, "failed");
	assert_stand(till, &admin, batch.text, "20 20 active");
	more = top_up(till, &admin, &batch, 5);
	mill_run(till, &more, /* coins= */ false);
	mill_assert_complete(till, &more, 25);
}

/* A batch of which every code was redeemed comes back; one that is blocked, or that somebody has put
 * into the archive, stays so. */
static void test_top_up_of_what_rests(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id archived = stock_batch(till, 'A', 1), blocked = stock_batch(till, 'C', 1);
	struct stock_id expired = stock_batch(till, 'E', 1), kept = stock_batch(till, 'H', 1);
	struct mill_batch more;

	stock_redeem(till, &admin, 'A', 1, 1);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'archived' WHERE id = '%s'; "
		"UPDATE batches SET status = 'blocked' WHERE id = '%s'; "
		"UPDATE batches SET expiration_date = now() WHERE id = '%s'",
		archived.text, blocked.text, expired.text);
	more = top_up(till, &admin, &archived, 10);
	assert_stand(till, &admin, archived.text, "11 1 archived");
	mill_run(till, &more, /* coins= */ false);
	assert_stand(till, &admin, archived.text, "11 11 active");
	more = top_up(till, &admin, &blocked, 10);
	mill_run(till, &more, /* coins= */ false);
	assert_stand(till, &admin, blocked.text, "11 11 blocked");
	more = top_up(till, &admin, &kept, 10);
	assert_int_equal(ASK(till, .op = &promo_op_batch_status, .token = admin.token,
				 .id = kept.text, .body = "{\"status\":\"archived\"}"),
		200);
	mill_run(till, &more, /* coins= */ false);
	assert_stand(till, &admin, kept.text, "11 11 archived");
	more = top_up(till, &admin, &kept, 10);
	mill_run(till, &more, /* coins= */ false);
	assert_stand(till, &admin, kept.text, "21 21 archived");
	assert_problem(till, 409, "batch_not_active", .op = &promo_op_batch_generate,
		.token = admin.token, .id = expired.text, .body = "{\"count\": 1}");
}

static void test_too_many_for_one_job(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'F', 1);

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'codes', 'max_per_job', '50'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_batch_generate,
		.token = admin.token, .id = batch.text, .body = "{\"count\": 51}");
	(void)top_up(till, &admin, &batch, 50);
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings WHERE key = 'max_per_job'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_top_up),
		cmocka_unit_test(test_top_up_taken_back),
		cmocka_unit_test(test_top_up_of_what_rests),
		cmocka_unit_test(test_too_many_for_one_job),
	};

	promo_test_log_keep();
	return cmocka_run_group_tests_name("ops/batch_generate", tests, till_setup, mill_teardown);
}
