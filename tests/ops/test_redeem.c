/* SPDX-License-Identifier: MIT */
/* A code is paid once, whoever asks how often and how many at once; a key gets the first answer
 * again; every refusal is told with its reason and written down; the totals are the truth. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

#define REDEEM(person, with_key, with_body)                                                        \
	.op = &promo_op_redemption_create, .token = (person).token, .key = (with_key),             \
	.body = (with_body)

static void test_a_redemption(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'A', 3);
	struct stock_code code = stock_code('A', 1);

	assert_int_equal(
		ASK(till,
			REDEEM(clerk, "first",
				stock_body(code.text, 1,
					", \"first_name\": \"Aline\", \"note\": \"tin of 5 l\""))),
		201);
	assert_got(till, "status", "completed");
	assert_got(till, "amount", "500.00");
	assert_got(till, "currency", "RWF");
	assert_got(till, "batch.id", batch.text);
	assert_got(till, "batch.batch_name", "BATCH_A");
	assert_got(till, "user.id", clerk.id);
	assert_got(till, "customer.phone_number", "+250788000001");
	assert_got(till, "customer.first_name", "Aline");
	assert_got(till, "customer.last_name", "null");
	assert_got(till, "note", "tin of 5 l");
	assert_got(till, "error_code", "null");
	assert_non_null(strstr(till->answer.location, "/api/v1/redemptions/"));
	assert_false(till->answer.replayed);

	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status || (redeemed_at IS NOT NULL)::text "
				    "FROM promo_codes WHERE code = '%s'",
				    code.text),
		"redeemedtrue");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT outcome || ' ' || (phone_hash IS NOT NULL)::text || ' ' || "
			"changes::text "
			"FROM audit_log WHERE action = 'redemption.create' AND entity_kind = "
			"'code' "
			"AND entity_id = (SELECT id FROM promo_codes WHERE code = '%s')",
			code.text),
		"allowed true [{\"after\": \"redeemed\", \"field\": \"own_status\", \"before\": "
		"\"active\"}]");
	stock_assert_totals(till);
}

/* Names are filled in where none is known, and never overwritten. */
static void test_a_known_customer(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'C', 3);
	stock_redeem(till, &clerk, 'C', 1, 100);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "c2",
				  stock_body(stock_code('C', 2).text, 100,
					  ", \"first_name\": \"Aline\", \"last_name\": \"\""))),
		201);
	assert_got(till, "customer.first_name", "Aline");
	assert_int_equal(
		ASK(till, REDEEM(clerk, "c3",
				  stock_body(stock_code('C', 3).text, 100,
					  ", \"first_name\": \"Eve\", \"last_name\": \"Keza\""))),
		201);
	assert_got(till, "customer.first_name", "Aline");
	assert_got(till, "customer.last_name", "Keza");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM customers WHERE phone_number = '+250788000100'"),
		"1");
}

/* However it was typed: small letters, no dashes, letters that were misread. */
static void test_a_code_as_typed(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_code code;

	(void)stock_batch(till, 'U', 1);
	code = stock_code('U', 1);
	code.text[0] = 'v';
	code.text[1] = 'o';
	code.text[5] = 'i';
	assert_int_equal(ASK(till, REDEEM(clerk, "typed", stock_body(code.text, 2, ""))), 201);
	assert_got(till, "status", "completed");
}

static void test_the_same_key_again(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	char first[37];

	(void)stock_batch(till, 'E', 3);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "e", stock_body(stock_code('E', 1).text, 1, ""))), 201);
	(void)snprintf(first, sizeof(first), "%s", till_get(till, "id"));
	assert_int_equal(
		ASK(till, REDEEM(clerk, "e", stock_body(stock_code('E', 1).text, 1, ""))), 201);
	assert_true(till->answer.replayed);
	assert_got(till, "id", first);
	assert_non_null(strstr(till->answer.location, first));

	assert_problem(till, 422, "idempotency_key_reused",
		REDEEM(clerk, "e", stock_body(stock_code('E', 2).text, 1, "")));
	assert_problem(till, 422, "idempotency_key_reused",
		REDEEM(clerk, "e", stock_body(stock_code('E', 1).text, 2, "")));
	/* A key belongs to its user. */
	assert_int_equal(
		ASK(till, REDEEM(other, "e", stock_body(stock_code('E', 2).text, 1, ""))), 201);
	assert_false(till->answer.replayed);
	assert_problem(till, 400, "idempotency_key_required",
		REDEEM(clerk, NULL, stock_body(stock_code('E', 3).text, 1, "")));
	stock_assert_totals(till);
}

