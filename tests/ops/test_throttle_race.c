/* SPDX-License-Identifier: MIT */
/* Whoever tries many codes at once is told of no more of them than if he tried them one by one, to
 * the exact number; and under suspicion he learns of one at a time. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

enum {
	THREADS = 12,
	TRIES = 6
};

static int verify(struct till *till, const struct person *person, const char *code)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", code);
	return ASK(till, .op = &promo_op_code_verify, .token = person->token, .body = body);
}

/* A code of the right form that was never issued. */
static int guess(struct till *till, const struct person *person)
{
	return verify(till, person, stock_code('Z', 7).text);
}

/* Misses of the window, delays and misses of the hour. */
static void assert_stands(struct till *till, const struct person *person, const char *expected)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count || ' ' || step || ' ' || hour_count "
				    "FROM throttles WHERE kind = 'guess' AND subject = '%s'",
				    person->id),
		expected);
}

static void end_delay(struct till *till, const struct person *person)
{
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() WHERE subject = '%s'", person->id);
}

static int group_setup(void **state)
{
	if (till_setup(state))
		return -1;
	(void)stock_batch(*state, 'A', 1);
	return 0;
}

struct guesser {
	pthread_t thread;
	struct till *till;
	pthread_barrier_t *start;
	const struct person *person;
	int told, refused, other;
};

static void *try_codes(void *context)
{
	struct guesser *guesser = context;

	(void)pthread_barrier_wait(guesser->start);
	for (int i = 0; i < TRIES; i++) {
		int status = guess(guesser->till, guesser->person);

		guesser->told += status == 404;
		guesser->refused += status == 429;
		guesser->other += status != 404 && status != 429;
	}
	return NULL;
}

/* They all try at once; gives how many were told that there is no such code. */
static int try_at_once(struct guesser *guessers, const struct person *person)
{
	pthread_barrier_t start;
	int told = 0;

	assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++) {
		struct till *till = guessers[i].till;

		guessers[i] = (struct guesser){ .till = till, .start = &start, .person = person };
		assert_int_equal(
			pthread_create(&guessers[i].thread, NULL, try_codes, &guessers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		(void)pthread_join(guessers[i].thread, NULL);
		assert_int_equal(guessers[i].other, 0);
		told += guessers[i].told;
	}
	(void)pthread_barrier_destroy(&start);
	return told;
}

static void test_at_once(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager");
	struct guesser guessers[THREADS] = { 0 };
	int64_t began;
	int told;

	for (size_t i = 0; i < THREADS; i++)
		guessers[i].till = till_new(till->database);
	began = promo_monotonic_ms();
	told = try_at_once(guessers, &thief);
	/* On a slow machine the first delay may be over before all have tried. */
	if (promo_monotonic_ms() - began < 2000)
		assert_int_equal(told, 5);
	assert_int_equal(
		strtol(promo_test_sql(till->database,
			       "SELECT hour_count FROM throttles WHERE subject = '%s'", thief.id),
			NULL, 10),
		told);
	/* Then one each time a delay is over; from here on they are long. */
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET count = 5, hour_count = 5, step = 8 WHERE subject = '%s'",
		thief.id);
	for (int i = 0; i < 3; i++) {
		char expected[32];

		end_delay(till, &thief);
		assert_int_equal(try_at_once(guessers, &thief), 1);
		(void)snprintf(expected, sizeof(expected), "%d %d %d", 6 + i, 9 + i, 6 + i);
		assert_stands(till, &thief, expected);
	}
	for (size_t i = 0; i < THREADS; i++)
		till_free(guessers[i].till);
}

/*
 * One after the other.
 */

struct visitor {
	pthread_t thread;
	struct till *till;
	const struct person *person;
	const char *code;
	int status;
};

static void *visit(void *context)
{
	struct visitor *visitor = context;

	visitor->status = verify(visitor->till, visitor->person, visitor->code);
	return NULL;
}

static void wait_for_waiting(struct till *till, int count)
{
	const int64_t until_ms = promo_monotonic_ms() + 20000;

	while (strtol(promo_test_sql(till->database, "SELECT count(*) FROM pg_stat_activity WHERE "
						     "wait_event_type = 'Lock' "
						     "AND datname = current_database()"),
		       NULL, 10) < count) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 10);
	}
}

/* Who is under suspicion has a miss counted before the next code is looked at: good codes that came
 * with it do not tell themselves by being answered. */
static void test_one_after_the_other(void **state)
{
	struct till *till = *state;
	struct person thief = till_person(till, "batch-manager");
	const struct promo_store_config config = { .uri = till->database->app_uri };
	struct promo_params params = PROMO_PARAMS(till->texts);
	struct visitor visitors[4] = { { 0 } };
	const struct stock_code good = stock_code('A', 1), bad = stock_code('Z', 9);
	struct promo_throttle_row row;
	struct promo_store *store;

	for (int i = 0; i < 5; i++)
		assert_int_equal(guess(till, &thief), 404);
	end_delay(till, &thief);
	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_store_begin(store), 0);
	promo_param_text(&params, thief.id);
	assert_int_equal(
		promo_store_one(store, till->texts, PROMO_Q_THROTTLE_LOCK, &params, &row), 0);
	for (size_t i = 0; i < PROMO_COUNT(visitors); i++) {
		visitors[i].till = till_new(till->database);
		visitors[i].person = &thief;
		visitors[i].code = i == 0 ? bad.text : good.text;
		assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
		wait_for_waiting(till, (int)i + 1);
	}
	assert_int_equal(promo_store_commit(store), 0);
	promo_store_close(store);
	for (size_t i = 0; i < PROMO_COUNT(visitors); i++) {
		(void)pthread_join(visitors[i].thread, NULL);
		assert_int_equal(visitors[i].status, i == 0 ? 404 : 429);
		till_free(visitors[i].till);
	}
	assert_stands(till, &thief, "6 2 6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_one_after_the_other),
	};

	return cmocka_run_group_tests(tests, group_setup, till_teardown);
}
