/* SPDX-License-Identifier: MIT */
/* Batches: what is taken and what is refused, every bad field at once; defaults of the shop; the day
 * that ends in the shop's time zone; counts that are the truth; the list and its filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/stock.h"

#define CREATE(person, with_body)                                                                  \
	.op = &promo_op_batch_create, .token = (person).token, .body = (with_body)
#define EMPTY "\"total_codes\": 0, \"amount_per_code\": \"500\""

static void test_an_empty_batch(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");

	assert_int_equal(ASK(till, CREATE(admin, "{\"batch_name\": \"Easter-27\", " EMPTY ", "
						 "\"expiration_date\": \"2999-12-31\"}")),
		201);
	assert_got(till, "job", "null");
	assert_got(till, "batch.batch_name", "BATCH_EASTER-27");
	assert_got(till, "batch.status", "active");
	assert_got(till, "batch.currency", "RWF");
	assert_got(till, "batch.amount_per_code", "500.00");
	assert_got(till, "batch.code_format", "XXXX-XXYY-XXMM-XXDD");
	assert_got(till, "batch.expiration_date", "2999-12-31");
	/* Kigali is two hours ahead of UTC. */
	assert_got(till, "batch.expires_at", "2999-12-31T22:00:00.000Z");
	assert_got(till, "batch.created_by.id", admin.id);
	assert_got(till, "batch.assigned_user", "null");
	assert_got(till, "batch.counts.active", "0");
	assert_got(till, "batch.redeemed_amount", "0.00");
	assert_non_null(strstr(till->answer.location, "/api/v1/batches/"));
	assert_problem(till, 409, "batch_name_taken",
		CREATE(admin, "{\"batch_name\": \"batch_easter-27\", " EMPTY ", "
			      "\"expiration_date\": \"2999-12-31\"}"));
}

/* The same key makes one batch. */
static void test_the_same_key(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	static const char body[] = "{\"batch_name\": \"keyed\", " EMPTY ", "
				   "\"expiration_date\": \"2999-12-31\"}";
	char id[40];

	assert_int_equal(ASK(till, CREATE(admin, body), .key = "k"), 201);
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "batch.id"));
	assert_int_equal(ASK(till, CREATE(admin, body), .key = "k"), 201);
	assert_true(till->answer.replayed);
	assert_got(till, "batch.id", id);
}

static void test_every_bad_field(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person gone = till_person(till, "batch-manager");
	char body[512];

	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", gone.id);
	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"no spaces\", \"total_codes\": 20000000, "
		"\"amount_per_code\": \"1\", \"currency\": \"R2D\", "
		"\"expiration_date\": \"2020-01-01\", \"code_format\": \"XXXX\", "
		"\"assigned_user_id\": \"%s\"}",
		gone.id);
	assert_problem(till, 422, "invalid_input", CREATE(admin, body));
	assert_got(till, "errors.0.pointer", "/batch_name");
	assert_got(till, "errors.1.pointer", "/total_codes");
	assert_got(till, "errors.2.pointer", "/currency");
	assert_got(till, "errors.3.pointer", "/code_format");
	assert_got(till, "errors.4.pointer", "/expiration_date");
	assert_got(till, "errors.4.code", "in_past");
	assert_got(till, "errors.5.pointer", "/assigned_user_id");
	assert_got(till, "errors.5.code", "invalid_value");
	assert_null(till_get(till, "errors.6"));

	for (size_t i = 0; i < 5; i++) {
		static const char *const amounts[] = { "1e3", "-5", "10.001", "NaN", "0" };

		(void)snprintf(body, sizeof(body),
			"{\"batch_name\": \"amount\", \"total_codes\": 0, \"amount_per_code\": "
			"\"%s\", \"expiration_date\": \"2999-12-31\"}",
			amounts[i]);
		assert_problem(till, 422, "invalid_input", CREATE(admin, body));
		assert_got(till, "errors.0.pointer", "/amount_per_code");
	}
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM batches WHERE batch_name = 'BATCH_AMOUNT'"),
		"0");
}

/* Today is allowed, yesterday is not, as the clock of the shop goes; an instant means its day. */
static void test_the_last_day(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	static const char *const days[] = { "now() AT TIME ZONE 'Africa/Kigali'",
		"now() AT TIME ZONE 'Africa/Kigali' - interval '1 day'" };
	char body[256];

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(body, sizeof(body),
			"{\"batch_name\": \"day-%zu\", " EMPTY ", \"expiration_date\": \"%s\"}", i,
			promo_test_sql(till->database, "SELECT (%s)::date", days[i]));
		assert_int_equal(ASK(till, CREATE(admin, body)), i == 0 ? 201 : 422);
	}
	assert_int_equal(ASK(till, CREATE(admin, "{\"batch_name\": \"instant\", " EMPTY ", "
						 "\"expiration_date\": \"2998-12-31T23:30:00Z\"}")),
		201);
	assert_got(till, "batch.expiration_date", "2999-01-01");
	assert_got(till, "batch.expires_at", "2999-01-01T22:00:00.000Z");
}

