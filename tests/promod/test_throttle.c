/* SPDX-License-Identifier: MIT */
/* Guessing does not pay, however many codes are tried at once, on however many connections and
 * daemons of one database; and it is nobody's business but the guesser's: a clerk who does not miss is
 * served all the while, and nobody can have another one locked out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

enum {
	CROWD = 128,
	DAEMONS = 2,
	FREE = 5 /* misses before the first delay */
};

static struct till till; /* of the same database, for people and stock */
static struct promo_test_daemon second;
static unsigned ports[DAEMONS];
static struct order orders[CROWD];
static char keys[CROWD][32], bodies[CROWD][256];
static struct api_answer answers[CROWD];

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	promo_test_daemon_start(&second, api->database, NULL);
	ports[0] = api->daemon.port;
	ports[1] = second.port;
	till.database = api->database;
	(void)stock_batch(&till, 'A', 400);
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&second);
	return api_teardown(state);
}

static const char *code_body(const char *code)
{
	static char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	return body;
}

/* The number `i` of a crowd: a guess, by each of the ways to bring a code in turn. */
static void order_guess(size_t i, const struct person *who, int serial)
{
	static const struct promo_op *const ops[] = { &promo_op_code_verify,
		&promo_op_redemption_create, &promo_op_fraud_report_create };
	const struct promo_op *op = ops[i % PROMO_COUNT(ops)];
	const char *code = stock_code('Z', serial).text;

	(void)snprintf(keys[i], sizeof(keys[i]), "guess-%d", serial);
	(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
		op == &promo_op_code_verify ? code_body(code) : stock_body(code, 1, ""));
	orders[i] = (struct order){ .op = op,
		.token = who->token,
		.body = bodies[i],
		.key = op->flags & PROMO_OP_KEY ? keys[i] : NULL };
}

static void order_verify(size_t i, const struct person *who, const char *code)
{
	(void)snprintf(bodies[i], sizeof(bodies[i]), "%s", code_body(code));
	orders[i] = (struct order){
		.op = &promo_op_code_verify, .token = who->token, .body = bodies[i]
	};
}

static void order_redeem(size_t i, const struct person *who, int serial)
{
	(void)snprintf(keys[i], sizeof(keys[i]), "good-%d", serial);
	(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
		stock_body(stock_code('A', serial).text, serial, ""));
	orders[i] = (struct order){ .op = &promo_op_redemption_create,
		.token = who->token,
		.body = bodies[i],
		.key = keys[i] };
}

static int count_status(size_t first, size_t step, int status)
{
	int count = 0;

	for (size_t i = first; i < CROWD; i += step)
		count += answers[i].status == status;
	return count;
}

static long standing(const struct person *who, const char *column)
{
	return strtol(promo_test_sql(till.database,
			      "SELECT %s FROM throttles WHERE kind = 'guess' AND subject = '%s'",
			      column, who->id),
		NULL, 10);
}

static void end_delay(const struct person *who)
{
	(void)promo_test_sql(till.database,
		"UPDATE throttles SET blocked_until = now() WHERE subject = '%s'", who->id);
}

static int verify(struct api *api, const struct person *who, const char *code)
{
	return ORDER(api, &answers[0], &promo_op_code_verify, who->token, code_body(code));
}

static int verify_good(struct api *api, const struct person *who)
{
	return verify(api, who, stock_code('A', 1).text);
}

static int miss(struct api *api, const struct person *who)
{
	return verify(api, who, stock_code('Z', 1).text);
}

static void assert_waits(int64_t seconds)
{
	char value[32], expected[64];

	assert_refused(&answers[0], PROMO_E_TOO_MANY_REQUESTS);
	wire_field(&answers[0].wire, "Retry-After", value, sizeof(value));
	assert_in_range(strtol(value, NULL, 10), seconds > 5 ? seconds - 5 : 1, seconds);
	(void)snprintf(expected, sizeof(expected), "\"misses\";r=0;t=%s", value);
	wire_field(&answers[0].wire, "RateLimit", value, sizeof(value));
	assert_string_equal(value, expected);
}

