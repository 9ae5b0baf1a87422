/* SPDX-License-Identifier: MIT */
/* A lack of memory, wherever it strikes a verification or a redemption, in a worker or in a lane, once
 * or from then on: no crash, no leak (under the sanitizer), nothing half done, and the answer is true.
 * With PROMO_FAULT_LONG every single allocation fails in its turn, else some of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fault/scene.h"
#include "tests/lib/failing_malloc.h"
#include "tests/lib/log.h"
#include "tests/ops/stock.h"

enum {
	ALLOCATIONS_MAX = 5000, /* more than any request has */
	SAMPLES = 30,           /* of each request in the short form, */
	SAMPLES_OF_LOSSES = 5,  /* of those that lose connections */
};

static long counts[4]; /* of answers: done, internal, unavailable, unknown */

static int set_up_workers(void **state)
{
	/* Thousands of faults are meant to be. */
	promo_test_log_keep();
	*state = scene_new(/* cut= */ false, /* lanes= */ false);
	return 0;
}

static int set_up_lanes(void **state)
{
	/* Thousands of faults are meant to be. */
	promo_test_log_keep();
	*state = scene_new(/* cut= */ false, /* lanes= */ true);
	return 0;
}

static int redeem(struct scene *scene, long n)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%c-%ld", scene->batch, n);
	return scene_ask(scene, &(struct ask){ .op = &promo_op_redemption_create,
					.token = scene->clerk.token,
					.key = key,
					.body = stock_body(stock_code(scene->batch, (int)n).text,
						(int)(n % 10000), "") });
}

static int verify(struct scene *scene, long n)
{
	char body[64];

	(void)snprintf(
		body, sizeof(body), "{\"code\": \"%s\"}", stock_code(scene->batch, (int)n).text);
	return scene_ask(scene,
		&(struct ask){
			.op = &promo_op_code_verify, .token = scene->clerk.token, .body = body });
}

struct kind {
	int (*ask)(struct scene *scene, long n);
	int status;
	const char *rows; /* redemptions of its code, once it was done */
};

static const struct kind kinds[] = {
	{ redeem, 201, "1" },
	{ verify, 200, "0" },
};

static const char *rows_of(struct scene *scene, long n)
{
	return promo_test_sql(scene->till->database,
		"SELECT count(*) FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id "
		"WHERE p.code = '%s'",
		stock_code(scene->batch, (int)n).text);
}

/* Holds an answer without memory against the database. */
static void judge(struct scene *scene, const struct kind *kind, long n, int status)
{
	const char *code = status >= 400 ? till_get(scene->till, "code") : "";

	if (status == kind->status) {
		assert_string_equal(rows_of(scene, n), kind->rows);
		counts[0]++;
	} else if (status == 503 && (!code || strcmp(code, "outcome_unknown") == 0)) {
		/* Without memory for its code it tells as little. */
		counts[3]++;
	} else {
		if (status != 500 && status != 503)
			fail_msg("allocation %ld: %d %s", n, status, scene->till->answer.body);
		if (strcmp(rows_of(scene, n), "0") != 0)
			fail_msg("allocation %ld: %d, but it was done", n, status);
		counts[status == 500 ? 1 : 2]++;
	}
}

/* One request whose n-th allocation fails; whether it came to that. */
static bool step(struct scene *scene, const struct kind *kind, long n, bool for_ever)
{
	bool failed;
	int status;

	scene_get_ready(scene, ALLOCATIONS_MAX);
	failing_malloc_arm(failing_malloc(), n, for_ever);
	status = kind->ask(scene, n);
	failed = failing_malloc_disarm(failing_malloc());
	judge(scene, kind, n, status);
	/* Asked again it is done, once. */
	assert_int_equal(kind->ask(scene, n), kind->status);
	assert_string_equal(rows_of(scene, n), kind->rows);
	promo_test_log_keep();
	return failed;
}

/* How many there are, by a request of which none fails. */
static long count(struct scene *scene, const struct kind *kind)
{
	scene_get_ready(scene, ALLOCATIONS_MAX);
	(void)kind->ask(scene, ALLOCATIONS_MAX + 1);
	scene_get_ready(scene, ALLOCATIONS_MAX);
	failing_malloc_arm(failing_malloc(), 0, false);
	assert_int_equal(kind->ask(scene, ALLOCATIONS_MAX + 2), kind->status);
	(void)failing_malloc_disarm(failing_malloc());
	return failing_malloc()->count;
}

static void fail_each(struct scene *scene, const struct kind *kind, bool for_ever)
{
	const char *whole = getenv("PROMO_FAULT_LONG");
	long allocations, stride;

	scene->batch = scene->batch ? (char)(scene->batch + 2) : 'A';
	memset(counts, 0, sizeof(counts));
	(void)stock_batch(scene->till, scene->batch, ALLOCATIONS_MAX + 2);
	allocations = count(scene, kind);
	assert_in_range(allocations, 10, ALLOCATIONS_MAX);
	stride = 1 + allocations / (for_ever || scene->desk ? SAMPLES_OF_LOSSES : SAMPLES);
	if (whole && *whole)
		stride = 1;
	for (long n = 1; n <= allocations; n += stride)
		(void)step(scene, kind, n, for_ever);
	print_message("%ld allocations; done %ld, internal %ld, unavailable %ld, unknown %ld\n",
		allocations, counts[0], counts[1], counts[2], counts[3]);
	/* What a lane has no memory for, once, a worker does. */
	assert_true((scene->desk && !for_ever) || counts[1] + counts[2] + counts[3] > 3);
	stock_assert_totals(scene->till);
}

static void test_once(void **state)
{
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		fail_each(*state, &kinds[i], /* for_ever= */ false);
}

static void test_for_ever(void **state)
{
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		fail_each(*state, &kinds[i], /* for_ever= */ true);
}

static void test_sequences_are_dense(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
		promo_test_sql(scene->till->database,
			"SELECT count(*) FROM audit_writers w WHERE w.seq <> "
			"(SELECT count(*) FROM audit_log a WHERE a.writer_id = w.id) OR w.seq <> "
			"(SELECT coalesce(max(seq), 0) FROM audit_log a WHERE a.writer_id = w.id)"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_for_ever),
		cmocka_unit_test(test_sequences_are_dense),
	};
	int failed;

	failed = cmocka_run_group_tests_name(
		"fault/malloc, workers", tests, set_up_workers, scene_teardown);
	return failed + cmocka_run_group_tests_name(
				"fault/malloc, lanes", tests, set_up_lanes, scene_teardown);
}