/* Another clerk comes with the same code: he learns when, for whom and by whom, and his key gets
 * the same answer again. */
static void test_a_redeemed_code(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	char at[32];

	(void)stock_batch(till, 'F', 1);
	stock_redeem(till, &clerk, 'F', 1, 7);
	assert_problem(till, 409, "code_already_redeemed",
		REDEEM(other, "f", stock_body(stock_code('F', 1).text, 8, "")));
	assert_got(till, "phone_number", "+250788000007");
	assert_got(till, "redeemed_by.id", clerk.id);
	(void)snprintf(at, sizeof(at), "%s", till_get(till, "redeemed_at"));
	assert_false(till->answer.replayed);

	assert_problem(till, 409, "code_already_redeemed",
		REDEEM(other, "f", stock_body(stock_code('F', 1).text, 8, "")));
	assert_true(till->answer.replayed);
	assert_got(till, "phone_number", "+250788000007");
	assert_got(till, "redeemed_by.id", clerk.id);
	assert_got(till, "redeemed_at", at);

	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || min(error_code) || ' ' || count(customer_id) "
			"FROM redemptions WHERE user_id = '%s' AND status = 'failed'",
			other.id),
		"1 code_already_redeemed 0");
	stock_assert_totals(till);
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'G', 4);
	struct stock_code impossible = stock_code('G', 1);

	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'blocked', blocked_at = now() WHERE code = '%s'",
		stock_code('G', 1).text);
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET expires_at = now() - interval '1 s' WHERE code = '%s'",
		stock_code('G', 2).text);
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'reported', reported_at = now() WHERE code = '%s'",
		stock_code('G', 3).text);
	assert_problem(till, 409, "code_blocked",
		REDEEM(clerk, "g1", stock_body(stock_code('G', 1).text, 600, "")));
	assert_problem(till, 409, "code_expired",
		REDEEM(clerk, "g2", stock_body(stock_code('G', 2).text, 600, "")));
	assert_problem(till, 409, "code_reported",
		REDEEM(clerk, "g3", stock_body(stock_code('G', 3).text, 600, "")));
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'blocked', version = version + 1 WHERE id = '%s'",
		batch.text);
	assert_problem(till, 409, "batch_not_active",
		REDEEM(clerk, "g4", stock_body(stock_code('G', 4).text, 600, "")));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM redemptions WHERE user_id = '%s' "
				    "AND status = 'failed' AND customer_id IS NULL",
				    clerk.id),
		"4");
	/* Without the batch's block nothing of it holds. */
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'active', version = version + 1 WHERE id = '%s'",
		batch.text);
	assert_int_equal(
		ASK(till, REDEEM(clerk, "g5", stock_body(stock_code('G', 4).text, 600, ""))), 201);

	/* What is no code binds no key and leaves no row. */
	assert_problem(till, 404, "code_not_found",
		REDEEM(clerk, "g6", stock_body(stock_code('Z', 9).text, 600, "")));
	impossible.text[10] = '9';
	assert_problem(till, 422, "invalid_input",
		REDEEM(clerk, "g6", stock_body(impossible.text, 600, "")));
	assert_got(till, "errors.0.pointer", "/code");
	assert_got(till, "errors.0.code", "code_malformed");
	assert_problem(till, 422, "invalid_input",
		REDEEM(clerk, "g6", "{\"code\": \"A\", \"phone_number\": \"12\", \"x\": 1}"));
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM redemptions WHERE idempotency_key = '%s/g6'",
			clerk.id),
		"0");
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'active', reported_at = NULL WHERE code = '%s'",
		stock_code('G', 3).text);
	stock_assert_totals(till);
}

