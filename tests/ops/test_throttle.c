/* SPDX-License-Identifier: MIT */
/* Whoever tries codes that do not exist is slowed down and in the end reported, by all that he does
 * with codes together; nobody else notices, and who never missed leaves no trace. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

static int verify(struct till *till, const struct person *person, const char *code)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", code);
	return ASK(till, .op = &promo_op_code_verify, .token = person->token, .body = body);
}

static int verify_good(struct till *till, const struct person *person)
{
	return verify(till, person, stock_code('A', 1).text);
}

/* A code of the right form that was never issued. */
static int guess(struct till *till, const struct person *person)
{
	return verify(till, person, stock_code('Z', 7).text);
}

static int redeem(struct till *till, const struct person *person, const char *code, const char *key)
{
	return ASK(till, .op = &promo_op_redemption_create, .token = person->token,
		.body = stock_body(code, 1, ""), .key = key);
}

static int report(struct till *till, const struct person *person, const char *code, const char *key)
{
	return ASK(till, .op = &promo_op_fraud_report_create, .token = person->token,
		.body = stock_body(code, 2, ""), .key = key);
}

/* Where he stands: "window step good hour alerted", "" without a row. */
static void assert_stands(struct till *till, const struct person *person, const char *expected)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count || ' ' || step || ' ' || good || ' ' || hour_count "
			"|| ' ' || hour_alerted FROM throttles WHERE kind = 'guess' "
			"AND subject = '%s'",
			person->id),
		expected);
}

static void assert_told(struct till *till, int64_t left, int64_t reset_s)
{
	const struct promo_rate_limit *told = &till->answer.rate_limit;

	assert_string_equal(told->name, "misses");
	assert_int_equal(told->quota, 5);
	assert_int_equal(told->window_s, 600);
	assert_int_equal(told->left, left);
	/* It begins to run down. */
	assert_in_range(told->reset_s, reset_s > 5 ? reset_s - 5 : 1, reset_s);
}

/* Lets time pass for him. */
static void age(struct till *till, const struct person *person, int64_t seconds)
{
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET since = since - interval '%" PRId64 " s', "
		"blocked_until = blocked_until - interval '%" PRId64 " s', "
		"hour_since = hour_since - interval '%" PRId64 " s' WHERE subject = '%s'",
		seconds, seconds, seconds, person->id);
}

/* The delay and nothing else. */
static void end_delay(struct till *till, const struct person *person)
{
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() WHERE subject = '%s'", person->id);
}

/* A delay that lasts, however slow the machine is. */
static void hold_delay(struct till *till, const struct person *person)
{
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' WHERE subject = '%s'",
		person->id);
}

static void assert_blocked(struct till *till, int64_t seconds)
{
	assert_int_equal(till->answer.status, 429);
	assert_got(till, "code", "too_many_requests");
	assert_in_range(till->answer.retry_after_s, seconds > 5 ? seconds - 5 : 1, seconds);
	assert_told(till, 0, seconds);
}

static int group_setup(void **state)
{
	if (till_setup(state))
		return -1;
	(void)stock_batch(*state, 'A', 20);
	return 0;
}

static void test_no_trace_without_a_miss(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager"), nobody = till_person(till, "");

	assert_int_equal(verify_good(till, &clerk), 200);
	assert_told(till, 5, 600);
	assert_int_equal(redeem(till, &clerk, stock_code('A', 2).text, "t1"), 201);
	assert_told(till, 5, 600);
	assert_int_equal(redeem(till, &clerk, stock_code('A', 2).text, "t2"), 409);
	assert_told(till, 5, 600);
	assert_int_equal(report(till, &clerk, stock_code('A', 1).text, NULL), 409);
	assert_told(till, 5, 600);
	/* Not even a code: what has no possible date, and what is none at all. */
	assert_int_equal(verify(till, &clerk, "AAAAAA99AA99AA99"), 422);
	assert_told(till, 5, 600);
	assert_int_equal(verify(till, &clerk, "?"), 422);
	assert_told(till, 5, 600);
	assert_int_equal(guess(till, &nobody), 403);
	assert_told(till, 5, 600);
	assert_int_equal(ASK(till, .op = &promo_op_me_show, .token = clerk.token), 200);
	assert_null(till->answer.rate_limit.name);
	assert_int_equal(ASK(till, .op = &promo_op_code_verify, .body = "{}"), 401);
	assert_null(till->answer.rate_limit.name);
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM throttles"), "0");
}