/* What cannot be summed up could not be redeemed to its end, nor listed. */
static void test_worth(void **state)
{
	static const char body[] = "{\"batch_name\": \"rich-%d\", \"total_codes\": %d, "
				   "\"amount_per_code\": \"999999999999.99\", "
				   "\"expiration_date\": \"2999-12-31\"}";
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	char text[256];

	(void)snprintf(text, sizeof(text), body, 1, 10001);
	assert_problem(till, 422, "invalid_input", CREATE(admin, text));
	assert_got(till, "errors.0.pointer", "/total_codes");
	(void)snprintf(text, sizeof(text), body, 2, 10000);
	assert_int_equal(ASK(till, CREATE(admin, text)), 201);
	(void)promo_test_sql(till->database,
		"INSERT INTO totals (batch_id, day, lane, redeemed, redeemed_amount) "
		"SELECT '%s', '2026-01-01', 1, 10000, 10000 * 999999999999.99",
		till_get(till, "batch.id"));
	assert_int_equal(ASK(till, &promo_op_batch_list, admin.token), 200);
	assert_got(till, "items.0.redeemed_amount", "9999999999999900.00");
}

/* Days and moments at the ends of the calendar: refused or taken, and shown. */
static void test_ends_of_time(void **state)
{
	static const char *const early[] = { "0000-01-01", "0001-01-01", "0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z" };
	static const char body[] =
		"{\"batch_name\": \"end-%d\", " EMPTY ", \"expiration_date\": \"%s\"}";
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	char text[256];

	for (size_t i = 0; i < PROMO_COUNT(early); i++) {
		(void)snprintf(text, sizeof(text), body, 1, early[i]);
		assert_problem(till, 422, "invalid_input", CREATE(admin, text));
		assert_got(till, "errors.0.code", "in_past");
		if (strlen(early[i]) == 10) {
			assert_int_equal(ASK(till, &promo_op_batch_list, admin.token,
						 .query = { { "expires_before", early[i] } }),
				200);
		} else {
			assert_int_equal(ASK(till, &promo_op_audit_list, admin.token,
						 .query = { { "to", early[i] } }),
				200);
		}
		assert_null(till_get(till, "items.0"));
	}
	(void)snprintf(text, sizeof(text), body, 2, "9999-12-31");
	assert_int_equal(ASK(till, CREATE(admin, text)), 201);
	assert_got(till, "batch.expires_at", "9999-12-31T22:00:00.000Z");
	(void)snprintf(text, sizeof(text), body, 3, "9999-12-31T23:59:59Z");
	assert_problem(till, 422, "invalid_input", CREATE(admin, text));
	assert_got(till, "errors.0.code", "out_of_range");
}

static void test_rights(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person maker = till_person(till, "user");
	char body[256];

	till_grant(till, &maker, "batches.create");
	assert_int_equal(ASK(till, CREATE(maker, "{\"batch_name\": \"rights\", " EMPTY ", "
						 "\"expiration_date\": \"2999-12-31\"}")),
		201);
	assert_problem(till, 403, "forbidden",
		CREATE(maker, "{\"batch_name\": \"rights-2\", \"total_codes\": 5, "
			      "\"amount_per_code\": \"1\", \"expiration_date\": \"2999-12-31\"}"));
	assert_got(till, "permission", "promo-codes.generate");
	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"rights-3\", " EMPTY ", \"expiration_date\": \"2999-12-31\", "
		"\"assigned_user_id\": \"%s\"}",
		clerk.id);
	assert_problem(till, 403, "forbidden", CREATE(maker, body));
	assert_got(till, "permission", "batches.assign");
	till_grant(till, &maker, "batches.assign");
	assert_int_equal(ASK(till, CREATE(maker, body)), 201);
	assert_got(till, "batch.assigned_user.id", clerk.id);
	assert_problem(till, 403, "forbidden", .op = &promo_op_batch_list, .token = clerk.token);
}

