/* SPDX-License-Identifier: MIT */
/* Codes, redemptions, customers and the audit trail as lists: every filter finds what it says and
 * nothing else, pages do not lose or repeat a row, rights hold, and what takes too long to count is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

/* One filter; the total that it finds. */
static const char *total(struct till *till, const struct person *person, const struct promo_op *op,
	const char *name, const char *value)
{
	assert_int_equal(ASK(till, .op = op, .token = person->token,
				 .query = { { "count", "true" }, { name, value } }),
		200);
	return till_get(till, "total");
}
#define assert_total(op, name, value, expected)                                                    \
	assert_string_equal(total(till, &admin, (op), (name), (value)), (expected))

static void test_codes(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'A', 5);
	struct stock_code code = stock_code('A', 4);
	char part[16];

	(void)stock_batch(till, 'C', 2);
	stock_redeem(till, &clerk, 'A', 1, 1);
	assert_total(&promo_op_code_list, "batch_id", batch.text, "5");
	assert_total(&promo_op_code_list, "status", "redeemed", "1");
	assert_total(&promo_op_code_list, "status", "redeemed,active", "7");
	(void)snprintf(part, sizeof(part), "%c%.3s-%.2s", 'a', code.text + 1, code.text + 4);
	assert_total(&promo_op_code_list, "q", part, "1");
	assert_got(till, "items.0.serial", "4");
	assert_got(till, "items.0.batch.batch_name", "BATCH_A");
	assert_total(&promo_op_code_list, "q", "A0%", "0");
	assert_total(&promo_op_code_list, "created_after", "2000-01-01T00:00:00Z", "7");
	assert_total(&promo_op_code_list, "created_before", "2000-01-01T00:00:00Z", "0");
	(void)promo_test_sql(
		till->database, "UPDATE batches SET ready_codes = 3 WHERE id = '%s'", batch.text);
	assert_total(&promo_op_code_list, "batch_id", batch.text, "3");
	assert_problem(till, 404, "not_found", .op = &promo_op_code_show, .token = admin.token,
		.id = stock_code_id(till, 'A', 4).text);
	assert_problem(till, 403, "forbidden", .op = &promo_op_code_list, .token = clerk.token);
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_list, .token = admin.token,
		.query = { { "q", "A0001-A0002-A" } });
}

static void test_redemptions(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id batch = stock_batch(till, 'E', 3);
	char customer[40], id[40];

	stock_redeem(till, &clerk, 'E', 1, 11);
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_create, .token = clerk.token, .key = "named",
			.body = stock_body(stock_code('E', 2).text, 12,
				", \"first_name\": \"Jean_Paul\", \"last_name\": \"Habimana\"")),
		201);
	(void)snprintf(customer, sizeof(customer), "%s", till_get(till, "customer.id"));
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "id"));
	assert_problem(till, 409, "code_already_redeemed", .op = &promo_op_redemption_create,
		.token = clerk.token, .key = "late",
		.body = stock_body(stock_code('E', 2).text, 11, ""));

	assert_total(&promo_op_redemption_list, "batch_id", batch.text, "3");
	assert_got(till, "items.0.status", "failed");
	assert_got(till, "items.0.error_code", "code_already_redeemed");
	assert_got(till, "items.1.id", id);
	assert_total(&promo_op_redemption_list, "user_id", clerk.id, "3");
	assert_total(&promo_op_redemption_list, "user_id", admin.id, "0");
	assert_total(&promo_op_redemption_list, "customer_id", customer, "1");
	assert_total(&promo_op_redemption_list, "phone_number", "0788000011", "2");
	assert_total(&promo_op_redemption_list, "code_id", stock_code_id(till, 'E', 2).text, "2");
	assert_total(&promo_op_redemption_list, "q", "paul habi", "1");
	assert_total(&promo_op_redemption_list, "q", "jean_p", "1");
	assert_total(&promo_op_redemption_list, "q", "jeanxp", "0");
	assert_total(&promo_op_redemption_list, "q", "788000012", "1");
	(void)snprintf(customer, sizeof(customer), "%s",
		promo_test_sql(till->database,
			"SELECT to_char(created_at AT TIME ZONE 'UTC', "
			"'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') "
			"FROM redemptions WHERE id = '%s'",
			id));
	assert_total(&promo_op_redemption_list, "from", customer, "2");
	assert_total(&promo_op_redemption_list, "to", "2000-01-01T00:00:00Z", "0");
	assert_int_equal(ASK(till, .op = &promo_op_redemption_list, .token = admin.token,
				 .query = { { "count", "true" }, { "status", "failed" },
					 { "batch_id", batch.text } }),
		200);
	assert_got(till, "total", "1");

	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_show, .token = admin.token, .id = id), 200);
	assert_got(till, "customer.last_name", "Habimana");
	assert_problem(till, 404, "not_found", .op = &promo_op_redemption_show,
		.token = admin.token, .id = admin.id);
	till_deny(till, &admin, "redemptions.search");
	assert_problem(till, 403, "forbidden", .op = &promo_op_redemption_list,
		.token = admin.token, .query = { { "batch_id", batch.text } });
	assert_int_equal(ASK(till, .op = &promo_op_redemption_list, .token = admin.token), 200);
}

