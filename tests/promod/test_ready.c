/* SPDX-License-Identifier: MIT */
/* /readyz says by name what is wrong, while the daemon serves, and is 503 where it cannot serve: without
 * its database or a migration. It tells no number and no path. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/promod/api.h"

static int ready(struct api *api, struct api_answer *ret)
{
	return API(api, ret, "GET", "/readyz");
}

/* What is wrong, by names with blanks. */
static const char *wrong(const struct api_answer *answer)
{
	static char names[200];
	size_t size = 0;

	names[0] = '\0';
	for (int i = 0;; i++) {
		char path[40], name[40];
		bool ok, explained;

		(void)snprintf(path, sizeof(path), "checks.%d.name", i);
		(void)snprintf(name, sizeof(name), "%s", api_get(answer, path));
		if (!name[0])
			return names;
		(void)snprintf(path, sizeof(path), "checks.%d.ok", i);
		ok = strcmp(api_get(answer, path), "true") == 0;
		(void)snprintf(path, sizeof(path), "checks.%d.detail", i);
		explained = strcmp(api_get(answer, path), "null") != 0;
		assert_int_equal(ok, !explained);
		if (!ok)
			size += (size_t)snprintf(
				names + size, sizeof(names) - size, "%s%s", size ? " " : "", name);
	}
}

static void test_what_is_wrong(void **state)
{
	static const struct {
		const char *name, *break_it, *mend_it;
	} cases[] = {
		{ "jobs",
			"INSERT INTO jobs (id, kind, status, total, created_at, run_after, "
			"lease_until) "
			"VALUES (gen_random_uuid(), 'export', 'queued', 1, now() - interval '1 "
			"hour', "
			"now() - interval '1 hour', 'infinity')",
			"DELETE FROM jobs" },
		{ "letters",
			"INSERT INTO outbox (id, channel, kind, recipient, status, created_at, "
			"next_at) "
			"VALUES (gen_random_uuid(), 'email', 'k', 'a@b.cc', 'waiting', now() - "
			"interval "
			"'2 hours', now() + interval '1 hour')",
			"DELETE FROM outbox" },
		{ "backups", "UPDATE schema_migrations SET applied_at = now() - interval '3 days'",
			"INSERT INTO backups (id, kind, status) VALUES (gen_random_uuid(), "
			"'daily', "
			"'succeeded')" },
		{ "backups", "UPDATE backups SET created_at = now() - interval '50 hours'",
			"UPDATE backups SET created_at = now() - interval '40 hours'" },
		/* A daemon that stands still keeps the others from sealing. */
		{ "seals",
			"UPDATE audit_sealer SET owner = gen_random_uuid(), lease_until = "
			"'infinity'; "
			"WITH w AS (INSERT INTO audit_writers (process, seq) VALUES ('test', 1) "
			"RETURNING "
			"id) INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, action, "
			"outcome) "
			"SELECT id, 1, gen_random_uuid(), now() - interval '10 minutes', 'system', "
			"'a.b', "
			"'allowed' FROM w",
			"DELETE FROM audit_log WHERE action = 'a.b'; UPDATE audit_writers SET seq "
			"= 0 "
			"WHERE process = 'test'; UPDATE audit_sealer SET lease_until = now()" },
		{ "maintenance", "UPDATE auth_state SET maintenance = true",
			"UPDATE auth_state SET maintenance = false" },
		{ "migrations",
			"INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, "
			"'x', 'x')",
			"DELETE FROM schema_migrations WHERE version = 9999" },
	};
	struct api *api = *state;
	struct api_answer answer;

	assert_int_equal(ready(api, &answer), 200);
	assert_string_equal(wrong(&answer), "");
	assert_string_equal(api_get(&answer, "status"), "ok");
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		(void)promo_test_sql(api->database, "%s", cases[i].break_it);
		assert_int_equal(ready(api, &answer), 200);
		assert_string_equal(wrong(&answer), cases[i].name);
		assert_string_equal(api_get(&answer, "status"), "degraded");
		(void)promo_test_sql(api->database, "%s", cases[i].mend_it);
		assert_int_equal(ready(api, &answer), 200);
		assert_string_equal(wrong(&answer), "");
	}
}

static void test_a_missing_migration(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"UPDATE schema_migrations SET version = -version WHERE version = "
		"(SELECT max(version) FROM schema_migrations)");
	assert_int_equal(ready(api, &answer), 503);
	assert_string_equal(api_get(&answer, "code"), "unavailable");
	assert_non_null(strstr(api_get(&answer, "detail"), "promod migrate"));
	(void)promo_test_sql(
		api->database, "UPDATE schema_migrations SET version = -version WHERE version < 0");
	assert_int_equal(ready(api, &answer), 200);
}

/* The database's clock is ahead of that of a daemon which comes now. */
static void test_another_clock(void **state)
{
	struct api *api = *state, second = *api;
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"CREATE SCHEMA ahead; GRANT USAGE ON SCHEMA ahead TO promo_app; CREATE FUNCTION "
		"ahead.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$SELECT pg_catalog.now() "
		"+ "
		"interval '10 seconds'$$; ALTER DATABASE \"%s\" SET search_path = ahead, "
		"pg_catalog, public",
		api->database->name);
	promo_test_daemon_start(&second.daemon, api->database, NULL);
	assert_int_equal(ready(&second, &answer), 200);
	assert_string_equal(wrong(&answer), "clock");
	assert_int_equal(promo_test_daemon_end(&second.daemon, SIGTERM), 0);
	promo_test_daemon_free(&second.daemon);
	assert_int_equal(ready(api, &answer), 200);
	assert_string_equal(wrong(&answer), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_a_missing_migration),
		cmocka_unit_test(test_another_clock),
	};

	return cmocka_run_group_tests_name("promod/ready", tests, api_setup, api_teardown);
}
