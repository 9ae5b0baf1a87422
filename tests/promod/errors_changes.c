/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_outbox.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

/* A letter that has gone. */
static void retry_letter(struct api *api, const char *token)
{
	static const char id[] = "0190a1b2-c3d4-7abc-8def-0123456789ab";
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"INSERT INTO outbox (id, channel, kind, recipient, status) "
		"VALUES ('%s', 'email', 'test', 'ann@example.com', 'sent')",
		id);
	(void)ORDER(api, &answer, &promo_op_outbox_retry, token, .id = id);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
}

void errors_changes(struct api *api, struct till *till, const struct person *boss)
{
	struct stock_id batch = stock_batch(till, 'W', 3);
	struct stock_id code = stock_code_id(till, 'W', 1);
	struct api_answer answer;
	struct order status = { .op = &promo_op_code_status,
		.token = boss->token,
		.id = code.text,
		.key = "x-1",
		.body = "{\"status\":\"active\"}" };
	struct order assign = { .op = &promo_op_batch_assign,
		.token = boss->token,
		.id = batch.text,
		.key = "x-2",
		.body = "{\"user_id\":null}" };
	struct order many = { .op = &promo_op_code_bulk,
		.token = boss->token,
		.key = "x-3",
		.body = "{\"action\":\"block\",\"filter\":{\"q\":\"NOPE\"},\"expected_count\":0}" };
	char body[256];

	(void)order_ask(api, &status, &answer);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	status.body = "{\"status\":\"blocked\"}";
	(void)order_ask(api, &status, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	assert_int_equal(order_ask(api, &assign, &answer), 200);
	(void)snprintf(body, sizeof(body), "{\"user_id\":\"%s\"}", boss->id);
	assign.body = body;
	(void)order_ask(api, &assign, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	for (int i = 0; i < 2; i++) {
		many.op = i ? &promo_op_batch_bulk : &promo_op_code_bulk;
		many.key = i ? "x-4" : "x-3";
		many.body = "{\"action\":\"block\",\"filter\":{\"q\":\"NOPE\"},"
			    "\"expected_count\":0}";
		assert_int_equal(order_ask(api, &many, &answer), 200);
		many.body = "{\"action\":\"block\",\"filter\":{\"q\":\"NOPE\"},"
			    "\"expected_count\":7}";
		(void)order_ask(api, &many, &answer);
		assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
		many.key = NULL;
		(void)order_ask(api, &many, &answer);
		assert_refused(&answer, PROMO_E_COUNT_MISMATCH);
		assert_string_equal(api_get(&answer, "count"), "0");
	}
	(void)ORDER(api, &answer, &promo_op_batch_update, boss->token, "{}", batch.text);
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	(void)ORDER(api, &answer, &promo_op_batch_update, boss->token, "{}", batch.text,
		.if_match = "\"99\"");
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	(void)ORDER(api, &answer, &promo_op_batch_update, boss->token,
		"{\"amount_per_code\":\"5.00\"}", batch.text, .if_match = "\"2\"");
	assert_refused(&answer, PROMO_E_BATCH_IN_USE);
	(void)ORDER(api, &answer, &promo_op_code_explain, boss->token,
		"{\"code\":\"ZZZZ-ZZ26-ZZ01-ZZ02\"}");
	assert_refused(&answer, PROMO_E_CODE_NOT_FOUND);
	assert_int_equal(ORDER(api, &answer, &promo_op_redemption_create, boss->token,
				 stock_body(stock_code('W', 2).text, 7, ""), .key = "x-9"),
		201);
	(void)ORDER(api, &answer, &promo_op_batch_delete, boss->token, .id = batch.text);
	assert_refused(&answer, PROMO_E_BATCH_IN_USE);
	retry_letter(api, boss->token);
	errors_settings(api, boss->token);
}
