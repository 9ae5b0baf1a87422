/* SPDX-License-Identifier: MIT */
/* API keys go through the lanes as sessions do: by the rights that hold now and from where they are bound
 * to, until the very next request after they were deleted. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_api_key.h"
#include "tests/lib/test.h"
#include "tests/ops/traffic.h"

enum {
	QUEUE_MAX = 100
};

static struct till *till;
static struct traffic *traffic;
static struct person clerk;

static int setup(void **state)
{
	if (till_setup(state))
		return -1;
	till = *state;
	clerk = till_person(till, "batch-manager");
	(void)stock_batch(till, 'A', 20);
	traffic = traffic_new(till, 2, QUEUE_MAX, &clerk);
	return 0;
}

static int teardown(void **state)
{
	traffic_free(traffic);
	return till_teardown(state);
}

/* The lanes' own answer, or what a worker gives to what they leave to it. */
static int verify(const struct person *key, bool *ret_by_lane)
{
	const struct ask ask = { .op = &promo_op_code_verify,
		.token = key->token,
		.body = traffic_verify_body('A', 3) };
	struct traffic_request *request = traffic_try(traffic, &ask);

	*ret_by_lane = false;
	if (!request)
		return till_ask(till, &ask);
	traffic_run(traffic);
	*ret_by_lane = request->state == TRAFFIC_ANSWERED;
	return *ret_by_lane ? traffic_status(request) : traffic_alone(traffic, request);
}

static void test_a_key(void **state)
{
	struct person key = till_key(till, &clerk, "promo-codes.search");
	bool by_lane;

	(void)state;
	assert_int_equal(verify(&key, &by_lane), 200);
	assert_false(by_lane);
	assert_int_equal(verify(&key, &by_lane), 200);
	assert_true(by_lane);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action = 'code.verify' "
				    "AND actor_kind = 'api_key' AND actor_id = '%s' AND "
				    "session_id = '%s'",
				    clerk.id, key.session_id),
		"2");
	assert_int_equal(ASK(till, .op = &promo_op_api_key_delete, .token = clerk.token,
				 .id = key.session_id),
		204);
	assert_int_equal(verify(&key, &by_lane), 401);
	assert_int_equal(verify(&key, &by_lane), 401);
}

/* Also where no session of his ends with it. */
static void test_of_who_is_deactivated(void **state)
{
	struct person boss = till_person(till, "super-admin");
	struct person owner = till_person(till, "batch-manager");
	struct person key = till_key(till, &owner, "promo-codes.search");
	bool by_lane;

	(void)state;
	(void)promo_test_sql(till->database, "DELETE FROM sessions WHERE user_id = '%s'", owner.id);
	assert_int_equal(verify(&key, &by_lane), 200);
	assert_int_equal(verify(&key, &by_lane), 200);
	assert_true(by_lane);
	assert_int_equal(ASK(till, .op = &promo_op_user_update, .token = boss.token, .id = owner.id,
				 .if_match = "\"1\"", .body = "{\"is_active\":false}"),
		200);
	assert_int_equal(verify(&key, &by_lane), 401);
}

static void test_not_for_this(void **state)
{
	struct person key = till_key(till, &clerk, "batches.read");
	bool by_lane;

	(void)state;
	assert_int_equal(verify(&key, &by_lane), 403);
	assert_int_equal(verify(&key, &by_lane), 403);
	assert_false(by_lane);
}

static void test_from_elsewhere(void **state)
{
	struct person key = till_key(till, &clerk, "promo-codes.search");
	bool by_lane;

	(void)state;
	(void)promo_test_sql(till->database,
		"UPDATE api_keys SET allowed_ips = '{198.51.100.0/24}' WHERE id = '%s'",
		key.session_id);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(verify(&key, &by_lane), 403);
		assert_false(by_lane);
	}
	assert_got(till, "code", "address_not_allowed");
}

static void test_that_has_ended(void **state)
{
	struct person key = till_key(till, &clerk, "promo-codes.search");
	bool by_lane;

	(void)state;
	(void)promo_test_sql(till->database,
		"UPDATE api_keys SET expires_at = now() WHERE id = '%s'", key.session_id);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(verify(&key, &by_lane), 401);
		assert_false(by_lane);
	}
	assert_got(till, "code", "api_key_expired");
}

/* Who has a key needs no session that could end. */
static void test_of_one_deactivated(void **state)
{
	struct person boss = till_person(till, "super-admin");
	struct person other = till_person(till, "batch-manager");
	struct person key = till_key(till, &other, "promo-codes.search");
	bool by_lane;

	(void)state;
	(void)promo_test_sql(till->database, "DELETE FROM sessions WHERE user_id = '%s'", other.id);
	for (int i = 0; i < 2; i++)
		assert_int_equal(verify(&key, &by_lane), 200);
	assert_true(by_lane);
	assert_int_equal(
		ASK(till, .op = &promo_op_user_update, .token = boss.token,
			.body = "{\"is_active\":false}", .id = other.id, .if_match = "\"1\""),
		200);
	assert_int_equal(verify(&key, &by_lane), 401);
	assert_int_equal(
		ASK(till, .op = &promo_op_user_update, .token = boss.token,
			.body = "{\"is_active\":true}", .id = other.id, .if_match = "\"2\""),
		200);
	assert_int_equal(verify(&key, &by_lane), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_key),
		cmocka_unit_test(test_of_who_is_deactivated),
		cmocka_unit_test(test_not_for_this),
		cmocka_unit_test(test_from_elsewhere),
		cmocka_unit_test(test_that_has_ended),
		cmocka_unit_test(test_of_one_deactivated),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