static void test_customers(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id euro = stock_batch(till, 'F', 2);
	char id[40];

	(void)promo_test_sql(till->database,
		"UPDATE batches SET currency = 'EUR' WHERE id = '%s'; "
		"UPDATE promo_codes SET amount = 0.05 WHERE batch_id = '%s'",
		euro.text, euro.text);
	(void)stock_batch(till, 'G', 2);
	stock_redeem(till, &clerk, 'F', 1, 21);
	stock_redeem(till, &clerk, 'G', 1, 21);
	stock_redeem(till, &clerk, 'G', 2, 21);
	assert_total(&promo_op_customer_list, "q", "0788000021", "1");
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "items.0.id"));
	assert_total(&promo_op_customer_list, "q", id, "1");
	assert_total(&promo_op_customer_list, "q", "%", "0");

	assert_int_equal(
		ASK(till, .op = &promo_op_customer_show, .token = admin.token, .id = id), 200);
	assert_got(till, "redemptions_count", "3");
	assert_got(till, "redeemed_amount.0.currency", "EUR");
	assert_got(till, "redeemed_amount.0.amount", "0.05");
	assert_got(till, "redeemed_amount.1.currency", "RWF");
	assert_got(till, "redeemed_amount.1.amount", "1000.00");
	assert_non_null(till_get(till, "last_redemption_at"));
	assert_problem(till, 404, "not_found", .op = &promo_op_customer_show, .token = admin.token,
		.id = clerk.id);

	/* A zero alone is a digit, not the sign of a national number. */
	(void)promo_test_sql(till->database, "INSERT INTO customers (id, phone_number) VALUES "
					     "(gen_random_uuid(), '+44712345678')");
	assert_total(&promo_op_customer_list, "q", "0", "4");
	assert_total(&promo_op_customer_list, "q", "+44", "1");
	(void)promo_test_sql(till->database,
		"INSERT INTO customers (id, email) VALUES (gen_random_uuid(), 'a@example.com')");
	assert_total(&promo_op_customer_list, "q", "A@EXAMPLE", "1");
	assert_got(till, "items.0.redemptions_count", "0");
	assert_got(till, "items.0.redeemed_amount", "[]");
	assert_got(till, "items.0.last_redemption_at", "null");
	till_deny(till, &admin, "customers.read");
	assert_problem(till, 403, "forbidden", .op = &promo_op_customer_list, .token = admin.token);
	assert_total(&promo_op_customer_list, "q", "788", "4");
}

