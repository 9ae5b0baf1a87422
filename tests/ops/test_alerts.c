/* SPDX-License-Identifier: MIT */
/* Alerts are listed and found by their filters; who may not see fraud sees none about it and changes none;
 * an open one is acknowledged once and resolved once, with a note; all open ones that one may see are
 * acknowledged at once; each step is in the audit trail. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_alert.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

/* Alerts of SQL, whose ids end in these numbers. */
#define ALERT(n)    "0190a1b2-c3d4-7abc-8def-00000000000" #n
#define EVIDENCE_ID "0190a1b2-c3d4-7abc-8def-0000000000e1"

static void fill(struct till *till)
{
	(void)promo_test_sql(till->database,
		"DELETE FROM alerts; "
		"INSERT INTO alerts (id, kind, severity, title, dedupe_key, evidence, first_at, "
		"last_at) "
		"VALUES ('" ALERT(
			1) "', 'same_phone', 'warning', 'One 100%% phone', 'same_phone/1', "
			   "'{\"customer_id\": \"" EVIDENCE_ID
			   "\"}', '2026-01-01Z', '2026-01-03Z'), "
			   "('" ALERT(2) "', 'mfa_guessing', 'critical', 'Second factor', "
					 "'mfa_guessing/1', '{}', "
					 "'2026-01-05Z', '2026-01-06Z'), "
					 "('" ALERT(3) "', 'off_hours', 'info', 'At night', "
						       "'off_hours/1', '{}', "
						       "'2026-01-07Z', '2026-01-08Z')");
}

static struct person reader(struct till *till, const char *keys)
{
	struct person person = till_person(till, "");

	till_grant(till, &person, keys);
	return person;
}

/* The last digits of the ids of a list, in its order. */
static const char *ids(struct till *till)
{
	static char text[16];
	char path[32];
	size_t n = 0;

	for (; n < sizeof(text) - 1; n++) {
		const char *id;

		(void)snprintf(path, sizeof(path), "items.%zu.id", n);
		id = till_get(till, path);
		if (!id)
			break;
		text[n] = id[strlen(id) - 1];
	}
	text[n] = '\0';
	return text;
}

#define assert_list(till, who, text, ...)                                                          \
	do {                                                                                       \
		assert_int_equal(ASK((till), .op = &promo_op_alert_list, .token = (who)->token,    \
					 .query = { __VA_ARGS__ }),                                \
			200);                                                                      \
		assert_string_equal(ids(till), (text));                                            \
	} while (0)

static void test_lists(void **state)
{
	struct till *till = *state;
	struct person all = reader(till, "alerts.read fraud.alerts.view");
	struct person some = reader(till, "alerts.read");
	struct person none = reader(till, "fraud.alerts.view");

	fill(till);
	assert_list(till, &all, "321", { 0 });
	assert_got(till, "items.2.evidence.customer_id", EVIDENCE_ID);
	assert_got(till, "items.2.status", "open");
	assert_got(till, "items.2.acknowledged_by", "null");
	assert_list(till, &all, "2", { "severity", "critical" });
	assert_list(till, &all, "32", { "severity", "critical,info" });
	assert_list(till, &all, "1", { "kind", "same_phone" });
	assert_list(till, &all, "", { "status", "resolved" });
	assert_list(till, &all, "32", { "from", "2026-01-04T00:00:00Z" });
	assert_list(till, &all, "21", { "to", "2026-01-06T00:00:00Z" });
	assert_list(till, &all, "1", { "q", EVIDENCE_ID });
	assert_list(till, &all, "1", { "q", "100% PHONE" });
	assert_list(till, &all, "", { "q", "1%phone" });
	assert_list(till, &all, "32", { "limit", "2" }, { "count", "true" });
	assert_got(till, "total", "3");
	assert_list(till, &some, "2", { "count", "true" });
	assert_got(till, "total", "1");
	assert_problem(till, 403, "forbidden", .op = &promo_op_alert_list, .token = none.token);
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_show, .token = all.token, .id = ALERT(1)), 200);
	assert_problem(till, 404, "not_found", .op = &promo_op_alert_show, .token = some.token,
		.id = ALERT(1));
	assert_problem(till, 422, "invalid_input", .op = &promo_op_alert_list, .token = all.token,
		.query = { { "kind", "boredom" } });
}

static const char *trail(struct till *till, const char *action, const char *what)
{
	return promo_test_sql(till->database,
		"SELECT coalesce(string_agg(%s, ' ' ORDER BY seq), '') FROM audit_log "
		"WHERE action = '%s' AND outcome = 'allowed'",
		what, action);
}

