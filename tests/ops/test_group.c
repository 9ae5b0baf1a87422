/* SPDX-License-Identifier: MIT */
/* A group answers each of its requests as a worker alone would, byte for byte where it is asked again;
 * who is overtaken between its trips leaves nothing and is decided anew; a group that fails holds
 * nothing; whoever is not for a group is left to others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/crowd.h"
#include "tests/ops/stock.h"

#define REDEEM(person, with_key, with_body)                                                        \
	.op = &promo_op_redemption_create, .token = (person).token, .key = (with_key),             \
	.body = (with_body)
#define VERIFY(person, with_body)                                                                  \
	.op = &promo_op_code_verify, .token = (person).token, .body = (with_body)

static const char *verify_body(struct crowd *crowd, char letter, int serial)
{
	return promo_arena_printf(
		crowd->arena, "{\"code\": \"%s\"}", stock_code(letter, serial).text);
}

static size_t add_redeem(
	struct crowd *crowd, const struct person *clerk, char letter, int serial, int phone)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%c%d", letter, serial);
	return ADD(
		crowd, REDEEM(*clerk, key, stock_body(stock_code(letter, serial).text, phone, "")));
}

/* A request that was redeemed has the same answer again, by a group and by a worker. */
static void test_first_answer_and_replay(void **state)
{
	static const char *const more[] = {
		"",
		", \"first_name\": \"Aline\", \"last_name\": \"\", \"note\": \"\"",
		", \"first_name\": \"Zo\\u00eb {,}\", \"last_name\": \"O\\\\N\"",
		", \"last_name\": \"NULL\", \"note\": \"NULL\"",
		", \"note\": \"a,b {c} \\\"d\\\"\\n\\\\e\"",
	};
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	char bodies[2 * PROMO_COUNT(more)][1024];

	(void)stock_batch(till, 'A', 20);
	for (int again = 0; again < 2; again++) {
		/* The second half is by customers who are known already. */
		for (size_t i = 0; i < PROMO_COUNT(bodies); i++) {
			char key[8];

			(void)snprintf(key, sizeof(key), "{\"%d", (int)i);
			(void)ADD(crowd, REDEEM(clerk, key,
						 stock_body(stock_code('A', (int)i + 1).text,
							 (int)(i % PROMO_COUNT(more)),
							 more[i % PROMO_COUNT(more)])));
			if (!again && i % PROMO_COUNT(more) == PROMO_COUNT(more) - 1) {
				crowd_run(crowd);
				for (size_t j = 0; j < PROMO_COUNT(more); j++) {
					assert_int_equal(crowd_tell(crowd, j), 201);
					assert_false(till->answer.replayed);
					(void)snprintf(bodies[i - PROMO_COUNT(more) + 1 + j], 1024,
						"%s", till->answer.body);
				}
				crowd_clear(crowd);
			}
		}
	}
	crowd_run(crowd);
	for (size_t i = 0; i < PROMO_COUNT(bodies); i++) {
		char key[8];

		assert_int_equal(crowd_tell(crowd, i), 201);
		assert_true(till->answer.replayed);
		assert_string_equal(till->answer.body, bodies[i]);
		(void)snprintf(key, sizeof(key), "{\"%d", (int)i);
		assert_int_equal(ASK(till, REDEEM(clerk, key,
						   stock_body(stock_code('A', (int)i + 1).text,
							   (int)(i % PROMO_COUNT(more)),
							   more[i % PROMO_COUNT(more)]))),
			201);
		assert_true(till->answer.replayed);
		assert_string_equal(till->answer.body, bodies[i]);
	}
	stock_assert_totals(till);
	crowd_free(crowd);
}

