/* SPDX-License-Identifier: MIT */
/* Customers are found by what they are called among more than anybody looks through, page by page and
 * none twice, also who came a moment ago and whose name came later; what is known of one is given out
 * whole; and who is erased is named nowhere any more, while what was redeemed stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_customer.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/worker.h"
#include "tests/ops/stock.h"

enum {
	MANY = 10100, /* more than are looked through for one page, in every way */
	LAST = 600,   /* of them, whom the job engine itself writes into the index */
	INDEX_ROUNDS = LAST / 500 + 1,
	BUSY = 10100,
};

static struct person admin;

/* What the job engine has in hand when it tidies up. */
static struct promo_job_worker worker_new(struct till *till)
{
	const struct promo_store_config config = { .uri = till->database->app_uri };
	struct promo_job_worker worker = { .config = &till->config,
		.arena = promo_arena_new(64 * 1024 * 1024) };

	assert_non_null(worker.arena);
	assert_int_equal(promo_store_open(&config, &worker.store), 0);
	assert_int_equal(promo_audit_open(worker.store, worker.arena, "test", &worker.writer), 0);
	return worker;
}

static void worker_done(struct promo_job_worker *worker)
{
	promo_store_close(worker->store);
	promo_arena_free(worker->arena);
}

static void write_index(struct promo_job_worker *worker, int64_t rest_s)
{
	assert_int_equal(promo_store_begin(worker->store), 0);
	assert_int_equal(promo_customers_index(worker, rest_s), 0);
	assert_int_equal(promo_store_commit(worker->store), 0);
}

static void forget(struct promo_job_worker *worker, int64_t days)
{
	assert_int_equal(promo_store_begin(worker->store), 0);
	assert_int_equal(promo_customers_forget(worker, days), 0);
	assert_int_equal(promo_store_commit(worker->store), 0);
}

static int find(struct till *till, const char *q, const char *cursor)
{
	struct ask ask = { .op = &promo_op_customer_list,
		.token = admin.token,
		.query = { { "q", q }, { "limit", "10" }, { "count", "true" } } };

	if (cursor)
		ask.query[3] = (struct promo_pair){ "cursor", cursor };
	return till_ask(till, &ask);
}

#define assert_found(q, total, first)                                                              \
	do {                                                                                       \
		assert_int_equal(find(till, (q), NULL), 200);                                      \
		assert_got(till, "total", (total));                                                \
		if ((const char *){ (first) }) /* clang: no literal as a condition */              \
			assert_got(till, "items.0.phone_number", (first));                         \
	} while (0)

/* Customers by number, the oldest first: each has a name of his own, and a common one. */
static int fill(void **state)
{
	struct till *till;
	struct promo_job_worker worker;

	if (till_setup(state))
		return -1;
	till = *state;
	admin = till_person(till, "admin");
	(void)promo_test_sql(till->database,
		"INSERT INTO customers (id, first_name, last_name, phone_number, email) "
		"SELECT (lpad(to_hex(1000000 + n), 12, '0') || '-7000-8000-000000000000')::uuid, "
		"CASE WHEN n %% 2 = 0 THEN 'Jean_' ELSE 'Émile' END, "
		"'Uw' || left(md5(n::text), 9), '+2507' || lpad((n * 3001 %% 100000000)::text, 8, "
		"'0'), "
		"CASE WHEN n = 7 THEN 'Seven@Example.com' END FROM generate_series(1, %d) n",
		MANY);
	/* Most at once: round by round takes seconds. */
	(void)promo_test_sql(till->database,
		"INSERT INTO customer_search SELECT id, lower(first_name || ' ' || last_name) || "
		"E'\\n' || phone_number || E'\\n' || coalesce(lower(email), '') FROM customers "
		"ORDER BY id LIMIT %d",
		MANY - LAST);
	(void)promo_test_sql(till->database,
		"UPDATE customer_rounds SET searched_id = "
		"(SELECT customer_id FROM customer_search ORDER BY 1 DESC LIMIT 1)");
	worker = worker_new(till);
	for (int i = 0; i < INDEX_ROUNDS; i++)
		write_index(&worker, /* rest_s= */ 0);
	worker_done(&worker);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM customers c JOIN customer_search s "
				    "ON s.customer_id = c.id"),
		"10100");
	(void)promo_test_sql(till->database, "ANALYZE customers; ANALYZE customer_search");
	return 0;
}

