/* SPDX-License-Identifier: MIT */
/* What a clerk learns of a code: its effective status, whether and why not it can be redeemed, and
 * what became of it. The rule in C and the view in SQL agree on every combination of facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

static int verify(struct till *till, const struct person *person, const char *code)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", code);
	return ASK(till, .op = &promo_op_code_verify, .token = person->token, .body = body);
}

static void test_an_active_code(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'A', 1);
	struct stock_code code = stock_code('A', 1);
	char shown[20];

	assert_int_equal(verify(till, &clerk, code.text), 200);
	(void)snprintf(shown, sizeof(shown), "%.4s-%.4s-%.4s-%.4s", code.text, code.text + 4,
		code.text + 8, code.text + 12);
	assert_got(till, "code", shown);
	assert_got(till, "code_id", stock_code_id(till, 'A', 1).text);
	assert_got(till, "status", "active");
	assert_got(till, "redeemable", "true");
	assert_got(till, "reason", "null");
	assert_got(till, "amount", "500.00");
	assert_got(till, "currency", "RWF");
	assert_got(till, "batch.id", batch.text);
	assert_got(till, "batch.status", "active");
	assert_got(till, "redemption", "null");
	assert_got(till, "fraud_report", "null");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT entity_kind || ' ' || outcome FROM audit_log "
				    "WHERE action = 'code.verify' AND entity_id = '%s'",
				    stock_code_id(till, 'A', 1).text),
		"code allowed");
}

static void test_a_redeemed_and_a_reported_code(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'C', 1);
	stock_redeem(till, &clerk, 'C', 1, 1);
	assert_int_equal(verify(till, &clerk, stock_code('C', 1).text), 200);
	assert_got(till, "status", "redeemed");
	assert_got(till, "redeemable", "false");
	assert_got(till, "reason", "code_already_redeemed");
	assert_got(till, "redemption.phone_number", "+250788000001");
	assert_got(till, "redemption.redeemed_by.id", clerk.id);
	assert_got(till, "redemption.redeemed_by.name", "Aline Uwase");
	assert_non_null(till_get(till, "redemption.redeemed_at"));
	assert_got(till, "fraud_report", "null");

	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('C', 1).text, 2, "")),
		201);
	assert_int_equal(verify(till, &clerk, stock_code('C', 1).text), 200);
	assert_got(till, "status", "reported");
	assert_got(till, "reason", "code_reported");
	assert_got(till, "redemption.phone_number", "+250788000001");
	assert_got(till, "fraud_report.status", "pending");
}

/* Each combination of the code's own status and end and the batch's status and end. */
static void test_rule_and_view_agree(void **state)
{
	static const char *const own[] = { "active", "redeemed", "reported", "blocked" };
	static const char *const batch_status[] = { "generating", "active", "expired", "blocked",
		"archived" };
	static const char *const own_end[] = { "NULL", "now() - interval '1 s'",
		"now() + interval '1 hour'" };
	static const char *const batch_end[] = { "now() - interval '1 s'",
		"now() + interval '1 hour'" };
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 1), id = stock_code_id(till, 'E', 1);

	for (size_t i = 0; i < 4 * 5 * 3 * 2; i++) {
		char status[16];

		(void)promo_test_sql(till->database,
			"UPDATE promo_codes SET status = '%s', expires_at = %s WHERE id = '%s'; "
			"UPDATE batches SET status = '%s', expiration_date = %s WHERE id = '%s'",
			own[i % 4], own_end[i / 20 % 3], id.text, batch_status[i / 4 % 5],
			batch_end[i / 60], batch.text);
		assert_int_equal(verify(till, &admin, stock_code('E', 1).text), 200);
		(void)snprintf(status, sizeof(status), "%s", till_get(till, "status"));
		if (strcmp(till_get(till, "redeemable"), "true") == 0)
			assert_string_equal(status, "active");
		if (strcmp(status, "active") == 0 &&
			strcmp(batch_status[i / 4 % 5], "generating") != 0)
			assert_got(till, "redeemable", "true");
		assert_int_equal(
			ASK(till, .op = &promo_op_code_show, .token = admin.token, .id = id.text),
			200);
		assert_got(till, "status", status);
		assert_got(till, "own_status", own[i % 4]);
		assert_int_equal(ASK(till, .op = &promo_op_batch_show, .token = admin.token,
					 .id = batch.text),
			200);
	}
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person user = till_person(till, "user");
	struct stock_code code = stock_code('F', 1);

	assert_int_equal(verify(till, &clerk, code.text), 404);
	assert_got(till, "code", "code_not_found");
	/* A well-formed code that nobody issued leaves no trace of itself. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) || ' ' || count(entity_id) FROM audit_log "
				    "WHERE action = 'code.verify' AND error = 'code_not_found'"),
		"1 0");
	code.text[14] = '4';
	assert_int_equal(verify(till, &clerk, code.text), 422);
	assert_got(till, "errors.0.pointer", "/code");
	assert_got(till, "errors.0.code", "code_malformed");
	assert_int_equal(verify(till, &clerk, "A!"), 422);
	assert_got(till, "errors.0.code", "code_malformed");
	assert_int_equal(verify(till, &user, code.text), 403);
	assert_got(till, "permission", "promo-codes.search");
}

/* While a batch has codes of this length without a date, a "date" that is none proves nothing. */
static void test_codes_without_a_date(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'G', 1);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET code_format = 'XXXX-XXXX-XXXX-XXXX' WHERE id = '%s'; "
		"UPDATE promo_codes SET code = 'GGGGGGGGGGGGGGGG' WHERE batch_id = '%s'",
		batch.text, batch.text);
	assert_int_equal(verify(till, &clerk, "gggg gggg gggg gggg"), 200);
	assert_got(till, "code", "GGGG-GGGG-GGGG-GGGG");
	(void)promo_test_sql(till->database,
		"UPDATE batches SET code_format = 'XXXX-XXYY-XXMM-XXDD' WHERE id = '%s'",
		batch.text);
	assert_int_equal(verify(till, &clerk, "gggg gggg gggg gggg"), 422);
}

/* Letters that mean something else where codes travel as arrays. */
static void test_a_code_like_null(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'Y', 1);

	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET code = 'NULL' WHERE batch_id = '%s'", batch.text);
	assert_int_equal(verify(till, &clerk, "null"), 200);
	assert_got(till, "code", "NULL");
	assert_int_equal(ASK(till, .op = &promo_op_redemption_create, .token = clerk.token,
				 .key = "null", .body = stock_body("NULL", 1, "")),
		201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_active_code),
		cmocka_unit_test(test_a_redeemed_and_a_reported_code),
		cmocka_unit_test(test_rule_and_view_agree),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_codes_without_a_date),
		cmocka_unit_test(test_a_code_like_null),
	};

	return cmocka_run_group_tests_name("ops/verify", tests, till_setup, till_teardown);
}