/* Of one phone several times in a group one customer is made, with the first names that were given. */
static void test_one_phone_many_times(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'C', 4);
	(void)add_redeem(crowd, &clerk, 'C', 4, 500);
	(void)ADD(crowd,
		REDEEM(clerk, "c2",
			stock_body(stock_code('C', 2).text, 500, ", \"last_name\": \"Keza\"")));
	(void)ADD(crowd, REDEEM(clerk, "c1",
				 stock_body(stock_code('C', 1).text, 500,
					 ", \"first_name\": \"Eve\", \"last_name\": "
					 "\"Other\"")));
	crowd_run(crowd);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(crowd_tell(crowd, i), 201);
		assert_got(till, "customer.first_name", "Eve");
		assert_got(till, "customer.last_name", "Keza");
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM customers WHERE phone_number = "
				    "'+250788000500'"),
		"1");
	crowd_free(crowd);
}

/* Who looks at a code that is redeemed in the same group sees it as it was when the group was read. */
static void test_looking_while_redeeming(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'P', 1);
	(void)ADD(crowd, VERIFY(clerk, verify_body(crowd, 'P', 1)));
	(void)add_redeem(crowd, &clerk, 'P', 1, 1);
	(void)ADD(crowd, VERIFY(clerk, verify_body(crowd, 'P', 1)));
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 1), 201);
	for (size_t i = 0; i < 3; i += 2) {
		assert_int_equal(crowd_tell(crowd, i), 200);
		assert_got(till, "status", "active");
		assert_got(till, "redeemable", "true");
	}
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 1), 201);
	assert_true(till->answer.replayed);
	for (size_t i = 0; i < 3; i += 2) {
		assert_int_equal(crowd_tell(crowd, i), 200);
		assert_got(till, "status", "redeemed");
		assert_got(till, "redemption.phone_number", "+250788000001");
	}
	crowd_free(crowd);
}

/*
 * Overtaken between the trips.
 */

static const char *trace(struct till *till, char letter, int serial)
{
	return promo_test_sql(till->database,
		"SELECT p.status || ' ' || (SELECT count(*) FROM redemptions WHERE promo_code_id = "
		"p.id) || ' ' || (SELECT count(*) FROM audit_log WHERE entity_id = p.id) "
		"FROM promo_codes p WHERE p.code = '%s'",
		stock_code(letter, serial).text);
}

static void test_overtaken_by_another(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	size_t lost, won;

	(void)stock_batch(till, 'E', 2);
	lost = add_redeem(crowd, &clerk, 'E', 1, 1);
	won = add_redeem(crowd, &clerk, 'E', 2, 2);
	crowd_read(crowd);
	stock_redeem(till, &other, 'E', 1, 3);
	assert_int_equal(crowd_write(crowd), 0);
	assert_int_equal(crowd->items[lost].end, PROMO_GROUP_AGAIN);
	assert_int_equal(crowd_tell(crowd, won), 201);
	assert_string_equal(trace(till, 'E', 1), "redeemed 1 1");
	assert_string_equal(trace(till, 'E', 2), "redeemed 1 1");

	crowd->group.items[0] = &crowd->items[lost];
	crowd->group.count = 1;
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, lost), 409);
	assert_got(till, "code", "code_already_redeemed");
	assert_got(till, "redeemed_by.id", other.id);
	assert_string_equal(trace(till, 'E', 1), "redeemed 2 2");
	stock_assert_totals(till);
	crowd_free(crowd);
}

/* The key was used meanwhile: by the same request, sent twice to two daemons. */
static void test_overtaken_by_itself(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	char first[1024];

	(void)stock_batch(till, 'F', 1);
	(void)add_redeem(crowd, &clerk, 'F', 1, 1);
	crowd_read(crowd);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "F1", stock_body(stock_code('F', 1).text, 1, ""))), 201);
	(void)snprintf(first, sizeof(first), "%s", till->answer.body);
	assert_int_equal(crowd_write(crowd), 0);
	assert_int_equal(crowd->items[0].end, PROMO_GROUP_AGAIN);
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 0), 201);
	assert_true(till->answer.replayed);
	assert_string_equal(till->answer.body, first);
	crowd_free(crowd);
}

