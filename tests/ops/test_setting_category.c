/* SPDX-License-Identifier: MIT */
/* Settings of a category: shown with their defaults, changed as a merge patch under If-Match, every
 * bad one named at its place, by whoever may; in the audit trail with before and after; and in force
 * with the next request of every daemon. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_setting.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

#define UPDATE(category) &promo_op_settings_update[PROMO_SETTINGS_##category]
#define RESET(category)  &promo_op_settings_reset[PROMO_SETTINGS_##category]

static struct person boss;

static int setup(void **state)
{
	int r = till_setup(state);

	if (r == 0)
		boss = till_person(*state, "super-admin");
	return r;
}

/* Patches with the version that there is. */
static int patch(struct till *till, enum promo_setting_category category, const char *body)
{
	char version[16];

	assert_int_equal(ASK(till, .op = &promo_op_settings_show, .token = boss.token,
				 .category = promo_setting_category_name(category)),
		200);
	(void)snprintf(version, sizeof(version), "\"%s\"", till_get(till, "version"));
	return ASK(till, .op = &promo_op_settings_update[category], .token = boss.token,
		.if_match = version, .body = body);
}

static void test_shown(void **state)
{
	struct till *till = *state;

	assert_int_equal(ASK(till, .op = &promo_op_settings_list, .token = boss.token,
				 .query = { { "count", "true" } }),
		200);
	assert_got(till, "total", "11");
	assert_got(till, "items.0.category", "alerts");
	assert_got(till, "items.0.values.off_hours.opens", "08:00");
	assert_got(till, "next_cursor", "null");
	assert_int_equal(ASK(till, .op = &promo_op_settings_list, .token = boss.token,
				 .query = { { "limit", "2" } }),
		200);
	assert_string_not_equal(till_get(till, "next_cursor"), "null");
	assert_int_equal(ASK(till, .op = &promo_op_settings_show, .token = boss.token,
				 .category = "branding"),
		200);
	assert_string_equal(till->answer.etag, "\"1\"");
	assert_got(till, "values.company_name", "MBELYCO");
	assert_got(till, "values.social_media.twitter", "");
	assert_got(till, "values.theme.primary_color", "#15a000");
	assert_got(till, "defaults.theme.primary_color", "#15a000");
	assert_got(till, "updated_by", "null");
	assert_problem(till, 404, "not_found", .op = &promo_op_settings_show, .token = boss.token,
		.category = "nonsense");
}

static void test_merge_patch(void **state)
{
	struct till *till = *state;

	assert_int_equal(patch(till, PROMO_SETTINGS_branding,
				 "{\"company_name\":\"Akeza\",\"theme\":{\"primary_color\":"
				 "\"#0000FF\",\"secondary_color\":\"#00ff00\"},"
				 "\"company_tagline\":\"\",\"company_phone\":\"0788 000 111\"}"),
		200);
	assert_got(till, "version", "2");
	assert_got(till, "values.company_name", "Akeza");
	assert_got(till, "values.theme.primary_color", "#0000FF");
	assert_got(till, "values.theme.font", "Inter");
	assert_got(till, "values.company_tagline", "");
	assert_got(till, "values.company_phone", "+250788000111");
	assert_got(till, "defaults.company_name", "MBELYCO");
	assert_got(till, "updated_by.id", boss.id);
	/* Null goes back to the default, also of a group as a whole. */
	assert_int_equal(patch(till, PROMO_SETTINGS_branding,
				 "{\"company_tagline\":null,\"theme\":{\"secondary_color\":null}}"),
		200);
	assert_got(till, "values.company_tagline", "Promo Code Management System");
	assert_got(till, "values.theme.secondary_color", "#0f7a00");
	assert_got(till, "values.theme.primary_color", "#0000FF");
	assert_int_equal(patch(till, PROMO_SETTINGS_branding, "{\"theme\":null}"), 200);
	assert_got(till, "values.theme.primary_color", "#15a000");
	assert_got(till, "version", "4");
	/* What changes nothing is no change. */
	assert_int_equal(patch(till, PROMO_SETTINGS_branding, "{\"company_name\":\"Akeza\"}"), 200);
	assert_got(till, "version", "4");
	/* Lists: an empty one is one, null is the default. */
	assert_int_equal(patch(till, PROMO_SETTINGS_notifications,
				 "{\"email_notifications\":{\"events\":[],\"recipients\":"
				 "[\"a@example.com\",\"b@example.com\"]}}"),
		200);
	assert_got(till, "values.email_notifications.events", "[]");
	assert_got(till, "values.email_notifications.recipients.1", "b@example.com");
	assert_int_equal(patch(till, PROMO_SETTINGS_notifications,
				 "{\"email_notifications\":{\"events\":null}}"),
		200);
	assert_got(till, "values.email_notifications.events.0", "user_registration");
	assert_int_equal(ASK(till, .op = RESET(branding), .token = boss.token), 200);
	assert_got(till, "values.company_name", "MBELYCO");
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM system_settings "
							   "WHERE category = 'branding'"),
		"0");
}

