/* SPDX-License-Identifier: MIT */
/* The overview says what the tables say: sums of exactly the days that were asked for, as the shop
 * counts them, by currency; a reported code stays redeemed; and the feed shows who may read the trail
 * what anybody did last, and others what they did themselves, reads left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_dashboard.h"
#include "tests/ops/stock.h"

static struct person admin;

static int show(struct till *till, const char *name, const char *value, const char *to)
{
	struct ask ask = { .op = &promo_op_dashboard_show, .token = admin.token };

	int count = 0;

	if (name)
		ask.query[count++] = (struct promo_pair){ name, value };
	if (to)
		ask.query[count] = (struct promo_pair){ "to", to };
	return till_ask(till, &ask);
}

#define assert_sums(name, value, to_, redeemed, amount, reported)                                  \
	do {                                                                                       \
		assert_int_equal(show(till, (name), (value), (to_)), 200);                         \
		assert_got(till, "redeemed_codes", (redeemed));                                    \
		assert_got(till, "redeemed_amount", (amount));                                     \
		assert_got(till, "reported_codes", (reported));                                    \
	} while (0)

#define RWF(amount) "[{\"currency\":\"RWF\",\"amount\":\"" amount "\"}]"

static void test_an_empty_shop(void **state)
{
	struct till *till = *state;

	admin = till_person(till, "admin");
	assert_sums(NULL, NULL, NULL, "0", "[]", "0");
	assert_got(till, "active_batches", "0");
	assert_got(till, "open_alerts", "0");
	assert_got(till, "recent_activity", "[]");
}

static void test_today(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id euro = stock_batch(till, 'C', 2), over = stock_batch(till, 'E', 1);

	(void)stock_batch(till, 'A', 3);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET currency = 'EUR' WHERE id = '%s'; "
		"UPDATE promo_codes SET amount = 0.05 WHERE batch_id = '%s'; "
		"UPDATE batches SET expiration_date = now() - interval '1 second' WHERE id = '%s'",
		euro.text, euro.text, over.text);
	stock_redeem(till, &clerk, 'A', 1, 1);
	stock_redeem(till, &clerk, 'A', 2, 2);
	stock_redeem(till, &clerk, 'C', 1, 3);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('A', 1).text, 9, "")),
		201);
	assert_sums(NULL, NULL, NULL, "3",
		"[{\"currency\":\"EUR\",\"amount\":\"0.05\"},"
		"{\"currency\":\"RWF\",\"amount\":\"1000.00\"}]",
		"1");
	assert_got(till, "active_batches", "2");
	assert_got(till, "open_alerts", "1");
	assert_string_equal(till_get(till, "from"), till_get(till, "to"));
}

/* Each of 400 days up to this one has a redemption and each tenth a report, and none else. */
static void fill(struct till *till, const char *last)
{
	(void)promo_test_sql(till->database,
		"DELETE FROM totals; INSERT INTO totals (batch_id, day, lane, redeemed, "
		"redeemed_amount, reported) SELECT id, %s - n, n %% 3, 1, 500, "
		"CASE WHEN n %% 10 = 0 THEN 1 ELSE 0 END "
		"FROM batches, generate_series(0, 399) n WHERE batch_name = 'BATCH_A'",
		last);
}

static void test_days(void **state)
{
	struct till *till = *state;

	fill(till, "(now() AT TIME ZONE 'Africa/Kigali')::date");
	assert_sums("period", "today", NULL, "1", RWF("500.00"), "1");
	assert_sums("period", "7d", NULL, "7", RWF("3500.00"), "1");
	assert_sums("period", "30d", NULL, "30", RWF("15000.00"), "3");
	assert_sums("period", "90d", NULL, "90", RWF("45000.00"), "9");
	assert_sums("period", "365d", NULL, "365", RWF("182500.00"), "37");
	fill(till, "date '2026-03-31'");
	assert_sums("from", "2026-03-01", "2026-03-31", "31", RWF("15500.00"), "4");
	assert_got(till, "from", "2026-03-01");
	assert_got(till, "to", "2026-03-31");
	/* Kigali is two hours ahead: this is the last hour of the tenth and the first of the next. */
	assert_sums(
		"from", "2026-03-10T21:59:59Z", "2026-03-10T22:00:00Z", "2", RWF("1000.00"), "1");
	assert_got(till, "from", "2026-03-10");
	assert_sums("from", "2027-01-01", NULL, "0", "[]", "0");
	assert_int_equal(show(till, "from", "2026-03-02", "2026-03-01"), 422);
	assert_got(till, "errors.0.pointer", "?to");
	assert_int_equal(show(till, NULL, NULL, "2026-03-01"), 422);
	assert_got(till, "errors.0.pointer", "?from");
	assert_int_equal(show(till, "period", "today", "2026-03-01"), 422);
	assert_got(till, "errors.0.pointer", "?period");
	assert_int_equal(show(till, "period", "8d", NULL), 422);
	assert_int_equal(show(till, "from", "2026-02-30", NULL), 422);
}

static void test_the_feed(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager"), other = clerk;
	char body[64];

	other = till_person(till, "batch-manager");
	(void)stock_batch(till, 'F', 2);
	stock_redeem(till, &clerk, 'F', 1, 1);
	stock_redeem(till, &other, 'F', 2, 2);
	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code('F', 1).text);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = clerk.token, .body = body), 200);
	assert_problem(till, 409, "code_already_redeemed", .op = &promo_op_redemption_create,
		.token = clerk.token, .key = "again",
		.body = stock_body(stock_code('F', 1).text, 3, ""));
	assert_int_equal(show(till, NULL, NULL, NULL), 200);
	assert_got(till, "recent_activity.0.action", "redemption.create");
	assert_got(till, "recent_activity.0.actor.id", other.id);
	assert_got(till, "recent_activity.1.actor.id", clerk.id);
	assert_got(till, "recent_activity.2.action", "fraud-report.create");
	/* A job that changes many codes leaves a row for each piece, and one that says that it has ended. */
	(void)promo_test_sql(till->database,
		"UPDATE audit_log SET action = 'code.bulk', actor_id = NULL, actor_kind = 'system' "
		"WHERE action = 'redemption.create' AND actor_id = '%s'",
		other.id);
	assert_int_equal(show(till, NULL, NULL, NULL), 200);
	assert_got(till, "recent_activity.0.actor.id", clerk.id);
	till_grant(till, &clerk, "dashboard.read");
	assert_int_equal(ASK(till, .op = &promo_op_dashboard_show, .token = clerk.token), 200);
	assert_got(till, "recent_activity.0.actor.id", clerk.id);
	assert_null(till_get(till, "recent_activity.1"));
	/* Alerts about fraud are counted for those who may see them. */
	assert_got(till, "open_alerts", "0");
	till_grant(till, &clerk, "fraud.alerts.view");
	assert_int_equal(ASK(till, .op = &promo_op_dashboard_show, .token = clerk.token), 200);
	assert_got(till, "open_alerts", "1");
	till_deny(till, &clerk, "dashboard.read");
	assert_problem(
		till, 403, "forbidden", .op = &promo_op_dashboard_show, .token = clerk.token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_shop),
		cmocka_unit_test(test_today),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_the_feed),
	};

	return cmocka_run_group_tests_name("ops/dashboard", tests, till_setup, till_teardown);
}