static void test_overtaken_by_a_block(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'G', 2);
	size_t verified;

	(void)stock_batch(till, 'H', 1);
	(void)add_redeem(crowd, &clerk, 'G', 1, 1);
	(void)add_redeem(crowd, &clerk, 'H', 1, 2);
	verified = ADD(crowd, VERIFY(clerk, verify_body(crowd, 'G', 2)));
	crowd_read(crowd);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'blocked', version = version + 1 WHERE id = '%s'",
		batch.text);
	assert_int_equal(crowd_write(crowd), 0);
	assert_int_equal(crowd->items[0].end, PROMO_GROUP_AGAIN);
	assert_int_equal(crowd_tell(crowd, 1), 201);
	assert_int_equal(crowd_tell(crowd, verified), 200);
	assert_string_equal(trace(till, 'G', 1), "active 0 0");

	crowd->group.count = 1;
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 0), 409);
	assert_got(till, "code", "batch_not_active");
	stock_assert_totals(till);
	crowd_free(crowd);
}

/*
 * What fails.
 */

/* One key with two codes in one group: the caller's mistake, which the database does not let pass. */
static void test_a_group_that_fails(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	char before[32];

	(void)stock_batch(till, 'J', 3);
	(void)snprintf(before, sizeof(before), "%s",
		promo_test_sql(till->database, "SELECT count(*) FROM audit_log"));
	for (int i = 1; i <= 3; i++)
		(void)ADD(crowd, REDEEM(clerk, i == 1 ? "j" : "k",
					 stock_body(stock_code('J', i).text, 700 + i, "")));
	crowd_read(crowd);
	assert_int_not_equal(crowd_write(crowd), 0);
	assert_int_equal(promo_store_failure(crowd->store), PROMO_STORE_RETRY);
	assert_string_equal(trace(till, 'J', 1), "active 0 0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM customers WHERE phone_number BETWEEN "
				    "'+250788000701' AND '+250788000703'"),
		"0");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM audit_log"), before);
	stock_assert_totals(till);
	/* And so they go one by one. */
	assert_int_equal(
		ASK(till, REDEEM(clerk, "j", stock_body(stock_code('J', 1).text, 701, ""))), 201);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "k", stock_body(stock_code('J', 2).text, 702, ""))), 201);
	assert_problem(till, 422, "idempotency_key_reused",
		REDEEM(clerk, "k", stock_body(stock_code('J', 3).text, 703, "")));
	crowd_free(crowd);
}

/* What was committed is not undone by a lack of memory: its key brings the answer. */
static void test_an_answer_without_room(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	struct promo_arena *none = promo_arena_new(1);

	(void)stock_batch(till, 'N', 2);
	(void)add_redeem(crowd, &clerk, 'N', 1, 1);
	(void)add_redeem(crowd, &clerk, 'N', 2, 2);
	crowd_read(crowd);
	crowd->items[0].call.ctx.arena = none;
	assert_int_equal(crowd_write(crowd), 0);
	assert_int_equal(crowd->items[0].end, PROMO_GROUP_ALONE);
	assert_true(crowd->items[0].untold);
	assert_int_equal(crowd_tell(crowd, 1), 201);
	assert_false(crowd->items[1].untold);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "N1", stock_body(stock_code('N', 1).text, 1, ""))), 201);
	assert_string_equal(trace(till, 'N', 1), "redeemed 1 2");
	promo_arena_free(none);
	crowd_free(crowd);
}

/*
 * Whom a group leaves to others.
 */