static void test_versions(void **state)
{
	struct till *till = *state;

	assert_problem(till, 428, "precondition_required", .op = UPDATE(codes), .token = boss.token,
		.body = "{\"max_per_job\":5}");
	assert_problem(till, 412, "version_mismatch", .op = UPDATE(codes), .token = boss.token,
		.if_match = "\"9\"", .body = "{\"max_per_job\":5}");
	assert_int_equal(ASK(till, .op = UPDATE(codes), .token = boss.token, .if_match = "\"1\"",
				 .body = "{\"max_per_job\":5}"),
		200);
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_problem(till, 412, "version_mismatch", .op = UPDATE(codes), .token = boss.token,
		.if_match = "\"1\"", .body = "{\"max_per_job\":6}");
	assert_int_equal(ASK(till, .op = RESET(codes), .token = boss.token), 200);
	assert_got(till, "values.max_per_job", "10000000");
}

/* Each validation of the PRD, and those of our own. */
static const struct {
	enum promo_setting_category category;
	const char *body, *pointer, *code;
} cases[] = {
	{ PROMO_SETTINGS_backup,
		"{\"manual_backups\":{\"last_backup_date\":\"2026-01-01T00:00:00Z\"}}",
		"/manual_backups/last_backup_date", "invalid_value" },
	{ PROMO_SETTINGS_branding, "{\"company_name\":\"\"}", "/company_name", "too_short" },
	{ PROMO_SETTINGS_branding, "{\"company_name\":\"  \"}", "/company_name", "too_short" },
	{ PROMO_SETTINGS_branding, "{\"company_email\":\"\"}", "/company_email", "too_short" },
	{ PROMO_SETTINGS_branding, "{\"company_email\":\"nobody\"}", "/company_email",
		"invalid_email" },
	{ PROMO_SETTINGS_branding, "{\"company_phone\":\"\"}", "/company_phone", "too_short" },
	{ PROMO_SETTINGS_branding, "{\"company_phone\":\"12\"}", "/company_phone",
		"invalid_phone_number" },
	{ PROMO_SETTINGS_branding, "{\"social_media\":{\"twitter\":\"promo\"}}",
		"/social_media/twitter", "invalid_url" },
	{ PROMO_SETTINGS_branding, "{\"social_media\":{\"facebook\":\"javascript:alert(1)\"}}",
		"/social_media/facebook", "invalid_url" },
	{ PROMO_SETTINGS_branding, "{\"social_media\":{\"linkedin\":\"https://\"}}",
		"/social_media/linkedin", "invalid_url" },
	{ PROMO_SETTINGS_branding, "{\"social_media\":{\"instagram\":\"@promo\"}}",
		"/social_media/instagram", "invalid_url" },
	{ PROMO_SETTINGS_branding, "{\"theme\":{\"primary_color\":\"#15a00g\"}}",
		"/theme/primary_color", "invalid_value" },
	{ PROMO_SETTINGS_branding, "{\"theme\":{\"secondary_color\":\"green\"}}",
		"/theme/secondary_color", "invalid_value" },
	{ PROMO_SETTINGS_branding, "{\"theme\":{\"secondary_color\":\"#15a000ff\"}}",
		"/theme/secondary_color", "invalid_value" },
	{ PROMO_SETTINGS_branding, "{\"theme\":{\"colour\":\"#15a000\"}}", "/theme/colour",
		"unknown_field" },
	{ PROMO_SETTINGS_security, "{\"password_policy\":{\"min_length\":0}}",
		"/password_policy/min_length", "out_of_range" },
	{ PROMO_SETTINGS_security, "{\"password_policy\":{\"min_length\":12.5}}",
		"/password_policy/min_length", "wrong_type" },
	{ PROMO_SETTINGS_security, "{\"session_management\":{\"session_timeout\":0}}",
		"/session_management/session_timeout", "out_of_range" },
	{ PROMO_SETTINGS_notifications, "{\"in_app_notifications\":{\"events\":[\"rain\"]}}",
		"/in_app_notifications/events/0", "invalid_value" },
	{ PROMO_SETTINGS_notifications,
		"{\"email_notifications\":{\"recipients\":\"a@b.example\"}}",
		"/email_notifications/recipients", "wrong_type" },
	{ PROMO_SETTINGS_backup, "{\"automated_backups\":{\"retention_policy\":1.5}}",
		"/automated_backups/retention_policy", "wrong_type" },
	{ PROMO_SETTINGS_maintenance,
		"{\"maintenance_mode\":{\"enabled\":true,\"message\":\"  \"}}",
		"/maintenance_mode/message", "required" },
	{ PROMO_SETTINGS_security, "{\"password_policy\":{\"min_length\":\"12\"}}",
		"/password_policy/min_length", "wrong_type" },
	{ PROMO_SETTINGS_security, "{\"session_management\":{\"session_timeout\":-1}}",
		"/session_management/session_timeout", "out_of_range" },
	{ PROMO_SETTINGS_security, "{\"two_factor_authentication\":{\"methods\":[\"pigeon\"]}}",
		"/two_factor_authentication/methods/0", "invalid_value" },
	{ PROMO_SETTINGS_security,
		"{\"two_factor_authentication\":{\"required_roles\":[\"admin\",\"king\"]}}",
		"/two_factor_authentication/required_roles/1", "invalid_value" },
	{ PROMO_SETTINGS_notifications,
		"{\"email_notifications\":{\"recipients\":[\"a@example.com\",\"b\"]}}",
		"/email_notifications/recipients/1", "invalid_value" },
	{ PROMO_SETTINGS_notifications,
		"{\"email_notifications\":{\"events\":[\"batch_assigned\"]}}",
		"/email_notifications/events/0", "invalid_value" },
	{ PROMO_SETTINGS_notifications, "{\"email_notifications\":{\"enabled\":true}}", "/smtp/url",
		"required" },
	{ PROMO_SETTINGS_notifications,
		"{\"smtp\":{\"url\":\"smtp://mail.example.com\",\"security\":\"none\"}}",
		"/smtp/security", "invalid_value" },
	{ PROMO_SETTINGS_notifications, "{\"smtp\":{\"url\":\"mail.example.com\"}}", "/smtp/url",
		"invalid_value" },
	{ PROMO_SETTINGS_notifications,
		"{\"sms\":{\"enabled\":true,\"url\":\"https://sms.example/\","
		"\"template\":\"{phone}\"}}",
		"/sms/template", "invalid_value" },
	{ PROMO_SETTINGS_backup, "{\"automated_backups\":{\"retention_policy\":0}}",
		"/automated_backups/retention_policy", "out_of_range" },
	{ PROMO_SETTINGS_backup, "{\"automated_backups\":{\"frequency\":\"hourly\"}}",
		"/automated_backups/frequency", "invalid_value" },
	{ PROMO_SETTINGS_maintenance, "{\"maintenance_mode\":{\"enabled\":true}}",
		"/maintenance_mode/message", "required" },
	{ PROMO_SETTINGS_codes, "{\"default_format\":\"XXXX\"}", "/default_format",
		"invalid_value" },
	{ PROMO_SETTINGS_alerts, "{\"off_hours\":{\"enabled\":true,\"closes\":\"08:00\"}}",
		"/off_hours/closes", "invalid_value" },
	{ PROMO_SETTINGS_locale, "{\"time_zone\":\"Africa/Atlantis\"}", "/time_zone",
		"invalid_value" },
	{ PROMO_SETTINGS_locale, "{\"currency\":\"rwf\"}", "/currency", "invalid_value" },
	{ PROMO_SETTINGS_locale, "{\"currency\":\"Rp\"}", "/currency", "invalid_value" },
	{ PROMO_SETTINGS_locale, "{\"currency\":\"francs\"}", "/currency", "invalid_value" },
	{ PROMO_SETTINGS_backup, "{\"automated_backups\":{\"time\":\"2:00\"}}",
		"/automated_backups/time", "invalid_value" },
	{ PROMO_SETTINGS_alerts, "{\"off_hours\":{\"opens\":\"9\"}}", "/off_hours/opens",
		"invalid_value" },
	{ PROMO_SETTINGS_registration, "{\"enabled\":\"yes\"}", "/enabled", "wrong_type" },
};