/* Counts follow codes, batch and clock. */
static void test_counts(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 10);
	static const struct {
		const char *change, *status, *active, *expired, *blocked;
	} cases[] = {
		{ "version = version", "active", "7", "0", "0" },
		{ "status = 'blocked'", "blocked", "0", "0", "7" },
		{ "status = 'active', expiration_date = now()", "expired", "0", "7", "0" },
		{ "expiration_date = now() + interval '1 day'", "active", "7", "0", "0" },
	};

	for (int serial = 1; serial <= 3; serial++)
		stock_redeem(till, &clerk, 'A', serial, serial);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('A', 1).text, 9, "")),
		201);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)promo_test_sql(till->database, "UPDATE batches SET %s WHERE id = '%s'",
			cases[i].change, batch.text);
		assert_int_equal(ASK(till, .op = &promo_op_batch_show, .token = admin.token,
					 .id = batch.text),
			200);
		assert_got(till, "status", cases[i].status);
		assert_got(till, "counts.active", cases[i].active);
		assert_got(till, "counts.expired", cases[i].expired);
		assert_got(till, "counts.blocked", cases[i].blocked);
		assert_got(till, "counts.redeemed", "2");
		assert_got(till, "counts.reported", "1");
		assert_got(till, "redeemed_amount", "1500.00");
	}
	assert_problem(till, 404, "not_found", .op = &promo_op_batch_show, .token = admin.token,
		.id = admin.id);
}

static int list(struct till *till, const struct person *person, struct promo_pair first,
	struct promo_pair second, struct promo_pair third)
{
	return ASK(till, .op = &promo_op_batch_list, .token = person->token,
		.query = { { "count", "true" }, first, second, third });
}
#define LIST(till, person, ...) list((till), (person), __VA_ARGS__)
#define NONE                                                                                       \
	(struct promo_pair)                                                                        \
	{                                                                                          \
		NULL, NULL                                                                         \
	}
#define BY(name, value)                                                                            \
	(struct promo_pair)                                                                        \
	{                                                                                          \
		(name), (value)                                                                    \
	}

static void test_the_list(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");
	struct stock_id first = stock_batch(till, 'T', 1), second = stock_batch(till, 'U', 1);
	struct stock_id third = stock_batch(till, 'W', 1);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET batch_name = 'BATCH_LIST_1', expires_on = '2030-01-01' WHERE "
		"id = '%s'; "
		"UPDATE batches SET batch_name = 'BATCH_LIST-2', expires_on = '2030-02-01', "
		"status = 'blocked' WHERE id = '%s'; "
		"UPDATE batches SET batch_name = 'BATCH_LIST_3', expires_on = '2030-03-01', "
		"expiration_date = now(), assigned_user_id = '%s' WHERE id = '%s'",
		first.text, second.text, clerk.id, third.text);
	assert_int_equal(LIST(till, &admin, BY("q", "list"), NONE, NONE), 200);
	assert_got(till, "total", "3");
	assert_got(till, "items.0.id", third.text);
	assert_got(till, "items.2.id", first.text);
	/* An underscore is one. */
	assert_int_equal(LIST(till, &admin, BY("q", "list_"), NONE, NONE), 200);
	assert_got(till, "total", "2");
	assert_int_equal(
		LIST(till, &admin, BY("q", "LIST"), BY("status", "expired,blocked"), NONE), 200);
	assert_got(till, "total", "2");
	assert_int_equal(
		LIST(till, &admin, BY("q", "LIST"), BY("expires_before", "2030-02-01"), NONE), 200);
	assert_got(till, "total", "1");
	assert_got(till, "items.0.id", first.text);
	assert_int_equal(
		LIST(till, &admin, BY("q", "LIST"), BY("expires_after", "2030-02-01"), NONE), 200);
	assert_got(till, "items.0.id", third.text);
	assert_int_equal(LIST(till, &admin, BY("assigned_user_id", clerk.id), NONE, NONE), 200);
	assert_got(till, "total", "1");

	assert_int_equal(LIST(till, &admin, BY("q", "list"), BY("limit", "2"), NONE), 200);
	assert_got(till, "total", "3");
	assert_int_equal(LIST(till, &admin, BY("q", "list"), BY("limit", "2"),
				 BY("cursor", till_get(till, "next_cursor"))),
		200);
	assert_got(till, "items.0.id", first.text);
	assert_null(till_get(till, "items.1"));
	assert_got(till, "next_cursor", "null");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_batch_list, .token = admin.token,
		.query = { { "status", "lost" }, { "cursor", "x" }, { "limit", "0" } });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_batch),
		cmocka_unit_test(test_the_same_key),
		cmocka_unit_test(test_every_bad_field),
		cmocka_unit_test(test_the_last_day),
		cmocka_unit_test(test_worth),
		cmocka_unit_test(test_ends_of_time),
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_the_list),
	};

	return cmocka_run_group_tests_name("ops/batch", tests, till_setup, till_teardown);
}
