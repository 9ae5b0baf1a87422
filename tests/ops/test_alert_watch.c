/* SPDX-License-Identifier: MIT */
/* The rules raise alerts for what is too much and for nothing less, name their evidence by ids, count on
 * while an alert is open, and begin anew when it was resolved; of several that watch, one does what is to be
 * done. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_alert.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/ops/vigil.h"

static void test_one_phone(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'A', 60);
	for (int i = 1; i <= 4; i++)
		stock_redeem(till, &clerk, 'A', 2 * i, 1);
	stock_redeem(till, &clerk, 'A', 59, 2);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	stock_redeem(till, &clerk, 'A', 10, 1);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "same_phone 5 open");
	assert_string_equal(
		vigil_ask(till, "SELECT evidence #>> '{about,kind}' || ' ' || "
				"(evidence #>> '{about,id}' = (SELECT id::text FROM customers "
				"WHERE phone_number = '+250788000001'))::text || ' ' || "
				"(evidence ->> 'threshold') || ' ' || (evidence ->> 'minutes') || "
				"' ' || jsonb_array_length(evidence -> 'ids') FROM alerts"),
		"customer true 5 1440 5");
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM alerts WHERE evidence::text ~ '78800000'"),
		"0");
	/* Judged once, however often one looks; and no row of the trail but the one that opens it. */
	vigil_watch();
	stock_redeem(till, &clerk, 'A', 12, 1);
	vigil_watch();
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "same_phone 6 open");
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) || ' ' || min(actor_kind) FROM audit_log WHERE "
				"action = 'alert.open' AND entity_id IN (SELECT id FROM alerts)"),
		"1 system");
	/* What was resolved is no evidence any more. */
	vigil_resolve_all(till);
	for (int i = 7; i <= 10; i++)
		stock_redeem(till, &clerk, 'A', 2 * i, 1);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "same_phone 6 resolved");
	stock_redeem(till, &clerk, 'A', 22, 1);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "same_phone 6 resolved, same_phone 5 open");
	/* Never, where the setting says so. */
	vigil_resolve_all(till);
	vigil_set(till, "alerts", "same_phone.count", "0");
	for (int i = 12; i <= 20; i++)
		stock_redeem(till, &clerk, 'A', 2 * i, 1);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "same_phone 6 resolved, same_phone 5 resolved");
}

static void test_neighbours(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");

	(void)stock_batch(till, 'C', 40);
	/* Two clerks at one sheet, a gap, and one that was redeemed long before the others. */
	for (int i = 1; i <= 8; i++)
		stock_redeem(till, i % 2 ? &clerk : &other, 'C', i, 100 + i);
	for (int i = 10; i <= 16; i++)
		if (i != 14)
			stock_redeem(till, &clerk, 'C', i, 100 + i);
	stock_redeem(till, &clerk, 'C', 20, 120);
	(void)vigil_ask(till,
		"ALTER TABLE redemptions DISABLE TRIGGER ALL; UPDATE redemptions "
		"SET created_at = created_at - interval '11 minutes' WHERE promo_code_id = "
		"(SELECT p.id FROM promo_codes p JOIN batches b ON b.id = p.batch_id "
		"WHERE serial = 20 AND b.batch_name LIKE '%C'); "
		"ALTER TABLE redemptions ENABLE TRIGGER ALL");
	for (int i = 21; i <= 24; i++)
		stock_redeem(till, &clerk, 'C', i, 100 + i);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	stock_redeem(till, &clerk, 'C', 25, 125);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "neighbours 5 open");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT severity || ' ' || (evidence #>> '{about,id}' = '%s') || ' ' || "
			"(SELECT string_agg(serial::text, ',' ORDER BY serial) FROM promo_codes "
			"WHERE id::text IN (SELECT jsonb_array_elements_text(evidence -> 'ids'))) "
			"FROM alerts",
			clerk.id),
		"critical true 21,22,23,24,25");
}

