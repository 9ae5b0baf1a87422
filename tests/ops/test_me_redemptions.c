/* SPDX-License-Identifier: MIT */
/* The own day of a clerk: what he redeemed and tried, nobody else's, newest first; days are those of
 * the shop; the sums are what was paid in these days, whatever page or status is asked for; and a
 * day costs what that day holds, however much there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

enum {
	DAYS = 100,
	A_DAY = 50,
	READ_MOST = 6 * A_DAY, /* the page, the sums, and joins */
};

#define ROWS_READ                                                                                  \
	"SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = "            \
	"'redemptions'"

/* Asks for the own redemptions of some days; the status of the answer. */
static int days(struct till *till, const struct person *clerk, const char *from, const char *to)
{
	struct ask ask = { .op = &promo_op_me_redemptions, .token = clerk->token };
	int count = 0;

	if (from)
		ask.query[count++] = (struct promo_pair){ "from", from };
	if (to)
		ask.query[count++] = (struct promo_pair){ "to", to };
	ask.query[count] = (struct promo_pair){ "count", "true" };
	return till_ask(till, &ask);
}

#define assert_day(from, to, total_, count, amount)                                                \
	do {                                                                                       \
		assert_int_equal(days(till, &clerk, (from), (to)), 200);                           \
		assert_got(till, "total", (total_));                                               \
		assert_got(till, "totals.count", (count));                                         \
		assert_got(till, "totals.amount", (amount));                                       \
	} while (0)

static void test_what_is_ones_own(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	struct person nobody = till_person(till, "support");

	(void)stock_batch(till, 'A', 4);
	stock_redeem(till, &clerk, 'A', 1, 1);
	stock_redeem(till, &other, 'A', 2, 2);
	assert_problem(till, 409, "code_already_redeemed", .op = &promo_op_redemption_create,
		.token = clerk.token, .key = "late",
		.body = stock_body(stock_code('A', 2).text, 3, ""));
	stock_redeem(till, &clerk, 'A', 3, 3);

	assert_day(NULL, NULL, "3", "2", "[{\"currency\":\"RWF\",\"amount\":\"1000.00\"}]");
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 3).text);
	assert_got(till, "items.1.status", "failed");
	assert_got(till, "items.1.error_code", "code_already_redeemed");
	assert_got(till, "items.2.user.id", clerk.id);
	assert_got(till, "next_cursor", "null");
	assert_int_equal(ASK(till, .op = &promo_op_me_redemptions, .token = clerk.token,
				 .query = { { "status", "failed" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "1");
	assert_got(till, "totals.count", "2");
	/* What was paid was paid, also when the code is reported. */
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('A', 1).text, 9, "")),
		201);
	assert_day(NULL, NULL, "3", "2", "[{\"currency\":\"RWF\",\"amount\":\"1000.00\"}]");

	assert_int_equal(ASK(till, .op = &promo_op_me_redemptions, .token = other.token), 200);
	assert_got(till, "totals.count", "1");
	assert_problem(
		till, 403, "forbidden", .op = &promo_op_me_redemptions, .token = nobody.token);
	assert_problem(till, 401, "unauthenticated", .op = &promo_op_me_redemptions);
}

/* Kigali is two hours ahead of UTC: a day begins at 22:00 of the one before. */
static void test_days_of_the_shop(void **state)
{
	static const char *const at[] = { "2026-03-09 21:59:59.999Z", "2026-03-09 22:00Z",
		"2026-03-10 12:00Z", "2026-03-10 21:59:59.999Z", "2026-03-10 22:00Z" };
	static const char three[] = "[{\"currency\":\"RWF\",\"amount\":\"1500.00\"}]";
	static const char one[] = "[{\"currency\":\"RWF\",\"amount\":\"500.00\"}]";
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	(void)stock_batch(till, 'C', (int)PROMO_COUNT(at));
	for (int i = 0; i < (int)PROMO_COUNT(at); i++) {
		stock_redeem(till, &clerk, 'C', i + 1, i + 1);
		(void)promo_test_sql(till->database,
			"UPDATE redemptions SET created_at = '%s' WHERE promo_code_id = '%s'",
			at[i], stock_code_id(till, 'C', i + 1).text);
	}
	assert_day("2026-03-10", "2026-03-10", "3", "3", three);
	assert_got(till, "items.0.created_at", "2026-03-10T21:59:59.999Z");
	assert_got(till, "items.2.created_at", "2026-03-09T22:00:00.000Z");
	assert_day("2026-03-11", NULL, "1", "1", one);
	assert_day(NULL, "2026-03-09", "1", "1", one);
	/* An instant names the day that it lies in, so that who asks need not know the shop's zone. */
	assert_day("2026-03-09T22:00:00Z", "2026-03-10T21:59:59+00:00", "3", "3", three);
	assert_day("2026-03-10T23:59:59+02:00", "2026-03-11T00:00:00+02:00", "4", "4",
		"[{\"currency\":\"RWF\",\"amount\":\"2000.00\"}]");
	assert_day("2026-03-12", "2026-03-01", "0", "0", "[]");
	assert_day("0000-01-01", "9999-12-31", "5", "5",
		"[{\"currency\":\"RWF\",\"amount\":\"2500.00\"}]");
	assert_day("9999-12-31", NULL, "0", "0", "[]");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_me_redemptions,
		.token = clerk.token, .query = { { "from", "today" } });
	assert_got(till, "errors.0.pointer", "?from");
	assert_got(till, "errors.0.code", "invalid_date");
}

