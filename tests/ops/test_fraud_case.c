/* SPDX-License-Identifier: MIT */
/* Cases are worked on, one or many: they go on as the rule says, a rejected one gives its code back to
 * the redemption, which nothing touches, totals follow on the day of the report, whoever gets a case
 * may work on it and is told, and the audit trail holds no word about people. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_fraud_case.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

#define UPDATE(person, with_id, with_body)                                                         \
	.op = &promo_op_fraud_report_update, .token = (person).token, .id = (with_id),             \
	.body = (with_body)
#define BULK(person, with_body)                                                                    \
	.op = &promo_op_fraud_report_bulk, .token = (person).token, .body = (with_body)

static struct person clerk, admin;

static int group_setup(void **state)
{
	if (till_setup(state))
		return -1;
	clerk = till_person(*state, "batch-manager");
	admin = till_person(*state, "admin");
	return 0;
}

/* A code of a batch that was redeemed and reported; gives its case. */
static struct stock_id report(struct till *till, char letter, int serial)
{
	struct stock_id id;

	stock_redeem(till, &clerk, letter, serial, 10);
	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
			.body = stock_body(stock_code(letter, serial).text, 20 + serial, "")),
		201);
	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "id"));
	return id;
}

static const char *code_is(struct till *till, char letter, int serial)
{
	return promo_test_sql(till->database,
		"SELECT status || ' ' || (reported_at IS NULL) || ' ' || (redeemed_at IS NULL) "
		"FROM promo_codes WHERE code = '%s'",
		stock_code(letter, serial).text);
}

/* The hash of every redemption there is. */
static void redemptions(struct till *till, char ret[64])
{
	(void)snprintf(ret, 64, "%s",
		promo_test_sql(till->database,
			"SELECT md5(string_agg(r::text, '|' ORDER BY id)) FROM redemptions r"));
}

static void test_a_case(void **state)
{
	struct till *till = *state;
	struct person other = till_person(till, "support");
	struct stock_id id;
	char body[200], before[64], after[64];

	(void)stock_batch(till, 'A', 2);
	id = report(till, 'A', 1);
	redemptions(till, before);
	till_grant(till, &other, "fraud.cases.manage");
	(void)snprintf(body, sizeof(body),
		"{\"status\": \"investigating\", \"priority\": \"high\", \"assignee_id\": \"%s\"}",
		other.id);
	assert_int_equal(ASK(till, UPDATE(admin, id.text, body)), 200);
	assert_got(till, "status", "investigating");
	assert_got(till, "priority", "high");
	assert_got(till, "assignee.id", other.id);
	assert_got(till, "resolution", "null");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) || ' ' || min(link ->> 'id') FROM "
				    "notifications WHERE user_id = '%s' AND kind = "
				    "'fraud_report.assigned'",
				    other.id),
		promo_test_sql(till->database, "SELECT '1 %s'", id.text));
	/* What is not named stays, and to be what it is, is no change. */
	assert_int_equal(ASK(till, UPDATE(other, id.text,
					   "{\"status\": \"investigating\", \"resolution\": "
					   "\"Eric gave it back\"}")),
		200);
	assert_got(till, "priority", "high");
	assert_got(till, "assignee.id", other.id);
	assert_got(till, "resolution", "Eric gave it back");
	assert_int_equal(ASK(till, UPDATE(admin, id.text,
					   "{\"assignee_id\": null, \"status\": \"resolved\"}")),
		200);
	assert_got(till, "assignee", "null");
	assert_got(till, "status", "resolved");
	assert_string_equal(code_is(till, 'A', 1), "reported false false");
	/* Nobody was given a case twice. */
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM notifications WHERE kind = "
					       "'fraud_report.assigned'"),
		"1");
	assert_int_equal(ASK(till, UPDATE(admin, id.text, "{}")), 200);
	redemptions(till, after);
	assert_string_equal(before, after);
	stock_assert_totals(till);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND "
				    "changes::text ~ 'Eric'",
				    id.text),
		"0");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_log WHERE entity_kind = 'fraud-report' AND "
			"entity_id = '%s' AND action = 'fraud-report.update' AND changes::text ~ "
			"'investigating'",
			id.text),
		"3");
}