/* One code from its verification to its report, as the trail tells it. */
static void test_the_audit_trail(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id id;
	char body[64], value[64];

	(void)stock_batch(till, 'H', 1);
	id = stock_code_id(till, 'H', 1);
	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code('H', 1).text);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = clerk.token, .body = body), 200);
	stock_redeem(till, &clerk, 'H', 1, 31);
	assert_problem(till, 409, "code_already_redeemed", .op = &promo_op_redemption_create,
		.token = clerk.token, .key = "again",
		.body = stock_body(stock_code('H', 1).text, 32, ""));
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('H', 1).text, 32, "")),
		201);
	/* Times are told in milliseconds, and all of this may happen within one. */
	(void)promo_test_sql(till->database,
		"UPDATE audit_log SET at = at - interval '1 minute' "
		"WHERE action = 'code.verify' AND entity_id = '%s'",
		id.text);

	assert_total(&promo_op_audit_list, "entity_id", id.text, "4");
	assert_got(till, "items.0.action", "fraud-report.create");
	assert_got(till, "items.0.changes.0.after", "reported");
	assert_got(till, "items.1.action", "redemption.create");
	assert_got(till, "items.1.outcome", "failed");
	assert_got(till, "items.1.error", "code_already_redeemed");
	assert_got(till, "items.2.outcome", "allowed");
	assert_got(till, "items.3.action", "code.verify");
	assert_got(till, "items.3.actor.id", clerk.id);
	assert_got(till, "items.3.actor.name", "Aline Uwase");
	assert_got(till, "items.3.actor.kind", "user");
	assert_got(till, "items.3.ip", "192.0.2.7");
	assert_got(till, "items.3.session_id", clerk.session_id);
	assert_got(till, "items.3.entity.kind", "code");
	assert_got(till, "items.3.request_id", "test-request");
	(void)snprintf(value, sizeof(value), "%s", till_get(till, "items.2.at"));

	assert_total(&promo_op_audit_list, "actor_id", clerk.id, "4");
	assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = admin.token,
				 .query = { { "count", "true" }, { "entity_id", id.text },
					 { "action", "code.verify,fraud-report.create" } }),
		200);
	assert_got(till, "total", "2");
	assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = admin.token,
				 .query = { { "count", "true" }, { "entity_id", id.text },
					 { "outcome", "failed" }, { "entity_kind", "code" } }),
		200);
	assert_got(till, "total", "1");
	assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = admin.token,
				 .query = { { "count", "true" }, { "entity_id", id.text },
					 { "to", value } }),
		200);
	assert_got(till, "total", "1");
	assert_problem(till, 403, "forbidden", .op = &promo_op_audit_list, .token = clerk.token);
	assert_total(&promo_op_audit_list, "outcome", "denied", "4");
	/* Neither a code nor a phone number stands in it. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log l WHERE l::text LIKE '%%%s%%' "
				    "OR l::text LIKE '%%788000032%%'",
				    stock_code('H', 1).text),
		"0");
}

/* Somebody acted in every entry, if only nobody that we know. */
static void test_an_entry_of_nobody(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");

	assert_problem(till, 401, "unauthenticated", .op = &promo_op_batch_show,
		.id = "0190a1b2-0000-7000-8000-00000000000a");
	assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = admin.token,
				 .query = { { "action", "batch.show" } }),
		200);
	assert_got(till, "items.0.outcome", "denied");
	assert_got(till, "items.0.actor.kind", "anonymous");
	assert_got(till, "items.0.actor.id", "null");
	assert_got(till, "items.0.actor.name", "null");
}

/* The page is answered all the same, and what is asked for in the same transaction has its time again. */
static void test_a_total_that_takes_too_long(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");

	(void)promo_test_sql(till->database,
		"INSERT INTO customers (id, phone_number) VALUES (gen_random_uuid(), "
		"'+250788000099');"
		"CREATE POLICY slow ON customers USING (current_query() NOT LIKE '%%count(*)%%'"
		" OR pg_sleep(60) IS NOT NULL);"
		"ALTER TABLE customers ENABLE ROW LEVEL SECURITY");
	assert_int_equal(ASK(till, .op = &promo_op_customer_list, .token = admin.token,
				 .query = { { "count", "true" }, { "limit", "1" } }),
		200);
	assert_got(till, "total", "null");
	assert_non_null(till_get(till, "items.0.id"));
	(void)promo_test_sql(till->database,
		"ALTER TABLE customers DISABLE ROW LEVEL SECURITY; DROP POLICY slow ON customers");
	assert_total(&promo_op_customer_list, "q", "0788000099", "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_redemptions),
		cmocka_unit_test(test_customers),
		cmocka_unit_test(test_the_audit_trail),
		cmocka_unit_test(test_an_entry_of_nobody),
		cmocka_unit_test(test_a_total_that_takes_too_long),
	};

	return cmocka_run_group_tests_name("ops/lists", tests, till_setup, till_teardown);
}