static void test_bad(void **state)
{
	struct till *till = *state;

	assert_int_equal(ASK(till, .op = RESET(notifications), .token = boss.token), 200);
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		if (patch(till, cases[i].category, cases[i].body) != 422)
			fail_msg("%s was taken", cases[i].body);
		assert_got(till, "errors.0.pointer", cases[i].pointer);
		assert_got(till, "errors.0.code", cases[i].code);
		assert_null(till_get(till, "errors.1"));
	}
	/* Who names a colour is told what one looks like. */
	assert_int_equal(
		patch(till, PROMO_SETTINGS_branding, "{\"theme\":{\"primary_color\":\"red\"}}"),
		422);
	assert_got(till, "errors.0.message", "has to be a colour like #15a000");
	/* Those of form and those of meaning, together. */
	assert_int_equal(patch(till, PROMO_SETTINGS_branding,
				 "{\"company_name\":7,\"theme\":{\"primary_color\":\"#15a00g\"}}"),
		422);
	assert_got(till, "errors.0.pointer", "/company_name");
	assert_got(till, "errors.1.pointer", "/theme/primary_color");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT sum(version) FROM setting_categories WHERE category "
				    "IN ('security', 'backup', 'maintenance', 'alerts', "
				    "'registration', 'locale')"),
		"6");
}