static void test_a_rejected_case(void **state)
{
	struct till *till = *state;
	struct stock_id batch = stock_batch(till, 'C', 2), first;
	char before[64], after[64];

	first = report(till, 'C', 1);
	redemptions(till, before);
	/* It was reported three days ago: that is the day which has one less. */
	(void)promo_test_sql(till->database,
		"UPDATE fraud_reports SET created_at = now() - interval '3 days' WHERE id = '%s'; "
		"UPDATE totals SET day = day - 3 WHERE batch_id = '%s' AND reported > 0",
		first.text, batch.text);
	assert_int_equal(
		ASK(till, UPDATE(admin, first.text,
				  "{\"status\": \"rejected\", \"resolution\": \"a joke\"}")),
		200);
	assert_got(till, "status", "rejected");
	assert_got(till, "redemption.status", "completed");
	assert_string_equal(code_is(till, 'C', 1), "redeemed true false");
	redemptions(till, after);
	assert_string_equal(before, after);
	stock_assert_totals(till);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM (SELECT FROM totals WHERE batch_id = "
				    "'%s' GROUP BY day HAVING sum(reported) <> 0) t",
				    batch.text),
		"0");
	assert_problem(till, 409, "invalid_transition",
		UPDATE(admin, first.text, "{\"status\": \"pending\"}"));
	assert_problem(till, 409, "invalid_transition",
		UPDATE(admin, first.text, "{\"status\": \"investigating\"}"));
	/* Whoever brings it now opens another case. */
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('C', 1).text, 30, "")),
		201);
	assert_string_not_equal(till_get(till, "id"), first.text);
	assert_string_equal(code_is(till, 'C', 1), "reported false false");
	stock_assert_totals(till);
}

static void test_who_may_have_it(void **state)
{
	struct till *till = *state;
	struct person away = till_person(till, "admin");
	struct stock_id id;
	char body[100];

	(void)stock_batch(till, 'E', 1);
	id = report(till, 'E', 1);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", away.id);
	for (int i = 0; i < 3; i++) {
		(void)snprintf(body, sizeof(body), "{\"assignee_id\": \"%s\"}",
			i == 0   ? clerk.id
			: i == 1 ? away.id
				 : id.text);
		assert_problem(till, 422, "invalid_input", UPDATE(admin, id.text, body));
		assert_got(till, "errors.0.pointer", "/assignee_id");
	}
	assert_problem(till, 403, "forbidden", UPDATE(clerk, id.text, "{}"));
	assert_problem(till, 404, "not_found", UPDATE(admin, admin.id, "{}"));
	assert_problem(
		till, 404, "not_found", UPDATE(admin, admin.id, "{\"status\": \"rejected\"}"));
}

static void test_notes(void **state)
{
	struct till *till = *state;
	struct stock_id id;

	(void)stock_batch(till, 'F', 1);
	id = report(till, 'F', 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ASK(till, .op = &promo_op_fraud_report_note, .token = admin.token,
					 .id = id.text, .key = "note",
					 .body = "{\"text\": \"Keza has the receipt\"}"),
			201);
		assert_int_equal(till->answer.replayed, i == 1);
		assert_got(till, "notes.0.text", "Keza has the receipt");
		assert_got(till, "notes.0.by.id", admin.id);
		assert_null(till_get(till, "notes.1"));
	}
	/* Also in one that is over. */
	assert_int_equal(ASK(till, UPDATE(admin, id.text, "{\"status\": \"rejected\"}")), 200);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_note, .token = admin.token,
				 .id = id.text, .body = "{\"text\": \"after all\"}"),
		201);
	assert_got(till, "notes.1.text", "after all");
	assert_problem(till, 404, "not_found", .op = &promo_op_fraud_report_note,
		.token = admin.token, .id = admin.id, .body = "{\"text\": \"x\"}");
	assert_problem(till, 403, "forbidden", .op = &promo_op_fraud_report_note,
		.token = clerk.token, .id = id.text, .body = "{\"text\": \"x\"}");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE changes::text ~ 'Keza'"),
		"0");
}

