/* SPDX-License-Identifier: MIT */
/* Codes are blocked, freed, reported and deleted, one or many, and only as they may be; what stays as it
 * is is named with the reason; if another number fits than was expected, nothing is changed; the totals
 * are what counting gives, and the trail says who and why. */
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"

#define BECOME(person, code_id, with_body)                                                         \
	.op = &promo_op_code_status, .token = (person).token, .id = (code_id).text,                \
	.body = (with_body)
#define BULK(person, with_body)                                                                    \
	.op = &promo_op_code_bulk, .token = (person).token, .body = (with_body)
#define REDEEM(person, letter, serial, with_key)                                                   \
	.op = &promo_op_redemption_create, .token = (person).token,                                \
	.body = stock_body(stock_code((letter), (serial)).text, 1, ""), .key = (with_key)

static void test_one_is_blocked_and_freed(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 2), code = stock_code_id(till, 'A', 1);

	(void)batch;
	assert_problem(
		till, 409, "invalid_transition", BECOME(boss, code, "{\"status\":\"active\"}"));
	assert_int_equal(
		ASK(till, BECOME(boss, code, "{\"status\":\"blocked\",\"reason\":\"lost\"}")), 200);
	assert_got(till, "status", "blocked");
	assert_got(till, "own_status", "blocked");
	assert_non_null(strstr(till_get(till, "blocked_at"), "T"));
	stock_assert_all_totals(till);
	assert_problem(till, 409, "code_blocked", REDEEM(boss, 'A', 1, "a-1"));
	assert_problem(
		till, 409, "invalid_transition", BECOME(boss, code, "{\"status\":\"blocked\"}"));
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT changes::text FROM audit_log WHERE action = 'code.status' "
			"AND outcome = 'allowed' AND entity_id = '%s'",
			code.text),
		"[{\"after\": \"blocked\", \"field\": \"own_status\", \"before\": \"active\"}, "
		"{\"after\": \"lost\", \"field\": \"reason\", \"before\": null}]");
	assert_int_equal(ASK(till, BECOME(boss, code, "{\"status\":\"active\"}")), 200);
	assert_got(till, "blocked_at", "null");
	stock_assert_all_totals(till);
	assert_int_equal(ASK(till, REDEEM(boss, 'A', 1, "a-2")), 201);
	assert_problem(
		till, 409, "invalid_transition", BECOME(boss, code, "{\"status\":\"blocked\"}"));
	assert_problem(till, 404, "not_found", BECOME(boss, batch, "{\"status\":\"blocked\"}"));
}

static void test_one_is_reported(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'C', 2), code = stock_code_id(till, 'C', 1);
	struct stock_id imported = stock_code_id(till, 'C', 2);

	assert_problem(
		till, 409, "invalid_transition", BECOME(boss, code, "{\"status\":\"reported\"}"));
	stock_redeem(till, &boss, 'C', 1, 1);
	assert_int_equal(
		ASK(till, BECOME(boss, code, "{\"status\":\"reported\",\"reason\":\"odd hours\"}")),
		200);
	assert_got(till, "status", "reported");
	assert_null(till->answer.location);
	stock_assert_all_totals(till);
	assert_int_equal(ASK(till, &promo_op_fraud_report_list, boss.token), 200);
	assert_got(till, "items.0.code_id", code.text);
	assert_got(till, "items.0.claimant", "null");
	assert_got(till, "items.0.description", "odd hours");
	assert_problem(till, 409, "code_reported", REDEEM(boss, 'C', 1, "c-1"));
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE id = '%s'",
		imported.text);
	assert_problem(till, 409, "invalid_transition",
		BECOME(boss, imported, "{\"status\":\"reported\"}"));
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'active', redeemed_at = NULL WHERE batch_id = "
		"'%s' "
		"AND id = '%s'",
		batch.text, imported.text);
}

