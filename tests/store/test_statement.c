/* SPDX-License-Identifier: MIT */
/* Statements give rows, are prepared again when the server forgot them or their tables changed, work
 * without being prepared at all, are streamed, and keep to their limits of time. */
#include "tests/store/fixture.h"

static void test_rows(void **state)
{
	struct fixture *fixture = *state;
	const struct promo_params none = PROMO_PARAMS(fixture->arena);
	struct promo_params one = PROMO_PARAMS(fixture->arena);
	struct promo_moment_row row = { .at = 0 };
	bool found = true;
	size_t count = 0;

	assert_int_equal(promo_store_ping(fixture->store), 0);
	assert_int_equal(promo_store_one(fixture->store, fixture->arena, PROMO_Q_MIGRATION_LOCK,
				 &none, &row),
		0);
	assert_true(row.at > 0);
	assert_int_equal(list(fixture, fixture->store, &count), 0);
	assert_true(count >= 5);
	promo_test_sql(fixture->database, "DELETE FROM schema_migrations");
	assert_int_equal(promo_store_one(fixture->store, fixture->arena, PROMO_Q_MIGRATION_LOCK,
				 &none, &row),
		PROMO_E_NOT_FOUND);
	assert_int_equal(promo_store_find(fixture->store, fixture->arena, PROMO_Q_MIGRATION_LOCK,
				 &none, &row, &found),
		0);
	assert_false(found);
	assert_int_equal(list(fixture, fixture->store, &count), 0);
	assert_int_equal(count, 0);

	promo_param_int(&one, 1);
	assert_true(promo_store_exec(fixture->store, PROMO_Q_MIGRATION_LIST, &one, NULL) < 0);
	assert_true(promo_test_logged("was given 1 parameters instead of 0"));
	assert_usable(fixture);
}

static void test_time_limits(void **state)
{
	struct fixture *fixture = *state;

	promo_store_close(fixture->store);
	fixture->store =
		open_with(fixture->database, "&options=-c%20statement_timeout%3D100ms", false);
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_true(insert(fixture, "sleep 60") < 0);
	assert_failure(fixture, PROMO_STORE_FULL);
	assert_usable(fixture);

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(promo_store_allow_ms(fixture->store, 60000), 0);
	assert_int_equal(insert(fixture, "sleep 0.3"), 0);
	assert_int_equal(promo_store_commit(fixture->store), 0);

	/* Only in that transaction. */
	assert_true(insert(fixture, "sleep 60") < 0);
	assert_failure(fixture, PROMO_STORE_FULL);
	assert_usable(fixture);
}

/* Somebody holds what is asked for: there is no row in time, and the transaction goes on as it was. */
static void test_in_time_or_not(void **state)
{
	struct fixture *fixture = *state;
	const struct promo_params none = PROMO_PARAMS(fixture->arena);
	PGconn *holder = PQconnectdb(fixture->database->owner_uri);
	struct promo_moment_row row = { .at = 0 };
	struct promo_objects rows = { 0 };
	bool in_time = true;

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(promo_store_one_within(fixture->store, fixture->arena,
				 PROMO_Q_MIGRATION_LOCK, &none, 5000, &row, &in_time),
		0);
	assert_true(in_time);
	assert_true(row.at > 0);
	PQclear(PQexec(holder, "BEGIN; LOCK TABLE schema_migrations"));
	assert_int_equal(promo_store_one_within(fixture->store, fixture->arena,
				 PROMO_Q_MIGRATION_LOCK, &none, 50, &row, &in_time),
		0);
	assert_false(in_time);
	assert_int_equal(promo_store_all_within(fixture->store, fixture->arena,
				 PROMO_Q_MIGRATION_LOCK, &none, 50, &rows, &in_time),
		0);
	assert_false(in_time);
	PQfinish(holder);
	assert_int_equal(promo_store_all_within(fixture->store, fixture->arena,
				 PROMO_Q_MIGRATION_LOCK, &none, 5000, &rows, &in_time),
		0);
	assert_true(in_time);
	assert_int_equal(rows.count, 1);
	assert_int_equal(insert(fixture, "sleep 0.2"), 0);
	assert_int_equal(promo_store_commit(fixture->store), 0);
	assert_usable(fixture);
}

