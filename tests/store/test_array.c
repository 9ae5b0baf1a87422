/* SPDX-License-Identifier: MIT */
/* What is put into an array item by item is what PostgreSQL reads, whatever the texts hold and however
 * badly their size was guessed; a lack of memory is remembered. */
#include <stdlib.h>
#include <string.h>

#include "libpromo/store/array.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/store/bound.h"

static void test_items(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_array texts = promo_array_new(arena, 6, 1);
	struct promo_array plain = promo_array_new(arena, 3, 36);
	struct promo_array ints = promo_array_new(arena, 0, 0);
	struct promo_array sums = promo_array_new(arena, 1, 4);
	struct promo_array none = promo_array_new(arena, 0, 0);

	(void)state;
	promo_array_text(&texts, "a,b {c} \"d\" \\e\n");
	promo_array_text(&texts, NULL);
	promo_array_text(&texts, "NULL");
	promo_array_text(&texts, "");
	promo_array_text(&texts, " x ");
	promo_array_text(&texts, "\xc3\xa9");
	promo_array_plain(&plain, "0190a1b2-c3d4-7000-8000-000000000001");
	promo_array_plain(&plain, NULL);
	promo_array_plain(&plain, "0190a1b2-c3d4-7000-8000-000000000002");
	promo_array_int(&ints, INT64_MIN + 1);
	promo_array_int(&ints, PROMO_NULL_INT);
	promo_array_int(&ints, INT64_MAX);
	promo_array_money(&sums, -5);
	promo_array_money(&sums, PROMO_NULL_INT);
	promo_array_money(&sums, INT64_MAX);
	promo_param_array(&params, &texts);
	promo_param_array(&params, &plain);
	promo_param_array(&params, &ints);
	promo_param_array(&params, &sums);
	promo_param_array(&params, &none);
	assert_false(params.failed);
	assert_true(bound_holds(&params,
		"SELECT $1::text[] = ARRAY[E'a,b {c} \"d\" \\\\e\\n', NULL, 'NULL', '', ' x ', "
		"U&'\\00e9'] AND $2::uuid[] = ARRAY['0190a1b2-c3d4-7000-8000-000000000001', NULL, "
		"'0190a1b2-c3d4-7000-8000-000000000002']::uuid[] AND $3::bigint[] = "
		"ARRAY[-9223372036854775807, NULL, 9223372036854775807] AND $4::numeric[] = "
		"ARRAY[-0.05, NULL, 92233720368547758.07] AND $5::text[] = '{}'"));
}

/* Every guess of the size is as good as any other. */
static void test_sizes(void **state)
{
	(void)state;
	for (size_t guess = 0; guess < 12; guess++) {
		PROMO_CLEANUP(promo_arena_freep)
		struct promo_arena *arena = promo_arena_new(1 << 16);
		struct promo_params params = PROMO_PARAMS(arena);
		struct promo_array array = promo_array_new(arena, guess, guess % 3);

		for (int i = 0; i < 200; i++)
			promo_array_text(&array, i % 2 ? "\"\\\"\\" : "abcdefghij");
		promo_param_array(&params, &array);
		assert_false(params.failed);
		assert_true(bound_holds(&params,
			"SELECT $1::text[] = (SELECT array_agg(CASE n % 2 WHEN 1 THEN "
			"E'\"\\\\\"\\\\' "
			"ELSE 'abcdefghij' END ORDER BY n) FROM generate_series(0, 199) n)"));
	}
}

static void test_no_memory(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 400; limit += 16) {
		PROMO_CLEANUP(promo_arena_freep)
		struct promo_arena *arena = promo_arena_new(limit);
		struct promo_params params = PROMO_PARAMS(arena);
		struct promo_array array = promo_array_new(arena, 1, 1);

		for (int i = 0; i < 50; i++)
			promo_array_text(&array, "abcdefghij");
		promo_param_array(&params, &array);
		assert_true(params.failed);
		assert_int_equal(params.count, 0);
	}
}

static void test_too_many(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);

	(void)state;
	for (int i = 0; i <= PROMO_PARAMS_MAX; i++) {
		struct promo_array array = promo_array_new(arena, 0, 0);

		assert_false(params.failed);
		promo_param_array(&params, &array);
	}
	assert_true(params.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("store/array", tests, bound_setup, bound_teardown);
}