static void test_what_does_not_exist(void **state)
{
	struct till *till = *state;
	struct person one = till_person(till, ""), two = till_person(till, "");

	vigil_set(till, "alerts", "unissued_codes.count", "22");
	for (int i = 0; i < 19; i++)
		vigil_note(till, "code.verify", one.id, "", "code_not_found", 30);
	/* Too long ago for the one, and no misses. */
	vigil_note(till, "code.verify", one.id, "", "code_not_found", 91);
	vigil_note(till, "code.verify", one.id, "", "", 30);
	vigil_note(till, "code.verify", one.id, "", "too_many_requests", 30);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	vigil_note(till, "redemption.create", two.id, "", "code_not_found", 20);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	vigil_note(till, "redemption.create", one.id, "", "code_not_found", 20);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "unissued_codes 22 open, guessing 20 open");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (evidence #>> '{about,id}' = '%s') || ' ' || severity FROM alerts "
			"WHERE kind = 'guessing'",
			one.id),
		"true critical");
	assert_string_equal(vigil_ask(till, "SELECT evidence #>> '{about,kind}' || ' ' || "
					    "jsonb_array_length(evidence -> 'ids') FROM alerts "
					    "WHERE kind = 'unissued_codes'"),
		"shop 2");
	vigil_note(till, "fraud-report.create", one.id, "", "code_not_found", 10);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "unissued_codes 23 open, guessing 21 open");
}

/* Of several writers one is read further than another, so that what was earlier is read later. */
static void test_what_is_read_late(void **state)
{
	struct till *till = *state;
	struct person one = till_person(till, ""), clerk = till_person(till, "batch-manager");

	vigil_set(till, "alerts", "unissued_codes.count", "0");
	for (int i = 0; i < 19; i++)
		vigil_note(till, "code.verify", one.id, "", "code_not_found", 1 + i % 2);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	vigil_note(till, "code.verify", one.id, "", "code_not_found", 30);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "guessing 20 open");
	vigil_resolve_all(till);

	/* A redemption that is committed after one that began later. */
	(void)stock_batch(till, 'L', 60);
	for (int i = 1; i <= 4; i++)
		stock_redeem(till, &clerk, 'L', 2 * i, 300);
	vigil_watch();
	stock_redeem(till, &clerk, 'L', 10, 300);
	(void)vigil_ask(till,
		"ALTER TABLE redemptions DISABLE TRIGGER ALL; UPDATE redemptions "
		"SET created_at = created_at - interval '20 seconds' WHERE promo_code_id = "
		"(SELECT p.id FROM promo_codes p JOIN batches b ON b.id = p.batch_id "
		"WHERE serial = 10 AND b.batch_name LIKE '%L'); "
		"ALTER TABLE redemptions ENABLE TRIGGER ALL");
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "guessing 20 resolved, same_phone 5 open");
}

static void test_used_codes(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'E', 3);
	stock_redeem(till, &clerk, 'E', 1, 201);
	for (int i = 0; i < 2; i++)
		vigil_note(till, "code.verify", clerk.id, stock_code_id(till, 'E', 1).text, "", 0);
	/* Of a code that nobody redeemed. */
	for (int i = 0; i < 5; i++)
		vigil_note(till, "code.verify", clerk.id, stock_code_id(till, 'E', 2).text, "", 0);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_create, .token = clerk.token, .key = "used-1",
			.body = stock_body(stock_code('E', 1).text, 2, "")),
		409);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "used_codes 3 open");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM alerts WHERE evidence #>> '{about,id}' = "
				    "'%s' AND evidence::text !~ '%s'",
				    stock_code_id(till, 'E', 1).text, stock_code('E', 1).text),
		"1");
}

static void test_off_hours(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	char opens[32], closes[32];

	(void)snprintf(opens, sizeof(opens), "\"%s\"",
		vigil_ask(till,
			"SELECT to_char(now() AT TIME ZONE 'Africa/Kigali' + interval '2 hours', "
			"'HH24:MI')"));
	(void)snprintf(closes, sizeof(closes), "\"%s\"",
		vigil_ask(till,
			"SELECT to_char(now() AT TIME ZONE 'Africa/Kigali' + interval '3 hours', "
			"'HH24:MI')"));
	(void)stock_batch(till, 'F', 9);
	vigil_set(till, "alerts", "off_hours.opens", opens);
	vigil_set(till, "alerts", "off_hours.closes", closes);
	stock_redeem(till, &clerk, 'F', 1, 301);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "");
	vigil_set(till, "alerts", "off_hours.enabled", "true");
	stock_redeem(till, &clerk, 'F', 3, 303);
	stock_redeem(till, &clerk, 'F', 5, 305);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "off_hours 2 open");
	/* While it is open. */
	vigil_set(till, "alerts", "off_hours.opens", closes);
	vigil_set(till, "alerts", "off_hours.closes", opens);
	vigil_resolve_all(till);
	stock_redeem(till, &clerk, 'F', 7, 307);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "off_hours 2 resolved");
}

