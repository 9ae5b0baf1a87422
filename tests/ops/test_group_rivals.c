/* SPDX-License-Identifier: MIT */
/* Groups never wait for each other in a circle: two of them, round after round, want the same codes,
 * each twice, and the same new customers in opposite orders. Each code is redeemed once, the totals are the truth, each
 * answer has its row in the audit trail, and the trail's sequences have no gaps. */
#include <pthread.h>
#include <stdio.h>

#include "tests/lib/test.h"
#include "tests/ops/crowd.h"
#include "tests/ops/stock.h"

enum {
	ROUNDS = 300,
	CODES = 16,
};

struct rival {
	pthread_t thread;
	struct crowd *crowd;
	const struct person *clerk;
	pthread_barrier_t *start;
	bool backwards;
	int won, failed;
};

static void compete(struct rival *rival, int round)
{
	crowd_clear(rival->crowd);
	/* Each code twice. */
	for (int i = 0; i < 2 * CODES; i++) {
		int n = rival->backwards ? CODES - 1 - i % CODES : i % CODES;
		/* New phones and codes, or, of a customer who is known, codes alone. */
		int phone = round % 2 ? 1 : 1000 + round * CODES + CODES - 1 - n;
		char key[32];

		(void)snprintf(
			key, sizeof(key), "%d-%d-%d-%d", rival->backwards, round, n, i / CODES);
		(void)ADD(rival->crowd, .op = &promo_op_redemption_create,
			.token = rival->clerk->token, .key = key,
			.body = stock_body(stock_code('M', round * CODES + n + 1).text, phone, ""));
	}
	crowd_read(rival->crowd);
	(void)pthread_barrier_wait(rival->start);
	rival->failed += crowd_write(rival->crowd) != 0;
	for (int i = 0; i < 2 * CODES; i++)
		rival->won += rival->crowd->items[i].end == PROMO_GROUP_ANSWERED;
}

static void *run_rival(void *argument)
{
	struct rival *rival = argument;

	for (int round = 0; round < ROUNDS; round++) {
		(void)pthread_barrier_wait(rival->start);
		compete(rival, round);
	}
	return NULL;
}

static void test_rivals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct rival rivals[2];
	pthread_barrier_t start;

	(void)stock_batch(till, 'M', ROUNDS * CODES);
	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (int i = 0; i < 2; i++)
		rivals[i] = (struct rival){ .crowd = crowd_new(till, i),
			.clerk = &clerk,
			.start = &start,
			.backwards = i == 1 };
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&rivals[i].thread, NULL, run_rival, &rivals[i]), 0);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(rivals[i].thread, NULL);
	assert_int_equal(rivals[0].failed + rivals[1].failed, 0);
	assert_int_equal(rivals[0].won + rivals[1].won, ROUNDS * CODES);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(DISTINCT promo_code_id) FROM redemptions "
			"r "
			"JOIN promo_codes p ON p.id = r.promo_code_id WHERE p.code LIKE 'M%%'"),
		"4800 4800");
	stock_assert_totals(till);
	/* Each answer has its row, and the sequences have no gaps. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log l JOIN promo_codes p ON p.id = "
				    "l.entity_id WHERE p.code LIKE 'M%%'"),
		"4800");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_writers w WHERE seq <> (SELECT count(*) FROM "
			"audit_log WHERE writer_id = w.id) OR seq <> coalesce((SELECT max(seq) "
			"FROM audit_log WHERE writer_id = w.id), 0)"),
		"0");
	for (int i = 0; i < 2; i++)
		crowd_free(rivals[i].crowd);
	(void)pthread_barrier_destroy(&start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rivals),
	};

	return cmocka_run_group_tests_name("ops/group_rivals", tests, till_setup, till_teardown);
}