static void test_misses_count_together(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager"),
		      clerk = till_person(till, "batch-manager");

	assert_int_equal(guess(till, &thief), 404);
	assert_told(till, 4, 600);
	assert_int_equal(redeem(till, &thief, stock_code('Z', 1).text, "t3"), 404);
	assert_told(till, 3, 600);
	assert_int_equal(report(till, &thief, stock_code('Z', 2).text, "t4"), 404);
	assert_told(till, 2, 600);
	assert_int_equal(report(till, &thief, stock_code('Z', 2).text, NULL), 404);
	assert_told(till, 1, 600);
	assert_int_equal(verify_good(till, &thief), 200);
	assert_told(till, 1, 600);
	assert_stands(till, &thief, "4 0 1 4 false");
	assert_int_equal(guess(till, &thief), 404);
	assert_told(till, 0, 2);
	assert_stands(till, &thief, "5 1 0 5 false");

	/* Now nothing that brings a code, be it good, and it changes nothing. */
	hold_delay(till, &thief);
	(void)verify_good(till, &thief);
	assert_blocked(till, 60);
	(void)redeem(till, &thief, stock_code('A', 3).text, "t5");
	assert_blocked(till, 60);
	(void)report(till, &thief, stock_code('A', 2).text, "t6");
	assert_blocked(till, 60);
	(void)guess(till, &thief);
	assert_blocked(till, 60);
	assert_stands(till, &thief, "5 1 0 5 false");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY seq) FROM "
			"audit_log WHERE actor_id = '%s' AND error = 'too_many_requests'",
			thief.id),
		"code.verify failed, redemption.create failed, fraud-report.create failed, "
		"code.verify failed");
	/* Everything else, and everybody else. */
	assert_int_equal(ASK(till, .op = &promo_op_me_show, .token = thief.token), 200);
	assert_int_equal(verify_good(till, &clerk), 200);
	assert_told(till, 5, 600);
	assert_stands(till, &clerk, "");
	/* What was refused bound no key. */
	end_delay(till, &thief);
	assert_int_equal(redeem(till, &thief, stock_code('A', 3).text, "t5"), 201);
	assert_int_equal(report(till, &thief, stock_code('A', 2).text, "t6"), 201);
	assert_stands(till, &thief, "5 1 2 5 false");
}

static void test_doubling(void **state)
{
	static const int seconds[] = { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 };
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager");

	for (int i = 0; i < 4; i++)
		assert_int_equal(guess(till, &thief), 404);
	for (size_t i = 0; i < PROMO_COUNT(seconds); i++) {
		assert_int_equal(guess(till, &thief), 404);
		(void)verify_good(till, &thief);
		assert_blocked(till, seconds[i]);
		age(till, &thief, seconds[i]);
		assert_int_equal(verify_good(till, &thief), 200);
	}
	/* An hour of rest behind the last, and all is as it was. */
	age(till, &thief, 3600);
	assert_int_equal(verify_good(till, &thief), 200);
	assert_told(till, 5, 600);
	for (int i = 0; i < 5; i++)
		assert_int_equal(guess(till, &thief), 404);
	(void)guess(till, &thief);
	assert_blocked(till, 2);
	assert_stands(till, &thief, "5 1 0 5 false");
}

/* A miss under suspicion is counted in one transaction with its lookup; it binds no key there. */
static void test_a_key_under_suspicion(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager");

	for (int i = 0; i < 5; i++)
		assert_int_equal(guess(till, &thief), 404);
	end_delay(till, &thief);
	assert_int_equal(report(till, &thief, stock_code('Z', 3).text, "mine"), 404);
	assert_stands(till, &thief, "6 2 0 6 false");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM idempotency_keys WHERE user_id = '%s'", thief.id),
		"0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE actor_id = '%s' AND "
				    "action = 'fraud-report.create' AND error = 'code_not_found'",
				    thief.id),
		"1");
	end_delay(till, &thief);
	stock_redeem(till, &thief, 'A', 4, 4);
	assert_int_equal(report(till, &thief, stock_code('A', 4).text, "mine"), 201);
}