static void test_report_rate(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	vigil_set(till, "alerts", "report_rate.least", "4");
	vigil_set(till, "alerts", "report_rate.percent", "50");
	(void)stock_batch(till, 'G', 9);
	for (int i = 1; i <= 4; i++)
		stock_redeem(till, &clerk, 'G', 2 * i, 400 + i);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('G', 2).text, 2, "")),
		201);
	vigil_watch();
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM alerts WHERE kind = 'report_rate'"), "0");
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('G', 4).text, 2, "")),
		201);
	vigil_watch();
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count || ' ' || (evidence #>> '{about,id}' = '%s') || ' ' || "
			"(evidence ->> 'of') FROM alerts WHERE kind = 'report_rate'",
			clerk.id),
		"2 true fraud_report");
	/* What people report raises one as well, at once; the trail gets its row by the watch. */
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM audit_log WHERE action = 'alert.open' AND "
				"entity_id IN (SELECT id FROM alerts)"),
		"3");
}

static void test_the_system(void **state)
{
	static const char job[] = "0190a1b2-c3d4-7abc-8def-00000000d0b1";
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"INSERT INTO jobs (id, kind, status) VALUES ('%s', 'export', 'failed')", job);
	vigil_note(till, "job.finish", "", job, "internal", 0);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "job_failed 1 open");
	(void)vigil_ask(till, "DELETE FROM alerts");
	/* Twice in a row: one long wait is what a pause of all daemons leaves. */
	vigil_note(till, "batch.create", "", job, "", 60);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(vigil_alerts(till), "");
		vigil_work->looked_ms = promo_monotonic_ms() - PROMO_ALERT_LOOK_MS;
		vigil_watch();
	}
	assert_string_equal(vigil_alerts(till), "sealing_behind 1 open");
	assert_string_equal(
		vigil_ask(till, "SELECT (evidence ->> 'seconds')::bigint >= 900 FROM alerts"), "t");
	(void)vigil_ask(till, "DELETE FROM alerts; DELETE FROM audit_log WHERE at < now() - "
			      "interval '50 minutes'");
	/* Of no disk 101 percent are free. */
	till->config.spool_dir = "/";
	till->config.disk_least_percent = 101;
	vigil_work->looked_ms = promo_monotonic_ms() - PROMO_ALERT_LOOK_MS;
	vigil_watch();
	assert_string_equal(
		vigil_ask(till, "SELECT kind || ' ' || severity || ' ' || "
				"((evidence ->> 'free_percent')::int BETWEEN 0 AND 100)::text "
				"FROM alerts WHERE kind <> 'sealing_behind'"),
		"disk_full critical true");
	till->config.spool_dir = NULL;
	till->config.disk_least_percent = 0;
}

/* What it says of a rule: whether it is on, how often it fired, about how many. */
static const char *trial(struct till *till, int rule)
{
	static char text[64];
	static const char *const fields[] = { "kind", "enabled", "fired", "subjects" };
	char path[64];

	text[0] = '\0';
	for (size_t i = 0; i < PROMO_COUNT(fields); i++) {
		size_t length = strlen(text);

		(void)snprintf(path, sizeof(path), "rules.%d.%s", rule, fields[i]);
		(void)snprintf(text + length, sizeof(text) - length, "%s%s", i ? " " : "",
			till_get(till, path));
	}
	return text;
}