static void test_the_pieces_of_a_name(void **state)
{
	struct till *till = *state;
	char name[40], part[16];

	(void)snprintf(name, sizeof(name), "Jean_ UW%s",
		promo_test_sql(till->database, "SELECT left(md5('42'), 9)"));
	assert_found(name, "1", "+250700126042");
	(void)snprintf(part, sizeof(part), "%.7s", name + 9);
	assert_found(part, "1", "+250700126042");
	assert_found("seven@EXAMPLE", "1", "+250700021007");
	assert_found("0700021007", "1", "+250700021007");
	assert_found("+250700021007", "1", "+250700021007");
	assert_found("700021007", "1", "+250700021007");
	assert_found("0700 021-007", "1", "+250700021007");
	assert_found("+250 (700) 021 007", "1", "+250700021007");
	assert_found("00250 700 021 007", "1", "+250700021007");
	/* Too short for pieces: capitals of an address count as little as those of a name. */
	assert_found("N@", "1", NULL);
	assert_found("ÉMILE", "5050", NULL);
	assert_found("nobody at all", "0", NULL);
	assert_found("jean%", "0", NULL);
	assert_found("e@e", "0", NULL);
	/* Parts of two lines of what they are searched by are no part of either. */
	assert_found("07seven", "0", NULL);
}

/* Walks all pages; how many customers were on them, each once and newest first. */
static int walk(struct till *till, const char *q, int *ret_pages)
{
	char cursor[400] = "", last[40] = "ffffffff", path[16];
	int seen = 0;

	for (*ret_pages = 1;; (*ret_pages)++) {
		assert_int_equal(find(till, q, *cursor ? cursor : NULL), 200);
		for (int i = 0; i < 10; i++) {
			const char *id;

			(void)snprintf(path, sizeof(path), "items.%d.id", i);
			id = till_get(till, path);
			if (!id)
				break;
			assert_true(strcmp(id, last) < 0);
			(void)snprintf(last, sizeof(last), "%s", id);
			seen++;
		}
		if (strcmp(till_get(till, "next_cursor"), "null") == 0)
			return seen;
		(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	}
}

static void test_pages(void **state)
{
	struct till *till = *state;
	char part[8];
	int pages;

	/* Of every 4096th, and of those who are too old to be seen among the newest. */
	(void)snprintf(
		part, sizeof(part), "uw%.3s", promo_test_sql(till->database, "SELECT md5('3')"));
	assert_int_equal(walk(till, part, &pages),
		strtol(promo_test_sql(till->database,
			       "SELECT count(*) FROM customers WHERE lower(last_name) LIKE '%s%%'",
			       part),
			NULL, 10));
	assert_int_equal(walk(till, "x", &pages), 1);
	/* Nothing to find by: what is behind so many is on the next page, if there is anything. */
	assert_int_equal(pages, 2);
	assert_int_equal(walk(till, "jx", &pages), 0);
	assert_int_equal(pages, 2);
	assert_int_equal(find(till, "uw", "bm9uc2Vuc2U"), 422);
	assert_got(till, "errors.0.pointer", "?cursor");
}

static void assert_redeemed(struct till *till, int serial, const char *more)
{
	char key[16];

	(void)snprintf(key, sizeof(key), "key-%d", serial);
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_create, .token = admin.token, .key = key,
			.body = stock_body(stock_code('A', serial).text, 1, more)),
		201);
}

static void test_who_comes(void **state)
{
	struct till *till = *state;
	struct promo_job_worker worker = worker_new(till);

	(void)stock_batch(till, 'A', 9);
	assert_redeemed(till, 1, "");
	assert_found("88000001", "1", "+250788000001");
	write_index(&worker, /* rest_s= */ 0);
	assert_redeemed(till, 2, ", \"first_name\": \"Xaverine\"");
	/* Whose name is told later is no longer among the newest by then. */
	(void)promo_test_sql(till->database,
		"INSERT INTO customers (id) SELECT ('ffffffff-ffff-7fff-8fff-' || "
		"lpad(n::text, 12, '0'))::uuid FROM generate_series(1, 5000) n");
	assert_found("xaverin", "0", NULL);
	write_index(&worker, /* rest_s= */ 60);
	assert_found("xaverin", "0", NULL);
	write_index(&worker, /* rest_s= */ -60);
	assert_found("xaverin", "1", "+250788000001");
	(void)promo_test_sql(till->database,
		"DELETE FROM customers WHERE id > 'ffffffff-ffff-7fff-8fff-000000000000'");
	worker_done(&worker);
}

