/* SPDX-License-Identifier: MIT */
/* A crowd that wants one code shares its groups, in both lanes: one is paid, the others are refused
 * together and keep nobody waiting; who only looks at the code waits for nobody either. */
#include <stdio.h>
#include <stdlib.h>

#include "libpromo/ops/lanes.h"
#include "tests/lib/test.h"
#include "tests/ops/traffic.h"

enum {
	MANY = 300,
	CROWD = 64,
	GROUPS_MAX = 8, /* two lanes, and whoever was overtaken by the other */
};

static struct till *till;
static struct traffic *traffic;
static struct person clerk, other;

static int setup(void **state)
{
	if (till_setup(state))
		return -1;
	till = *state;
	clerk = till_person(till, "batch-manager");
	other = till_person(till, "batch-manager");
	(void)stock_batch(till, 'A', 100);
	traffic = traffic_new(till, 2, TRAFFIC_MAX, &clerk);
	return ASK(till, .op = &promo_op_auth_session, .token = other.token) == 200 ? 0 : -1;
}

static int teardown(void **state)
{
	traffic_free(traffic);
	return till_teardown(state);
}

static struct traffic_request *redeem(int serial, const char *name, int i)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%s-%d", name, i);
	return SEND(traffic, .op = &promo_op_redemption_create,
		.token = i % 2 ? clerk.token : other.token, .key = key,
		.body = stock_body(stock_code('A', serial).text, i, ""));
}

static struct traffic_request *verify(int serial, int i)
{
	return SEND(traffic, .op = &promo_op_code_verify,
		.token = i % 2 ? clerk.token : other.token,
		.body = traffic_verify_body('A', serial));
}

/* How many transactions refused somebody a code. */
static long groups_refusing(void)
{
	return strtol(promo_test_sql(till->database, "SELECT count(DISTINCT created_at) FROM "
						     "redemptions WHERE status = 'failed'"),
		NULL, 10);
}

static void test_one_code(void **state)
{
	struct traffic_request *requests[MANY], *others[CROWD];
	int paid = 0, refused = 0;

	(void)state;
	for (int i = 0; i < MANY; i++)
		requests[i] = redeem(1, "crowd", i);
	for (int i = 0; i < CROWD; i++)
		others[i] = verify(2 + i, i);
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++) {
		paid += traffic_status(requests[i]) == 201;
		refused += traffic_status(requests[i]) == 409;
	}
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(traffic_status(others[i]), 200);
	assert_int_equal(paid, 1);
	assert_int_equal(refused, MANY - 1);
	assert_in_range(groups_refusing(), 1, GROUPS_MAX);
	/* And once it is known to be redeemed. */
	for (int i = 0; i < MANY; i++)
		requests[i] = redeem(1, "late", i);
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(traffic_status(requests[i]), 409);
	assert_in_range(groups_refusing(), 2, 2 * GROUPS_MAX);
	stock_assert_totals(till);
}

static void test_one_code_looked_at(void **state)
{
	struct traffic_request *requests[CROWD], *paid;

	(void)state;
	for (int i = 0; i < CROWD; i++)
		requests[i] = verify(99, i);
	paid = redeem(99, "looked-at", 1);
	traffic_run(traffic);
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(traffic_status(requests[i]), 200);
	assert_int_equal(traffic_status(paid), 201);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(DISTINCT l.at) <= 2 FROM audit_log l JOIN "
				    "promo_codes p ON p.id = l.entity_id WHERE "
				    "l.action = 'code.verify' AND p.code = '%s'",
				    stock_code('A', 99).text),
		"t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_code),
		cmocka_unit_test(test_one_code_looked_at),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
