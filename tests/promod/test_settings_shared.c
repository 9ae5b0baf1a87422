/* SPDX-License-Identifier: MIT */
/* A setting that is changed through one daemon holds for the very next request of another one on the same
 * database, of workers and of lanes, without a restart; and it is gone from both when it is reset. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_notification_test.h"
#include "libpromo/api/op_webhook.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

enum {
	ROUNDS = 4
};

static struct till till; /* of the daemons' database, for people and stock */
static struct promo_test_daemon other;
static struct api second; /* the same database and people, by the other daemon */
static char webhook[40];

static int setup(void **state)
{
	static char hash_key[128], mfa_key[128];
	const char *const options[] = { "--hash-key-file", hash_key, "--mfa-key-file", mfa_key,
		NULL };
	struct api_answer answer;
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	(void)snprintf(hash_key, sizeof(hash_key), "%s/hash.key", api->daemon.state_dir);
	(void)snprintf(mfa_key, sizeof(mfa_key), "%s/mfa.key", api->daemon.state_dir);
	promo_test_daemon_start(&other, api->database, options);
	second = *api;
	second.daemon = other;
	(void)stock_batch(&till, 'A', 100);
	(void)ORDER(api, &answer, .op = &promo_op_webhook_create, .token = api->token,
		.body = "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"batch.created\"]}");
	assert_int_equal(answer.status, 201);
	(void)snprintf(webhook, sizeof(webhook), "%s", api_get(&answer, "id"));
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&other);
	return api_teardown(state);
}

static void patch(struct api *api, enum promo_setting_category category, const char *body)
{
	struct api_answer answer;
	char path[80], version[24];

	(void)snprintf(
		path, sizeof(path), "/api/v1/settings/%s", promo_setting_category_name(category));
	assert_int_equal(API(api, &answer, "GET", path, .token = api->token), 200);
	(void)snprintf(version, sizeof(version), "\"%s\"", api_get(&answer, "version"));
	assert_int_equal(ORDER(api, &answer, .op = &promo_op_settings_update[category],
				 .token = api->token, .body = body, .if_match = version),
		200);
}

static void reset(struct api *api, enum promo_setting_category category)
{
	struct api_answer answer;

	assert_int_equal(
		ORDER(api, &answer, .op = &promo_op_settings_reset[category], .token = api->token),
		200);
}

/*
 * What workers do: true where the setting of the case holds.
 */

static bool wants_long_passwords(struct api *api)
{
	struct api_answer answer;

	(void)ORDER(api, &answer, .op = &promo_op_user_create, .token = api->token,
		.body = "{\"first_name\":\"A\",\"last_name\":\"B\",\"email\":\"no address\","
			"\"phone_number\":null,\"password\":\"a battery of horses\",\"roles\":[]}");
	assert_refused(&answer, PROMO_E_INVALID_INPUT);
	return strstr(answer.body, "\"/password\"") != NULL;
}

static bool wants_small_jobs(struct api *api)
{
	struct api_answer answer;

	/* The past is refused as well, so that nothing is made. */
	(void)ORDER(api, &answer, .op = &promo_op_batch_create, .token = api->token,
		.body = "{\"batch_name\":\"SIX\",\"total_codes\":6,\"amount_per_code\":\"1.00\","
			"\"expiration_date\":\"2020-01-01\"}");
	assert_refused(&answer, PROMO_E_INVALID_INPUT);
	return strstr(answer.body, "\"/total_codes\"") != NULL;
}

static bool calls_private_addresses(struct api *api)
{
	struct api_answer answer;
	char body[120];

	(void)snprintf(
		body, sizeof(body), "{\"channel\":\"webhook\",\"webhook_id\":\"%s\"}", webhook);
	(void)ORDER(
		api, &answer, .op = &promo_op_notification_test, .token = api->token, .body = body);
	assert_refused(&answer, PROMO_E_DELIVERY_FAILED);
	return strstr(answer.body, "private") == NULL;
}

static bool is_called_akeza(struct api *api)
{
	struct api_answer answer;

	assert_int_equal(ORDER(api, &answer, .op = &promo_op_server_version), 200);
	return strcmp(api_get(&answer, "company_name"), "Akeza 東京") == 0 &&
	       strcmp(api_get(&answer, "company_tagline"), "null") == 0;
}

/* Nothing asks for it yet but every first statement. */
static bool is_maintained(struct api *api)
{
	return strcmp(promo_test_sql(api->database, "SELECT maintenance FROM auth_state"), "t") ==
	       0;
}

