/* SPDX-License-Identifier: MIT */
/*
 * The list of errors keeps its promises to clients: wire codes are unique and well formed, statuses
 * and exit codes are those of the contract, and a fault shows nothing but `internal`.
 */
#include "libpromo/base/error.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "tests/lib/test.h"

static char last_line[4096];
static int lines;

static void keep_line(enum promo_log_level level, const char *line)
{
	assert_int_equal(level, PROMO_LOG_ERROR);
	assert_true(strlen(line) < sizeof(last_line));
	memcpy(last_line, line, strlen(line) + 1);
	lines++;
}

static void test_wire_codes_are_unique_and_well_formed(void **state)
{
	(void)state;
	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const struct promo_error_info *info = promo_error_info(error);

		assert_true(strlen(info->wire) > 0);
		assert_int_equal(
			strspn(info->wire, "abcdefghijklmnopqrstuvwxyz_"), strlen(info->wire));
		/* The first one with this code is found: so no other has it. */
		assert_int_equal(promo_error_from_wire(info->wire), error);
	}
	assert_int_equal(promo_error_from_wire("never_heard_of"), 0);
	assert_int_equal(promo_error_from_wire(""), 0);
}

static void test_sentences_follow_the_style(void **state)
{
	(void)state;
	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const char *text = promo_error_info(error)->text;

		assert_true(strlen(text) > 3);
		assert_false(text[0] >= 'A' && text[0] <= 'Z');
		assert_int_not_equal(text[strlen(text) - 1], '.');
	}
}

static void test_statuses_and_exit_codes_belong_together(void **state)
{
	static const struct {
		int http_status, exit_code;
	} pairs[] = {
		{ 400, 2 },
		{ 401, 4 },
		{ 403, 5 },
		{ 404, 6 },
		{ 405, 2 },
		{ 409, 7 },
		{ 409, 1 }, /* delivery_failed: somebody else refused */
		{ 412, 7 },
		{ 413, 2 },
		{ 415, 2 },
		{ 416, 2 },
		{ 422, 2 },
		{ 422, 7 },
		{ 428, 2 },
		{ 429, 8 },
		{ 431, 2 },
		{ 500, 9 },
		{ 503, 9 },
		{ 503, 11 },
	};

	(void)state;
	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const struct promo_error_info *info = promo_error_info(error);
		size_t i = 0;

		while (i < PROMO_COUNT(pairs) && (pairs[i].http_status != info->http_status ||
							 pairs[i].exit_code != info->exit_code))
			i++;
		if (i == PROMO_COUNT(pairs))
			fail_msg("%s: %d with exit code %d", info->wire, info->http_status,
				info->exit_code);
	}
	assert_int_equal(promo_error_info(PROMO_OK)->exit_code, 0);
}

static void test_what_is_no_refusal_shows_as_internal(void **state)
{
	static const int faults[] = { -EIO, -1, -100000, PROMO_E_COUNT, PROMO_E_COUNT + 1 };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(faults); i++)
		assert_string_equal(promo_error_info(faults[i])->wire, "internal");
}

static void test_a_fault_is_logged_once_with_place_and_request(void **state)
{
	(void)state;
	promo_log_set_sink(keep_line);
	promo_log_set_request("req-7");
	lines = 0;
	assert_int_equal(promo_fault(-EIO, "could not read %s", "x"), -EIO);
	assert_int_equal(lines, 1);
	assert_non_null(strstr(last_line, "could not read x"));
	assert_non_null(strstr(last_line, strerror(EIO)));
	assert_non_null(strstr(last_line, "test_error.c:"));
	assert_non_null(strstr(last_line, "request_id=req-7"));

	/* A line is one line, whatever it is made of. */
	assert_int_equal(promo_fault(-EIO, "a\nb\x1b[31m"), -EIO);
	for (const char *c = last_line; *c; c++)
		assert_true((unsigned char)*c >= 0x20);

	/* A positive number by mistake still becomes a fault. */
	assert_int_equal(promo_fault(EIO, "x"), -EIO);

	promo_log_set_request(NULL);
	assert_int_equal(promo_fault(-EIO, "x"), -EIO);
	assert_null(strstr(last_line, "request_id"));
	promo_log_set_sink(NULL);
	lines = 0;
	assert_int_equal(promo_fault(-EIO, "nobody listens"), -EIO);
	assert_int_equal(lines, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wire_codes_are_unique_and_well_formed),
		cmocka_unit_test(test_sentences_follow_the_style),
		cmocka_unit_test(test_statuses_and_exit_codes_belong_together),
		cmocka_unit_test(test_what_is_no_refusal_shows_as_internal),
		cmocka_unit_test(test_a_fault_is_logged_once_with_place_and_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
