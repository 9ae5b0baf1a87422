/* SPDX-License-Identifier: MIT */
/* The runs of a job cover it once, whoever looks; each serial is given once; whoever goes on with a run
 * in its middle numbers it as it was begun, and what he draws for the rest is sorted and there once;
 * the order of serials says nothing of the order of codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/chunk.h"
#include "tests/lib/log.h"
#include "tests/lib/seeded.h"

enum {
	TOTAL = 1180001,
	FIRST = 17
};

static const char key[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
static const char other_key[] = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

static struct promo_run_plan make_plan(const char *text)
{
	struct promo_run_plan plan;

	assert_int_equal(promo_run_plan(text, PROMO_RUN_MAX, TOTAL, FIRST, &plan), 0);
	return plan;
}

static struct promo_run *make_run(const struct promo_run_plan *plan, int64_t position)
{
	struct promo_run *run;

	assert_int_equal(promo_run_new_serials(plan, position, &run), 0);
	return run;
}

static void assert_covered(const struct promo_run_plan *plan, int64_t longest)
{
	unsigned char *seen = calloc(TOTAL, 1);
	int64_t position = 0;

	assert_non_null(seen);
	while (position < TOTAL) {
		struct promo_run *run = make_run(plan, position);

		assert_int_equal(run->first, position);
		assert_true(run->end > position && run->end <= position + longest);
		for (; position < run->end; position += promo_chunk_count(run, position)) {
			assert_int_equal(position % PROMO_CHUNK_MAX, 0);
			for (int64_t i = 0; i < promo_chunk_count(run, position); i++) {
				int32_t serial = promo_chunk_serials(run, position)[i];

				assert_in_range(serial, FIRST, FIRST + TOTAL - 1);
				assert_int_equal(seen[serial - FIRST]++, 0);
			}
		}
		promo_run_free(run);
	}
	assert_int_equal(position, TOTAL);
	free(seen);
}

static void test_every_serial_once(void **state)
{
	struct promo_run_plan plan = make_plan(key), old;

	(void)state;
	assert_covered(&plan, PROMO_RUN_MAX);
	/* Of a version that had chunks only. */
	assert_int_equal(promo_run_plan(NULL, 0, TOTAL, FIRST, &old), 0);
	assert_covered(&old, PROMO_CHUNK_MAX);
}

static void test_the_key_decides(void **state)
{
	struct promo_run_plan plan = make_plan(key), other = make_plan(other_key);
	struct promo_run *run = make_run(&plan, 50000), *again = make_run(&plan, 300000);
	struct promo_run *differs = make_run(&other, 50000), *next = make_run(&plan, 550000);
	const size_t size = 500000 * sizeof(*run->serials);
	int same = 0;

	(void)state;
	assert_int_equal(again->first, 50000);
	assert_int_equal(again->from, 300000);
	assert_memory_equal(run->serials, again->serials, size);
	assert_memory_not_equal(run->serials, differs->serials, size);
	for (int i = 0; i < 500000; i++)
		same += run->serials[i] + 500000 == next->serials[i];
	assert_true(same < 20); /* 1 is expected */
	/* The same by openssl enc -chacha20 and Fisher and Yates: a later version has to get it too. */
	assert_int_equal(run->serials[0], 201172);
	assert_int_equal(run->serials[499999], 431903);
	promo_run_free(run);
	promo_run_free(again);
	promo_run_free(differs);
	promo_run_free(next);
}

static void test_keys_that_are_none(void **state)
{
	struct promo_run_plan plan;

	(void)state;
	promo_test_log_keep();
	assert_true(promo_run_plan("0001", PROMO_RUN_MAX, TOTAL, 1, &plan) < 0);
	assert_true(promo_run_plan(key, 0, TOTAL, 1, &plan) < 0);
	assert_true(promo_run_plan(key, PROMO_CHUNK_MAX + 1, TOTAL, 1, &plan) < 0);
	assert_true(promo_run_plan(key, 2 * PROMO_RUN_MAX, TOTAL, 1, &plan) < 0);
}

static void test_codes_of_the_rest_of_a_run(void **state)
{
	struct seeded seeded = { 21 };
	struct promo_random source = seeded_source(&seeded);
	struct promo_run_plan plan = make_plan(key);
	struct promo_code_pattern pattern;
	struct promo_run *run;
	const char *why;
	double moved = 0;

	(void)state;
	assert_int_equal(promo_code_pattern_parse(PROMO_CODE_FORMAT, &pattern, &why), 0);
	assert_int_equal(promo_run_new(&plan, 350000, &pattern, &source, &run), 0);
	assert_non_null(run->drawn);
	for (int i = 1; i < 200000; i++)
		assert_true(run->drawn[i - 1] < run->drawn[i]);
	/* In step with the codes, serials would be off by FIRST; by chance, by some 190,000. */
	for (int64_t i = 0; i < 200000; i++)
		moved += (double)labs(promo_chunk_serials(run, 350000)[i] - (350000 + i)) / 200000;
	assert_true(moved > 100000);
	promo_run_free(run);
}

/* Two letters for each X: 1,024 codes. */
static void toss(void *context, void *bytes, size_t size)
{
	struct seeded *seeded = context;
	unsigned char *at = bytes;

	seeded_fill(seeded, bytes, size);
	for (size_t i = 0; i < size; i++)
		at[i] = i % 4 == 0 ? at[i] & 1 : i % 4 == 2 ? 60 : 0;
}

static void test_a_pattern_that_holds_too_few(void **state)
{
	struct seeded seeded = { 22 };
	const struct promo_random source = { .fill = toss, .context = &seeded };
	struct promo_run_plan plan;
	struct promo_code_pattern pattern;
	struct promo_run *run;
	const char *why;

	(void)state;
	assert_int_equal(promo_code_pattern_parse(PROMO_CODE_FORMAT, &pattern, &why), 0);
	assert_int_equal(promo_run_plan(key, PROMO_RUN_MAX, 300, 1, &plan), 0);
	assert_int_equal(promo_run_new(&plan, 0, &pattern, &source, &run), 0);
	assert_non_null(run->drawn);
	promo_run_free(run);
	plan.total = 1025;
	assert_int_equal(promo_run_new(&plan, 0, &pattern, &source, &run), 0);
	assert_null(run->drawn);
	assert_int_equal(promo_chunk_count(run, 0), 1025);
	promo_run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_serial_once),
		cmocka_unit_test(test_the_key_decides),
		cmocka_unit_test(test_keys_that_are_none),
		cmocka_unit_test(test_codes_of_the_rest_of_a_run),
		cmocka_unit_test(test_a_pattern_that_holds_too_few),
	};

	return cmocka_run_group_tests_name("ops/chunk", tests, NULL, NULL);
}
