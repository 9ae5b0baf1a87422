/* SPDX-License-Identifier: MIT */
/* What runs at the counter reads a handful of rows however large the tables are, also on a
 * connection whose statements were planned while they were still empty and that nobody has analysed
 * since: a plan made then may join by reading everything, which is right for empty tables and a
 * fivefold loss of speed a day later. What people look for in the shop is found by indexes, too: a
 * question reads the newest rows and what fits, never a whole table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_customer.h"
#include "libpromo/api/op_dashboard.h"
#include "tests/ops/stock.h"

enum {
	MANY = 99999,
	ROUNDS_BEFORE = 12, /* the sixth run of a statement takes the plan that stays */
	ROUNDS_AFTER = 30,
	ROWS_A_ROUND = 500, /* with all tables' rows counted, also those of sessions and rights */
	SEARCHED = 30000,   /* customers in what they are searched by */
	ROWS_A_QUESTION = 12000, /* twice the newest 5,000 customers, and the rest */
};

/* Reads by one table of all sessions that have ended. */
#define ROWS_READ "seq_tup_read + coalesce(idx_tup_fetch, 0)"

/* Nothing makes the plans anew but the test. */
static void stop_analysing(const struct till *till)
{
	promo_test_sql(till->database,
		"DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_class"
		" WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP EXECUTE "
		"format("
		"'ALTER TABLE %%I SET (autovacuum_enabled = false)', name); END LOOP; END $$");
}

/* Verifies and redeems one code of each of the batch's fresh ones, shows and lists. */
static void work(struct till *till, const struct person *clerk, char letter, int serial)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code(letter, serial).text);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = clerk->token, .body = body), 200);
	stock_redeem(till, clerk, letter, serial, serial);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = clerk->token, .body = body), 200);
	assert_got(till, "status", "redeemed");
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk->token,
				 .body = stock_body(stock_code(letter, serial).text, serial, "")),
		201);
}

static void fill(struct till *till, const struct person *clerk)
{
	(void)stock_batch(till, 'Z', MANY);
	promo_test_sql(till->database, "UPDATE promo_codes SET status = 'redeemed', redeemed_at = "
				       "now() WHERE serial > 1000");
	promo_test_sql(till->database,
		"INSERT INTO customers (id, phone_number) SELECT gen_random_uuid(),"
		" '+2507' || lpad(n::text, 8, '0') FROM generate_series(1, %d) n",
		MANY);
	promo_test_sql(till->database,
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status,"
		" idempotency_key, request_hash, completed_at) SELECT gen_random_uuid(), '%s', "
		"p.id,"
		" c.id, 500, 'completed', '%s/' || p.serial, 'x', now() FROM promo_codes p"
		" JOIN customers c ON c.phone_number = '+2507' || lpad(p.serial::text, 8, '0')"
		" WHERE p.status = 'redeemed'"
		" AND NOT EXISTS (SELECT FROM redemptions r WHERE r.promo_code_id = p.id)",
		clerk->id, clerk->id);
	promo_test_sql(till->database,
		"INSERT INTO idempotency_keys (user_id, key, operation, request_hash, status, "
		"answer)"
		" SELECT '%s', 'old ' || n, 'x', 'x', 200, '' FROM generate_series(1, %d) n",
		clerk->id, MANY);
	promo_test_sql(till->database,
		"INSERT INTO audit_log (writer_id, seq, id, actor_kind, action, outcome)"
		" SELECT 1000000, n, gen_random_uuid(), 'system', 'x', 'allowed'"
		" FROM generate_series(1, %d) n",
		MANY);
	promo_test_sql(till->database,
		"INSERT INTO sessions (id, user_id, token_hash, expires_at) SELECT "
		"gen_random_uuid(),"
		" '%s', decode(md5(n::text), 'hex'), now() + interval '1 day'"
		" FROM generate_series(1, %d) n",
		clerk->id, MANY);
}

/* A session counts what it read when it ends; the other till of the test goes on. */
static void await_end(const struct till *till)
{
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			      "backend' AND datname = current_database() AND pid <> "
			      "pg_backend_pid()"),
		       "1") != 0)
		continue;
}