/* Codes beyond ready_codes exist for nobody; a batch that ended has only expired codes. */
static void test_batches_that_are_not_ready(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'H', 2);

	(void)promo_test_sql(
		till->database, "UPDATE batches SET ready_codes = 1 WHERE id = '%s'", batch.text);
	assert_problem(till, 404, "code_not_found",
		REDEEM(clerk, "h1", stock_body(stock_code('H', 2).text, 1, "")));
	(void)promo_test_sql(till->database,
		"UPDATE batches SET ready_codes = 2, status = 'generating' WHERE id = '%s'",
		batch.text);
	assert_problem(till, 409, "batch_not_active",
		REDEEM(clerk, "h2", stock_body(stock_code('H', 2).text, 1, "")));
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'active', expiration_date = now() WHERE id = '%s'",
		batch.text);
	assert_problem(till, 409, "code_expired",
		REDEEM(clerk, "h3", stock_body(stock_code('H', 1).text, 1, "")));
}

static void test_assigned_only(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'J', 3);
	struct till *later;

	(void)promo_test_sql(till->database,
		"UPDATE batches SET assigned_user_id = '%s' WHERE id = '%s'", other.id, batch.text);
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'redemption', 'assigned_only', 'true'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	later = till_new(till->database);
	assert_problem(later, 403, "forbidden",
		REDEEM(clerk, "j1", stock_body(stock_code('J', 1).text, 1, "")));
	assert_int_equal(
		ASK(later, REDEEM(other, "j1", stock_body(stock_code('J', 1).text, 1, ""))), 201);
	assert_int_equal(
		ASK(later, REDEEM(admin, "j2", stock_body(stock_code('J', 2).text, 1, ""))), 201);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET assigned_user_id = NULL WHERE id = '%s'", batch.text);
	assert_int_equal(
		ASK(later, REDEEM(clerk, "j3", stock_body(stock_code('J', 3).text, 1, ""))), 201);
	till_free(later);
	(void)promo_test_sql(till->database, "DELETE FROM system_settings; UPDATE auth_state SET "
					     "settings_version = settings_version + 1");
}

/*
 * Many at once, each with a runner and a connection of its own.
 */

enum {
	CROWD = 64
};

struct racer {
	pthread_t thread;
	struct till *till;
	pthread_barrier_t *start;
	const char *token;
	char key[16], body[128];
	int status;
	bool replayed;
	char id[40], code[40];
};

static void *race(void *argument)
{
	struct racer *racer = argument;
	const char *text;

	(void)pthread_barrier_wait(racer->start);
	racer->status = ASK(racer->till, REDEEM(*racer, racer->key, racer->body));
	racer->replayed = racer->till->answer.replayed;
	text = till_get(racer->till, "id");
	(void)snprintf(racer->id, sizeof(racer->id), "%s", text ? text : "");
	text = till_get(racer->till, "code");
	(void)snprintf(racer->code, sizeof(racer->code), "%s", text ? text : "");
	return NULL;
}

static void run_race(struct till *till, struct racer *racers, int count)
{
	pthread_barrier_t start;

	assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)count), 0);
	for (int i = 0; i < count; i++) {
		racers[i].start = &start;
		racers[i].till = till_new(till->database);
	}
	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	for (int i = 0; i < count; i++)
		(void)pthread_join(racers[i].thread, NULL);
	for (int i = 0; i < count; i++)
		till_free(racers[i].till);
	(void)pthread_barrier_destroy(&start);
}