static void test_what_is_his(void **state)
{
	struct till *till = *state;
	char id[40];

	assert_int_equal(find(till, "xaverine", NULL), 200);
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "items.0.id"));
	assert_int_equal(ASK(till, .op = &promo_op_customer_redemptions, .token = admin.token,
				 .id = id, .query = { { "limit", "1" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "2");
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 2).text);
	assert_problem(till, 404, "not_found", .op = &promo_op_customer_redemptions,
		.token = admin.token, .id = admin.id);
	assert_int_equal(ASK(till, .op = &promo_op_redemption_search, .token = admin.token,
				 .body = "{\"code\": \"%s\"}"),
		422);
	/* Somebody else redeemed it. */
	assert_int_equal(ASK(till, .op = &promo_op_redemption_create, .token = admin.token,
				 .key = "else", .body = stock_body(stock_code('A', 3).text, 2, "")),
		201);
	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_create, .token = admin.token, .key = "claim",
			.body = stock_body(
				stock_code('A', 3).text, 1, ", \"first_name\": \"Xaverine\"")),
		201);
	assert_int_equal(
		ASK(till, .op = &promo_op_customer_data_export, .token = admin.token, .id = id),
		200);
	assert_got(till, "customer.first_name", "Xaverine");
	assert_got(till, "redemptions.1.code_id", stock_code_id(till, 'A', 1).text);
	assert_null(till_get(till, "redemptions.2"));
	assert_got(till, "claims.0.claimant.first_name", "Xaverine");
	assert_null(till_get(till, "claims.1"));
	assert_null(strstr(till->answer.body, "+250788000002"));
}

#define assert_redemptions(total, ...)                                                             \
	do {                                                                                       \
		assert_int_equal(ASK(till, .op = &promo_op_redemption_list, .token = admin.token,  \
					 .query = { { "count", "true" }, __VA_ARGS__ }),           \
			200);                                                                      \
		assert_got(till, "total", (total));                                                \
	} while (0)

/* The log of redemptions, with more of them behind than are looked through. */
static void test_redemptions_by_name(void **state)
{
	struct till *till = *state;
	char begins[16], dashed[16], batch[40], cursor[400];

	(void)stock_batch(till, 'C', BUSY);
	(void)promo_test_sql(till->database,
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, "
		"idempotency_key, request_hash, completed_at) SELECT "
		"(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || "
		"'-7000-8000-' "
		"|| lpad(p.serial::text, 12, '0'))::uuid, '%s', p.id, c.id, 500, 'completed', "
		"'busy/' || p.serial, 'x', now() FROM promo_codes p JOIN batches b ON b.id = "
		"p.batch_id JOIN customers c ON c.phone_number = '+250700021007' "
		"WHERE b.batch_name = 'BATCH_C'",
		admin.id);
	assert_redemptions("2", { "q", "averin" });
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 2).text);
	assert_got(till, "items.1.code_id", stock_code_id(till, 'A', 1).text);
	assert_redemptions("2", { "q", "0788000001" });
	assert_redemptions("2", { "q", "averin" }, { "status", "completed" });
	assert_redemptions("0", { "q", "averin" }, { "status", "failed" });
	assert_redemptions("10100", { "q", "0700021007" });
	/* One day far back is read where it lies, and what one customer has by him. */
	(void)promo_test_sql(till->database,
		"UPDATE redemptions SET created_at = created_at - interval '400 days', "
		"id = overlay(id::text placing '0180' from 1 for 4)::uuid "
		"WHERE id = (SELECT id FROM redemptions ORDER BY id LIMIT 1)");
	assert_redemptions("1", { "q", "25" }, { "to", "2025-12-01T00:00:00Z" });
	assert_non_null(till_get(till, "items.0.id"));
	assert_redemptions("2", { "q", "av" }, { "phone_number", "0788000001" });
	assert_non_null(till_get(till, "items.0.id"));
	/* A code begins with it, however it is written; no other part of one is looked for. */
	(void)snprintf(begins, sizeof(begins), "%.11s", stock_code('A', 2).text);
	(void)snprintf(dashed, sizeof(dashed), "%.4s-%.4s", begins, begins + 4);
	assert_redemptions("1", { "q", dashed });
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 2).text);
	assert_redemptions("2", { "q", "a000" });
	assert_redemptions("0", { "q", "%" });
	/* A batch that was redeemed before all of those. */
	(void)snprintf(batch, sizeof(batch), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM batches WHERE batch_name = 'BATCH_A'"));
	assert_redemptions("2", { "batch_id", batch });
	assert_got(till, "items.1.code_id", stock_code_id(till, 'A', 1).text);
	assert_redemptions("2", { "batch_id", batch }, { "q", "averin" });
	assert_redemptions("0", { "batch_id", batch }, { "status", "failed" });
	assert_redemptions("2", { "batch_id", batch }, { "limit", "1" });
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 2).text);
	(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	assert_redemptions("2", { "batch_id", batch }, { "limit", "1" }, { "cursor", cursor });
	assert_got(till, "items.0.code_id", stock_code_id(till, 'A', 1).text);
	assert_got(till, "next_cursor", "null");
	/* An address is no part of what a redemption shows. */
	assert_redemptions("0", { "q", "seven@" });
	assert_redemptions("0", { "q", "jx" });
	assert_non_null(till_get(till, "next_cursor"));
	assert_true(strcmp(till_get(till, "next_cursor"), "null") != 0);
	assert_redemptions(
		"10102", { "from", "1970-01-01T00:00:00Z" }, { "to", "9999-12-30T00:00:00Z" });
	assert_redemptions("0", { "to", "1970-01-01T00:00:00Z" });
	assert_redemptions("10102", { "from", "1969-01-01T00:00:00Z" });
	(void)promo_test_sql(
		till->database, "DELETE FROM redemptions WHERE idempotency_key LIKE 'busy/%%'");
}

