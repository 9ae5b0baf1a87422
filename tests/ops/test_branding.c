/* SPDX-License-Identifier: MIT */
/* The pictures of the shop: whoever may change settings sets them, whoever asks gets a PNG of their pixels
 * and never what was sent, or one pixel of nothing; what is no picture changes nothing; and a printout
 * shows the logo. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op_branding.h"
#include "libpromo/api/op_print.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/lib/test.h"
#include "tests/ops/print/paper.h"
#include "tests/ops/stock.h"

enum {
	FILE_MAX = 16 * 1024 * 1024
};

#define BAR                                                                                        \
	"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><script>alert(1)</script>" \
	"<rect width='60' height='20' fill='black'/></svg>"

/* Reads the last answer's spool into a paper. */
static struct paper *read_answer(struct till *till)
{
	struct paper *paper = paper_new();
	ptrdiff_t n;

	paper->bytes = malloc(FILE_MAX);
	assert_non_null(paper->bytes);
	assert_non_null(till->answer.spool);
	while ((n = promo_spool_read(till->answer.spool, paper->size, paper->bytes + paper->size,
			FILE_MAX - paper->size)) >= 0) {
		paper->size += (size_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	promo_spool_close(till->answer.spool);
	paper_save(paper);
	return paper;
}

static int put(struct till *till, const struct promo_op *op, const struct person *person,
	const char *type, const char *body)
{
	const struct ask ask = { .op = op, .token = person->token, .body = body };
	struct promo_pair path[2];
	struct promo_request request = till_request(&ask, path);

	promo_arena_clear(till->arena);
	request.content_type = type;
	promo_run(till->runner, &request, till->arena, &till->answer);
	return till->answer.status;
}

/* The width of a PNG. */
static int width_of(const struct paper *paper)
{
	assert_true(paper->size > 24);
	assert_memory_equal(paper->bytes, "\x89PNG\r\n\x1a\n", 8);
	return paper->bytes[18] << 8 | paper->bytes[19];
}

static void assert_shown(struct till *till, const struct promo_op *op, int width)
{
	struct paper *paper;

	assert_int_equal(ASK(till, .op = op), 200);
	assert_string_equal(till->answer.content_type, "image/png");
	paper = read_answer(till);
	assert_int_equal(width_of(paper), width);
	paper_free(paper);
}

static void test_set_and_shown(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct person clerk = till_person(till, "batch-manager");

	assert_shown(till, &promo_op_branding_logo, 1);
	assert_shown(till, &promo_op_branding_favicon, 1);
	assert_int_equal(put(till, &promo_op_branding_set_logo, &clerk, "image/svg+xml", BAR), 403);
	assert_int_equal(put(till, &promo_op_branding_set_logo, &boss, "image/svg+xml", BAR), 204);
	assert_shown(till, &promo_op_branding_logo, 640);
	assert_shown(till, &promo_op_branding_favicon, 1);
	assert_int_equal(
		put(till, &promo_op_branding_set_favicon, &boss, "image/svg+xml", BAR), 204);
	assert_shown(till, &promo_op_branding_favicon, 640);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM audit_log WHERE action LIKE "
					       "'branding.set-%%' AND outcome = 'allowed'"),
		"2");
}

static void test_what_is_no_picture(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(put(till, &promo_op_branding_set_logo, &boss, "image/png", BAR), 422);
	assert_int_equal(
		put(till, &promo_op_branding_set_logo, &boss, "image/svg+xml", "<svg"), 422);
	assert_int_equal(put(till, &promo_op_branding_set_logo, &boss, "text/html", BAR), 415);
	assert_shown(till, &promo_op_branding_logo, 640);
	till->config.image_decoder = NULL;
	assert_int_equal(put(till, &promo_op_branding_set_logo, &boss, "image/svg+xml", BAR), 503);
	till->config.image_decoder = DECODER;
}

static void test_a_printout_shows_it(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct stock_id batch = stock_batch(till, 'A', 1);
	struct paper_picture page;
	struct paper *paper;
	int dark = 0;

	assert_int_equal(
		ASK(till, .op = &promo_op_code_print, .token = boss.token, .id = batch.text), 200);
	paper = read_answer(till);
	page = paper_render(paper, 1, 72);
	/* In the head, left of the name: a black bar of 30 x 10 mm. */
	for (int y = 9 * 72 * 10 / 254; y < 17 * 72 * 10 / 254; y++)
		for (int x = 0; x < page.width; x++)
			dark += page.pixels[y * page.width + x] < 16;
	assert_true(dark > 1500);
	free(page.pixels);
	paper_free(paper);
}

static int setup(void **state)
{
	int r = till_setup(state);

	if (r == 0)
		((struct till *)*state)->config.image_decoder = DECODER;
	return r;
}

static int teardown(void **state)
{
	promo_streams_wait();
	return till_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_shown),
		cmocka_unit_test(test_what_is_no_picture),
		cmocka_unit_test(test_a_printout_shows_it),
	};

	return cmocka_run_group_tests_name("ops/branding", tests, setup, teardown);
}