/* Rows of one instant, as a group writes them, stand on several pages; one comes in between. */
static void test_pages(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	char cursor[512], seen[1024] = "";
	int rows = 0;

	(void)stock_batch(till, 'E', 8);
	for (int i = 1; i <= 7; i++)
		stock_redeem(till, &clerk, 'E', i, i);
	(void)promo_test_sql(till->database,
		"UPDATE redemptions SET created_at = '2026-01-05 10:00:00.000123Z' WHERE user_id = "
		"'%s'",
		clerk.id);
	for (bool more = true; more;) {
		struct ask ask = { .op = &promo_op_me_redemptions,
			.token = clerk.token,
			.query = { { "limit", "3" }, { "cursor", cursor } } };

		if (!rows)
			ask.query[1] = (struct promo_pair){ 0 };
		assert_int_equal(till_ask(till, &ask), 200);
		for (int i = 0; i < 3; i++) {
			char path[32];
			const char *code;

			(void)snprintf(path, sizeof(path), "items.%d.code_id", i);
			code = till_get(till, path);
			if (!code)
				break;
			assert_null(strstr(seen, code));
			(void)snprintf(
				seen + strlen(seen), sizeof(seen) - strlen(seen), "%s ", code);
			rows++;
		}
		assert_got(till, "totals.count", rows > 3 ? "8" : "7");
		more = strcmp(till_get(till, "next_cursor"), "null") != 0;
		(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
		if (rows == 3)
			stock_redeem(till, &clerk, 'E', 8, 8);
	}
	assert_int_equal(rows, 7);
	assert_null(strstr(seen, stock_code_id(till, 'E', 8).text));
}

static void test_a_day_costs_what_it_holds(void **state)
{
	struct till *till = *state;
	struct till *counter = till_new(till->database);
	struct person clerk = till_person(till, "batch-manager");
	struct person other = till_person(till, "batch-manager");
	char before[32];

	(void)stock_batch(till, 'F', 2 * DAYS * A_DAY);
	(void)promo_test_sql(till->database,
		"INSERT INTO redemptions (id, user_id, promo_code_id, amount, status, "
		"idempotency_key, request_hash, refused_batch_id, created_at) SELECT "
		"gen_random_uuid(), CASE serial "
		"%% 2 WHEN 0 THEN '%s' ELSE '%s' END::uuid, id, amount, 'failed', 'f/' || serial, "
		"'x', batch_id, "
		"'2026-01-01 12:00Z'::timestamptz + (serial / %d) * interval '1 day' FROM "
		"promo_codes WHERE code LIKE 'F%%'",
		clerk.id, other.id, 2 * A_DAY);
	(void)promo_test_sql(till->database, "ANALYZE redemptions");
	(void)snprintf(before, sizeof(before), "%s", promo_test_sql(till->database, ROWS_READ));
	assert_int_equal(days(counter, &clerk, "2026-02-01", "2026-02-01"), 200);
	assert_got(counter, "total", "50");
	till_free(counter);
	/* A session counts what it read when it ends. */
	while (strcmp(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			      "backend' AND datname = current_database() AND pid <> "
			      "pg_backend_pid()"),
		       "1") != 0)
		continue;
	assert_string_equal(
		promo_test_sql(till->database, "SELECT (" ROWS_READ ") - %s BETWEEN %d AND %d",
			before, A_DAY, READ_MOST),
		"t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_ones_own),
		cmocka_unit_test(test_days_of_the_shop),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_a_day_costs_what_it_holds),
	};

	return cmocka_run_group_tests_name("ops/me_redemptions", tests, till_setup, till_teardown);
}
