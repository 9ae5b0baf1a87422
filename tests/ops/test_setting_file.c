/* SPDX-License-Identifier: MIT */
/* Settings as a whole: what is exported imports again and changes nothing; a preview tells the
 * differences and changes nothing; files of other versions import, with what is unknown told; and
 * snapshots put back exactly what was, including what nobody had set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op_setting.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

static struct person boss;

static int setup(void **state)
{
	int r = till_setup(state);

	if (r == 0)
		boss = till_person(*state, "super-admin");
	return r;
}

static int import(struct till *till, const char *body, bool dry_run)
{
	const struct ask ask = { .op = &promo_op_settings_import,
		.token = boss.token,
		.body = body,
		.query = { { dry_run ? "dry_run" : NULL, "true" } } };

	return till_ask(till, &ask);
}

static void assert_setting(
	struct till *till, const char *category, const char *key, const char *value)
{
	assert_int_equal(
		ASK(till, .op = &promo_op_settings_show, .token = boss.token, .category = category),
		200);
	assert_got(till, key, value);
}

static void test_there_and_back(void **state)
{
	struct till *till = *state;
	char *file;

	assert_int_equal(
		import(till,
			"{\"format\":\"promo-settings\",\"settings\":{\"branding\":{"
			"\"company_name\":\"Akeza \\\"&\\\" Co\",\"company_tagline\":\"\"},"
			"\"security\":{\"two_factor_authentication\":{\"methods\":"
			"[\"email\"]}}}}",
			false),
		200);
	assert_got(till, "applied", "true");
	assert_int_equal(ASK(till, .op = &promo_op_settings_export, .token = boss.token), 200);
	assert_got(till, "format", "promo-settings");
	assert_got(till, "settings.branding.company_name", "Akeza \"&\" Co");
	assert_got(till, "settings.branding.company_tagline", "");
	assert_got(till, "settings.security.two_factor_authentication.methods", "[\"email\"]");
	assert_got(till, "settings.codes.max_per_job", "10000000");
	file = strdup(till->answer.body);
	assert_non_null(file);
	assert_int_equal(import(till, file, false), 200);
	assert_got(till, "changes", "[]");
	assert_got(till, "unknown", "[]");
	/* All of it into a shop where nothing was set. */
	for (int i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		assert_int_equal(
			ASK(till, .op = &promo_op_settings_reset[i], .token = boss.token), 200);
	assert_int_equal(import(till, file, false), 200);
	assert_got(till, "changes.0.setting", "branding.company_name");
	assert_got(till, "changes.0.before", "MBELYCO");
	assert_got(till, "changes.0.after", "Akeza \"&\" Co");
	assert_non_null(till_get(till, "changes.2"));
	assert_null(till_get(till, "changes.3"));
	free(file);
}

static void test_preview(void **state)
{
	static const char body[] = "{\"format\":\"promo-settings\",\"settings\":{\"codes\":{"
				   "\"max_per_job\":77,\"keep_jobs_days\":null}}}";
	struct till *till = *state;
	char versions[64];

	(void)snprintf(versions, sizeof(versions), "%s",
		promo_test_sql(till->database, "SELECT sum(version) FROM setting_categories"));
	assert_int_equal(import(till, body, true), 200);
	assert_got(till, "applied", "false");
	assert_got(till, "changes.0.setting", "codes.max_per_job");
	assert_got(till, "changes.0.before", "10000000");
	assert_got(till, "changes.0.after", "77");
	assert_null(till_get(till, "changes.1"));
	assert_setting(till, "codes", "values.max_per_job", "10000000");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT sum(version) FROM setting_categories"),
		versions);
	assert_int_equal(import(till, body, false), 200);
	assert_setting(till, "codes", "values.max_per_job", "77");
}