static void test_rights(void **state)
{
	struct till *till = *state;
	struct person keeper = till_person(till, "");

	till_grant(till, &keeper, "system.settings.update");
	assert_int_equal(ASK(till, .op = UPDATE(privacy), .token = keeper.token,
				 .if_match = "\"1\"", .body = "{\"keep_audit_days\":400}"),
		200);
	assert_problem(till, 403, "forbidden", .op = UPDATE(notifications), .token = keeper.token,
		.if_match = "\"1\"", .body = "{}");
	assert_got(till, "permission", "system.notifications.setup");
	assert_problem(till, 403, "forbidden", .op = RESET(alerts), .token = keeper.token);
	assert_got(till, "permission", "system.notifications.setup");
	assert_problem(till, 403, "forbidden", .op = UPDATE(registration), .token = keeper.token,
		.if_match = "\"1\"", .body = "{}");
	assert_got(till, "permission", "users.registration.manage");
	assert_problem(
		till, 403, "forbidden", .op = &promo_op_settings_list, .token = keeper.token);
	assert_got(till, "permission", "system.settings.read");
}

static void test_audited(void **state)
{
	struct till *till = *state;

	assert_int_equal(patch(till, PROMO_SETTINGS_redemption, "{\"assigned_only\":true}"), 200);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT changes FROM audit_log WHERE action = "
				    "'settings.update-redemption' AND outcome = 'allowed'"),
		"[{\"after\": true, \"field\": \"redemption.assigned_only\", \"before\": false}]");
	assert_int_equal(ASK(till, .op = RESET(redemption), .token = boss.token), 200);
}

/* Another daemon: a runner of its own, which asked before and so has the old settings. */
static void test_everywhere_at_once(void **state)
{
	struct till *till = *state, *other = till_new(till->database);
	static const char batch[] = "{\"batch_name\":\"%s\",\"total_codes\":0,\"amount_per_code\":"
				    "\"1.00\",\"expiration_date\":\"2099-12-31\"}";
	char body[256];

	(void)snprintf(body, sizeof(body), batch, "SET_1");
	assert_int_equal(
		ASK(other, .op = &promo_op_batch_create, .token = boss.token, .body = body), 201);
	assert_got(other, "batch.currency", "RWF");
	assert_int_equal(patch(till, PROMO_SETTINGS_locale, "{\"currency\":\"KES\"}"), 200);
	(void)snprintf(body, sizeof(body), batch, "SET_2");
	assert_int_equal(
		ASK(other, .op = &promo_op_batch_create, .token = boss.token, .body = body), 201);
	assert_got(other, "batch.currency", "KES");
	assert_int_equal(patch(till, PROMO_SETTINGS_maintenance,
				 "{\"maintenance_mode\":{\"enabled\":true,\"message\":\"soon\"}}"),
		200);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT maintenance FROM auth_state"), "t");
	assert_int_equal(ASK(till, .op = RESET(maintenance), .token = boss.token), 200);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT maintenance FROM auth_state"), "f");
	/* Who changes another category does not put back what was switched on since he began. */
	(void)promo_test_sql(till->database, "UPDATE auth_state SET maintenance = true");
	assert_int_equal(patch(till, PROMO_SETTINGS_locale, "{\"currency\":\"UGX\"}"), 200);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT maintenance FROM auth_state"), "t");
	(void)promo_test_sql(till->database, "UPDATE auth_state SET maintenance = false");
	till_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_merge_patch),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_audited),
		cmocka_unit_test(test_everywhere_at_once),
	};

	return cmocka_run_group_tests(tests, setup, till_teardown);
}
