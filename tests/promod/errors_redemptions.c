/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_customer.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

static void redeem(struct api *api, const struct person *boss, const char *code, const char *key,
	struct api_answer *answer)
{
	(void)ORDER(api, answer, &promo_op_redemption_create, boss->token, stock_body(code, 7, ""),
		.key = key);
}

/* Each code of the stock is made what it is refused for, by the database's owner. */
static void states(struct api *api, struct till *till, const struct person *boss)
{
	static const struct {
		const char *code, *batch; /* what changes in its row, or NULL */
		enum promo_error error;
	} cases[] = {
		{ "status = 'blocked', blocked_at = now()", NULL, PROMO_E_CODE_BLOCKED },
		{ "expires_at = now() - interval '1 second'", NULL, PROMO_E_CODE_EXPIRED },
		{ NULL, "status = 'blocked'", PROMO_E_BATCH_NOT_ACTIVE },
		{ NULL, "status = 'archived'", PROMO_E_BATCH_NOT_ACTIVE },
		{ NULL, "status = 'active', expiration_date = now() - interval '1 day'",
			PROMO_E_CODE_EXPIRED },
	};
	struct stock_id batch = stock_batch(till, 'R', 8);
	struct api_answer answer;

	redeem(api, boss, stock_code('Z', 1).text, "none", &answer);
	assert_refused(&answer, PROMO_E_CODE_NOT_FOUND);
	(void)ORDER(api, &answer, &promo_op_code_verify, boss->token,
		"{\"code\":\"ZZZZ-ZZ26-ZZ01-ZZ01\"}");
	assert_refused(&answer, PROMO_E_CODE_NOT_FOUND);
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct stock_code code = stock_code('R', (int)i + 1);
		char key[16];

		(void)snprintf(key, sizeof(key), "state-%zu", i);
		if (cases[i].code)
			(void)promo_test_sql(api->database,
				"UPDATE promo_codes SET %s WHERE code = '%s'", cases[i].code,
				code.text);
		if (cases[i].batch)
			(void)promo_test_sql(api->database, "UPDATE batches SET %s WHERE id = '%s'",
				cases[i].batch, batch.text);
		redeem(api, boss, code.text, key, &answer);
		assert_refused(&answer, cases[i].error);
	}
}

/* Somebody who tried too many codes that do not exist. */
static void guessing(struct api *api, struct till *till)
{
	static const struct promo_op *const ops[] = { &promo_op_code_verify,
		&promo_op_redemption_create, &promo_op_fraud_report_create, &promo_op_code_explain,
		&promo_op_code_validate, &promo_op_redemption_search };
	struct person thief = till_person(till, "batch-manager");
	struct api_answer answer;
	char body[64];

	till_grant(till, &thief,
		"promo-codes.read promo-codes.validate redemptions.read "
		"redemptions.search");
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", stock_code('Z', 1).text);
	for (int i = 0; i < 5; i++) {
		(void)ORDER(api, &answer, i > 0 ? ops[0] : &promo_op_redemption_search, thief.token,
			body);
		assert_refused(&answer, PROMO_E_CODE_NOT_FOUND);
	}
	(void)promo_test_sql(api->database,
		"UPDATE throttles SET blocked_until = now() + interval '1 min' WHERE subject = "
		"'%s'",
		thief.id);
	for (size_t i = 0; i < PROMO_COUNT(ops); i++) {
		(void)ORDER(api, &answer, ops[i], thief.token,
			ops[i] == &promo_op_code_validate ? "{\"codes\":[\"A\"]}"
			: i == 1 || i == 2 ? stock_body(stock_code('R', 1).text, 7, "")
					   : body,
			.key = "guess");
		assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	}
}

static void redeemed_and_reported(struct api *api, struct till *till, const struct person *boss)
{
	struct api_answer answer;
	char redeemed_at[64], report[64];

	(void)stock_batch(till, 'F', 3);
	(void)ORDER(api, &answer, &promo_op_fraud_report_create, boss->token,
		stock_body(stock_code('F', 1).text, 8, ""));
	assert_refused(&answer, PROMO_E_CODE_NOT_REDEEMED);
	(void)ORDER(api, &answer, &promo_op_fraud_report_create, boss->token,
		stock_body(stock_code('Z', 1).text, 8, ""));
	assert_refused(&answer, PROMO_E_CODE_NOT_FOUND);

	redeem(api, boss, stock_code('F', 1).text, "first", &answer);
	assert_int_equal(answer.status, 201);
	(void)snprintf(redeemed_at, sizeof(redeemed_at), "%s", api_get(&answer, "completed_at"));
	redeem(api, boss, stock_code('F', 1).text, "second", &answer);
	assert_refused(&answer, PROMO_E_CODE_ALREADY_REDEEMED);
	assert_string_equal(api_get(&answer, "redeemed_at"), redeemed_at);
	assert_string_equal(api_get(&answer, "phone_number"), "+250788000007");
	assert_string_equal(api_get(&answer, "redeemed_by.id"), boss->id);

	assert_int_equal(ORDER(api, &answer, &promo_op_fraud_report_create, boss->token,
				 stock_body(stock_code('F', 1).text, 8, "")),
		201);
	(void)snprintf(report, sizeof(report), "%s", api_get(&answer, "id"));
	(void)ORDER(api, &answer, &promo_op_fraud_report_create, boss->token,
		stock_body(stock_code('F', 1).text, 9, ""));
	assert_refused(&answer, PROMO_E_CODE_ALREADY_REPORTED);
	assert_string_equal(api_get(&answer, "id"), report);
	redeem(api, boss, stock_code('F', 1).text, "third", &answer);
	assert_refused(&answer, PROMO_E_CODE_REPORTED);
}

void errors_redemptions(struct api *api, struct till *till, const struct person *boss)
{
	states(api, till, boss);
	guessing(api, till);
	redeemed_and_reported(api, till, boss);
}