static void test_other_versions(void **state)
{
	struct till *till = *state;

	/* An older file lacks what is newer, which stays. */
	assert_int_equal(import(till,
				 "{\"format\":\"promo-settings\",\"made_by\":\"0.0.1\","
				 "\"settings\":{\"locale\":{\"currency\":\"UGX\"},"
				 "\"gone\":{\"x\":1},\"branding\":{\"theme\":{\"shadow\":true}}}}",
				 false),
		200);
	assert_got(till, "unknown", "[\"branding.theme.shadow\",\"gone\"]");
	assert_setting(till, "locale", "values.currency", "UGX");
	assert_setting(till, "locale", "values.time_zone", "Africa/Kigali");
	/* The same in a file of this version, or of none, is a slip. */
	assert_problem(till, 422, "invalid_input", .op = &promo_op_settings_import,
		.token = boss.token,
		.body = "{\"format\":\"promo-settings\",\"settings\":{\"gone\":{\"x\":1}}}");
	assert_got(till, "errors.0.pointer", "/settings/gone");
	assert_got(till, "errors.0.code", "unknown_field");
}

static void test_bad_files(void **state)
{
	static const struct {
		const char *body, *pointer, *code;
	} cases[] = {
		{ "{\"format\":\"other\",\"settings\":{}}", "/format", "invalid_value" },
		{ "{\"format\":\"promo-settings\"}", "/settings", "required" },
		{ "{\"format\":\"promo-settings\",\"settings\":[]}", "/settings", "wrong_type" },
		{ "{\"format\":\"promo-settings\",\"made_by\":\"9\",\"settings\":{\"codes\":{"
		  "\"max_per_job\":0}}}",
			"/settings/codes/max_per_job", "out_of_range" },
		{ "{\"format\":\"promo-settings\",\"settings\":{\"branding\":{\"theme\":{"
		  "\"primary_color\":\"#zzzzzz\"}}}}",
			"/settings/branding/theme/primary_color", "invalid_value" },
		{ "{\"format\":\"promo-settings\",\"settings\":{\"maintenance\":{"
		  "\"maintenance_mode\":{\"enabled\":true}}}}",
			"/settings/maintenance/maintenance_mode/message", "required" },
	};
	struct till *till = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(import(till, cases[i].body, i % 2 == 0), 422);
		assert_got(till, "errors.0.pointer", cases[i].pointer);
		assert_got(till, "errors.0.code", cases[i].code);
	}
}

static void test_snapshots(void **state)
{
	struct till *till = *state;
	char id[40];

	assert_int_equal(import(till,
				 "{\"format\":\"promo-settings\",\"settings\":{\"branding\":null,"
				 "\"locale\":{\"currency\":\"KES\"}}}",
				 false),
		200);
	assert_int_equal(ASK(till, .op = &promo_op_settings_snapshot, .token = boss.token,
				 .body = "{\"note\":\"before\"}"),
		201);
	assert_got(till, "note", "before");
	assert_got(till, "automatic", "false");
	assert_got(till, "created_by.id", boss.id);
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "id"));
	assert_int_equal(import(till,
				 "{\"format\":\"promo-settings\",\"settings\":{\"branding\":{"
				 "\"company_name\":\"Wrong\"},\"locale\":{\"currency\":\"EUR\"}}}",
				 false),
		200);
	/* The import kept what was there before. */
	assert_int_equal(ASK(till, .op = &promo_op_settings_snapshots, .token = boss.token), 200);
	assert_got(till, "items.0.automatic", "true");
	assert_got(till, "items.0.note", "before an import");
	assert_got(till, "items.1.id", id);
	assert_int_equal(
		ASK(till, .op = &promo_op_settings_restore, .token = boss.token, .id = id), 200);
	assert_got(till, "changes.0.setting", "branding.company_name");
	assert_got(till, "changes.0.after", "MBELYCO");
	assert_got(till, "changes.1.setting", "locale.currency");
	assert_got(till, "changes.1.after", "KES");
	assert_setting(till, "locale", "values.currency", "KES");
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM system_settings "
							   "WHERE category = 'branding'"),
		"0");
	assert_problem(till, 404, "not_found", .op = &promo_op_settings_restore,
		.token = boss.token, .id = boss.id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_preview),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_snapshots),
	};

	return cmocka_run_group_tests(tests, setup, till_teardown);
}
