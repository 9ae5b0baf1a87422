/* SPDX-License-Identifier: MIT */
/* The role of the daemon can do its work and no more: it has no DDL, and what was redeemed and what
 * was written to the audit trail it can neither change nor delete. */
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/macros.h"
#include "tests/lib/database.h"

/* The SQLSTATE of what the daemon's role tries, "" if it may. */
static const char *try_as_app(const struct promo_test_database *database, const char *sql)
{
	static char state[6];
	PGconn *connection = PQconnectdb(database->app_uri);
	PGresult *begin = PQexec(connection, "BEGIN"), *result = PQexec(connection, sql);
	const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	(void)snprintf(state, sizeof(state), "%s", found ? found : "");
	PQclear(begin);
	PQclear(result);
	PQfinish(connection);
	return state;
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
		"UPDATE redemptions SET amount = 0",
		"DELETE FROM redemptions",
		"TRUNCATE redemptions",
		"UPDATE audit_log SET outcome = 'allowed'",
		"DELETE FROM audit_log",
		"TRUNCATE audit_log",
		"UPDATE audit_log_0 SET outcome = 'allowed'",
		"DELETE FROM audit_log_0",
		"INSERT INTO audit_log_0 DEFAULT VALUES",
		"INSERT INTO audit_search_0 DEFAULT VALUES",
		"DELETE FROM audit_search",
		"SELECT audit_part_begin(1)",
		"SELECT audit_part_drop(0)",
		"UPDATE audit_sealer SET drop_to = 1",
		"UPDATE audit_parts SET dropped_at = now()",
		"UPDATE audit_seals SET root = ''",
		"DELETE FROM audit_seals",
		"UPDATE schema_migrations SET checksum = ''",
		"DELETE FROM schema_migrations",
		"UPDATE permissions SET key = key",
		"CREATE TABLE t ()",
		"DROP TABLE redemptions",
		"ALTER TABLE redemptions ADD COLUMN x integer",
		"ALTER TABLE redemptions DISABLE TRIGGER ALL",
		"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"CREATE ROLE other",
		"SET ROLE promo_owner",
		"COPY redemptions TO PROGRAM 'cat'",
	};
	const struct promo_test_database *database = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		if (strcmp(try_as_app(database, cases[i]), "42501") != 0)
			fail_msg("not refused: %s (%s)", cases[i], try_as_app(database, cases[i]));
}

static void test_allowed(void **state)
{
	static const char *const cases[] = {
		"UPDATE promo_codes SET status = 'blocked'",
		"DELETE FROM promo_codes",
		"UPDATE batches SET description = ''",
		"DELETE FROM sessions",
		"SELECT FROM schema_migrations",
		"INSERT INTO audit_writers (process) VALUES ('x')",
	};
	const struct promo_test_database *database = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		assert_string_equal(try_as_app(database, cases[i]), "");
	assert_string_equal(
		promo_test_sql(database,
			"SELECT coalesce(string_agg(oid::regclass::text, ' '), '') FROM pg_class"
			" WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', "
			"'p') AND NOT relispartition"
			" AND NOT has_table_privilege('promo_app', oid, 'SELECT')"),
		"");
}

static void test_owner_is_not_the_app(void **state)
{
	const struct promo_test_database *database = *state;

	assert_string_equal(
		promo_test_sql(database, "SELECT count(*) FROM pg_class WHERE relowner ="
					 " 'promo_app'::regrole"),
		"0");
	assert_string_equal(
		promo_test_sql(database,
			"SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
			" FROM pg_roles WHERE rolname = 'promo_app'"),
		"f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_owner_is_not_the_app),
	};

	return cmocka_run_group_tests_name(
		"store/rights", tests, promo_test_database_setup, promo_test_database_teardown);
}
