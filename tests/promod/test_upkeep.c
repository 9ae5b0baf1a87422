/* SPDX-License-Identifier: MIT */
/* What nobody asks for is done: a daemon watches over alerts and seals by itself; and `promod maintain` begins a
 * part of the audit trail beside it as the owner of the database, in which the daemon goes on without losing a
 * request, and whose rows the daemon can no more change than those before. */
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

enum {
	PATIENCE_MS = 30 * 1000
};

static struct till till; /* of the daemon's database, for stock */

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	(void)stock_batch(&till, 'A', 10);
	return 0;
}

/* Until the question is answered with yes. */
static void await(struct api *api, const char *question)
{
	const int64_t end = promo_monotonic_ms() + PATIENCE_MS;

	while (strcmp(promo_test_sql(api->database, "%s", question), "t") != 0) {
		if (promo_monotonic_ms() > end)
			fail_msg("never came true: %s", question);
		(void)poll(NULL, 0, 20);
	}
}

static void test_by_itself(void **state)
{
	struct api *api = *state;

	(void)promo_test_sql(api->database, "INSERT INTO alerts (id, kind, severity, status, "
					    "title, dedupe_key, first_at, last_at) "
					    "VALUES (gen_random_uuid(), 'job_failed', 'warning', "
					    "'open', 'test', 'test', now(), now())");
	await(api, "SELECT noted FROM alerts WHERE dedupe_key = 'test'");
	await(api, "SELECT count(*) > 0 FROM audit_seals");
	await(api, "SELECT count(*) > 0 FROM audit_search_positions");
}

static int maintain(struct api *api, const char *owner, char *said, size_t size)
{
	return promo_test_promod(
		(const char *[]){ "maintain", "--database", api->database->app_uri, "--run-as",
			getpwnam("postgres") ? "postgres" : "nobody", "--state-dir",
			api->daemon.state_dir, owner ? "--owner-database" : NULL, owner, NULL },
		"", said, size);
}

static void redeem(struct api *api, int serial)
{
	struct api_answer answer;
	char key[16];

	(void)snprintf(key, sizeof(key), "u-%d", serial);
	assert_int_equal(
		ORDER(api, &answer, .op = &promo_op_redemption_create, .token = api->token,
			.body = stock_body(stock_code('A', serial).text, serial, ""), .key = key),
		201);
}

static void assert_denied(struct api *api, const char *statement)
{
	(void)promo_test_sql(api->database,
		"SET ROLE promo_app; DO $$ BEGIN %s; RAISE 'allowed'; EXCEPTION WHEN "
		"insufficient_privilege THEN END $$; RESET ROLE",
		statement);
}

static void test_maintain(void **state)
{
	struct api *api = *state;
	char said[4096];

	assert_int_equal(maintain(api, NULL, said, sizeof(said)), 2);
	assert_non_null(strstr(said, "owner_database"));
	redeem(api, 1);
	(void)promo_test_sql(
		api->database, "UPDATE audit_parts SET began_at = now() - interval '400 days'");
	assert_int_equal(maintain(api, api->database->owner_uri, said, sizeof(said)), 0);
	assert_non_null(strstr(said, "1 parts begun, 0 dropped"));
	for (int i = 2; i < 8; i++)
		redeem(api, i);
	await(api, "SELECT count(*) >= 6 FROM audit_log_1 WHERE action = 'redemption.create' AND "
		   "outcome = 'allowed'");
	await(api,
		"SELECT bool_and(closed_at IS NOT NULL) FROM audit_writers WHERE id < 1000000000");
	assert_denied(api, "UPDATE audit_log SET action = action");
	assert_denied(api, "UPDATE audit_log_1 SET action = action");
	assert_denied(api, "DELETE FROM audit_log_1");
	assert_denied(api, "INSERT INTO audit_log_1 SELECT * FROM audit_log LIMIT 1");
	assert_denied(api, "DELETE FROM audit_search");
	assert_denied(api, "UPDATE audit_sealer SET drop_to = 1");
	assert_denied(api, "PERFORM audit_part_begin(2)");
	assert_denied(api, "PERFORM audit_part_drop(0)");
	assert_int_equal(maintain(api, api->database->owner_uri, said, sizeof(said)), 0);
	assert_non_null(strstr(said, "0 parts begun, 0 dropped"));
}

/* A connection that rested for so long that its writer went with its part takes another writer. */
static void test_a_long_rest(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char said[4096];

	(void)promo_test_sql(
		api->database, "UPDATE audit_parts SET began_at = now() - interval '400 days'");
	assert_int_equal(maintain(api, api->database->owner_uri, said, sizeof(said)), 0);
	assert_non_null(strstr(said, "1 parts begun, 0 dropped"));
	(void)promo_test_sql(api->database,
		"DELETE FROM audit_sealed WHERE writer_id < 2000000000;"
		"DELETE FROM audit_search_positions WHERE writer_id < 2000000000;"
		"DELETE FROM audit_writers WHERE id < 2000000000;"
		"DROP TABLE audit_log_0, audit_search_0, audit_log_1, audit_search_1");
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			ORDER(api, &answer, .op = &promo_op_audit_list, .token = api->token), 200);
	redeem(api, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_itself),
		cmocka_unit_test(test_maintain),
		cmocka_unit_test(test_a_long_rest),
	};

	return cmocka_run_group_tests_name("promod/upkeep", tests, setup, api_teardown);
}
