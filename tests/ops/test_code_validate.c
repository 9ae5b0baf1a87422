/* SPDX-License-Identifier: MIT */
/* A list of texts is told apart: codes, unknown ones, what is no code, what stands there twice. Unknown
 * ones are guesses beyond the first fifty of an hour, and a list of guesses is not answered. */
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"

static char body[64 * 1024];

/* Codes of a batch that does not exist. */
static const char *unknown(int from, int count)
{
	size_t used = (size_t)snprintf(body, sizeof(body), "{\"codes\":[");

	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(body + used, sizeof(body) - used, "%s\"%s\"", i ? "," : "",
			stock_code('Z', from + i).text);
	(void)snprintf(body + used, sizeof(body) - used, "]}");
	return body;
}

static void test_told_apart(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "user");
	struct stock_id batch = stock_batch(till, 'A', 2);

	(void)batch;
	till_grant(till, &clerk, "promo-codes.validate");
	(void)snprintf(body, sizeof(body),
		"{\"codes\":[\"%s\",\"%s\",\"!\",\"a-%s\",\"0000-0099-0099-0099\"]}",
		stock_code('A', 1).text, stock_code('Z', 1).text, stock_code('A', 1).text + 1);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_validate, .token = clerk.token, .body = body), 200);
	assert_got(till, "items.0.well_formed", "true");
	assert_got(till, "items.0.exists", "true");
	assert_got(till, "items.0.duplicate", "false");
	assert_got(till, "items.1.well_formed", "true");
	assert_got(till, "items.1.exists", "false");
	assert_got(till, "items.2.code", "!");
	assert_got(till, "items.2.well_formed", "false");
	assert_got(till, "items.3.exists", "true");
	assert_got(till, "items.3.duplicate", "true");
	assert_got(till, "items.4.well_formed", "false");
	assert_int_equal(ASK(till, .op = &promo_op_code_validate, .token = clerk.token,
				 .body = "{\"codes\":[]}"),
		200);
	assert_got(till, "items", "[]");
}

static void test_guesses(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "user");

	till_grant(till, &thief, "promo-codes.validate");
	assert_int_equal(ASK(till, .op = &promo_op_code_validate, .token = thief.token,
				 .body = unknown(1, 50)),
		200);
	/* Four more are four misses, the next list is one too many. */
	assert_int_equal(ASK(till, .op = &promo_op_code_validate, .token = thief.token,
				 .body = unknown(100, 4)),
		200);
	assert_problem(till, 429, "too_many_requests", .op = &promo_op_code_validate,
		.token = thief.token, .body = unknown(200, 100));
	assert_problem(till, 429, "too_many_requests", .op = &promo_op_code_validate,
		.token = thief.token, .body = "{\"codes\":[\"A\"]}");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count || ' ' || (blocked_until > now())::text FROM "
				    "throttles WHERE kind = 'guess' AND subject = '%s'",
				    thief.id),
		"5 true");
	/* An hour later he may err again. */
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET since = now() - interval '2 h', blocked_until = NULL, step = "
		"0, "
		"count = CASE kind WHEN 'guess' THEN 0 ELSE count END WHERE subject = '%s'",
		thief.id);
	assert_int_equal(ASK(till, .op = &promo_op_code_validate, .token = thief.token,
				 .body = unknown(300, 50)),
		200);
}

/* At once as many as anybody may ask for: no more is told than of single codes. */
static void test_a_thousand_guesses(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "user");

	till_grant(till, &thief, "promo-codes.validate");
	assert_problem(till, 429, "too_many_requests", .op = &promo_op_code_validate,
		.token = thief.token, .body = unknown(1000, 1000));
	assert_null(till_get(till, "items"));
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_validate,
		.token = thief.token, .body = unknown(1000, 1001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_apart),
		cmocka_unit_test(test_guesses),
		cmocka_unit_test(test_a_thousand_guesses),
	};

	return cmocka_run_group_tests_name("ops/code_validate", tests, till_setup, till_teardown);
}
