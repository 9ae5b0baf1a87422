/* SPDX-License-Identifier: MIT */
/* The log of redemptions, by any filter and by each two of them, followed to its end: every redemption that
 * fits, each once, newest first, as reading the whole table finds them, whichever way a page takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_customer.h"
#include "libpromo/model/field.h"
#include "tests/ops/stock.h"

enum {
	LARGE = 5400, /* codes: more than are looked up one by one, redemptions than a page looks through */
	SMALL = 300,
	CUSTOMERS = 2500, /* more than are found one by one */
	PAGES_MAX = 40,
	GIVEN_OUT = 10000,
	WHERE = 200,
	CURSOR = 600,
	FITTING = 64,
	NUMBER = 12, /* digits at the end of an id */
};

static struct person admin, clerk, gone;

/* Of the large batch two in three are redeemed by one clerk in 90 days, of the small one all within some of
 * them; one in nine was tried before, and much later once more. */
static int fill(void **state)
{
	struct till *till;

	if (till_setup(state))
		return -1;
	till = *state;
	admin = till_person(till, "admin");
	clerk = till_person(till, "batch-manager");
	gone = till_person(till, "batch-manager");
	(void)stock_batch(till, 'L', LARGE);
	(void)stock_batch(till, 'S', SMALL);
	(void)promo_test_sql(till->database,
		"INSERT INTO customers (id, first_name, last_name, phone_number) SELECT "
		"(lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid, 'Aline', "
		"CASE n %% 50 WHEN 0 THEN 'Zawadi' ELSE 'Uwimana' END, '+2507' || lpad(n::text, 8, "
		"'0') "
		"FROM generate_series(1, %d) n",
		CUSTOMERS);
	(void)promo_test_sql(till->database,
		"INSERT INTO customer_search SELECT id, lower(first_name || ' ' || last_name) || "
		"E'\\n' || phone_number || E'\\n' FROM customers");
	(void)promo_test_sql(till->database,
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, "
		"idempotency_key, request_hash, created_at, completed_at, error_code, "
		"refused_batch_id) "
		"SELECT overlay(promo_id_at(at)::text PLACING CASE refused WHEN 0 THEN '7' ELSE "
		"'8' END "
		"|| lpad(n::text, 3, '0') || '-8000-' || lpad((n + 10000 * refused + CASE "
		"batch_name WHEN 'BATCH_S' THEN 50000 ELSE 0 END)::text, 12, '0') FROM 15)::uuid, "
		"CASE WHEN batch_name = 'BATCH_S' THEN '%s' WHEN n %% 3 = 0 THEN '%s' ELSE '%s' "
		"END::uuid, "
		"p.id, (SELECT id FROM customers WHERE phone_number = "
		"'+2507' || lpad((1 + n %% %d)::text, 8, '0')), 500, "
		"CASE refused WHEN 0 THEN 'completed' ELSE 'failed' END, batch_name || '/' || n || "
		"'/' || "
		"refused, 'x', at, CASE refused WHEN 0 THEN at END, "
		"CASE WHEN refused > 0 THEN 'code_blocked' END, CASE WHEN refused > 0 THEN b.id "
		"END "
		"FROM (SELECT *, serial AS n FROM promo_codes) p JOIN batches b ON b.id = "
		"p.batch_id, "
		"generate_series(0, 2) refused, LATERAL (SELECT '2026-01-01 05:59Z'::timestamptz + "
		"CASE refused WHEN 2 THEN interval '120 days' ELSE interval '-1 second' * refused "
		"END + "
		"CASE batch_name WHEN 'BATCH_S' THEN interval '40 days' + n * interval '13 "
		"minutes' "
		"ELSE n * interval '24 minutes' END AS at) t WHERE refused = 0 OR n %% 9 = 4",
		gone.id, admin.id, clerk.id, CUSTOMERS);
	(void)promo_test_sql(till->database,
		"INSERT INTO totals (batch_id, day, lane, redeemed) SELECT p.batch_id, "
		"(r.created_at AT TIME ZONE 'Africa/Kigali')::date, 0, count(*) FROM redemptions r "
		"JOIN promo_codes p ON p.id = r.promo_code_id WHERE r.status = 'completed' GROUP "
		"BY 1, 2");
	(void)promo_test_sql(
		till->database, "CREATE TABLE seen AS SELECT * FROM redemption_rows; ANALYZE");
	return 0;
}