static void test_defaults_of_a_session(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_string_equal(
		promo_test_sql(fixture->database,
			"SELECT application_name FROM pg_stat_activity"
			" WHERE datname = current_database() AND pid <> pg_backend_pid()"),
		"promod");
	/* A lock that somebody holds is waited for, but not for long. */
	promo_store_close(fixture->store);
	fixture->store = open_with(fixture->database, "&options=-c%20lock_timeout%3D50ms", false);
	{
		PGconn *holder = PQconnectdb(fixture->database->owner_uri);

		PQclear(PQexec(holder, "BEGIN; LOCK TABLE schema_migrations"));
		assert_true(insert(fixture, "waits") < 0);
		assert_failure(fixture, PROMO_STORE_RETRY);
		PQfinish(holder);
	}
	assert_usable(fixture);
}

static void test_prepared_again(void **state)
{
	struct fixture *fixture = *state;
	size_t before = 0, after = 0;

	/* The type of a column changes under a prepared statement. */
	assert_int_equal(list(fixture, fixture->store, &before), 0);
	promo_test_sql(fixture->database,
		"ALTER TABLE schema_migrations ALTER COLUMN version TYPE bigint");
	assert_int_equal(list(fixture, fixture->store, &after), 0);
	assert_int_equal(before, after);

	/* In a transaction only the next attempt can work. */
	promo_test_sql(fixture->database,
		"ALTER TABLE schema_migrations ALTER COLUMN version TYPE integer");
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_true(list(fixture, fixture->store, &after) < 0);
	assert_failure(fixture, PROMO_STORE_RETRY);
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(list(fixture, fixture->store, &after), 0);
	assert_int_equal(before, after);
	promo_store_rollback(fixture->store);

	/* The server forgets. */
	assert_int_equal(insert(fixture, "late forget"), 0);
	assert_int_equal(list(fixture, fixture->store, &after), 0);
	assert_int_equal(before + 1, after);
	assert_int_equal(insert(fixture, "prepared again"), 0);
	assert_usable(fixture);
}

static void test_without_prepare(void **state)
{
	struct fixture *fixture = *state;

	promo_store_close(fixture->store);
	fixture->store = open_with(fixture->database, "", true);
	assert_usable(fixture);
	assert_int_equal(promo_store_check(fixture->store), 0);
	assert_true(insert(fixture, "raise 40001") < 0);
	assert_failure(fixture, PROMO_STORE_RETRY);
	assert_usable(fixture);
}

struct seen {
	size_t rows, stop_at;
	int64_t last;
};

static int see(void *context, int columns, const char *const *values)
{
	struct seen *seen = context;

	assert_int_equal(columns, 4);
	seen->last = strtoll(values[0], NULL, 10);
	return ++seen->rows == seen->stop_at ? PROMO_E_UNAVAILABLE : 0;
}

static void test_each(void **state)
{
	struct fixture *fixture = *state;
	const struct promo_params none = PROMO_PARAMS(fixture->arena);
	struct seen all = { .rows = 0 }, some = { .stop_at = 10 };

	promo_test_sql(fixture->database,
		"INSERT INTO schema_migrations SELECT g, repeat('x', 50), '' FROM"
		" generate_series(100001, 200000) g");
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(
		promo_store_each(fixture->store, PROMO_Q_MIGRATION_LIST, &none, see, &all), 0);
	assert_true(all.rows > 100000);
	assert_int_equal(all.last, 200000);
	assert_int_equal(
		promo_store_each(fixture->store, PROMO_Q_MIGRATION_LIST, &none, see, &some),
		PROMO_E_UNAVAILABLE);
	assert_int_equal(some.rows, 10);
	assert_usable(fixture);
}

static void test_no_server(void **state)
{
	const struct promo_store_config config = { .uri = "postgresql:///x?host=/nonexistent" };
	const struct promo_store_config nonsense = { .uri = "postgresql://[" };
	struct promo_store *store = NULL;

	(void)state;
	assert_int_equal(promo_store_open(&config, &store), PROMO_E_UNAVAILABLE);
	assert_true(promo_store_open(&nonsense, &store) < 0);
	assert_null(store);
	promo_store_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_time_limits),
		TEST(test_in_time_or_not),
		TEST(test_defaults_of_a_session),
		TEST(test_prepared_again),
		TEST(test_without_prepare),
		TEST(test_each),
		cmocka_unit_test(test_no_server),
	};

	return cmocka_run_group_tests_name("store/statement", tests, NULL, NULL);
}
