/* SPDX-License-Identifier: MIT */
/* The life of a code is told whole: where it stands in print, who looked it up, tried it, redeemed it,
 * blocked and reported it, and how its batch left the shop; before the trail is indexed and after. */
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/spool.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

static void explain(struct till *till, const struct person *person, const char *code)
{
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_explain, .token = person->token, .body = body), 200);
}

static void assert_life(struct till *till, const struct person *boss, const char *batch)
{
	explain(till, boss, stock_code('A', 17).text);
	assert_got(till, "code.serial", "17");
	assert_got(till, "code.batch.id", batch);
	assert_got(till, "page", "2");
	assert_got(till, "slot", "5");
	assert_got(till, "pages", "3");
	assert_got(till, "job", "null");
	assert_got(till, "verifications.0.action", "code.verify");
	assert_got(till, "verifications.0.by.id", boss->id);
	assert_got(till, "redemptions.0.status", "completed");
	assert_got(till, "redemptions.1.status", "failed");
	assert_got(till, "redemptions.1.error_code", "code_blocked");
	assert_null(till_get(till, "redemptions.2"));
	assert_got(till, "changes.0.action", "fraud-report.create");
	assert_got(till, "changes.1.action", "code.status");
	assert_got(till, "changes.2.action", "code.status");
	assert_got(till, "fraud_reports.0.claimant.phone_number", "+250788000009");
	assert_got(till, "downloads.0.action", "code.download");
	assert_got(till, "complete", "true");
}

static void test_a_life(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 30), code = stock_code_id(till, 'A', 17);
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", stock_code('A', 17).text);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = boss.token, .body = body), 200);
	assert_int_equal(ASK(till, .op = &promo_op_code_status, .token = boss.token,
				 .id = code.text, .body = "{\"status\":\"blocked\"}"),
		200);
	assert_problem(till, 409, "code_blocked", .op = &promo_op_redemption_create,
		.token = boss.token, .key = "a",
		.body = stock_body(stock_code('A', 17).text, 1, ""));
	assert_int_equal(ASK(till, .op = &promo_op_code_status, .token = boss.token,
				 .id = code.text, .body = "{\"status\":\"active\"}"),
		200);
	stock_redeem(till, &boss, 'A', 17, 1);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = boss.token,
				 .body = stock_body(stock_code('A', 17).text, 9, "")),
		201);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_download, .token = boss.token, .id = batch.text),
		200);
	promo_spool_close(till->answer.spool);
	assert_life(till, &boss, batch.text);
	till_index(till);
	assert_string_not_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_search WHERE entity_id = '%s'", code.text),
		"0");
	assert_life(till, &boss, batch.text);
	/* Its neighbour lived through less. */
	explain(till, &boss, stock_code('A', 18).text);
	assert_got(till, "slot", "6");
	assert_got(till, "verifications", "[]");
	assert_got(till, "changes", "[]");
	assert_got(till, "downloads.0.action", "code.download");
}

static void test_who_made_it(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &boss, "explained", 3, "");
	struct promo_jobs *jobs = mill_start(till, false);
	char body[200], code[40];

	mill_wait_for_end(till, &made);
	(void)snprintf(code, sizeof(code), "%s",
		promo_test_sql(till->database,
			"SELECT code FROM promo_codes WHERE batch_id = '%s' AND serial = 2",
			made.batch.text));
	explain(till, &boss, code);
	assert_got(till, "job.id", made.job.text);
	assert_got(till, "job.kind", "generate");
	/* What was done to many names none of them, but the moment. */
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"codes\":[\"%s\"],\"expected_count\":1}", code);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_bulk, .token = boss.token, .body = body), 200);
	explain(till, &boss, code);
	assert_got(till, "changes.0.action", "code.bulk");
	assert_got(till, "changes.0.by.id", boss.id);
	mill_stop(jobs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_life),
		cmocka_unit_test(test_who_made_it),
	};

	return cmocka_run_group_tests_name("ops/code_explain", tests, till_setup, mill_teardown);
}
