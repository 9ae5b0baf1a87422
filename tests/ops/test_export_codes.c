/* SPDX-License-Identifier: MIT */
/* The file of a batch's codes: its name, its header, every ready code once and nothing else, by
 * effective status; at most four are prepared at once; a client that leaves ends its export. */
#include <libpq-fe.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/ops/stock.h"

enum {
	FILE_MAX = 64 * 1024 * 1024
};

/* Reads the last answer's spool to its end. The caller frees. */
static char *read_file(struct till *till)
{
	char *file = malloc(FILE_MAX);
	uint64_t size = 0;
	ptrdiff_t n;

	assert_non_null(file);
	assert_non_null(till->answer.spool);
	for (;;) {
		n = promo_spool_read(till->answer.spool, size, file + size, FILE_MAX - size - 1);
		if (n < 0)
			break;
		size += (uint64_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	promo_spool_close(till->answer.spool);
	file[size] = '\0';
	return file;
}

static int lines(const char *text)
{
	int count = 0;

	while ((text = strstr(text, "\r\n"))) {
		count++;
		text += 2;
	}
	return count;
}

#define DOWNLOAD(person, batch, ...)                                                               \
	.op = &promo_op_code_download, .token = (person).token, .id = (batch).text,                \
	.query = { __VA_ARGS__ }

static void test_a_file(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 3);
	struct stock_code code = stock_code('A', 2);
	char expected[512];
	char *file;

	(void)promo_test_sql(till->database,
		"UPDATE batches SET batch_name = 'BATCH_A_B--C', expires_on = '2999-12-31', "
		"expiration_date = '2999-12-31 22:00Z' WHERE id = '%s'; "
		"UPDATE promo_codes SET created_at = '2026-01-02 03:04:05.678Z', "
		"serial = 10 * serial WHERE batch_id = '%s'; "
		"UPDATE batches SET total_codes = 30, ready_codes = 20 WHERE id = '%s'",
		batch.text, batch.text, batch.text);
	assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { NULL, NULL })), 200);
	assert_string_equal(till->answer.content_type, "text/csv; charset=utf-8");
	assert_memory_equal(till->answer.filename, "MBL_BATCH-A-B-C_20", 18);
	assert_string_equal(
		till->answer.filename + strlen("MBL_BATCH-A-B-C_20261122_1234"), ".csv");
	file = read_file(till);
	assert_int_equal(lines(file), 3);
	(void)snprintf(expected, sizeof(expected),
		"\"code\",\"batch\",\"amount\",\"currency\",\"status\",\"created\",\"expires\","
		"\"serial\"\r\n"
		"\"%.4s-%.4s-%.4s-%.4s\",\"BATCH_A_B--C\",\"500.00\",\"RWF\",\"active\","
		"\"2026-01-02T03:04:05.678Z\",\"2999-12-31T22:00:00.000Z\",\"20\"\r\n",
		code.text, code.text + 4, code.text + 8, code.text + 12);
	(void)memmove(strstr(file, "\r\n") + 2, strstr(strstr(file, "\r\n") + 2, "\r\n") + 2,
		strlen(strstr(strstr(file, "\r\n") + 2, "\r\n") + 2) + 1);
	assert_string_equal(file, expected);
	free(file);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_log WHERE action = 'code.download' "
			"AND entity_kind = 'batch' AND entity_id = '%s' AND outcome = 'allowed'",
			batch.text),
		"1");
}

static void test_by_status(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'C', 5);
	char *file;

	stock_redeem(till, &admin, 'C', 1, 1);
	stock_redeem(till, &admin, 'C', 2, 2);
	assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { "status", "redeemed" })), 200);
	file = read_file(till);
	assert_int_equal(lines(file), 1 + 2);
	free(file);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET expiration_date = now() WHERE id = '%s'", batch.text);
	assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { "status", "redeemed,expired" })), 200);
	file = read_file(till);
	assert_int_equal(lines(file), 1 + 5);
	assert_non_null(strstr(file, "\"expired\""));
	free(file);
	assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { "status", "active" })), 200);
	file = read_file(till);
	assert_int_equal(lines(file), 1);
	free(file);
}

