/* SPDX-License-Identifier: MIT */
/* COPY TO STDOUT gives every column as it is stored, whatever people typed, and null apart from all;
 * its parameters are bound and null ones filter nothing; who has seen enough ends it and the
 * connection goes on; one that is killed meanwhile is lost and not at its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

enum {
	ENOUGH = 7,
	MANY = 20000
};

/* Columns of code_exportfull.sql. */
enum {
	AMOUNT = 1,
	CREATED = 3,
	SERIAL = 5,
	REDEEMED,
	PHONE,
	FIRST,
	LAST,
	BY,
	COLUMNS
};

static const char batch_id[] = "00000000-0000-7000-8000-0000000000b1";
static const char odd[] = "tab\tline\nreturn\r\\back \"quote\" \b\f\v, Žofie 雪";

struct fixture {
	struct promo_test_database *database;
	struct promo_store *store;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct promo_store_config config = { .uri = NULL };

	fixture->database = promo_test_database_new();
	if (!fixture->database)
		return -1;
	(void)promo_test_sql(fixture->database,
		"INSERT INTO batches (id, batch_name, total_codes, ready_codes, amount_per_code, "
		"currency, expires_on, expiration_date, code_format, status) VALUES ('%s', "
		"'BATCH_A', %d, %d, 5, 'RWF', '2030-01-01', '2030-01-02', 'XXXX', 'active'); "
		"INSERT INTO promo_codes (id, code, batch_id, serial, amount) SELECT "
		"gen_random_uuid(), 'CODE' || n, '%s', n, 5 FROM generate_series(1, %d) n; "
		"INSERT INTO users (id, first_name, last_name, email, password_hash) VALUES "
		"('00000000-0000-7000-8000-00000000000a', '\\N', '\\', 'a@b.cc', 'x'); "
		"INSERT INTO customers (id, first_name, last_name, phone_number) VALUES "
		"('00000000-0000-7000-8000-00000000000c', E'tab\\tline\\nreturn\\r\\\\back "
		"\"quote\" \\b\\f\\x0b, Žofie 雪', '\\N', '+250788123456'); "
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, "
		"idempotency_key, request_hash) SELECT gen_random_uuid(), "
		"'00000000-0000-7000-8000-00000000000a', id, "
		"'00000000-0000-7000-8000-00000000000c', 5, 'completed', 'k', 'h' "
		"FROM promo_codes WHERE serial = 1; "
		"UPDATE promo_codes SET status = 'redeemed', redeemed_at = now() WHERE serial = 1",
		batch_id, MANY, MANY, batch_id, MANY);
	config.uri = fixture->database->app_uri;
	promo_test_log_keep();
	*state = fixture;
	return promo_store_open(&config, &fixture->store);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	promo_store_close(fixture->store);
	promo_test_database_free(fixture->database);
	free(fixture);
	return 0;
}

struct seen {
	struct promo_test_database *killer; /* NULL: nobody dies */
	int rows, limit;
};

static int see(void *context, int columns, const struct promo_cell *cells)
{
	struct seen *seen = context;
	int64_t serial, amount, created;

	assert_int_equal(columns, COLUMNS);
	seen->rows++;
	assert_int_equal(promo_cell_int(&cells[SERIAL], &serial), 0);
	assert_int_equal(serial, seen->rows);
	assert_int_equal(promo_cell_money(&cells[AMOUNT], &amount), 0);
	assert_int_equal(amount, 500);
	assert_int_equal(promo_cell_time(&cells[CREATED], &created), 0);
	assert_true(created > 0);
	if (seen->rows == 1) {
		assert_string_equal(cells[FIRST].bytes, odd);
		assert_string_equal(cells[LAST].bytes, "\\N");
		assert_string_equal(cells[PHONE].bytes, "+250788123456");
		assert_string_equal(cells[BY].bytes, "\\N \\");
		assert_non_null(cells[REDEEMED].bytes);
	} else {
		assert_null(cells[FIRST].bytes);
		assert_null(cells[REDEEMED].bytes);
	}
	if (seen->killer && seen->rows == 1)
		(void)promo_test_sql(seen->killer,
			"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query "
			"LIKE 'COPY (%%' AND datname = current_database()");
	return seen->limit && seen->rows == seen->limit ? ENOUGH : 0;
}

static int copy(struct fixture *fixture, const char *status, struct seen *seen)
{
	struct promo_arena *arena = promo_arena_new(64 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);
	int r;

	assert_int_equal(promo_store_begin_snapshot(fixture->store), 0);
	promo_param_text(&params, batch_id);
	promo_param_texts_or_null(
		&params, (struct promo_texts){ .items = &status, .count = status ? 1 : 0 });
	promo_param_int(&params, 0);
	promo_param_int(&params, MANY);
	r = promo_store_copy_out(fixture->store, PROMO_Q_CODE_EXPORTFULL, &params, see, seen);
	promo_arena_free(arena);
	promo_store_rollback(fixture->store);
	return r;
}

static void test_all(void **state)
{
	struct seen seen = { .rows = 0 };

	assert_int_equal(copy(*state, NULL, &seen), 0);
	assert_int_equal(seen.rows, MANY);
}

static void test_a_filter(void **state)
{
	struct seen seen = { .rows = 0 };

	assert_int_equal(copy(*state, "redeemed", &seen), 0);
	assert_int_equal(seen.rows, 1);
	seen.rows = 0;
	assert_int_equal(copy(*state, "blocked", &seen), 0);
	assert_int_equal(seen.rows, 0);
}

static void test_enough(void **state)
{
	struct fixture *fixture = *state;
	struct seen seen = { .limit = 3 };

	assert_int_equal(copy(fixture, NULL, &seen), ENOUGH);
	assert_int_equal(seen.rows, 3);
	assert_int_equal(promo_store_ping(fixture->store), 0);
	seen = (struct seen){ .rows = 0 };
	assert_int_equal(copy(fixture, NULL, &seen), 0);
	assert_int_equal(seen.rows, MANY);
}

static void test_a_killed_backend(void **state)
{
	struct fixture *fixture = *state;
	struct seen seen = { .killer = fixture->database };

	assert_true(copy(fixture, NULL, &seen) < 0);
	assert_int_equal(promo_store_failure(fixture->store), PROMO_STORE_LOST);
	assert_true(seen.rows < MANY);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	seen = (struct seen){ .rows = 0 };
	assert_int_equal(copy(fixture, NULL, &seen), 0);
	assert_int_equal(seen.rows, MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_a_filter),
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_a_killed_backend),
	};

	return cmocka_run_group_tests_name("store/copy_out", tests, setup, teardown);
}
