/* SPDX-License-Identifier: MIT */
/*
 * A refusal carries its particulars: the sentence, every bad field in order, and no more of them
 * than one answer may name.
 */
#include "libpromo/base/problem.h"

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static void test_a_refusal_has_its_sentence(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_problem problem = { 0 };

	(void)state;
	assert_int_equal(promo_refuse(&problem, arena, PROMO_E_CODE_EXPIRED, "on %s", "Monday"),
		PROMO_E_CODE_EXPIRED);
	assert_int_equal(problem.error, PROMO_E_CODE_EXPIRED);
	assert_string_equal(problem.detail, "on Monday");
}

static void test_bad_fields_are_gathered_up_to_the_limit(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_problem problem = { 0 };
	char pointer[] = "/a";

	(void)state;
	for (int i = 0; i < PROMO_FIELD_ERRORS_MAX + 10; i++) {
		pointer[1] = (char)('a' + i % 26);
		assert_int_equal(
			promo_refuse_field(&problem, arena, pointer, "wrong_type", "%d", i),
			PROMO_E_INVALID_INPUT);
	}
	assert_int_equal(problem.error, PROMO_E_INVALID_INPUT);
	assert_int_equal(problem.field_count, PROMO_FIELD_ERRORS_MAX);
	assert_string_equal(problem.fields[1].pointer, "/b");
	assert_string_equal(problem.fields[1].code, "wrong_type");
	assert_string_equal(problem.fields[1].message, "1");
}

static void test_without_memory_there_is_a_fault(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(0);
	struct promo_problem problem = { 0 };

	(void)state;
	assert_true(promo_refuse_field(&problem, arena, "/a", "unknown_field", "x") < 0);
	assert_int_equal(problem.field_count, 0);
	/* The refusal counts, its sentence can be done without. */
	assert_int_equal(promo_refuse(&problem, arena, PROMO_E_FORBIDDEN, "x"), PROMO_E_FORBIDDEN);
	assert_null(problem.detail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_refusal_has_its_sentence),
		cmocka_unit_test(test_without_memory_there_is_a_fault),
		cmocka_unit_test(test_bad_fields_are_gathered_up_to_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