#define PERSONAL "'Xaverine|88000001'"

/* Where a name or a number still stands, of all tables and columns. */
static const char *whereabouts(struct till *till)
{
	(void)promo_test_sql(till->database,
		"DO $$ DECLARE t text; n bigint; found text := ''; BEGIN "
		"FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP "
		"EXECUTE format('SELECT count(*) FROM %%I r WHERE r::text ~ ' || "
		"quote_literal(" PERSONAL "), t) INTO n; "
		"IF n > 0 THEN found := found || t || ' '; END IF; END LOOP; "
		"CREATE TABLE IF NOT EXISTS kept (found text); TRUNCATE kept; "
		"EXECUTE format('INSERT INTO kept VALUES (%%L)', found); END $$");
	return promo_test_sql(till->database, "SELECT found FROM kept");
}

static void write_numbers(const struct till *till)
{
	/* People write numbers in their own way, also into a case about somebody else. */
	(void)promo_test_sql(till->database,
		"UPDATE fraud_reports SET description = 'came with 0788 000-001', resolution = "
		"'paid to 0788000001'");
	(void)promo_test_sql(till->database,
		"INSERT INTO fraud_notes (id, fraud_report_id, user_id, text) SELECT "
		"gen_random_uuid(), id, reported_by, 'call (0788) 000 001' FROM fraud_reports");
	(void)promo_test_sql(till->database,
		"INSERT INTO outbox (id, channel, kind, recipient, payload) VALUES "
		"(gen_random_uuid(), 'email', 'x', 'a@example.com', "
		"'{\"body\":\"+250788000001\"}')");
}

static void assert_numbers_erased(const struct till *till)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM fraud_notes WHERE text <> 'erased'"),
		"0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT description || resolution FROM fraud_reports"),
		"erasederased");
}

