/* SPDX-License-Identifier: MIT */
/* /readyz says by name what is wrong, while the daemon serves, and is 503 where it cannot serve: without
 * its database or a migration. It tells no number and no path. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_a_missing_migration),
	};

	return cmocka_run_group_tests_name("promod/ready", tests, api_setup, api_teardown);
}