/* What was told of a crowd is what was counted, and no more than the rule lets through: the delay
 * that begins with the last of them outlasts the crowd (it is checked where it might not). */
static void assert_few_told(const struct person *who, int64_t took_ms)
{
	const int told = count_status(0, 1, 404);

	assert_int_equal(told + count_status(0, 1, 429), CROWD);
	assert_int_equal(standing(who, "hour_count"), told);
	if (took_ms < 2000)
		assert_int_equal(told, FREE);
	assert_true(told >= FREE);
}

static void test_a_crowd_of_guesses(void **state)
{
	struct api *api = *state;
	struct person thief = till_person(&till, "batch-manager");
	int64_t began;

	for (size_t i = 0; i < CROWD; i++)
		order_verify(i, &thief, stock_code('Z', (int)i).text);
	began = promo_monotonic_ms();
	order_ask_at_once(&api->daemon.port, 1, orders, CROWD, answers);
	assert_few_told(&thief, promo_monotonic_ms() - began);
}

/* All ways to bring a code, on two daemons; then nothing until the delay is over, and one. */
static void test_on_two_daemons(void **state)
{
	struct api *api = *state, other = *api;
	struct person thief = till_person(&till, "batch-manager");
	int64_t began;

	other.daemon = second;
	for (size_t i = 0; i < CROWD; i++)
		order_guess(i, &thief, (int)i);
	began = promo_monotonic_ms();
	order_ask_at_once(ports, DAEMONS, orders, CROWD, answers);
	assert_few_told(&thief, promo_monotonic_ms() - began);

	/* From here on delays are longer than any test. */
	(void)promo_test_sql(till.database,
		"UPDATE throttles SET step = 9, blocked_until = now() + interval '300 s', count = "
		"5, "
		"hour_count = 5 WHERE subject = '%s'",
		thief.id);
	order_ask_at_once(ports, DAEMONS, orders, CROWD, answers);
	assert_int_equal(count_status(0, 1, 429), CROWD);
	(void)verify_good(api, &thief);
	assert_waits(300);
	(void)verify_good(&other, &thief);
	assert_waits(300);
	end_delay(&thief);
	order_ask_at_once(ports, DAEMONS, orders, CROWD, answers);
	assert_int_equal(count_status(0, 1, 404), 1);
	assert_int_equal(count_status(0, 1, 429), CROWD - 1);
	assert_int_equal(standing(&thief, "step"), 10);
	assert_int_equal(standing(&thief, "hour_count"), 6);
	/* What he is told is told in the audit trail. */
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT sum(count) FROM audit_log WHERE actor_id = '%s' AND "
				    "error NOT IN ('code_not_found', 'too_many_requests')",
				    thief.id),
		"");
}

/* Guesses between the requests of somebody else, who is served as if they were not there. */
static void test_a_clerk_beside_a_thief(void **state)
{
	struct api *api = *state;
	struct person thief = till_person(&till, "batch-manager"),
		      clerk = till_person(&till, "batch-manager");
	char value[32];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < CROWD; i++) {
			if (i % 2)
				order_guess(i, &thief, 1000 * round + (int)i);
			else if (i % 4)
				order_redeem(i, &clerk, 1 + round * CROWD + (int)i);
			else
				order_verify(i, &clerk, stock_code('A', 1 + (int)i).text);
		}
		order_ask_at_once(ports, DAEMONS, orders, CROWD, answers);
		assert_int_equal(count_status(0, 4, 200) + count_status(2, 4, 201), CROWD / 2);
		for (size_t i = 0; i < CROWD; i += 2) {
			wire_field(&answers[i].wire, "RateLimit", value, sizeof(value));
			assert_string_equal(value, "\"misses\";r=5;t=600");
		}
		assert_int_equal(count_status(1, 2, 404) + count_status(1, 2, 429), CROWD / 2);
		end_delay(&thief);
	}
	assert_true(standing(&thief, "hour_count") >= FREE);
	assert_string_equal(
		promo_test_sql(till.database, "SELECT count(*) FROM throttles WHERE subject = '%s'",
			clerk.id),
		"0");
	(void)verify_good(api, &clerk);
	assert_int_equal(answers[0].status, 200);
}