struct filter {
	struct promo_pair asked;
	char where[WHERE];
};

/* How many redemptions all pages have, and the sum of their numbers, each times its place, which another
 * order changes as well as one too many. */
struct told {
	long long count, sum;
};

static void add_page(struct told *told, const char *body)
{
	static const char behind[] = "\",\"code_id\":";

	for (const char *at = body; (at = strstr(at, behind)); at += sizeof(behind) - 1)
		told->sum += ++told->count * strtoll(at - NUMBER, NULL, 10);
}

/* Without reading a thousand rows as JSON. */
static void read_cursor(const char *body, char ret[CURSOR])
{
	static const char name[] = "\"next_cursor\":";
	const char *at = strstr(body, name);

	assert_non_null(at);
	at += sizeof(name) - 1;
	*ret = '\0';
	if (*at == '"')
		(void)snprintf(ret, CURSOR, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
	else
		assert_int_equal(strncmp(at, "null", 4), 0);
}

static struct told follow(
	struct till *till, const struct promo_pair *first, const struct promo_pair *second)
{
	struct told told = { 0 };
	char cursor[CURSOR] = "";
	int pages = 0;

	do {
		struct ask ask = { .op = &promo_op_redemption_list,
			.token = admin.token,
			.query = { { "limit", "1000" }, *first } };
		int query = 2;

		if (second)
			ask.query[query++] = *second;
		if (*cursor)
			ask.query[query] = (struct promo_pair){ "cursor", cursor };
		assert_int_equal(till_ask(till, &ask), 200);
		add_page(&told, till->answer.body);
		read_cursor(till->answer.body, cursor);
		assert_true(++pages <= PAGES_MAX);
	} while (*cursor);
	return told;
}

static void compare(struct till *till, const struct filter *first, const struct filter *second)
{
	const struct told told = follow(till, &first->asked, second ? &second->asked : NULL);
	const char *fitting;
	char all[FITTING];

	(void)snprintf(all, sizeof(all), "%lld, %lld", told.count, told.sum);
	fitting = promo_test_sql(till->database,
		"SELECT concat(count(*), ', ', coalesce(sum(place * right(id::text, 12)::bigint), "
		"0)) "
		"FROM (SELECT id, row_number() OVER (ORDER BY created_at DESC, id DESC) AS place "
		"FROM seen WHERE (%s) AND (%s)) r",
		first->where, second ? second->where : "true");
	if (strcmp(all, fitting) != 0)
		fail_msg("%s=%s %s=%s: told %s of %s", first->asked.name, first->asked.value,
			second ? second->asked.name : "", second ? second->asked.value : "", all,
			fitting);
}

static void PROMO_PRINTF(4, 5)
	set(struct filter *filter, const char *name, const char *value, const char *format, ...)
{
	va_list args;

	filter->asked = (struct promo_pair){ name, value };
	va_start(args, format);
	(void)vsnprintf(filter->where, sizeof(filter->where), format, args);
	va_end(args);
}

static void test_each_two(void **state)
{
	struct till *till = *state;
	struct filter all[12];
	char large[40], small[40], customer[40];
	size_t count = 0;

	(void)snprintf(large, sizeof(large), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_L'"));
	(void)snprintf(small, sizeof(small), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_S'"));
	(void)snprintf(customer, sizeof(customer), "%s",
		promo_test_sql(till->database,
			"SELECT id FROM customers WHERE phone_number = '+250700000050'"));
	set(&all[count++], "batch_id", large, "\"batch.id\" = '%s'", large);
	set(&all[count++], "batch_id", small, "\"batch.id\" = '%s'", small);
	set(&all[count++], "user_id", clerk.id, "\"user.id\" = '%s'", clerk.id);
	set(&all[count++], "user_id", gone.id, "\"user.id\" = '%s'", gone.id);
	set(&all[count++], "status", "failed", "status = 'failed'");
	set(&all[count++], "q", "uwimana", "\"customer.last_name\" = 'Uwimana'");
	set(&all[count++], "q", "zaw", "\"customer.last_name\" = 'Zawadi'");
	set(&all[count++], "q", "zz", "false");
	set(&all[count++], "phone_number", "0700000050", "\"customer.id\" = '%s'", customer);
	set(&all[count++], "phone_number", "0799999999", "false");
	set(&all[count++], "from", "2026-03-25T12:00:00Z", "created_at >= '2026-03-25 12:00Z'");
	set(&all[count++], "to", "2026-01-20T12:00:00Z", "created_at < '2026-01-20 12:00Z'");
	assert_int_equal(count, PROMO_COUNT(all));
	for (size_t i = 0; i < count; i++) {
		compare(till, &all[i], NULL);
		for (size_t k = i + 1; k < count; k++)
			if (strcmp(all[i].asked.name, all[k].asked.name) != 0)
				compare(till, &all[i], &all[k]);
	}
}

/* The id of a redemption is given before it is counted, by another clock: so midnight may lie between them. */
static void test_midnight(void **state)
{
	struct till *till = *state;
	struct filter batch;
	char large[40];

	(void)snprintf(large, sizeof(large), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_L'"));
	set(&batch, "batch_id", large, "\"batch.id\" = '%s'", large);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM seen WHERE \"batch.id\" = '%s' AND "
				    "created_at = '2026-01-01 21:59Z' AND status = 'completed'",
				    large),
		"1");
	(void)promo_test_sql(till->database,
		"WITH gone AS (DELETE FROM seen WHERE \"batch.id\" = '%s' AND created_at < "
		"'2026-01-01 21:50Z' RETURNING id) DELETE FROM redemptions WHERE id IN (SELECT id "
		"FROM gone); UPDATE totals SET redeemed = redeemed + 1 WHERE day = '2026-01-02'; "
		"DELETE FROM totals WHERE day <= '2026-01-01'",
		large);
	compare(till, &batch, NULL);
}

/* Days that were counted in another zone are read a day wider. */
static void test_another_zone(void **state)
{
	struct till *till = *state;
	struct filter batch;
	char large[40];

	(void)snprintf(large, sizeof(large), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_L'"));
	set(&batch, "batch_id", large, "\"batch.id\" = '%s'", large);
	(void)promo_test_sql(till->database, "DELETE FROM totals; INSERT INTO totals (batch_id, "
					     "day, lane, redeemed) SELECT p.batch_id, "
					     "(r.created_at AT TIME ZONE 'Pacific/Honolulu')::date "
					     "+ 0, 0, count(*) FROM redemptions r "
					     "JOIN promo_codes p ON p.id = r.promo_code_id WHERE "
					     "r.status = 'completed' GROUP BY 1, 2");
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'locale', 'time_zone', '\"Africa/Kigali\"')");
	compare(till, &batch, NULL);
}

/* What is given out of one customer is bounded, and says so. */
static void test_one_who_has_many(void **state)
{
	struct till *till = *state;
	struct told told = { 0 };
	struct filter nothing, early;
	char id[40], cursor[CURSOR];

	(void)snprintf(id, sizeof(id), "%s",
		promo_test_sql(till->database,
			"SELECT id FROM customers WHERE phone_number = '+250700000050'"));
	(void)promo_test_sql(till->database,
		"DELETE FROM redemptions WHERE customer_id = '%s'; INSERT INTO redemptions (id, "
		"user_id, "
		"promo_code_id, customer_id, amount, status, idempotency_key, request_hash, "
		"refused_batch_id) SELECT gen_random_uuid(), '%s', p.id, '%s', 500, 'failed', "
		"'many/' || n, "
		"'x', p.batch_id FROM (SELECT * FROM promo_codes LIMIT 1) p, generate_series(1, "
		"%d) n",
		id, clerk.id, id, GIVEN_OUT + 1);
	assert_int_equal(
		ASK(till, .op = &promo_op_customer_data_export, .token = admin.token, .id = id),
		200);
	add_page(&told, till->answer.body);
	assert_int_equal(told.count, GIVEN_OUT);
	assert_non_null(strstr(till->answer.body, "\"redemptions_left\":1,"));
	/* Nor is he looked through as a whole where nothing of his fits: the page ends before that. */
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_list, .token = admin.token,
			.query = { { "q", "0700000050" }, { "to", "2026-06-01T00:00:00Z" } }),
		200);
	read_cursor(till->answer.body, cursor);
	assert_string_not_equal(cursor, "");
	set(&nothing, "q", "0700000050", "false");
	set(&early, "to", "2026-06-01T00:00:00Z", "true");
	compare(till, &nothing, &early);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_two),
		cmocka_unit_test(test_midnight),
		cmocka_unit_test(test_another_zone),
		cmocka_unit_test(test_one_who_has_many),
	};

	return cmocka_run_group_tests_name("ops/redemption_log", tests, fill, till_teardown);
}