static void test_who_is_erased(void **state)
{
	struct till *till = *state;
	char id[40], body[64];

	assert_int_equal(find(till, "xaverine", NULL), 200);
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "items.0.id"));
	/* A second claim is a note, and a letter and a delivery may have his number. */
	assert_problem(till, 409, "code_already_reported", .op = &promo_op_fraud_report_create,
		.token = admin.token, .key = "claim-again",
		.body = stock_body(stock_code('A', 3).text, 1, ", \"last_name\": \"Xaverine\""));
	write_numbers(till);
	assert_problem(till, 404, "not_found", .op = &promo_op_customer_erase, .token = admin.token,
		.id = admin.id, .body = "{\"reason\":\"asked\"}");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_customer_erase,
		.token = admin.token, .id = id, .body = "{}");
	assert_int_equal(ASK(till, .op = &promo_op_customer_erase, .token = admin.token, .id = id,
				 .body = "{\"reason\":\"asked for by letter\"}"),
		200);
	assert_got(till, "first_name", "null");
	assert_got(till, "phone_number", "null");
	assert_got(till, "redemptions_count", "2");
	assert_string_equal(whereabouts(till), "");
	assert_numbers_erased(till);
	assert_found("xaverine", "0", NULL);
	assert_found("0788000001", "0", NULL);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT changes::text FROM audit_log WHERE action = 'customer.erase' AND "
			"outcome = 'allowed'"),
		"[{\"after\": null, \"field\": \"phone_number\", \"before\": null}, "
		"{\"after\": null, \"field\": \"first_name\", \"before\": null}, "
		"{\"after\": \"asked for by letter\", \"field\": \"reason\", \"before\": null}]");
	/* A replay of what was answered has no name either, and the same answer otherwise. */
	assert_int_equal(
		ASK(till, .op = &promo_op_fraud_report_create, .token = admin.token, .key = "claim",
			.body = stock_body(
				stock_code('A', 3).text, 1, ", \"first_name\": \"Xaverine\"")),
		201);
	assert_got(till, "claimant.phone_number", "null");
	stock_assert_totals(till);
	/* Whose code comes again is told when it was paid, and not to whom. */
	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code('A', 1).text);
	assert_int_equal(
		ASK(till, .op = &promo_op_code_verify, .token = admin.token, .body = body), 200);
	assert_got(till, "redemption.phone_number", "null");
	assert_problem(till, 409, "code_already_redeemed", .op = &promo_op_redemption_create,
		.token = admin.token, .key = "again",
		.body = stock_body(stock_code('A', 1).text, 5, ""));
	assert_got(till, "phone_number", "null");
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_search, .token = admin.token, .body = body),
		200);
	assert_got(till, "items.0.status", "failed");
	assert_got(till, "items.1.customer.phone_number", "null");
	assert_int_equal(
		ASK(till, .op = &promo_op_code_explain, .token = admin.token, .body = body), 200);
	/* The number is free, for somebody new. */
	assert_redeemed(till, 4, "");
	assert_true(strcmp(till_get(till, "customer.id"), id) != 0);
	assert_int_equal(ASK(till, .op = &promo_op_customer_erase, .token = admin.token, .id = id,
				 .body = "{\"reason\":\"again\"}"),
		200);
	assert_found("0788000001", "1", "+250788000001");
}

static void test_who_is_forgotten(void **state)
{
	struct till *till = *state;
	struct promo_job_worker worker = worker_new(till);

	(void)promo_test_sql(till->database,
		"DELETE FROM customer_search; DELETE FROM customers c WHERE NOT EXISTS "
		"(SELECT FROM redemptions r WHERE r.customer_id = c.id); "
		"UPDATE customers SET created_at = now() - interval '40 days'; "
		"UPDATE customers SET phone_number = '+250788000077' WHERE phone_number = "
		"'+250788000002'; "
		"UPDATE redemptions SET created_at = now() - interval '31 days' WHERE customer_id "
		"= "
		"(SELECT id FROM customers WHERE phone_number = '+250788000077')");
	/* An open case is about him, however long ago it was. */
	(void)promo_test_sql(
		till->database, "UPDATE fraud_reports SET updated_at = now() - interval '99 days'");
	forget(&worker, 30);
	forget(&worker, 30);
	assert_found("0788000077", "1", "+250788000077");
	(void)promo_test_sql(till->database, "UPDATE fraud_reports SET status = 'resolved'");
	forget(&worker, 32);
	assert_found("0788000077", "1", "+250788000077");
	/* The first time it goes round to the beginning. */
	forget(&worker, 30);
	forget(&worker, 30);
	assert_found("0788000077", "0", NULL);
	assert_found("0788000001", "1", "+250788000001");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) || actor_kind FROM audit_log "
				    "WHERE action = 'customer.erase' AND actor_kind = 'system' "
				    "GROUP BY actor_kind"),
		"1system");
	worker_done(&worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_pieces_of_a_name),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_who_comes),
		cmocka_unit_test(test_redemptions_by_name),
		cmocka_unit_test(test_what_is_his),
		cmocka_unit_test(test_who_is_erased),
		cmocka_unit_test(test_who_is_forgotten),
	};

	return cmocka_run_group_tests_name("ops/customers", tests, fill, till_teardown);
}