static void test_many_for_one_code(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	static struct racer racers[CROWD];
	int won = 0;

	(void)stock_batch(till, 'K', 1);
	for (int i = 0; i < CROWD; i++) {
		racers[i] = (struct racer){ .token = clerk.token };
		(void)snprintf(racers[i].key, sizeof(racers[i].key), "k%d", i);
		(void)snprintf(racers[i].body, sizeof(racers[i].body), "%s",
			stock_body(stock_code('K', 1).text, 200 + i, ""));
	}
	run_race(till, racers, CROWD);
	for (int i = 0; i < CROWD; i++) {
		if (racers[i].status == 201) {
			won++;
			continue;
		}
		assert_int_equal(racers[i].status, 409);
		assert_string_equal(racers[i].code, "code_already_redeemed");
	}
	assert_int_equal(won, 1);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FILTER (WHERE r.status = 'completed') || ' ' || "
			"count(*) FILTER (WHERE r.status = 'failed') FROM redemptions r "
			"JOIN promo_codes p ON p.id = r.promo_code_id WHERE p.code = '%s'",
			stock_code('K', 1).text),
		"1 63");
	/* Who was refused became no customer. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM customers WHERE phone_number BETWEEN "
				    "'+250788000200' AND '+250788000299'"),
		"1");
	stock_assert_totals(till);
}

/* One request sent 16 times at once under one key is one redemption. */
static void test_one_key_many_times(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct racer racers[16];
	int first = 0;

	(void)stock_batch(till, 'L', 1);
	for (int i = 0; i < 16; i++) {
		racers[i] = (struct racer){ .token = clerk.token, .key = "l" };
		(void)snprintf(racers[i].body, sizeof(racers[i].body), "%s",
			stock_body(stock_code('L', 1).text, 300, ""));
	}
	run_race(till, racers, 16);
	for (int i = 0; i < 16; i++) {
		assert_int_equal(racers[i].status, 201);
		assert_string_equal(racers[i].id, racers[0].id);
		first += !racers[i].replayed;
	}
	assert_int_equal(first, 1);
	stock_assert_totals(till);
}

/* One new customer with 16 codes at once: 16 redemptions, one customer, no deadlock. */
static void test_one_customer_many_codes(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct racer racers[16];

	(void)stock_batch(till, 'M', 16);
	for (int i = 0; i < 16; i++) {
		racers[i] = (struct racer){ .token = clerk.token };
		(void)snprintf(racers[i].key, sizeof(racers[i].key), "m%d", i);
		(void)snprintf(racers[i].body, sizeof(racers[i].body), "%s",
			stock_body(stock_code('M', i + 1).text, 400, ""));
	}
	run_race(till, racers, 16);
	for (int i = 0; i < 16; i++)
		assert_int_equal(racers[i].status, 201);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM customers WHERE phone_number = '+250788000400'"),
		"1");
	stock_assert_totals(till);
}

/* The same key with different codes at once: one of them gets it, the others are told. */
static void test_one_key_many_codes(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct racer racers[8];
	int won = 0;

	(void)stock_batch(till, 'N', 8);
	for (int i = 0; i < 8; i++) {
		racers[i] = (struct racer){ .token = clerk.token, .key = "n" };
		(void)snprintf(racers[i].body, sizeof(racers[i].body), "%s",
			stock_body(stock_code('N', i + 1).text, 500 + i, ""));
	}
	run_race(till, racers, 8);
	for (int i = 0; i < 8; i++) {
		won += racers[i].status == 201;
		if (racers[i].status == 201)
			continue;
		assert_int_equal(racers[i].status, 422);
		assert_string_equal(racers[i].code, "idempotency_key_reused");
	}
	assert_int_equal(won, 1);
	stock_assert_totals(till);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_redemption),
		cmocka_unit_test(test_a_known_customer),
		cmocka_unit_test(test_a_code_as_typed),
		cmocka_unit_test(test_the_same_key_again),
		cmocka_unit_test(test_a_redeemed_code),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_batches_that_are_not_ready),
		cmocka_unit_test(test_assigned_only),
		cmocka_unit_test(test_many_for_one_code),
		cmocka_unit_test(test_one_key_many_times),
		cmocka_unit_test(test_one_customer_many_codes),
		cmocka_unit_test(test_one_key_many_codes),
	};

	return cmocka_run_group_tests_name("ops/redeem", tests, till_setup, till_teardown);
}
