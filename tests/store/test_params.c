/* SPDX-License-Identifier: MIT */
/* What is bound to a parameter is what PostgreSQL gets, for every type, with its null; more than
 * fits and a lack of memory are remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/store/store.h"
#include "tests/store/bound.h"

static void test_values(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);
	const unsigned char bytes[] = { 0, 0x5c, 0xff };

	(void)state;
	promo_param_text(&params, "a'b\\c");
	promo_param_int(&params, INT64_MIN + 1);
	promo_param_bool(&params, true);
	promo_param_money(&params, -5);
	promo_param_money(&params, INT64_MAX);
	promo_param_time(&params, INT64_C(1795348696123));
	promo_param_bytes(&params, bytes, sizeof(bytes));
	assert_false(params.failed);
	assert_true(bound_holds(&params,
		"SELECT $1::text = E'a\\'b\\\\c' AND $2::bigint = -9223372036854775807 AND $3::bool"
		" AND $4::numeric = -0.05 AND $5::numeric = 92233720368547758.07"
		" AND $6::timestamptz = '2026-11-22 11:58:16.123Z' AND $7::bytea = '\\x005cff'"));
}

static void test_nulls(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);
	const struct promo_texts none = { .count = 0 };

	(void)state;
	promo_param_text(&params, NULL);
	promo_param_int(&params, PROMO_NULL_INT);
	promo_param_money(&params, PROMO_NULL_INT);
	promo_param_time(&params, 0);
	promo_param_bytes(&params, NULL, 0);
	promo_param_texts_or_null(&params, none);
	promo_param_null(&params);
	promo_param_texts(&params, none);
	assert_true(bound_holds(&params,
		"SELECT num_nulls($1::text, $2::bigint, $3::numeric, $4::timestamptz, $5::bytea,"
		" $6::text[], $7::text) = 7 AND $8::text[] = '{}'"));
}

static void test_texts(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);
	const char *const items[] = { "", "NULL", NULL, "a,b", "{\"c\\}", " d " };

	(void)state;
	promo_param_texts(&params, (struct promo_texts){ items, PROMO_COUNT(items) });
	assert_true(bound_holds(&params, "SELECT $1::text[] IS NOT DISTINCT FROM"
					 " ARRAY['', 'NULL', NULL, 'a,b', '{\"c\\}', ' d ']"));
}

static void test_too_many(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_params params = PROMO_PARAMS(arena);

	(void)state;
	for (int i = 0; i < PROMO_PARAMS_MAX; i++)
		promo_param_int(&params, i);
	assert_false(params.failed);
	promo_param_int(&params, 0);
	assert_true(params.failed);
	assert_int_equal(params.count, PROMO_PARAMS_MAX);
}

static void test_no_memory(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64);
	struct promo_params params = PROMO_PARAMS(arena);
	char text[4096];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	promo_param_text(&params, text);
	assert_true(params.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("store/params", tests, bound_setup, bound_teardown);
}