static void test_dry_run(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person boss = till_person(till, "");
	char body[32];

	till_grant(till, &boss, "alerts.manage");
	(void)stock_batch(till, 'H', 30);
	(void)vigil_ask(till, "CREATE TABLE before AS SELECT count(*) AS n FROM system_settings");
	for (int i = 1; i <= 9; i++)
		stock_redeem(till, &clerk, 'H', i, 500 + i / 9);
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_try, .token = boss.token,
			.body = "{\"days\": 1, \"settings\": {\"same_phone\": {\"count\": 8}, "
				"\"neighbours\": {\"count\": 9}, \"used_codes\": "
				"{\"count\": 0}}}"),
		200);
	assert_got(till, "rules.0.threshold", "8");
	assert_got(till, "rules.0.minutes", "1440");
	assert_memory_equal(trial(till, 0), "same_phone true ", 16);
	assert_string_equal(trial(till, 3), "neighbours true 1 1");
	assert_string_equal(trial(till, 4), "used_codes false 0 0");
	/* Nothing of it was kept, and nothing raised. */
	assert_string_equal(
		vigil_ask(till, "SELECT (SELECT count(*) FROM system_settings) - n FROM before"),
		"0");
	assert_string_equal(vigil_alerts(till), "");
	/* What it says is what the watch does with the same limits. */
	assert_int_equal(ASK(till, .op = &promo_op_alert_try, .token = boss.token,
				 .body = "{\"settings\": {\"neighbours\": {\"count\": 10}}}"),
		200);
	assert_string_equal(trial(till, 3), "neighbours true 0 0");
	vigil_set(till, "alerts", "neighbours.count", "9");
	vigil_set(till, "alerts", "same_phone.count", "0");
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "neighbours 9 open");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_alert_try, .token = boss.token,
		.body = "{\"settings\": {\"same_phone\": {\"count\": -1}, \"off_hours\": "
			"{\"enabled\": true, \"opens\": \"25:00\"}}}");
	assert_got(till, "errors.0.pointer", "/settings/same_phone/count");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_alert_try, .token = boss.token,
		.body = "{\"settings\": {\"off_hours\": {\"enabled\": true, \"opens\": \"08:00\", "
			"\"closes\": \"08:00\"}}}");
	assert_got(till, "errors.0.pointer", "/settings/off_hours/closes");
	assert_problem(till, 403, "forbidden", .op = &promo_op_alert_try, .token = clerk.token);
	/* More than can be looked through: it says how many days can. */
	(void)vigil_ask(till, "INSERT INTO totals (batch_id, day, lane, redeemed) SELECT id, "
			      "current_date - d, 999, 90000 FROM (SELECT id FROM batches LIMIT 1) "
			      "b, generate_series(3, 40) d");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_alert_try, .token = boss.token);
	assert_got(till, "errors.0.pointer", "/days");
	(void)snprintf(body, sizeof(body), "{\"days\":%s}",
		strrchr(till_get(till, "errors.0.message"), ' '));
	assert_true(strcmp(body, "{\"days\": 12}") == 0 || strcmp(body, "{\"days\": 13}") == 0);
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_try, .token = boss.token, .body = body), 200);
	(void)vigil_ask(till, "DELETE FROM totals WHERE lane = 999");
}

/*
 * Several of them.
 */

static void *watch_along(void *argument)
{
	struct till *till = argument;
	struct promo_alert_work *own;
	bool more;

	assert_int_equal(promo_alert_work_new(&till->config, &own), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(promo_alert_work_round(own, &more), 0);
	promo_alert_work_rest(own);
	promo_alert_work_free(own);
	return NULL;
}

static void test_two_watches(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	struct promo_alert_work *other;
	pthread_t threads[3];

	assert_int_equal(promo_alert_work_new(&till->config, &other), 0);
	vigil_set(till, "alerts", "unissued_codes.count", "0");
	for (int i = 0; i < 20; i++)
		vigil_note(till, "code.verify", clerk.id, "", "code_not_found", 1);
	/* Not its turn. */
	vigil_watch();
	vigil_note(till, "code.verify", clerk.id, "", "code_not_found", 1);
	vigil_round(other);
	assert_string_equal(vigil_alerts(till), "guessing 20 open");
	promo_alert_work_rest(vigil_work);
	vigil_round(other);
	assert_string_equal(vigil_alerts(till), "guessing 21 open");
	vigil_watch();
	promo_alert_work_rest(other);
	vigil_watch();
	assert_string_equal(vigil_alerts(till), "guessing 21 open");
	promo_alert_work_rest(vigil_work);
	promo_alert_work_free(other);

	/* At once, each believing that it is its turn. */
	(void)vigil_ask(
		till, "ALTER TABLE alert_watch ADD CONSTRAINT alert_watch_test CHECK (true)");
	for (int i = 0; i < 30; i++)
		vigil_note(till, "code.verify", clerk.id, "", "code_not_found", 0);
	(void)vigil_ask(till,
		"CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"NEW.lease_until = '-infinity'; RETURN NEW; END $$; "
		"CREATE TRIGGER forget BEFORE UPDATE ON alert_watch FOR EACH ROW "
		"EXECUTE FUNCTION forget()");
	for (size_t i = 0; i < PROMO_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, watch_along, till), 0);
	for (size_t i = 0; i < PROMO_COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	vigil_watch();
	(void)vigil_ask(till, "DROP TRIGGER forget ON alert_watch; DROP FUNCTION forget()");
	assert_string_equal(vigil_alerts(till), "guessing 51 open");
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM audit_log WHERE action = 'alert.open' AND "
				"entity_id IN (SELECT id FROM alerts)"),
		"1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VIGIL_TEST(test_one_phone),
		VIGIL_TEST(test_neighbours),
		VIGIL_TEST(test_what_does_not_exist),
		VIGIL_TEST(test_what_is_read_late),
		VIGIL_TEST(test_used_codes),
		VIGIL_TEST(test_off_hours),
		VIGIL_TEST(test_report_rate),
		VIGIL_TEST(test_the_system),
		VIGIL_TEST(test_dry_run),
		VIGIL_TEST(test_two_watches),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