/* What the view says of each code, worded by the database. */
static void test_as_the_view(void **state)
{
	static const char *const batch_status[] = { "active", "blocked", "expired", "archived" };
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'V', 40);

	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = (ARRAY['active', 'redeemed', 'reported', "
		"'blocked'])"
		"[1 + serial %% 4], amount = CASE WHEN serial %% 7 = 0 THEN 30000 WHEN serial %% 7 "
		"= 1 "
		"THEN 0.05 ELSE 12345678.9 + serial END, created_at = '1999-12-31 23:59:59.9995Z'"
		"::timestamptz + serial * interval '1 hour', expires_at = CASE serial %% 5 WHEN 0 "
		"THEN now() - interval '1 day' WHEN 1 THEN '2031-02-03 04:05:06.789Z' END "
		"WHERE batch_id = '%s'",
		batch.text);
	for (size_t i = 0; i < PROMO_COUNT(batch_status); i++)
		for (int filter = 0; filter <= PROMO_CODE_BLOCKED; filter++) {
			const char *word = promo_word(&promo_code_status_words, filter);
			const char *expected;
			char *file;

			(void)promo_test_sql(till->database,
				"UPDATE batches SET status = '%s' WHERE id = '%s'", batch_status[i],
				batch.text);
			expected = promo_test_sql(till->database,
				"SELECT coalesce(string_agg(concat('\"', concat_ws('\",\"', "
				"regexp_replace(code, '^(.{4})(.{4})(.{4})(.{4})$', "
				"'\\1-\\2-\\3-\\4'), "
				"batch_name, amount, currency, effective_status, "
				"to_char(date_trunc("
				"'milliseconds', created_at) AT TIME ZONE 'UTC', "
				"'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), "
				"to_char(date_trunc('milliseconds', "
				"effective_expires_at) AT TIME ZONE 'UTC', "
				"'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), serial), '\"'), E'\r\n' "
				"ORDER BY serial) || E'\r\n', '') FROM promo_codes_effective WHERE "
				"batch_id = '%s' AND ('%s' = '' OR effective_status = '%s')",
				batch.text, word ? word : "", word ? word : "");
			assert_int_equal(
				ASK(till, DOWNLOAD(admin, batch, { word ? "status" : NULL, word })),
				200);
			file = read_file(till);
			assert_string_equal(strstr(file, "\r\n") + 2, expected);
			free(file);
		}
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id none;

	(void)snprintf(none.text, sizeof(none.text), "%s", admin.id);
	assert_problem(till, 404, "not_found", DOWNLOAD(admin, none, { NULL, NULL }));
	assert_problem(till, 403, "forbidden", DOWNLOAD(clerk, none, { NULL, NULL }));
	assert_problem(till, 422, "invalid_input", DOWNLOAD(admin, none, { "status", "lost" }));
	assert_null(till->answer.spool);
}

/* A lock keeps the exports from their rows, so that the fifth meets four. */
static void test_four_at_once(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 2);
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	struct promo_spool *spools[4];

	PQclear(PQexec(holder, "BEGIN; LOCK TABLE promo_codes"));
	assert_int_equal(PQtransactionStatus(holder), PQTRANS_INTRANS);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { NULL, NULL })), 200);
		spools[i] = till->answer.spool;
	}
	assert_problem(till, 503, "unavailable", DOWNLOAD(admin, batch, { NULL, NULL }));
	assert_true(till->answer.retry_after_s > 0);
	assert_null(till->answer.spool);

	/* Three of the clients leave; the one who stays gets his file. */
	for (int i = 1; i < 4; i++)
		promo_spool_close(spools[i]);
	PQfinish(holder);
	till->answer.spool = spools[0];
	free(read_file(till));
	promo_streams_wait();
	assert_int_equal(ASK(till, DOWNLOAD(admin, batch, { NULL, NULL })), 200);
	free(read_file(till));
}

static int teardown(void **state)
{
	promo_streams_wait();
	return till_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file),
		cmocka_unit_test(test_by_status),
		cmocka_unit_test(test_as_the_view),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_four_at_once),
	};

	return cmocka_run_group_tests_name("ops/export_codes", tests, till_setup, teardown);
}
