/* SPDX-License-Identifier: MIT */
/* Batches are changed, assigned, deleted, one or many, and only as they may be: the amount while nothing
 * can have been paid, the end for whoever is expired by it, away only what was never redeemed; a deleted
 * batch is gone at once and its name is free. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

#define UPDATE(person, batch, version, with_body)                                                  \
	.op = &promo_op_batch_update, .token = (person).token, .id = (batch).text,                 \
	.if_match = (version), .body = (with_body)
#define BULK(person, with_body)                                                                    \
	.op = &promo_op_batch_bulk, .token = (person).token, .body = (with_body)
#define SHOW(person, batch) .op = &promo_op_batch_show, .token = (person).token, .id = (batch).text
#define REDEEM(person, letter, serial, with_key)                                                   \
	.op = &promo_op_redemption_create, .token = (person).token,                                \
	.body = stock_body(stock_code((letter), (serial)).text, 1, ""), .key = (with_key)

static void test_what_it_says(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 2);

	assert_int_equal(
		ASK(till, UPDATE(boss, batch, "\"1\"", "{\"description\":\"blue tins\"}")), 200);
	assert_got(till, "description", "blue tins");
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_int_equal(ASK(till, UPDATE(boss, batch, "\"2\"", "{}")), 200);
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_got(till, "description", "blue tins");
	assert_int_equal(ASK(till, UPDATE(boss, batch, "\"2\"", "{\"description\":null}")), 200);
	assert_got(till, "description", "null");
	assert_problem(till, 412, "version_mismatch",
		UPDATE(boss, batch, "\"2\"", "{\"description\":\"late\"}"));
	assert_problem(till, 428, "precondition_required", UPDATE(boss, batch, NULL, "{}"));
	assert_problem(till, 422, "invalid_input",
		UPDATE(boss, batch, "\"3\"", "{\"expiration_date\":\"2020-01-01\"}"));
	assert_got(till, "errors.0.code", "in_past");
	assert_problem(till, 404, "not_found", .op = &promo_op_batch_update, .token = boss.token,
		.id = boss.id, .if_match = "\"1\"", .body = "{}");
}

/* A later last day brings back what was expired, by the clock or by hand. */
static void test_its_end(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 3);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET expires_on = current_date - 2, expiration_date = now() - "
		"interval "
		"'1 day' WHERE id = '%s'",
		batch.text);
	assert_problem(till, 409, "code_expired", REDEEM(boss, 'E', 1, "e-1"));
	assert_int_equal(
		ASK(till, UPDATE(boss, batch, "\"1\"", "{\"expiration_date\":\"2999-12-31\"}")),
		200);
	assert_got(till, "status", "active");
	assert_got(till, "expires_at", "2999-12-31T22:00:00.000Z");
	assert_int_equal(ASK(till, REDEEM(boss, 'E', 1, "e-2")), 201);
	assert_int_equal(ASK(till, .op = &promo_op_batch_status, .token = boss.token,
				 .id = batch.text, .body = "{\"status\":\"expired\"}"),
		200);
	assert_int_equal(
		ASK(till, UPDATE(boss, batch, "\"3\"", "{\"expiration_date\":\"2999-12-30\"}")),
		200);
	assert_got(till, "status", "expired");
	assert_int_equal(
		ASK(till, UPDATE(boss, batch, "\"4\"", "{\"expiration_date\":\"2999-12-31\"}")),
		200);
	assert_got(till, "status", "active");
}

static void test_its_amount(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'F', 3);
	static const char body[] = "{\"amount_per_code\":\"750.00\"}";

	assert_problem(till, 409, "batch_in_use", UPDATE(boss, batch, "\"1\"", body));
	assert_int_equal(ASK(till, .op = &promo_op_batch_status, .token = boss.token,
				 .id = batch.text, .body = "{\"status\":\"blocked\"}"),
		200);
	assert_int_equal(ASK(till, UPDATE(boss, batch, "\"2\"", body)), 200);
	assert_got(till, "amount_per_code", "750.00");
	assert_int_equal(ASK(till, .op = &promo_op_batch_status, .token = boss.token,
				 .id = batch.text, .body = "{\"status\":\"active\"}"),
		200);
	assert_int_equal(ASK(till, REDEEM(boss, 'F', 1, "f-1")), 201);
	assert_got(till, "amount", "750.00");
	stock_assert_all_totals(till);
	assert_int_equal(ASK(till, .op = &promo_op_batch_status, .token = boss.token,
				 .id = batch.text, .body = "{\"status\":\"blocked\"}"),
		200);
	assert_problem(till, 409, "batch_in_use", UPDATE(boss, batch, "\"5\"", body));
}

