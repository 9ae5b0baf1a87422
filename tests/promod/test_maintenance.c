/* SPDX-License-Identifier: MIT */
/* Maintenance mode holds for the very next request of every daemon, of workers and of lanes: what writes
 * is refused with the message of the settings, but for who may change settings; sign-in and
 * verification go on; jobs rest and then go on; and what was refused can be done afterwards, with the
 * same key. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

#define PASSWORD "correct horse battery"
#define MESSAGE  "new disks, back at nine"

static struct till till; /* of the daemons' database, for people and stock */
static struct promo_test_daemon other;
static struct api second; /* the same database, by the other daemon */
static struct person clerk;
static char clerk_token[80];

static int setup(void **state)
{
	static char hash_key[128], mfa_key[128];
	const char *const options[] = { "--hash-key-file", hash_key, "--mfa-key-file", mfa_key,
		NULL };
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
	(void)stock_batch(&till, 'A', 20);
	clerk = till_person_with_password(&till, "batch-manager", PASSWORD);
	api_sign_in(api, clerk.email, PASSWORD, clerk_token);
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&other);
	return api_teardown(state);
}

static void switch_it(struct api *api, bool on)
{
	struct api_answer answer;
	char version[24];

	assert_int_equal(
		API(api, &answer, "GET", "/api/v1/settings/maintenance", .token = api->token), 200);
	(void)snprintf(version, sizeof(version), "\"%s\"", api_get(&answer, "version"));
	assert_int_equal(
		ORDER(api, &answer, .op = &promo_op_settings_update[PROMO_SETTINGS_maintenance],
			.token = api->token,
			.body = on ? "{\"maintenance_mode\":{\"enabled\":true,\"message\":"
				     "\"" MESSAGE "\"}}"
				   : "{\"maintenance_mode\":{\"enabled\":false}}",
			.if_match = version),
		200);
}

static int verify(struct api *api, int serial)
{
	struct api_answer answer;
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", stock_code('A', serial).text);
	return ORDER(api, &answer, &promo_op_code_verify, clerk_token, body);
}

static int redeem(struct api *api, const char *token, int serial, struct api_answer *ret)
{
	char key[16];

	(void)snprintf(key, sizeof(key), "m-%d", serial);
	return ORDER(api, ret, &promo_op_redemption_create, token,
		stock_body(stock_code('A', serial).text, serial, ""), .key = key);
}

static void assert_rests(const struct api_answer *answer)
{
	char wait[16];

	assert_refused(answer, PROMO_E_MAINTENANCE);
	assert_string_equal(api_get(answer, "detail"), MESSAGE);
	wire_field(&answer->wire, "Retry-After", wait, sizeof(wait));
	assert_string_equal(wait, "60");
}

static void test_codes(void **state)
{
	struct api *daemons[] = { *state, &second };
	struct api_answer answer;
	int serial = 0;

	for (size_t i = 0; i < 2; i++) {
		struct api *api = daemons[i];

		/* From here on the lanes know the clerk. */
		assert_int_equal(verify(api, 20), 200);
		assert_int_equal(redeem(api, clerk_token, ++serial, &answer), 201);
	}
	for (int round = 0; round < 4; round++) {
		struct api *api = daemons[round % 2];

		switch_it(daemons[round / 2], true);
		serial++;
		for (int i = 0; i < 2; i++) {
			(void)redeem(api, clerk_token, serial, &answer);
			assert_rests(&answer);
			assert_int_equal(verify(api, serial), 200);
		}
		/* Whoever works on the system keeps working. */
		assert_int_equal(redeem(api, api->token, serial + 10, &answer), 201);
		switch_it(daemons[round % 2], false);
		assert_int_equal(redeem(api, clerk_token, serial, &answer), 201);
		assert_null(strstr(answer.wire.head, "Idempotent-Replayed"));
	}
}

static void test_people(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char token[80];

	switch_it(api, true);
	api_sign_in(&second, clerk.email, PASSWORD, token);
	assert_int_equal(ORDER(&second, &answer, &promo_op_auth_session, token), 200);
	(void)ORDER(&second, &answer, &promo_op_me_password, token,
		"{\"current_password\":\"" PASSWORD
		"\",\"new_password\":\"horse battery staple\"}");
	assert_rests(&answer);
	assert_int_equal(ORDER(&second, &answer, &promo_op_auth_logout, token), 204);
	assert_int_equal(ORDER(api, &answer, &promo_op_audit_list, api->token), 200);
	switch_it(api, false);
	assert_string_not_equal(
		promo_test_sql(api->database, "SELECT count(*) FROM audit_log WHERE action = "
					      "'me.password' AND error = 'maintenance'"),
		"0");
}

static const char *job_status(struct api *api, const char *id)
{
	return promo_test_sql(api->database, "SELECT status FROM jobs WHERE id = '%s'", id);
}

static void test_jobs(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	int64_t until_ms = promo_monotonic_ms() + 60000;
	char before[40], meanwhile[40];

	assert_int_equal(ORDER(api, &answer, &promo_op_batch_create, api->token,
				 "{\"batch_name\":\"RESTS\",\"total_codes\":300000,\"amount_per_"
				 "code\":\"1.00\","
				 "\"expiration_date\":\"2099-12-31\"}"),
		201);
	(void)snprintf(before, sizeof(before), "%s", api_get(&answer, "job.id"));
	while (strcmp(promo_test_sql(
			      api->database, "SELECT done > 0 FROM jobs WHERE id = '%s'", before),
		       "t") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	switch_it(api, true);
	while (strcmp(promo_test_sql(api->database,
			      "SELECT lease_owner IS NULL FROM jobs WHERE id = '%s'", before),
		       "t") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	assert_string_equal(job_status(api, before), "running");
	assert_int_equal(
		ORDER(api, &answer, &promo_op_batch_create, api->token,
			"{\"batch_name\":\"LATER\",\"total_codes\":10,\"amount_per_code\":\"1.00\","
			"\"expiration_date\":\"2099-12-31\"}"),
		201);
	(void)snprintf(meanwhile, sizeof(meanwhile), "%s", api_get(&answer, "job.id"));
	/* Who asks for its end gives every engine time to look for work. */
	(void)ORDER(api, &answer, &promo_op_job_show, api->token, .id = meanwhile,
		.headers = "Prefer: wait=1\r\n");
	assert_string_equal(job_status(api, meanwhile), "queued");
	(void)promo_test_sql(
		api->database, "INSERT INTO job_wishes (job_id) VALUES ('%s')", before);
	switch_it(api, false);
	while (strcmp(job_status(api, meanwhile), "succeeded") != 0 ||
		strcmp(job_status(api, before), "cancelled") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_jobs),
	};

	return cmocka_run_group_tests_name("promod/maintenance", tests, setup, teardown);
}
