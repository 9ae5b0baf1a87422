/* SPDX-License-Identifier: MIT */
/* A redeemed code that is brought again becomes reported, once; whoever comes after that is noted in
 * the open case; the redemption stays as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

#define REPORT(person, with_key, with_body)                                                        \
	.op = &promo_op_fraud_report_create, .token = (person).token, .key = (with_key),           \
	.body = (with_body)

static void test_a_report(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id id;

	(void)stock_batch(till, 'A', 2);
	stock_redeem(till, &clerk, 'A', 1, 1);
	assert_int_equal(ASK(till, REPORT(clerk, NULL,
					   stock_body(stock_code('A', 1).text, 2,
						   ", \"first_name\": \"Eric\", \"description\": "
						   "\"bought it in Huye\""))),
		201);
	assert_memory_equal(till_get(till, "number"), "FRAUD0", 6);
	assert_got(till, "status", "pending");
	assert_got(till, "priority", "medium");
	assert_got(till, "type", "duplicate_redemption");
	assert_got(till, "description", "bought it in Huye");
	assert_got(till, "claimant.first_name", "Eric");
	assert_got(till, "claimant.phone_number", "+250788000002");
	assert_got(till, "redemption.customer.phone_number", "+250788000001");
	assert_got(till, "redemption.status", "completed");
	assert_got(till, "reported_by.id", clerk.id);
	assert_got(till, "notes", "[]");
	assert_non_null(strstr(till->answer.location, "/api/v1/fraud-reports/"));
	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "id"));
	stock_assert_totals(till);

	assert_int_equal(ASK(till, .op = &promo_op_code_show, .token = admin.token,
				 .id = stock_code_id(till, 'A', 1).text),
		200);
	assert_got(till, "status", "reported");
	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_show, .token = admin.token, .id = id.text),
		200);
	assert_got(till, "id", id.text);
	assert_problem(till, 404, "not_found", .op = &promo_op_fraud_report_show,
		.token = admin.token, .id = clerk.id);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT kind || ' ' || severity || ' ' || status || ' ' || count || ' ' "
			"|| (evidence ->> 'fraud_report_id') FROM alerts "
			"WHERE evidence ->> 'code_id' = '%s'",
			stock_code_id(till, 'A', 1).text),
		promo_test_sql(till->database, "SELECT 'fraud_report warning open 1 %s'", id.text));
}

static void test_a_second_claimant(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id id;

	(void)stock_batch(till, 'C', 1);
	stock_redeem(till, &clerk, 'C', 1, 1);
	assert_int_equal(
		ASK(till, REPORT(clerk, NULL, stock_body(stock_code('C', 1).text, 2, ""))), 201);
	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "id"));

	assert_problem(till, 409, "code_already_reported",
		REPORT(clerk, "key",
			stock_body(stock_code('C', 1).text, 3,
				", \"last_name\": \"Keza\", \"description\": \"mine\"")));
	assert_got(till, "id", id.text);
	/* The same request again is no third claimant. */
	assert_problem(till, 409, "code_already_reported",
		REPORT(clerk, "key",
			stock_body(stock_code('C', 1).text, 3,
				", \"last_name\": \"Keza\", \"description\": \"mine\"")));
	assert_true(till->answer.replayed);
	assert_got(till, "id", id.text);

	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_show, .token = admin.token, .id = id.text),
		200);
	assert_got(till, "notes.0.text", "another claimant: +250788000003 Keza: mine");
	assert_got(till, "notes.0.by.id", clerk.id);
	assert_null(till_get(till, "notes.1"));
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count FROM alerts WHERE evidence ->> 'fraud_report_id' = '%s'",
			id.text),
		"2");
	stock_assert_totals(till);
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person user = till_person(till, "user");

	(void)stock_batch(till, 'E', 2);
	assert_problem(till, 409, "code_not_redeemed",
		REPORT(clerk, NULL, stock_body(stock_code('E', 1).text, 1, "")));
	assert_problem(till, 404, "code_not_found",
		REPORT(clerk, NULL, stock_body(stock_code('Z', 1).text, 1, "")));
	assert_problem(till, 403, "forbidden",
		REPORT(user, NULL, stock_body(stock_code('E', 1).text, 1, "")));
	/* Used before it was imported: nobody knows by whom. */
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE code = '%s'",
		stock_code('E', 2).text);
	assert_problem(till, 409, "code_not_redeemed",
		REPORT(clerk, NULL, stock_body(stock_code('E', 2).text, 1, "")));
}

/* A batch that was blocked or ended since was paid from nevertheless. */
static void test_a_blocked_batch(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'F', 1);

	stock_redeem(till, &clerk, 'F', 1, 1);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'blocked' WHERE id = '%s'", batch.text);
	assert_int_equal(
		ASK(till, REPORT(clerk, NULL, stock_body(stock_code('F', 1).text, 2, ""))), 201);
}

static void test_the_list(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");

	(void)stock_batch(till, 'G', 3);
	for (int serial = 1; serial <= 3; serial++) {
		stock_redeem(till, &clerk, 'G', serial, 50 + serial);
		assert_int_equal(
			ASK(till, REPORT(clerk, NULL,
					  stock_body(stock_code('G', serial).text, 60 + serial,
						  serial == 2 ? ", \"description\": \"100% sure\""
							      : ""))),
			201);
	}
	assert_problem(till, 409, "code_already_reported",
		REPORT(clerk, NULL, stock_body(stock_code('G', 3).text, 99, "")));
	(void)promo_test_sql(till->database,
		"UPDATE fraud_reports SET priority = 'high', status = 'investigating' "
		"WHERE claimant_phone_number = '+250788000062'");

	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_list, .token = admin.token,
			.query = { { "limit", "2" }, { "q", "078800006" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "3");
	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_list, .token = admin.token,
			.query = { { "limit", "2" }, { "q", "8800006" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "3");
	assert_got(till, "items.0.claimant.phone_number", "+250788000063");
	assert_got(till, "items.0.notes.0.text", "another claimant: +250788000099");
	assert_got(till, "items.1.notes", "[]");
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_list, .token = admin.token,
				 .query = { { "limit", "2" }, { "q", "8800006" },
					 { "cursor", till_get(till, "next_cursor") } }),
		200);
	assert_got(till, "items.0.claimant.phone_number", "+250788000061");
	assert_got(till, "next_cursor", "null");

	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_list, .token = admin.token,
				 .query = { { "q", "0% S" }, { "priority", "high,low" },
					 { "status", "investigating" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "1");
	assert_problem(
		till, 403, "forbidden", .op = &promo_op_fraud_report_list, .token = clerk.token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_report),
		cmocka_unit_test(test_a_second_claimant),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_a_blocked_batch),
		cmocka_unit_test(test_the_list),
	};

	return cmocka_run_group_tests_name("ops/fraud", tests, till_setup, till_teardown);
}