static void test_whose_it_is(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin"), clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'G', 1);
	struct ask ask = { .op = &promo_op_batch_assign, .token = boss.token, .id = batch.text };
	char body[80];

	(void)snprintf(body, sizeof(body), "{\"user_id\":\"%s\"}", clerk.id);
	ask.body = body;
	assert_int_equal(till_ask(till, &ask), 200);
	assert_got(till, "assigned_user.id", clerk.id);
	ask.body = "{}";
	assert_int_equal(till_ask(till, &ask), 422);
	assert_got(till, "errors.0.pointer", "/user_id");
	(void)snprintf(body, sizeof(body), "{\"user_id\":\"%s\"}", batch.text);
	ask.body = body;
	assert_int_equal(till_ask(till, &ask), 422);
	assert_got(till, "errors.0.pointer", "/user_id");
	ask.body = "{\"user_id\":null}";
	assert_int_equal(till_ask(till, &ask), 200);
	assert_got(till, "assigned_user", "null");
}

static void test_its_end_for_good(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'H', 2), used = stock_batch(till, 'J', 2);
	struct ask ask = { .op = &promo_op_batch_delete, .token = boss.token, .id = used.text };

	stock_redeem(till, &boss, 'J', 1, 1);
	assert_int_equal(till_ask(till, &ask), 409);
	assert_got(till, "code", "batch_in_use");
	ask.id = batch.text;
	assert_int_equal(till_ask(till, &ask), 204);
	assert_int_equal(till_ask(till, &ask), 404);
	assert_problem(till, 404, "not_found", SHOW(boss, batch));
	assert_problem(till, 404, "code_not_found", REDEEM(boss, 'H', 1, "h-1"));
	assert_int_equal(ASK(till, &promo_op_code_list, boss.token,
				 .query = { { "batch_id", batch.text }, { "count", "true" } }),
		200);
	assert_got(till, "total", "0");
	assert_got(till, "items", "[]");
	assert_int_equal(ASK(till, .op = &promo_op_batch_create, .token = boss.token,
				 .body = "{\"batch_name\":\"H\",\"total_codes\":0,"
					 "\"amount_per_code\":\"1.00\",\"expiration_date\":"
					 "\"2999-12-31\"}"),
		422); /* one letter is too short a name, but: */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM batches WHERE batch_name = 'BATCH_H'"),
		"0");
}

static void test_many(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id first = stock_batch(till, 'R', 1), second = stock_batch(till, 'S', 1);
	char body[400];

	stock_redeem(till, &boss, 'S', 1, 1);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET batch_name = 'BATCH_MANY_' || right(batch_name, 1) WHERE id IN "
		"('%s', '%s')",
		first.text, second.text);
	assert_problem(till, 409, "count_mismatch",
		BULK(boss,
			"{\"action\":\"block\",\"filter\":{\"q\":\"many\"},\"expected_count\":3}"));
	assert_got(till, "count", "2");
	assert_int_equal(ASK(till, BULK(boss, "{\"action\":\"block\",\"filter\":{\"q\":\"many\"},"
					      "\"expected_count\":2,\"reason\":\"stolen\"}")),
		200);
	assert_got(till, "changed", "2");
	assert_got(till, "skipped", "[]");
	assert_problem(till, 409, "batch_not_active", REDEEM(boss, 'R', 1, "r-1"));
	assert_int_equal(ASK(till, BULK(boss, "{\"action\":\"unblock\",\"filter\":{\"q\":\"many\"},"
					      "\"expected_count\":2}")),
		200);
	assert_got(till, "changed", "2");
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"unblock\",\"ids\":[\"%s\",\"%s\"],\"expected_count\":1}", first.text,
		boss.id);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "0");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_log WHERE action = 'batch.bulk' AND "
			"outcome = 'allowed' AND changes::text LIKE '%%stolen%%'"),
		"1");
	(void)snprintf(body, sizeof(body),
		"{\"action\":\"delete\",\"ids\":[\"%s\",\"%s\"],\"expected_count\":2}", first.text,
		second.text);
	assert_int_equal(ASK(till, BULK(boss, body)), 200);
	assert_got(till, "changed", "1");
	assert_got(till, "skipped.0.id", second.text);
	assert_got(till, "skipped.0.code", "batch_in_use");
	assert_problem(till, 404, "not_found", SHOW(boss, first));
	assert_int_equal(ASK(till, SHOW(boss, second)), 200);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(DISTINCT permission, ' ' ORDER BY permission) "
			"FROM audit_log WHERE action = 'batch.bulk' AND outcome = 'allowed'"),
		"batches.delete batches.status.change");
}

struct deleter {
	struct promo_test_database *database;
	struct person boss;
	struct stock_id batch;
	int status, error;
};

static void *delete_batch(void *context)
{
	struct deleter *deleter = context;
	struct till *till = till_new(deleter->database);

	deleter->status = ASK(till, .op = &promo_op_batch_delete, .token = deleter->boss.token,
		.id = deleter->batch.text);
	deleter->error = till->answer.error;
	till_free(till);
	return NULL;
}