static void test_many_by_list(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 6), first = stock_code_id(till, 'E', 1);
	struct stock_id second = stock_code_id(till, 'E', 2);
	char body[600];

	stock_redeem(till, &boss, 'E', 2, 1);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"ids\":[\"%s\",\"%s\",\"%s\",\"%s\"],\"expected_count\":4}",
		first.text, second.text, first.text, batch.text);
	assert_problem(till, 409, "count_mismatch", BULK(boss, body));
	assert_got(till, "count", "2");
	stock_assert_all_totals(till);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"ids\":[\"%s\",\"%s\",\"%s\",\"%s\"],\"expected_count\":2}",
		first.text, second.text, first.text, batch.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "1");
	assert_got(till, "skipped.0.id", second.text);
	assert_got(till, "skipped.0.code", "invalid_transition");
	assert_got(till, "skipped.1.id", batch.text);
	assert_got(till, "skipped.1.code", "not_found");
	assert_null(till_get(till, "skipped.2"));
	stock_assert_all_totals(till);

	(void)snprintf(body, sizeof(body),
		"{\"action\":\"delete\",\"codes\":[\"%s\",\"%s\",\"ZZZZ-ZZ26-ZZ11-ZZ22\"],"
		"\"expected_count\":2,\"reason\":\"never printed\"}",
		stock_code('E', 1).text, stock_code('E', 3).text);
	assert_int_equal(ASK(till, BULK(boss, body), .key = "e-1"), 200);
	assert_got(till, "changed", "2");
	assert_got(till, "skipped.0.id", "null");
	assert_got(till, "skipped.0.code", "code_not_found");
	assert_int_equal(ASK(till, BULK(boss, body), .key = "e-1"), 200);
	assert_true(till->answer.replayed);
	stock_assert_all_totals(till);
	assert_problem(till, 404, "code_not_found", REDEEM(boss, 'E', 1, "e-2"));
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_show, .token = boss.token, .id = batch.text), 200);
	assert_got(till, "total_codes", "4");
	assert_got(till, "ready_codes", "4");
	/* The trail knows how many and why, and not which codes. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action = 'code.bulk' AND "
				    "changes::text LIKE '%%never printed%%' AND changes::text NOT "
				    "LIKE '%%%s%%'",
				    stock_code('E', 3).text),
		"1");
}

/* What somebody was refused with stays on record. */
static void test_the_refused_are_kept(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'F', 3);
	char body[300];

	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"filter\":{\"batch_id\":\"%s\"},\"expected_count\":3}",
		batch.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "3");
	assert_problem(till, 409, "code_blocked", REDEEM(boss, 'F', 2, "f-1"));
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"delete\",\"filter\":{\"batch_id\":\"%s\"},\"expected_count\":3}",
		batch.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "2");
	assert_got(till, "skipped.0.code", "invalid_transition");
	stock_assert_all_totals(till);
}

static void test_many_by_filter(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'G', 20);
	char body[300];

	stock_redeem(till, &boss, 'G', 4, 1);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"block\",\"filter\":{\"batch_id\":\"%s\",\"status\":[\"active\"],"
		"\"q\":\"G0000\"},\"expected_count\":8}",
		batch.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "8");
	assert_got(till, "skipped", "[]");
	stock_assert_all_totals(till);
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"unblock\",\"filter\":{\"batch_id\":\"%s\",\"status\":[\"blocked\"]},"
		"\"expected_count\":8}",
		batch.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "8");
	stock_assert_all_totals(till);
}

/* Nobody changes everything by leaving something out. */
static void test_what_is_meant_has_to_be_said(void **state)
{
	static const struct {
		const char *members, *pointer;
	} cases[] = {
		{ "", "/filter" },
		{ ",\"filter\":{}", "/filter" },
		{ ",\"filter\":{\"status\":[]}", "/filter" },
		{ ",\"ids\":[],\"codes\":[]", "/filter" },
		{ ",\"codes\":[\"A1U2\"],\"filter\":{\"q\":\"A\"}", "/filter" },
		{ ",\"ids\":[\"x\"]", "/ids/0" },
		{ ",\"codes\":[\"A1U2\",\"!\"]", "/codes/1" },
		{ ",\"filter\":{\"q\":\"-\"}", "/filter/q" },
		{ ",\"filter\":{\"nonsense\":1}", "/filter/nonsense" },
	};
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	char body[200];

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		(void)snprintf(body, sizeof(body), "{\"action\":\"block\",\"expected_count\":0%s}",
			cases[i].members);
		assert_problem(till, 422, "invalid_input", BULK(boss, body));
		assert_got(till, "errors.0.pointer", cases[i].pointer);
	}
	assert_problem(till, 422, "invalid_input", BULK(boss, "{\"filter\":{\"q\":\"A\"}}"));
	assert_got(till, "errors.0.pointer", "/action");
	assert_got(till, "errors.1.pointer", "/expected_count");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_is_blocked_and_freed),
		cmocka_unit_test(test_one_is_reported),
		cmocka_unit_test(test_many_by_list),
		cmocka_unit_test(test_the_refused_are_kept),
		cmocka_unit_test(test_many_by_filter),
		cmocka_unit_test(test_what_is_meant_has_to_be_said),
	};

	return cmocka_run_group_tests_name("ops/code_change", tests, till_setup, till_teardown);
}
