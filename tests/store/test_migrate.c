/* SPDX-License-Identifier: MIT */
/* A database comes to the schema of the program whole or not at all, however often, by however many
 * at once, and whoever dies on the way; a database that is not ours is refused with a clear message. */
#include <libpq-fe.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/store/migrate.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

enum {
	MIGRATORS = 6
};

static int setup(void **state)
{
	*state = promo_test_database_new_empty();
	return *state ? 0 : -1;
}

static int migrate(const struct promo_test_database *database, int *applied)
{
	const struct promo_migrate_config config = { .uri = database->owner_uri };

	return promo_migrate(&config, applied);
}

static void assert_complete(const struct promo_test_database *database)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	const struct promo_migration_state *states = NULL;
	size_t count = 0;

	assert_int_equal(promo_migrate_status(database->owner_uri, arena, &states, &count), 0);
	assert_true(count >= 5);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(states[i].standing, PROMO_MIGRATION_APPLIED);
		assert_int_equal(states[i].version, i + 1);
		assert_true(states[i].applied_at > 0);
	}
}

static void test_twice(void **state)
{
	const struct promo_test_database *database = *state;
	int applied = -1;

	assert_int_equal(migrate(database, &applied), 0);
	assert_true(applied >= 5);
	assert_complete(database);
	assert_int_equal(migrate(database, &applied), 0);
	assert_int_equal(applied, 0);
	assert_string_equal(promo_test_sql(database, "SELECT count(*) FROM roles"), "5");
}

static void test_status_before(void **state)
{
	const struct promo_test_database *database = *state;
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	const struct promo_migration_state *states = NULL;
	size_t count = 0;

	assert_int_equal(promo_migrate_status(database->owner_uri, arena, &states, &count), 0);
	assert_true(count >= 5);
	assert_string_equal(states[0].name, "0001_access");
	assert_int_equal(states[0].standing, PROMO_MIGRATION_MISSING);
}

static pid_t start_migrator(const struct promo_test_database *database)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(migrate(database, NULL) ? 1 : 0);
	return pid;
}

static void test_many_at_once(void **state)
{
	const struct promo_test_database *database = *state;
	pid_t pids[MIGRATORS];

	for (int i = 0; i < MIGRATORS; i++)
		pids[i] = start_migrator(database);
	for (int i = 0; i < MIGRATORS; i++) {
		int status = -1;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_complete(database);
}

/* Waits until a session of this database waits for a lock. */
static void await_blocked(const struct promo_test_database *database)
{
	static const char blocked[] = "SELECT count(*) > 0 FROM pg_stat_activity"
				      " WHERE datname = current_database()"
				      " AND wait_event_type = 'Lock'";

	while (strcmp(promo_test_sql(database, "%s", blocked), "t") != 0)
		continue;
}

static void test_killed_in_the_middle(void **state)
{
	const struct promo_test_database *database = *state;
	PGconn *blocker = PQconnectdb(database->owner_uri);
	pid_t migrator;
	int status;

	/* The name `totals` is taken by a transaction that does not end: the second file waits in
	 * its middle, after half of its tables. */
	PQclear(PQexec(blocker, "BEGIN; CREATE TABLE totals ()"));
	assert_int_equal(PQtransactionStatus(blocker), PQTRANS_INTRANS);
	migrator = start_migrator(database);
	await_blocked(database);
	assert_int_equal(kill(migrator, SIGKILL), 0);
	assert_int_equal(waitpid(migrator, &status, 0), migrator);
	PQfinish(blocker);

	assert_string_equal(
		promo_test_sql(database, "SELECT max(version) FROM schema_migrations"), "1");
	assert_string_equal(promo_test_sql(database, "SELECT to_regclass('promo_codes')"), "");
	assert_int_equal(migrate(database, NULL), 0);
	assert_complete(database);
}

static void test_changed_file(void **state)
{
	const struct promo_test_database *database = *state;

	assert_int_equal(migrate(database, NULL), 0);
	promo_test_sql(database, "UPDATE schema_migrations SET checksum = 'x' WHERE version = 2");
	promo_test_log_keep();
	assert_true(migrate(database, NULL) < 0);
	assert_true(
		promo_test_logged("sql/schema/0002_codes.sql was changed after it was applied"));
}

static void test_newer_database(void **state)
{
	const struct promo_test_database *database = *state;

	assert_int_equal(migrate(database, NULL), 0);
	promo_test_sql(database,
		"INSERT INTO schema_migrations (version, name, checksum)"
		" SELECT max(version) + 1, '9999_future', 'x' FROM schema_migrations");
	promo_test_log_keep();
	assert_true(migrate(database, NULL) < 0);
	assert_true(promo_test_logged("newer than this program"));
	assert_true(promo_test_logged("9999_future"));
}

static void test_no_server(void **state)
{
	const struct promo_migrate_config config = { .uri = "postgresql:///x?host=/nonexistent" };

	(void)state;
	assert_int_equal(promo_migrate(&config, NULL), PROMO_E_UNAVAILABLE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, promo_test_database_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_twice),
		TEST(test_status_before),
		TEST(test_many_at_once),
		TEST(test_killed_in_the_middle),
		TEST(test_changed_file),
		TEST(test_newer_database),
		cmocka_unit_test(test_no_server),
	};

	return cmocka_run_group_tests_name("store/migrate", tests, NULL, NULL);
}