static void test_many(void **state)
{
	struct till *till = *state;
	struct stock_id ids[4];
	char body[400];

	(void)stock_batch(till, 'G', 4);
	for (int i = 0; i < 4; i++)
		ids[i] = report(till, 'G', i + 1);
	assert_int_equal(ASK(till, UPDATE(admin, ids[3].text, "{\"status\": \"rejected\"}")), 200);
	(void)snprintf(body, sizeof(body),
		"{\"action\": \"reject\", \"ids\": [\"%s\", \"%s\", \"%s\", \"%s\"], "
		"\"expected_count\": 3, \"resolution\": \"Eric again\"}",
		ids[0].text, ids[1].text, ids[3].text, admin.id);
	assert_int_equal(ASK(till, BULK(admin, body)), 200);
	assert_got(till, "changed", "2");
	assert_string_equal(code_is(till, 'G', 1), "redeemed true false");
	assert_string_equal(code_is(till, 'G', 2), "redeemed true false");
	assert_string_equal(code_is(till, 'G', 3), "reported false false");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(resolution, ',') FROM fraud_reports WHERE "
				    "id IN ('%s', '%s')",
				    ids[0].text, ids[1].text),
		"Eric again,Eric again");
	stock_assert_totals(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT (changes::text ~ '%s') || ' ' || (changes::text ~ '%s') || ' ' || "
			"(changes::text ~ 'Eric') FROM audit_log WHERE action = "
			"'fraud-report.bulk' AND outcome = 'allowed' ORDER BY at DESC LIMIT 1",
			ids[0].text, ids[3].text),
		"true false false");
}

static void test_many_that_fit(void **state)
{
	struct till *till = *state;
	struct stock_id ids[2];

	(void)stock_batch(till, 'H', 2);
	(void)promo_test_sql(till->database, "UPDATE fraud_reports SET priority = 'medium'");
	for (int i = 0; i < 2; i++) {
		ids[i] = report(till, 'H', i + 1);
		assert_int_equal(
			ASK(till, UPDATE(admin, ids[i].text, "{\"priority\": \"low\"}")), 200);
	}
	assert_problem(till, 409, "count_mismatch",
		BULK(admin, "{\"action\": \"resolve\", \"filter\": {\"priority\": [\"low\"]}, "
			    "\"expected_count\": 3}"));
	assert_got(till, "count", "2");
	assert_int_equal(
		ASK(till, BULK(admin, "{\"action\": \"investigate\", \"filter\": {\"priority\": "
				      "[\"low\"], \"status\": [\"pending\"], \"q\": \"fraud0\"}, "
				      "\"expected_count\": 2}")),
		200);
	assert_got(till, "changed", "2");
	assert_got(till, "skipped", "[]");
	assert_problem(till, 422, "invalid_input",
		BULK(admin, "{\"action\": \"resolve\", \"filter\": {}, \"expected_count\": 0}"));
	assert_problem(till, 422, "invalid_input",
		BULK(admin, "{\"action\": \"resolve\", \"expected_count\": 0}"));
	assert_problem(till, 422, "invalid_input",
		BULK(admin, "{\"action\": \"resolve\", \"ids\": [\"x\"], \"expected_count\": 0}"));
	assert_got(till, "errors.0.pointer", "/ids/0");
	assert_problem(till, 403, "forbidden",
		BULK(clerk, "{\"action\": \"resolve\", \"ids\": [], \"expected_count\": 0}"));
}

struct claim {
	struct promo_test_database *database;
	int status;
};

static void *bring_it(void *context)
{
	struct claim *claim = context;
	struct till *till = till_new(claim->database);

	claim->status = ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
		.body = stock_body(stock_code('J', 1).text, 40, ""));
	till_free(till);
	return NULL;
}

/* Who brings a code while its case is being rejected is not noted in a case that is over. */
static void test_brought_while_rejected(void **state)
{
	struct till *till = *state;
	struct claim claim = { .database = till->database };
	int64_t until_ms = promo_monotonic_ms() + 60000;
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	struct stock_id id;
	pthread_t thread;
	char sql[400];

	(void)stock_batch(till, 'J', 1);
	id = report(till, 'J', 1);
	(void)snprintf(sql, sizeof(sql),
		"BEGIN; UPDATE promo_codes SET status = 'redeemed', reported_at = NULL WHERE code "
		"= "
		"'%s'; UPDATE fraud_reports SET status = 'rejected' WHERE id = '%s'",
		stock_code('J', 1).text, id.text);
	PQclear(PQexec(holder, sql));
	assert_int_equal(pthread_create(&thread, NULL, bring_it, &claim), 0);
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
			      "'Lock' AND datname = current_database()"),
		       "1") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	PQclear(PQexec(holder, "COMMIT"));
	assert_int_equal(pthread_join(thread, NULL), 0);
	PQfinish(holder);
	assert_int_equal(claim.status, 201);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM fraud_notes WHERE fraud_report_id = '%s'", id.text),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_case),
		cmocka_unit_test(test_a_rejected_case),
		cmocka_unit_test(test_who_may_have_it),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_many_that_fit),
		cmocka_unit_test(test_brought_while_rejected),
	};

	return cmocka_run_group_tests_name("ops/fraud_case", tests, group_setup, till_teardown);
}
