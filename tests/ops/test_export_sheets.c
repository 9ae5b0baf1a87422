/* SPDX-License-Identifier: MIT */
/* The sheets of a batch: its name, every ready code once at the place of its serial, the company of the
 * settings, the last good day in the shop's time zone; with QR codes unless they are not wanted; by
 * effective status, the places of others staying empty. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op_export.h"
#include "libpromo/api/op_print.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/lib/test.h"
#include "tests/ops/print/paper.h"
#include "tests/ops/stock.h"

enum {
	FILE_MAX = 16 * 1024 * 1024
};

#define PRINT(person, batch, ...)                                                                  \
	.op = &promo_op_code_print, .token = (person).token, .id = (batch).text,                   \
	.query = { __VA_ARGS__ }

/* Reads the last answer's spool to its end. */
static struct paper *read_paper(struct till *till)
{
	struct paper *paper = paper_new();
	ptrdiff_t n;

	paper->bytes = malloc(FILE_MAX);
	assert_non_null(paper->bytes);
	assert_non_null(till->answer.spool);
	for (;;) {
		n = promo_spool_read(till->answer.spool, paper->size, paper->bytes + paper->size,
			FILE_MAX - paper->size);
		if (n < 0)
			break;
		paper->size += (size_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	promo_spool_close(till->answer.spool);
	paper_save(paper);
	return paper;
}

static char *text_of(const struct paper *paper)
{
	static const char *const arguments[] = { "pdftotext", "-layout", "%", "-", NULL };
	int status;
	char *text = paper_ask(paper, arguments, &status);

	assert_int_equal(status, 0);
	return text;
}

static int count(const char *text, const char *part)
{
	int found = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		found++;
	return found;
}

/* As it is printed: in groups of four. */
static const char *shown(const char *code)
{
	static char text[20];

	(void)snprintf(
		text, sizeof(text), "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
	return text;
}

static void test_a_printout(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 30);
	struct paper *paper;
	char *text, *codes;

	/* The last 5 are no codes yet; in Kigali the batch ends with the last day of the year. */
	(void)promo_test_sql(till->database,
		"UPDATE batches SET batch_name = 'BATCH_A_B--C', expires_on = '2998-12-31', "
		"expiration_date = '2998-12-31 22:00Z', ready_codes = 25 WHERE id = '%s'; "
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'branding', 'company_name', '\"Peinture & Cie\"'); "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		batch.text);
	assert_int_equal(ASK(till, PRINT(admin, batch, { NULL, NULL })), 200);
	assert_string_equal(till->answer.content_type, "application/pdf");
	assert_memory_equal(till->answer.filename, "MBL_BATCH-A-B-C_20", 18);
	assert_string_equal(
		till->answer.filename + strlen("MBL_BATCH-A-B-C_20261122_1234"), ".pdf");
	paper = read_paper(till);
	assert_int_equal(paper_pages(paper), 3);
	text = text_of(paper);
	for (int serial = 1; serial <= 30; serial++)
		assert_int_equal(
			count(text, shown(stock_code('A', serial).text)), serial <= 25 ? 1 : 0);
	assert_int_equal(count(text, "Peinture & Cie"), 3 + 25);
	assert_int_equal(count(text, "BATCH_A_B--C"), 3 + 25);
	assert_int_equal(count(text, "500 RWF"), 25);
	assert_int_equal(count(text, "expires 2998-12-31"), 25);
	assert_int_equal(count(text, "p. 3/3, slot 1"), 1);
	free(text);
	codes = paper_scan(paper, 3);
	assert_memory_equal(codes, shown(stock_code('A', 25).text), 19);
	assert_int_equal(strlen(codes), 20);
	free(codes);
	paper_free(paper);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_log WHERE action = 'code.print' "
			"AND entity_kind = 'batch' AND entity_id = '%s' AND outcome = 'allowed'",
			batch.text),
		"1");
}

/* Of a batch that was deleted, whose codes may be there for a while yet, nothing is printed or exported. */
static void test_a_deleted_batch(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'X', 2);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET deleted_at = now(), ready_codes = 0 WHERE id = '%s'",
		batch.text);
	assert_problem(till, 404, "not_found", PRINT(admin, batch, { NULL, NULL }));
	assert_problem(till, 404, "not_found", .op = &promo_op_batch_export, .token = admin.token,
		.id = batch.text, .body = "{\"format\": \"csv\"}");
}

static void test_without_qr_codes(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'C', 2);
	struct paper *paper;
	char *codes;

	assert_int_equal(ASK(till, PRINT(admin, batch, { "qr", "true" })), 200);
	paper = read_paper(till);
	codes = paper_scan(paper, 1);
	assert_int_equal(strlen(codes), 2 * 20);
	free(codes);
	paper_free(paper);
	assert_int_equal(ASK(till, PRINT(admin, batch, { "qr", "false" })), 200);
	paper = read_paper(till);
	codes = paper_scan(paper, 1);
	assert_string_equal(codes, "");
	free(codes);
	paper_free(paper);
}

static void test_by_status(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 30);
	struct paper *paper;
	char *text;

	stock_redeem(till, &admin, 'E', 2, 1);
	stock_redeem(till, &admin, 'E', 29, 2);
	assert_int_equal(ASK(till, PRINT(admin, batch, { "status", "redeemed" })), 200);
	paper = read_paper(till);
	assert_int_equal(paper_pages(paper), 2);
	text = text_of(paper);
	assert_int_equal(count(text, "slot"), 2);
	assert_int_equal(count(text, "p. 1/3, slot 2"), 1);
	assert_int_equal(count(text, "p. 3/3, slot 5"), 1);
	free(text);
	paper_free(paper);
	assert_int_equal(ASK(till, PRINT(admin, batch, { "status", "blocked" })), 200);
	paper = read_paper(till);
	text = text_of(paper);
	assert_int_equal(count(text, "no codes"), 1);
	free(text);
	paper_free(paper);
}

static void test_refusals(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person admin = till_person(till, "admin");
	struct stock_id none;

	(void)snprintf(none.text, sizeof(none.text), "%s", admin.id);
	assert_problem(till, 404, "not_found", PRINT(admin, none, { NULL, NULL }));
	assert_problem(till, 403, "forbidden", PRINT(clerk, none, { NULL, NULL }));
	assert_problem(till, 422, "invalid_input", PRINT(admin, none, { "status", "lost" }));
	assert_problem(till, 422, "invalid_input", PRINT(admin, none, { "qr", "perhaps" }));
	assert_null(till->answer.spool);
}

/* A client who leaves ends the drawing. */
static void test_a_client_leaves(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'F', 5000);

	assert_int_equal(ASK(till, PRINT(admin, batch, { NULL, NULL })), 200);
	promo_spool_close(till->answer.spool);
	promo_streams_wait();
}

static int teardown(void **state)
{
	promo_streams_wait();
	return till_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_deleted_batch),
		cmocka_unit_test(test_a_printout),
		cmocka_unit_test(test_without_qr_codes),
		cmocka_unit_test(test_by_status),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_a_client_leaves),
	};

	return cmocka_run_group_tests_name("ops/export_sheets", tests, till_setup, teardown);
}