/* A job that was queued by whoever held the batch is found, although it came after the question. */
static void test_a_job_that_came_meanwhile(void **state)
{
	struct till *till = *state;
	struct deleter deleter = { .database = till->database,
		.boss = till_person(till, "admin"),
		.batch = stock_batch(till, 'N', 1) };
	int64_t until_ms = promo_monotonic_ms() + 60000;
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	pthread_t thread;
	char sql[400];

	(void)snprintf(sql, sizeof(sql),
		"BEGIN; UPDATE batches SET total_codes = 6, version = version + 1 WHERE id = '%s'; "
		"INSERT INTO jobs (id, kind, batch_id, total) "
		"VALUES (gen_random_uuid(), 'generate', '%s', 5)",
		deleter.batch.text, deleter.batch.text);
	PQclear(PQexec(holder, sql));
	assert_int_equal(pthread_create(&thread, NULL, delete_batch, &deleter), 0);
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
			      "'Lock' AND datname = current_database()"),
		       "1") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	PQclear(PQexec(holder, "COMMIT"));
	assert_int_equal(pthread_join(thread, NULL), 0);
	PQfinish(holder);
	assert_int_equal(deleter.status, 409);
	assert_int_equal(deleter.error, PROMO_E_BATCH_IN_USE);
	assert_int_equal(ASK(till, SHOW(deleter.boss, deleter.batch)), 200);
}

struct change {
	struct promo_test_database *database;
	struct person boss;
	struct stock_id batch;
	const char *amount; /* NULL: block it */
	int status, error;
};

static void *make_change(void *context)
{
	struct change *change = context;
	struct till *till = till_new(change->database);

	change->status =
		change->amount
			? ASK(till, UPDATE(change->boss, change->batch, "\"2\"", change->amount))
			: ASK(till, .op = &promo_op_batch_status, .token = change->boss.token,
				  .id = change->batch.text, .body = "{\"status\":\"blocked\"}");
	change->error = till->answer.error;
	till_free(till);
	return NULL;
}

static void wait_for_locks(struct till *till, const char *count)
{
	int64_t until_ms = promo_monotonic_ms() + 60000;

	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
			      "'Lock' AND datname = current_database()"),
		       count) != 0)
		assert_true(promo_monotonic_ms() < until_ms);
}

/* A redemption began before the block, whose commit is visible while it is not answered. Who sees the
 * batch blocked by then and changes what its codes are worth waits for that redemption as well. */
static void test_another_amount_waits_for_redemptions(void **state)
{
	struct till *till = *state;
	struct change block = { .database = till->database,
		.boss = till_person(till, "admin"),
		.batch = stock_batch(till, 'P', 2) };
	struct change amount = block;
	PGconn *redeemer = PQconnectdb(till->database->owner_uri);
	struct stock_id code = stock_code_id(till, 'P', 1);
	pthread_t blocking, changing;
	char sql[400];

	amount.boss = till_person(till, "admin");
	amount.amount = "{\"amount_per_code\":\"750.00\"}";
	PQclear(PQexec(redeemer, "BEGIN; SELECT FROM audit_writers WHERE id = (SELECT id FROM "
				 "audit_writers ORDER BY id LIMIT 1) FOR UPDATE"));
	assert_int_equal(pthread_create(&blocking, NULL, make_change, &block), 0);
	wait_for_locks(till, "1");
	assert_int_equal(pthread_create(&changing, NULL, make_change, &amount), 0);
	wait_for_locks(till, "2");
	(void)snprintf(sql, sizeof(sql),
		"SET LOCAL lock_timeout = '5s'; WITH taken AS (UPDATE promo_codes SET status = "
		"'redeemed', redeemed_at = now() WHERE id = '%s' RETURNING batch_id, amount) "
		"INSERT INTO totals (batch_id, day, lane, redeemed, redeemed_amount) "
		"SELECT batch_id, current_date, 0, 1, amount FROM taken; COMMIT",
		code.text);
	PQclear(PQexec(redeemer, sql));
	assert_int_equal(pthread_join(blocking, NULL), 0);
	assert_int_equal(pthread_join(changing, NULL), 0);
	PQfinish(redeemer);
	assert_int_equal(block.status, 200);
	assert_int_equal(amount.status, 409);
	assert_int_equal(amount.error, PROMO_E_BATCH_IN_USE);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT amount FROM promo_codes WHERE id = '%s'", code.text),
		"500.00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_says),
		cmocka_unit_test(test_its_end),
		cmocka_unit_test(test_its_amount),
		cmocka_unit_test(test_whose_it_is),
		cmocka_unit_test(test_its_end_for_good),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_a_job_that_came_meanwhile),
		cmocka_unit_test(test_another_amount_waits_for_redemptions),
	};

	return cmocka_run_group_tests_name("ops/batch_change", tests, till_setup, till_teardown);
}