static const struct {
	enum promo_setting_category category;
	const char *body;
	bool (*holds)(struct api *api);
} cases[] = {
	{ PROMO_SETTINGS_security, "{\"password_policy\":{\"min_length\":30}}",
		wants_long_passwords },
	{ PROMO_SETTINGS_codes, "{\"max_per_job\":5}", wants_small_jobs },
	{ PROMO_SETTINGS_notifications, "{\"webhooks\":{\"allow_private_addresses\":true}}",
		calls_private_addresses },
	{ PROMO_SETTINGS_branding, "{\"company_name\":\"Akeza 東京\",\"company_tagline\":\"\"}",
		is_called_akeza },
	{ PROMO_SETTINGS_maintenance,
		"{\"maintenance_mode\":{\"enabled\":true,\"message\":\"back at nine\"}}",
		is_maintained },
};

static void test_workers(void **state)
{
	struct api *api = *state;

	/* No more often than a user may try out messages within a minute. */
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		for (int round = 0; round < 2; round++) {
			struct api *here = round ? &second : api, *there = round ? api : &second;

			assert_false(cases[i].holds(there));
			patch(here, cases[i].category, cases[i].body);
			assert_true(cases[i].holds(there));
			assert_true(cases[i].holds(here));
			reset(there, cases[i].category);
			assert_false(cases[i].holds(here));
		}
}

/*
 * What lanes do, which decode before they ask the database.
 */

static void redeem(struct api *api, const struct person *clerk, int serial, const char *country)
{
	struct api_answer answer;
	char body[120], key[32], phone[32];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\",\"phone_number\":\"0722000111\"}",
		stock_code('A', serial).text);
	(void)snprintf(key, sizeof(key), "settings-%d", serial);
	(void)snprintf(phone, sizeof(phone), "+%s722000111", country);
	assert_int_equal(ORDER(api, &answer, .op = &promo_op_redemption_create,
				 .token = clerk->token, .key = key, .body = body),
		201);
	assert_string_equal(api_get(&answer, "customer.phone_number"), phone);
}

static void test_lanes(void **state)
{
	struct person clerk = till_person(&till, "batch-manager");
	struct api *api = *state;
	int serial = 1;

	for (int round = 0; round < ROUNDS; round++) {
		struct api *here = round % 2 ? &second : api, *there = round % 2 ? api : &second;

		/* Known to both. */
		redeem(here, &clerk, serial++, "250");
		redeem(there, &clerk, serial++, "250");
		patch(here, PROMO_SETTINGS_locale, "{\"default_country_code\":\"254\"}");
		redeem(there, &clerk, serial++, "254");
		redeem(here, &clerk, serial++, "254");
		reset(there, PROMO_SETTINGS_locale);
		redeem(here, &clerk, serial++, "250");
	}
}

/* Who needs a second factor from now on does nothing before he has one. */
static void test_lanes_let_nobody_in(void **state)
{
	struct person clerk = till_person(&till, "batch-manager");
	struct api *api = *state;
	struct api_answer answer;
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", stock_code('A', 99).text);
	for (int round = 0; round < ROUNDS; round++) {
		struct api *here = round % 2 ? &second : api, *there = round % 2 ? api : &second;

		for (int i = 0; i < 2; i++)
			assert_int_equal(ORDER(there, &answer, .op = &promo_op_code_verify,
						 .token = clerk.token, .body = body),
				200);
		patch(here, PROMO_SETTINGS_security,
			"{\"two_factor_authentication\":{\"required_roles\":[\"batch-manager\"]}}");
		(void)ORDER(there, &answer, .op = &promo_op_code_verify, .token = clerk.token,
			.body = body);
		assert_refused(&answer, PROMO_E_MFA_ENROLMENT_REQUIRED);
		patch(here, PROMO_SETTINGS_security,
			"{\"two_factor_authentication\":{\"required_roles\":[]}}");
	}
}

/* Also where the database is away, but for what nobody has read so far. */
static void test_the_shop_without_a_database(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	patch(api, PROMO_SETTINGS_branding, "{\"company_name\":\"Akeza\"}");
	till_shut(&till);
	(void)promo_test_sql(till.database,
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
		"WHERE datname = current_database() AND pid <> pg_backend_pid()");
	assert_int_equal(ORDER(api, &answer, .op = &promo_op_server_version), 200);
	assert_string_equal(api_get(&answer, "name"), "promod");
	till_open(&till);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_lanes_let_nobody_in),
		cmocka_unit_test(test_the_shop_without_a_database),
	};

	return cmocka_run_group_tests_name("promod/settings_shared", tests, setup, teardown);
}