static void test_ten_good_ones(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	for (int i = 0; i < 5; i++)
		assert_int_equal(guess(till, &clerk), 404);
	end_delay(till, &clerk);
	assert_int_equal(redeem(till, &clerk, stock_code('A', 5).text, "g1"), 201);
	for (int i = 0; i < 8; i++)
		assert_int_equal(verify_good(till, &clerk), 200);
	assert_stands(till, &clerk, "5 1 9 5 false");
	/* Neither the same once more, nor a refusal, is a good one. */
	assert_int_equal(redeem(till, &clerk, stock_code('A', 5).text, "g1"), 201);
	assert_true(till->answer.replayed);
	assert_int_equal(redeem(till, &clerk, stock_code('A', 5).text, "g2"), 409);
	assert_int_equal(verify(till, &clerk, "?"), 422);
	assert_stands(till, &clerk, "5 1 9 5 false");
	assert_told(till, 1, 3600);
	assert_int_equal(verify_good(till, &clerk), 200);
	assert_told(till, 5, 600);
	assert_stands(till, &clerk, "0 0 0 5 false");
	assert_int_equal(verify_good(till, &clerk), 200);
	assert_int_equal(guess(till, &clerk), 404);
	assert_told(till, 4, 600);
	assert_stands(till, &clerk, "1 0 0 6 false");
}

static void miss_twenty_times(struct till *till, const struct person *thief)
{
	for (int i = 1; i <= 20; i++) {
		assert_int_equal(guess(till, thief), 404);
		end_delay(till, thief);
		for (int k = 0; i % 5 == 0 && i < 20 && k < 10; k++)
			assert_int_equal(verify_good(till, thief), 200);
	}
}

static void assert_alert(struct till *till, const struct person *thief, const char *expected)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(kind || ' ' || severity || ' ' || status || ' ' || "
			"count || ' ' || (evidence ->> 'misses'), ', ') FROM alerts "
			"WHERE evidence ->> 'user_id' = '%s'",
			thief->id),
		expected);
}

static void test_the_alert(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager");

	miss_twenty_times(till, &thief);
	assert_alert(till, &thief, "guessing critical open 19 20");
	assert_stands(till, &thief, "5 1 0 20 true");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM alerts WHERE evidence::text LIKE '%%%s%%'",
			stock_code('Z', 7).text),
		"0");
	/* From now on a good code of his own does not help him. */
	for (int i = 0; i < 15; i++)
		assert_int_equal(verify_good(till, &thief), 200);
	assert_int_equal(guess(till, &thief), 404);
	assert_told(till, 0, 4);
	assert_alert(till, &thief, "guessing critical open 19 20");
	/* Another hour is told again, to the same alert while it is open. */
	age(till, &thief, 3700);
	assert_int_equal(verify_good(till, &thief), 200);
	miss_twenty_times(till, &thief);
	assert_alert(till, &thief, "guessing critical open 20 20");
	(void)promo_test_sql(till->database, "UPDATE alerts SET status = 'resolved'");
	age(till, &thief, 3700);
	miss_twenty_times(till, &thief);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM alerts WHERE kind = 'guessing'"),
		"2");
	/* As the settings say: never, or only of more. */
	for (int limit = 0; limit <= 21; limit += 21) {
		(void)promo_test_sql(till->database,
			"UPDATE alerts SET status = 'resolved'; DELETE FROM system_settings; "
			"INSERT INTO system_settings (id, category, key, value) VALUES "
			"(gen_random_uuid(), 'alerts', 'misses.count', '%d'); "
			"UPDATE auth_state SET settings_version = settings_version + 1",
			limit);
		age(till, &thief, 3700);
		miss_twenty_times(till, &thief);
		assert_string_equal(promo_test_sql(till->database,
					    "SELECT count(*) FROM alerts WHERE kind = 'guessing'"),
			"2");
	}
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

/* A request that perhaps was carried out already: it is told what became of it. */
static void test_the_truth_comes_first(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	const char *body = stock_body(stock_code('A', 6).text, 1, "");
	struct promo_request request = {
		.op = &promo_op_redemption_create,
		.request_id = "again",
		.token = clerk.token,
		.idempotency_key = "r1",
		.content_type = "application/json",
		.input = { .body = body, .body_size = strlen(body) },
	};

	assert_int_equal(redeem(till, &clerk, stock_code('A', 6).text, "r1"), 201);
	for (int i = 0; i < 5; i++)
		assert_int_equal(guess(till, &clerk), 404);
	promo_run(till->runner, &request, till->arena, &till->answer);
	assert_int_equal(till->answer.status, 429);
	request.resolve_until_ms = promo_monotonic_ms() + 10000;
	promo_run(till->runner, &request, till->arena, &till->answer);
	assert_int_equal(till->answer.status, 201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_trace_without_a_miss),
		cmocka_unit_test(test_misses_count_together),
		cmocka_unit_test(test_doubling),
		cmocka_unit_test(test_a_key_under_suspicion),
		cmocka_unit_test(test_ten_good_ones),
		cmocka_unit_test(test_the_alert),
		cmocka_unit_test(test_the_truth_comes_first),
	};

	return cmocka_run_group_tests(tests, group_setup, till_teardown);
}