static void test_who_is_suspect(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	struct person guesser = till_person(till, "batch-manager");
	size_t miss, good, other;

	(void)stock_batch(till, 'K', 3);
	good = add_redeem(crowd, &guesser, 'K', 1, 1);
	other = add_redeem(crowd, &clerk, 'K', 2, 2);
	miss = ADD(crowd, VERIFY(guesser, verify_body(crowd, 'Z', 1)));
	crowd_run(crowd);
	assert_int_equal(crowd->items[miss].end, PROMO_GROUP_SUSPECT);
	assert_int_equal(crowd->items[good].end, PROMO_GROUP_SUSPECT);
	assert_int_equal(crowd_tell(crowd, other), 201);
	assert_string_equal(trace(till, 'K', 1), "active 0 0");

	/* The row of who missed says whether he is let through, watched, or refused. */
	for (int i = 0; i < 4; i++)
		assert_problem(till, 404, "code_not_found",
			VERIFY(guesser, verify_body(crowd, 'Z', 1 + i)));
	crowd_clear(crowd);
	good = add_redeem(crowd, &guesser, 'K', 1, 1);
	crowd_run(crowd);
	assert_int_equal(crowd->items[good].end, PROMO_GROUP_SUSPECT);
	assert_problem(till, 404, "code_not_found", VERIFY(guesser, verify_body(crowd, 'Z', 9)));
	crowd_clear(crowd);
	good = add_redeem(crowd, &guesser, 'K', 1, 1);
	other = add_redeem(crowd, &clerk, 'K', 3, 2);
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, good), 429);
	assert_got(till, "code", "too_many_requests");
	assert_string_equal(till->answer.rate_limit.name, "misses");
	assert_int_equal(till->answer.rate_limit.left, 0);
	assert_int_equal(crowd_tell(crowd, other), 201);
	assert_true(till->answer.rate_limit.left > 0);
	assert_string_equal(trace(till, 'K', 1), "active 0 0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE actor_id = '%s' AND "
				    "error = 'too_many_requests'",
				    guesser.id),
		"1");
	crowd_free(crowd);
}

static void test_the_state(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	const struct promo_auth_state_row *row;

	(void)stock_batch(till, 'L', 1);
	(void)ADD(crowd, VERIFY(clerk, verify_body(crowd, 'L', 1)));
	(void)promo_test_sql(till->database,
		"UPDATE auth_state SET epoch = epoch + 2; "
		"INSERT INTO auth_changes (epoch, user_id) SELECT epoch - n, '%s'::uuid "
		"FROM auth_state, generate_series(0, 1) n",
		clerk.id);
	crowd_read(crowd);
	row = crowd->group.state;
	assert_int_equal(row->epoch, crowd->group.epoch + 2);
	assert_false(row->changed_all);
	assert_int_equal(row->changed.count, 1);
	assert_string_equal(row->changed.items[0], clerk.id);
	assert_false(row->maintenance);
	assert_true(row->at > 0);

	/* An epoch of which nobody knows whom it concerns concerns everybody. */
	(void)promo_test_sql(till->database, "UPDATE auth_state SET epoch = epoch + 1");
	crowd_read(crowd);
	assert_true(crowd->group.state->changed_all);
	crowd->group.epoch += 100;
	crowd_read(crowd);
	assert_true(crowd->group.state->changed_all);
	crowd->group.epoch -= 97;
	crowd_read(crowd);
	assert_false(crowd->group.state->changed_all);
	assert_int_equal(crowd->group.state->changed.count, 0);
	crowd_free(crowd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_answer_and_replay),
		cmocka_unit_test(test_one_phone_many_times),
		cmocka_unit_test(test_looking_while_redeeming),
		cmocka_unit_test(test_overtaken_by_another),
		cmocka_unit_test(test_overtaken_by_itself),
		cmocka_unit_test(test_overtaken_by_a_block),
		cmocka_unit_test(test_a_group_that_fails),
		cmocka_unit_test(test_an_answer_without_room),
		cmocka_unit_test(test_who_is_suspect),
		cmocka_unit_test(test_the_state),
	};

	return cmocka_run_group_tests_name("ops/group", tests, till_setup, till_teardown);
}