static void test_tables_that_grew(void **state)
{
	struct till *till = *state;
	struct till *counter = till_new(till->database);
	struct person clerk = till_person(till, "batch-manager");

	stop_analysing(till);
	(void)stock_batch(till, 'A', ROUNDS_BEFORE);
	for (int i = 1; i <= ROUNDS_BEFORE; i++)
		work(counter, &clerk, 'A', i);
	fill(till, &clerk);
	/* What other sessions read until now is left out. */
	promo_test_sql(till->database, "CREATE TABLE before AS SELECT relname, " ROWS_READ
				       " AS rows FROM pg_stat_user_tables");
	for (int i = 1; i <= ROUNDS_AFTER; i++)
		work(counter, &clerk, 'Z', i);
	till_free(counter);
	promo_test_sql(till->database, "SELECT pg_stat_clear_snapshot()");
	await_end(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT coalesce(string_agg(relname || ' ' || " ROWS_READ
			" - before.rows, ', '), '') FROM pg_stat_user_tables"
			" JOIN before USING (relname) WHERE " ROWS_READ " - before.rows > %d",
			(ROUNDS_BEFORE + ROUNDS_AFTER) * ROWS_A_ROUND),
		"");
}

/* What was read of each table more than this for one question. */
static void assert_little_read(struct till *till, struct ask ask, const char *first, const char *is)
{
	struct till *counter = till_new(till->database);

	promo_test_sql(till->database,
		"DROP TABLE IF EXISTS before; CREATE TABLE before AS SELECT relname, " ROWS_READ
		" AS rows FROM pg_stat_user_tables");
	assert_int_equal(till_ask(counter, &ask), 200);
	if (first)
		assert_string_equal(till_get(counter, first), is);
	till_free(counter);
	await_end(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT coalesce(string_agg(relname || ' ' || " ROWS_READ
			" - before.rows, ', '), '') FROM pg_stat_user_tables"
			" JOIN before USING (relname) WHERE " ROWS_READ " - before.rows > %d",
			ROWS_A_QUESTION),
		"");
}

/* The tables are those of the test before. */
static void test_questions(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct ask ask = { .op = &promo_op_dashboard_show, .token = admin.token };
	const struct stock_id code = stock_code_id(till, 'A', 2);
	char batch[40], customer[40];

	(void)snprintf(batch, sizeof(batch), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_A'"));
	(void)snprintf(customer, sizeof(customer), "%s",
		promo_test_sql(till->database,
			"SELECT id FROM customers WHERE phone_number = '+250788000002'"));
	promo_test_sql(till->database,
		"INSERT INTO customer_search SELECT id, E'\\n' || phone_number || E'\\n' FROM "
		"customers "
		"ORDER BY phone_number DESC LIMIT %d",
		SEARCHED);
	/* As autovacuum does; the counter must do without. */
	promo_test_sql(
		till->database, "ANALYZE redemptions, customers, customer_search, promo_codes");
	ask.query[0] = (struct promo_pair){ "period", "365d" };
	assert_little_read(till, ask, NULL, NULL);
	ask.op = &promo_op_customer_list;
	ask.query[0] = (struct promo_pair){ "q", "0788 000 002" };
	assert_little_read(till, ask, "items.0.phone_number", "+250788000002");
	ask.query[0] = (struct promo_pair){ "q", customer };
	assert_little_read(till, ask, "items.0.id", customer);
	ask.op = &promo_op_redemption_list;
	ask.query[0] = (struct promo_pair){ "customer_id", customer };
	assert_little_read(till, ask, "items.0.customer.id", customer);
	ask.query[0] = (struct promo_pair){ "phone_number", "0788000002" };
	assert_little_read(till, ask, "items.0.customer.id", customer);
	ask.query[0] = (struct promo_pair){ "q", "a00002" };
	assert_little_read(till, ask, "items.0.code_id", code.text);
	ask.query[0] = (struct promo_pair){ "q", "88000002" };
	assert_little_read(till, ask, "items.0.customer.id", customer);
	/* Redeemed before all the others. */
	ask.query[0] = (struct promo_pair){ "batch_id", batch };
	assert_little_read(till, ask, "items.0.batch.id", batch);
	ask.query[0] = (struct promo_pair){ "to", "2025-01-01T00:00:00Z" };
	assert_little_read(till, ask, "items", "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_that_grew),
		cmocka_unit_test(test_questions),
	};

	return cmocka_run_group_tests_name("ops/plans", tests, till_setup, till_teardown);
}
