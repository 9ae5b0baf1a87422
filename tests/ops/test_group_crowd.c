/* SPDX-License-Identifier: MIT */
/* One code many times in a group: the first request that would redeem it does, whoever else would is
 * decided again in the next group and refused there together with all others, in one transaction. */
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/crowd.h"
#include "tests/ops/stock.h"

enum {
	CROWD = PROMO_GROUP_MAX,
	PHONES = 100, /* from here on: nobody's yet */
};

static size_t add_redeem(
	struct crowd *crowd, const struct person *who, char letter, int serial, int number)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%c-%d", letter, number);
	return ADD(crowd, .op = &promo_op_redemption_create, .token = who->token, .key = key,
		.body = stock_body(stock_code(letter, serial).text, PHONES + number, ""));
}

static void add_crowd(struct crowd *crowd, const struct person *clerk, char letter)
{
	for (int i = 0; i < CROWD; i++)
		(void)add_redeem(crowd, clerk, letter, 1, i);
}

static void test_the_first_keeps_it(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'A', 1);
	add_crowd(crowd, &clerk, 'A');
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 0), 201);
	for (size_t i = 1; i < CROWD; i++)
		assert_int_equal(crowd->items[i].end, PROMO_GROUP_AGAIN);
	/* Who was not redeemed left nothing. */
	assert_string_equal(
		promo_test_sql(till->database, "SELECT concat_ws(' ', (SELECT count(*) FROM "
					       "redemptions), (SELECT count(*) FROM customers), "
					       "(SELECT count(*) FROM audit_log WHERE action = "
					       "'redemption.create'))"),
		"1 1 1");
	/* The first one is replayed, all others are refused. */
	crowd_clear(crowd);
	add_crowd(crowd, &clerk, 'A');
	crowd_run(crowd);
	assert_int_equal(crowd_tell(crowd, 0), 201);
	assert_true(till->answer.replayed);
	for (size_t i = 1; i < CROWD; i++) {
		assert_int_equal(crowd_tell(crowd, i), 409);
		assert_got(till, "code", "code_already_redeemed");
		assert_got(till, "phone_number", "+250788000100");
	}
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) || ' ' || count(DISTINCT "
					       "created_at) FROM redemptions WHERE status = "
					       "'failed'"),
		"255 1");
	stock_assert_totals(till);
	crowd_free(crowd);
}

/* Who is taken out of the group keeps nothing from others. */
static void test_a_suspect_keeps_nothing(void **state)
{
	struct till *till = *state;
	struct crowd *crowd = crowd_new(till, 0);
	struct person clerk = till_person(till, "batch-manager");
	struct person guesser = till_person(till, "batch-manager");
	size_t suspect, first, second, other;

	(void)stock_batch(till, 'C', 2);
	suspect = add_redeem(crowd, &guesser, 'C', 1, 1);
	first = add_redeem(crowd, &clerk, 'C', 1, 2);
	(void)add_redeem(crowd, &guesser, 'Z', 1, 3);
	second = add_redeem(crowd, &clerk, 'C', 1, 4);
	other = add_redeem(crowd, &clerk, 'C', 2, 5);
	crowd_run(crowd);
	assert_int_equal(crowd->items[suspect].end, PROMO_GROUP_SUSPECT);
	assert_int_equal(crowd_tell(crowd, first), 201);
	assert_int_equal(crowd->items[second].end, PROMO_GROUP_AGAIN);
	assert_int_equal(crowd_tell(crowd, other), 201);
	stock_assert_totals(till);
	crowd_free(crowd);
}

/* Two groups want one code, each many times: one of them redeems it, once. */
static void test_two_crowds(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct crowd *crowds[2] = { crowd_new(till, 0), crowd_new(till, 1) };

	(void)stock_batch(till, 'E', 1);
	for (int i = 0; i < CROWD; i++)
		(void)add_redeem(crowds[i % 2], &clerk, 'E', 1, i);
	crowd_read(crowds[0]);
	crowd_read(crowds[1]);
	assert_int_equal(crowd_write(crowds[1]), 0);
	assert_int_equal(crowd_write(crowds[0]), 0);
	assert_int_equal(crowd_tell(crowds[1], 0), 201);
	for (size_t i = 0; i < CROWD / 2; i++)
		assert_int_equal(crowds[0]->items[i].end, PROMO_GROUP_AGAIN);
	crowd_clear(crowds[0]);
	for (int i = 0; i < CROWD; i += 2)
		(void)add_redeem(crowds[0], &clerk, 'E', 1, i);
	crowd_run(crowds[0]);
	for (size_t i = 0; i < CROWD / 2; i++)
		assert_int_equal(crowd_tell(crowds[0], i), 409);
	stock_assert_totals(till);
	for (int i = 0; i < 2; i++)
		crowd_free(crowds[i]);
}

/* A key that two processes use at once for an attempt that is refused spoils no group: who comes second
 * is read again, and the others of his group have their answers. */
static void test_one_key_in_two_groups(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct crowd *crowds[2] = { crowd_new(till, 0), crowd_new(till, 1) };

	(void)stock_batch(till, 'F', 2);
	stock_redeem(till, &clerk, 'F', 1, 1);
	for (int i = 0; i < 2; i++) {
		(void)add_redeem(crowds[i], &clerk, 'F', 1, 10 + i);
		(void)add_redeem(crowds[i], &clerk, 'F', 1, 12);
		(void)add_redeem(crowds[i], &clerk, 'F', 1, 13 + i);
		crowd_read(crowds[i]);
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(crowd_write(crowds[i]), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(crowd_tell(crowds[0], i), 409);
	assert_int_equal(crowd_tell(crowds[1], 0), 409);
	assert_int_equal(crowds[1]->items[1].end, PROMO_GROUP_AGAIN);
	assert_int_equal(crowd_tell(crowds[1], 2), 409);
	/* Five attempts, each with its row in the trail, which has no gaps. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (SELECT count(*) FROM redemptions r JOIN promo_codes p ON p.id = "
			"r.promo_code_id WHERE p.code LIKE 'F%%' AND r.status = 'failed') || ' ' "
			"|| (SELECT count(*) FROM audit_log l JOIN promo_codes p ON p.id = "
			"l.entity_id WHERE p.code LIKE 'F%%' AND l.outcome = 'failed') || ' ' || "
			"(SELECT count(*) FROM audit_writers w WHERE seq <> (SELECT count(*) FROM "
			"audit_log WHERE writer_id = w.id))"),
		"5 5 0");
	/* What he reads then is a replay of a refusal, which is for a worker. */
	crowd_clear(crowds[1]);
	(void)add_redeem(crowds[1], &clerk, 'F', 1, 12);
	crowd_run(crowds[1]);
	assert_int_equal(crowds[1]->items[0].end, PROMO_GROUP_ALONE);
	for (int i = 0; i < 2; i++)
		crowd_free(crowds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_keeps_it),
		cmocka_unit_test(test_a_suspect_keeps_nothing),
		cmocka_unit_test(test_two_crowds),
		cmocka_unit_test(test_one_key_in_two_groups),
	};

	return cmocka_run_group_tests_name("ops/group_crowd", tests, till_setup, till_teardown);
}
