/* SPDX-License-Identifier: MIT */
/*
 * An arena hands out zeroed, aligned memory up to its limit and not a byte more, and what it handed
 * out before stays untouched by what comes after.
 */
#include "libpromo/base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
	struct promo_arena *arena = promo_arena_new(16 << 20);
	struct seeded seeded = { 1 };
	struct {
		unsigned char *bytes;
		size_t size;
	} pieces[500];

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		size_t size = seeded_below(&seeded, 10) == 0 ? seeded_below(&seeded, 60000)
							     : seeded_below(&seeded, 300);

		pieces[i].bytes = promo_arena_alloc(arena, size);
		pieces[i].size = size;
		assert_non_null(pieces[i].bytes);
		assert_int_equal((uintptr_t)pieces[i].bytes % alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(pieces[i].bytes[j], 0);
		memset(pieces[i].bytes, (int)(i % 255 + 1), size);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t j = 0; j < pieces[i].size; j++)
			assert_int_equal(pieces[i].bytes[j], i % 255 + 1);
	promo_arena_free(arena);
}

static void test_the_limit_holds(void **state)
{
	static const size_t limits[] = { 64, 1000, 16 * 1024, 100000 };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(limits); i++) {
		struct promo_arena *arena = promo_arena_new(limits[i]);
		size_t got = 0;

		while (promo_arena_alloc(arena, 16))
			got += 16;
		assert_true(got <= limits[i]);
		assert_true(got + 16 > limits[i] - limits[i] % 16);
		promo_arena_clear(arena);
		assert_non_null(promo_arena_alloc(arena, limits[i] - limits[i] % 16));
		assert_null(promo_arena_alloc(arena, 16));
		promo_arena_free(arena);
	}
}

static void test_absurd_sizes_are_refused(void **state)
{
	struct promo_arena *arena = promo_arena_new(1 << 20);

	(void)state;
	assert_null(promo_arena_alloc(arena, SIZE_MAX));
	assert_null(promo_arena_alloc(arena, SIZE_MAX - 8));
	assert_null(promo_arena_alloc_array(arena, SIZE_MAX / 2, 3));
	assert_null(promo_arena_alloc_array(arena, 2, SIZE_MAX / 2 + 1));
	assert_non_null(promo_arena_alloc(arena, 0));
	assert_non_null(promo_arena_alloc_array(arena, 1000, 1000));
	promo_arena_free(arena);
	promo_arena_free(NULL);
}

static void test_texts_are_copied(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	char original[] = "karibu";
	char *copy = promo_arena_strdup(arena, original);

	(void)state;
	original[0] = 'x';
	assert_string_equal(copy, "karibu");
	assert_string_equal(promo_arena_strndup(arena, copy, 3), "kar");
	assert_null(promo_arena_strdup(arena, NULL));
	assert_string_equal(promo_arena_printf(arena, "%s-%05d", "a", 42), "a-00042");
	assert_int_equal(strlen(promo_arena_printf(arena, "%*s", 50000, "")), 50000);
	assert_null(promo_arena_printf(arena, "%*s", 2 << 20, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(test_the_limit_holds),
		cmocka_unit_test(test_absurd_sizes_are_refused),
		cmocka_unit_test(test_texts_are_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
