/* SPDX-License-Identifier: MIT */
/* Settings are the defaults until a row says otherwise, are read again when their version changed,
 * and a row that does not fit changes nothing but the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

static void set(const struct promo_test_database *database, const char *category, const char *key,
	const char *json)
{
	(void)promo_test_sql(database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), '%s', '%s', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value",
		category, key, json);
}

static void test_defaults(void **state)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;

	(void)state;
	assert_int_equal(promo_settings_new(&settings), 0);
	assert_string_equal(promo_settings_text(settings, PROMO_SETTING_COUNTRY_CODE), "250");
	assert_string_equal(
		promo_settings_text(settings, PROMO_SETTING_TIME_ZONE), "Africa/Kigali");
	assert_string_equal(promo_settings_text(settings, PROMO_SETTING_CURRENCY), "RWF");
	assert_int_equal(promo_settings_int(settings, PROMO_SETTING_CODES_MAX_PER_JOB), 10000000);
	assert_int_equal(promo_settings_int(settings, PROMO_SETTING_PASSWORD_MIN_LENGTH), 12);
	assert_false(promo_settings_bool(settings, PROMO_SETTING_ASSIGNED_ONLY));
	assert_true(promo_settings_bool(settings, PROMO_SETTING_MULTIPLE_SESSIONS));
	assert_true(promo_settings_lists(settings, PROMO_SETTING_MFA_REQUIRED_ROLES, "admin"));
	assert_true(
		promo_settings_lists(settings, PROMO_SETTING_MFA_REQUIRED_ROLES, "super-admin"));
	assert_false(promo_settings_lists(settings, PROMO_SETTING_MFA_REQUIRED_ROLES, "support"));
	assert_false(promo_settings_lists(settings, PROMO_SETTING_MFA_REQUIRED_ROLES, ""));
}

/* A list holds its texts, whole ones, and none of what only looks like one. */
static void test_lists(void **state)
{
	static const char key[] = "two_factor_authentication.required_roles";
	const struct promo_test_database *database = *state;
	const struct promo_store_config config = { .uri = database->app_uri };
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	const enum promo_setting roles = PROMO_SETTING_MFA_REQUIRED_ROLES;
	struct promo_store *store;

	assert_int_equal(promo_settings_new(&settings), 0);
	assert_int_equal(promo_store_open(&config, &store), 0);
	set(database, "security", key, "[\"admin\", \"a, b\", \"super-admin\"]");
	assert_int_equal(promo_settings_load(settings, store, 10), 0);
	assert_true(promo_settings_lists(settings, roles, "admin"));
	assert_true(promo_settings_lists(settings, roles, "a, b"));
	assert_true(promo_settings_lists(settings, roles, "super-admin"));
	assert_false(promo_settings_lists(settings, roles, "super"));
	assert_false(promo_settings_lists(settings, roles, "adm"));
	assert_false(promo_settings_lists(settings, roles, "b"));
	set(database, "security", key, "[]");
	assert_int_equal(promo_settings_load(settings, store, 11), 0);
	assert_false(promo_settings_lists(settings, roles, "admin"));
	assert_false(promo_settings_lists(settings, roles, ""));
	promo_store_close(store);
}

static void test_rows(void **state)
{
	const struct promo_test_database *database = *state;
	const struct promo_store_config config = { .uri = database->app_uri };
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct promo_store *store;

	assert_int_equal(promo_settings_new(&settings), 0);
	assert_int_equal(promo_store_open(&config, &store), 0);
	promo_test_log_keep();
	set(database, "locale", "currency", "\"KES\"");
	set(database, "codes", "max_per_job", "5000");
	set(database, "redemption", "assigned_only", "true");
	set(database, "security", "password_policy.min_length", "3");
	set(database, "security", "password_policy.require_symbols", "\"perhaps\"");
	set(database, "branding", "company_name", "\"of another code\"");
	assert_int_equal(promo_settings_load(settings, store, 1), 0);
	assert_string_equal(promo_settings_text(settings, PROMO_SETTING_CURRENCY), "KES");
	assert_int_equal(promo_settings_int(settings, PROMO_SETTING_CODES_MAX_PER_JOB), 5000);
	assert_true(promo_settings_bool(settings, PROMO_SETTING_ASSIGNED_ONLY));
	assert_int_equal(promo_settings_int(settings, PROMO_SETTING_PASSWORD_MIN_LENGTH), 12);
	assert_false(promo_settings_bool(settings, PROMO_SETTING_PASSWORD_SYMBOLS));
	assert_true(promo_test_logged("security.password_policy.min_length"));
	assert_true(promo_test_logged("security.password_policy.require_symbols"));

	/* The same version is not read again, the next one is. */
	set(database, "locale", "currency", "\"UGX\"");
	assert_int_equal(promo_settings_load(settings, store, 1), 0);
	assert_string_equal(promo_settings_text(settings, PROMO_SETTING_CURRENCY), "KES");
	assert_int_equal(promo_settings_load(settings, store, 2), 0);
	assert_string_equal(promo_settings_text(settings, PROMO_SETTING_CURRENCY), "UGX");
	promo_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(
		tests, promo_test_database_setup, promo_test_database_teardown);
}