static void test_steps(void **state)
{
	struct till *till = *state;
	struct person boss = reader(till, "alerts.manage fraud.alerts.view");
	struct person other = reader(till, "alerts.manage");
	struct person only_reads = reader(till, "alerts.read fraud.alerts.view");

	fill(till);
	assert_problem(till, 403, "forbidden", .op = &promo_op_alert_acknowledge,
		.token = only_reads.token, .id = ALERT(1));
	assert_problem(till, 404, "not_found", .op = &promo_op_alert_acknowledge,
		.token = other.token, .id = ALERT(1));
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_acknowledge, .token = boss.token, .id = ALERT(1)),
		200);
	assert_got(till, "status", "acknowledged");
	assert_got(till, "acknowledged_by.id", boss.id);
	assert_problem(till, 409, "invalid_transition", .op = &promo_op_alert_acknowledge,
		.token = boss.token, .id = ALERT(1));
	assert_string_equal(trail(till, "alert.acknowledge", "entity_id || changes::text"),
		ALERT(1) "[{\"after\": \"acknowledged\", \"field\": \"status\", \"before\": "
			 "\"open\"}]");

	assert_problem(till, 422, "invalid_input", .op = &promo_op_alert_resolve,
		.token = boss.token, .id = ALERT(1), .body = "{}");
	assert_problem(till, 404, "not_found", .op = &promo_op_alert_resolve, .token = other.token,
		.id = ALERT(1), .body = "{\"note\": \"mine\"}");
	assert_int_equal(ASK(till, .op = &promo_op_alert_resolve, .token = boss.token,
				 .id = ALERT(1), .body = "{\"note\": \"a class trip of Ann\"}"),
		200);
	assert_got(till, "status", "resolved");
	assert_got(till, "note", "a class trip of Ann");
	assert_got(till, "resolved_by.id", boss.id);
	assert_got(till, "acknowledged_by.id", boss.id);
	assert_problem(till, 409, "invalid_transition", .op = &promo_op_alert_resolve,
		.token = boss.token, .id = ALERT(1), .body = "{\"note\": \"again\"}");
	/* What people write may name somebody. */
	assert_string_equal(
		trail(till, "alert.resolve", "(changes::text LIKE '%%Ann%%')::text"), "false");
	/* One that nobody had acknowledged. */
	assert_int_equal(ASK(till, .op = &promo_op_alert_resolve, .token = other.token,
				 .id = ALERT(2), .body = "{\"note\": \"a test\"}"),
		200);
	assert_got(till, "acknowledged_at", "null");
}

static void test_all_at_once(void **state)
{
	struct till *till = *state;
	struct person boss = reader(till, "alerts.manage fraud.alerts.view");
	struct person other = reader(till, "alerts.manage");

	fill(till);
	(void)promo_test_sql(till->database,
		"DELETE FROM webhook_deliveries; DELETE FROM webhooks; "
		"INSERT INTO webhooks (id, url, events, secret) VALUES (gen_random_uuid(), "
		"'https://example.com/', '{alert.updated}', '')");
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_acknowledge_all, .token = other.token), 200);
	assert_got(till, "changed", "1");
	assert_got(till, "left", "0");
	assert_int_equal(ASK(till, .op = &promo_op_alert_acknowledge_all, .token = boss.token,
				 .body = "{\"severity\": \"info\"}"),
		200);
	assert_got(till, "changed", "1");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(right(id::text, 1) || status, ' ' ORDER BY id) "
			"FROM alerts"),
		"1open 2acknowledged 3acknowledged");
	assert_string_equal(trail(till, "alert.acknowledge-all", "(changes #>> '{0,after,0}')"),
		ALERT(2) " " ALERT(3));
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM webhook_deliveries"), "2");
	assert_int_equal(ASK(till, .op = &promo_op_alert_acknowledge_all, .token = boss.token,
				 .body = "{\"severity\": \"critical\"}"),
		200);
	assert_got(till, "changed", "0");
}

/* Of each kind the row that says what it is; its words are what the database may hold. */
static void test_kinds(void **state)
{
	(void)state;
	for (int kind = PROMO_ALERT_NONE + 1; kind < PROMO_ALERT_KINDS; kind++) {
		const struct promo_alert_kind_row *row =
			promo_alert_kind_row((enum promo_alert_kind)kind);

		assert_int_equal(promo_word_value(&promo_alert_kind_words, row->word), kind);
		assert_int_not_equal(
			promo_word_value(&promo_alert_severity_words, row->severity), 0);
	}
	assert_null(promo_alert_kind_row(PROMO_ALERT_NONE)->word);
	assert_null(promo_alert_kind_row(PROMO_ALERT_KINDS)->word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_all_at_once),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