/* Neither without a token, nor with a false one, nor as somebody else. */
static void test_a_stranger_locks_nobody_out(void **state)
{
	struct api *api = *state;
	struct person clerk = till_person(&till, "batch-manager"),
		      weak = till_person(&till, "support"),
		      stranger = till_person(&till, "batch-manager");
	struct person nobody = { .token = "pmo_s_false" };

	for (int i = 0; i < 2 * FREE; i++) {
		(void)ORDER(api, &answers[0], &promo_op_code_verify,
			.body = code_body(stock_code('Z', 1).text));
		assert_refused(&answers[0], PROMO_E_UNAUTHENTICATED);
		(void)miss(api, &nobody);
		assert_refused(&answers[0], PROMO_E_UNAUTHENTICATED);
		(void)ORDER(api, &answers[0], &promo_op_redemption_create, weak.token,
			stock_body(stock_code('Z', 1).text, 1, ""), .key = "w");
		assert_refused(&answers[0], PROMO_E_FORBIDDEN);
		(void)miss(api, &stranger);
	}
	assert_true(standing(&stranger, "hour_count") >= FREE);
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT count(*) FROM throttles WHERE subject IN ('%s', '%s')",
				    clerk.id, weak.id),
		"0");
	assert_int_equal(verify_good(api, &clerk), 200);
	assert_int_equal(miss(api, &clerk), 404);
}

static void test_delays_and_good_ones(void **state)
{
	static const int seconds[] = { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 };
	struct api *api = *state;
	struct person who = till_person(&till, "batch-manager");

	for (int i = 1; i < FREE; i++)
		assert_int_equal(miss(api, &who), 404);
	for (size_t i = 0; i < PROMO_COUNT(seconds); i++) {
		assert_int_equal(miss(api, &who), 404);
		(void)verify_good(api, &who);
		assert_waits(seconds[i]);
		end_delay(&who);
		assert_int_equal(verify_good(api, &who), 200);
	}
	for (int i = 0; i < 9; i++)
		assert_int_equal(verify_good(api, &who), 200);
	assert_int_equal(standing(&who, "count + step"), 0);
	/* The twentieth of the hour raises an alert, the ones after it do not. */
	for (int i = 0; i < 7; i++) {
		assert_int_equal(miss(api, &who), 404);
		end_delay(&who);
		assert_string_equal(
			promo_test_sql(till.database,
				"SELECT count(*) FROM alerts WHERE kind = 'guessing' AND "
				"severity = 'critical' AND dedupe_key = 'guessing/%s'",
				who.id),
			i < 4 ? "0" : "1");
	}
	/* And from then on good ones do not help. */
	for (int i = 0; i < 12; i++)
		assert_int_equal(verify_good(api, &who), 200);
	assert_int_equal(miss(api, &who), 404);
	(void)verify_good(api, &who);
	assert_waits(16);
	/* Of 24 misses; the one at which it is raised may be counted by the watch once more. */
	assert_string_equal(
		promo_test_sql(till.database,
			"SELECT count(*) || ' ' || CASE WHEN sum(count) BETWEEN 19 AND 25 THEN "
			"'true' ELSE sum(count)::text END "
			"FROM alerts WHERE dedupe_key = 'guessing/%s'",
			who.id),
		"1 true");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_crowd_of_guesses),
		cmocka_unit_test(test_on_two_daemons),
		cmocka_unit_test(test_a_clerk_beside_a_thief),
		cmocka_unit_test(test_a_stranger_locks_nobody_out),
		cmocka_unit_test(test_delays_and_good_ones),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
