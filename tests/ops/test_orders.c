/* SPDX-License-Identifier: MIT */
/* Every order that a list offers is the one that it says, over pages of any size, also among rows that
 * are alike in the field, lack it, or hold the longest there may be; a cursor goes on in its own order
 * only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/list.h"
#include "tests/ops/stock.h"

enum {
	ROWS_MAX = 64,
	IDS_BYTES = ROWS_MAX * 37,
};

/* The ids as a list has them in this order, by blanks. */
static void walk(struct till *till, const struct person *person, const struct promo_op *op,
	const char *sort, const char *limit, char ret[IDS_BYTES])
{
	char cursor[900] = "", path[24];

	*ret = '\0';
	do {
		assert_int_equal(
			ASK(till, .op = op, .token = person->token,
				.query = { { "limit", limit },
					{ *sort ? "sort" : "count", *sort ? sort : "true" },
					{ *cursor ? "cursor" : NULL, cursor } }),
			200);
		for (int i = 0;; i++) {
			const char *id;

			(void)snprintf(path, sizeof(path), "items.%d.id", i);
			id = till_get(till, path);
			if (!id)
				break;
			assert_true(strlen(ret) + 38 < IDS_BYTES);
			(void)snprintf(ret + strlen(ret), 39, "%s%s", *ret ? " " : "", id);
		}
		(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	} while (strcmp(cursor, "null") != 0);
}

struct order_of {
	const char *sort, *by;
};

static void assert_orders(struct till *till, const struct promo_op *op, const char *from,
	const struct order_of *orders, size_t count)
{
	static const char *const limits[] = { "1", "3", "1000" };
	struct person admin = till_person(till, "super-admin");
	const struct promo_words *words = promo_schema_field(op->in, "sort")->words;
	char ids[IDS_BYTES];

	/* Besides the one that nobody has to say. */
	assert_int_equal(words->count - 1, count - 1);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < PROMO_COUNT(limits); j++) {
			assert_true(!*orders[i].sort || promo_word_value(words, orders[i].sort));
			walk(till, &admin, op, orders[i].sort, limits[j], ids);
			assert_string_equal(
				ids, promo_test_sql(till->database,
					     "SELECT string_agg(id::text, ' ' ORDER BY %s) FROM %s",
					     orders[i].by, from));
		}
}

static void test_users(void **state)
{
	static const struct order_of orders[] = {
		{ "", "id DESC" },
		{ "-created_at", "id DESC" },
		{ "created_at", "id" },
		{ "last_name", "lower(last_name), id" },
		{ "-last_name", "lower(last_name) DESC, id DESC" },
		{ "email", "coalesce(email, ''), id" },
		{ "-email", "coalesce(email, '') DESC, id DESC" },
	};
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"INSERT INTO users (id, first_name, last_name, email, phone_number) SELECT "
		"('0190a1b2-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'A', "
		"CASE n %% 5 WHEN 0 THEN 'uwase' WHEN 1 THEN 'Uwase' WHEN 2 THEN 'O''Brien' "
		"WHEN 3 THEN repeat('\xf0\x9f\x98\x80', 99) || n ELSE '\xc3\x89mile ' || n END, "
		"CASE WHEN n %% 3 > 0 THEN repeat('x', n) || '@example.com' END, "
		"'+2507' || lpad(n::text, 8, '0') FROM generate_series(1, 25) n");
	assert_orders(till, &promo_op_user_list, "users WHERE deleted_at IS NULL", orders,
		PROMO_COUNT(orders));
}

static void test_batches(void **state)
{
	static const struct order_of orders[] = {
		{ "", "id DESC" },
		{ "-created_at", "id DESC" },
		{ "created_at", "id" },
		{ "batch_name", "batch_name, id" },
		{ "-batch_name", "batch_name DESC, id DESC" },
		{ "expiration_date", "expires_on, id" },
		{ "-expiration_date", "expires_on DESC, id DESC" },
	};
	struct till *till = *state;

	for (char letter = 'A'; letter <= 'H'; letter++)
		(void)stock_batch(till, letter, 1);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET expires_on = expires_on + (ascii(right(batch_name, 1)) %% 3), "
		"batch_name = 'BATCH_' || upper(md5(batch_name))");
	assert_orders(till, &promo_op_batch_list, "batches", orders, PROMO_COUNT(orders));
}

static void assert_refused(struct till *till, const struct person *admin, const char *sort,
	const char *cursor, const char *pointer)
{
	assert_problem(till, 422, "invalid_input", .op = &promo_op_user_list, .token = admin->token,
		.query = {
			{ "limit", "1" }, { "sort", sort }, { cursor ? "cursor" : NULL, cursor } });
	assert_got(till, "errors.0.pointer", pointer);
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	char cursor[900];

	assert_refused(till, &admin, "password_hash", NULL, "?sort");
	assert_refused(till, &admin, "+email", NULL, "?sort");
	assert_int_equal(ASK(till, .op = &promo_op_user_list, .token = admin.token,
				 .query = { { "limit", "1" }, { "sort", "email" } }),
		200);
	(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	assert_refused(till, &admin, "-email", cursor, "?cursor");
	assert_refused(till, &admin, "last_name", cursor, "?cursor");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_user_list, .token = admin.token,
		.query = { { "cursor", cursor } });
	assert_problem(till, 422, "invalid_input", .op = &promo_op_role_list, .token = admin.token,
		.query = { { "sort", "created_at" } });
	assert_got(till, "errors.0.code", "unknown_field");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("ops/orders", tests, till_setup, till_teardown);
}
