/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

void errors_cases(struct api *api, struct till *till, const struct person *boss)
{
	struct order note = {
		.op = &promo_op_fraud_report_note, .token = boss->token, .key = "note-1"
	};
	struct order bulk = {
		.op = &promo_op_fraud_report_bulk, .token = boss->token, .key = "cases-1"
	};
	struct api_answer answer;
	char id[40];

	(void)stock_batch(till, 'Y', 1);
	assert_int_equal(ORDER(api, &answer, &promo_op_redemption_create, boss->token,
				 stock_body(stock_code('Y', 1).text, 7, ""), .key = "case"),
		201);
	assert_int_equal(ORDER(api, &answer, &promo_op_fraud_report_create, boss->token,
				 stock_body(stock_code('Y', 1).text, 8, "")),
		201);
	(void)snprintf(id, sizeof(id), "%s", api_get(&answer, "id"));

	note.id = id;
	note.body = "{\"text\":\"one\"}";
	assert_int_equal(order_ask(api, &note, &answer), 201);
	note.body = "{\"text\":\"two\"}";
	(void)order_ask(api, &note, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);

	bulk.body = "{\"action\":\"resolve\",\"filter\":{\"q\":\"nobody\"},\"expected_count\":3}";
	(void)order_ask(api, &bulk, &answer);
	assert_refused(&answer, PROMO_E_COUNT_MISMATCH);
	bulk.body = "{\"action\":\"resolve\",\"filter\":{\"q\":\"nobody\"},\"expected_count\":0}";
	(void)order_ask(api, &bulk, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);

	assert_int_equal(ORDER(api, &answer, &promo_op_fraud_report_update, boss->token,
				 "{\"status\":\"rejected\"}", id),
		200);
	(void)ORDER(api, &answer, &promo_op_fraud_report_update, boss->token,
		"{\"status\":\"resolved\"}", id);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
}
