/* SPDX-License-Identifier: MIT */
/* What a group costs does not grow with the tables, also on a connection that planned its statements
 * while they were empty and that nobody has analysed since: it probes indexes, and nothing else. A
 * redemption leaves the indexes of codes alone. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/crowd.h"
#include "tests/ops/stock.h"

enum {
	CODES = 20000,
	STEP = 7919, /* no page of codes fills up within one transaction */
	GROUP = 100, /* redemptions */
	GROUPS = 10,
	WARM = 8,       /* the sixth run of a statement takes the plan that stays */
	ROWS_EACH = 40, /* rows and entries of indexes that one request may touch */
	WAIT_MS = 30000,
};

static void stop_analysing(const struct till *till)
{
	promo_test_sql(till->database,
		"DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_class"
		" WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP EXECUTE "
		"format("
		"'ALTER TABLE %%I SET (autovacuum_enabled = false)', name); END LOOP; END $$");
}

/* A session counts what it did when it ends. */
static void end_session(struct till *till, struct crowd *crowd)
{
	const int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;

	crowd_free(crowd);
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			      "backend' AND datname = current_database() AND pid <> "
			      "pg_backend_pid()"),
		       "1") != 0) {
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, 10);
	}
}

/* Redeems, refuses and verifies: all that a group does. */
static void run_group(struct crowd *crowd, const struct person *clerk, char letter, int round)
{
	for (int i = 0; i < GROUP; i++) {
		int n = round * GROUP + i;
		int serial = (n * STEP) % CODES + 1;
		char key[32];

		(void)snprintf(key, sizeof(key), "%c-%d", letter, n);
		(void)ADD(crowd, .op = &promo_op_redemption_create, .token = clerk->token,
			.key = key,
			.body = stock_body(stock_code(letter, serial).text, n % 10000, ""));
		if (round == 0 || i % 4)
			continue;
		serial = ((n - GROUP) * STEP) % CODES + 1;
		(void)snprintf(key, sizeof(key), "%c-again-%d", letter, n);
		(void)ADD(crowd, .op = &promo_op_redemption_create, .token = clerk->token,
			.key = key,
			.body = stock_body(stock_code(letter, serial).text, n % 10000, ""));
		(void)ADD(crowd, .op = &promo_op_code_verify, .token = clerk->token,
			.body = promo_arena_printf(crowd->arena, "{\"code\": \"%s\"}",
				stock_code(letter, serial + 3).text));
	}
	crowd_run(crowd);
	for (size_t i = 0; i < crowd->group.count; i++)
		assert_int_equal(crowd->items[i].end, PROMO_GROUP_ANSWERED);
	crowd_clear(crowd);
}

static void test_tables_that_grow(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct crowd *crowd;

	stop_analysing(till);
	/* The plans are made while there is next to nothing. */
	crowd = crowd_new(till, 0);
	(void)stock_batch(till, 'A', WARM);
	for (int i = 0; i < WARM; i++) {
		char key[8];

		(void)snprintf(key, sizeof(key), "w%d", i);
		(void)ADD(crowd, .op = &promo_op_redemption_create, .token = clerk.token,
			.key = key, .body = stock_body(stock_code('A', i + 1).text, i, ""));
		crowd_run(crowd);
		crowd_clear(crowd);
	}
	(void)stock_batch(till, 'C', CODES);
	(void)promo_test_sql(till->database,
		"CREATE TABLE before AS SELECT relname, seq_scan, idx_tup_fetch "
		"FROM pg_stat_user_tables");
	for (int i = 0; i < GROUPS; i++)
		run_group(crowd, &clerk, 'C', i);
	end_session(till, crowd);

	/* Whoever read a table from one end to the other did so once for each group at least. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT coalesce(string_agg(relname || ' ' || s.seq_scan - b.seq_scan, ', "
			"'), '') FROM pg_stat_user_tables s JOIN before b USING (relname) "
			"WHERE s.seq_scan - b.seq_scan >= %d AND relname NOT IN ('sessions', "
			"'users', 'roles', 'permissions', 'role_permissions', 'auth_state', "
			"'user_permissions', 'user_role_assignments')",
			GROUPS),
		"");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT coalesce(string_agg(relname || ' ' || s.idx_tup_fetch - "
			"b.idx_tup_fetch, ', '), '') FROM pg_stat_user_tables s JOIN before b "
			"USING "
			"(relname) WHERE s.idx_tup_fetch - b.idx_tup_fetch > %d",
			GROUPS * GROUP * ROWS_EACH),
		"");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT n_tup_upd || ' ' || n_tup_hot_upd FROM pg_stat_user_tables "
			"WHERE relname = 'promo_codes'"),
		"1008 1008");
	stock_assert_totals(till);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_that_grow),
	};

	return cmocka_run_group_tests_name("ops/group_plans", tests, till_setup, till_teardown);
}
