/* SPDX-License-Identifier: MIT */
/*
 * A buffer holds exactly what was appended, and a failure of any append is told at the end.
 */
#include "libpromo/base/buffer.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void test_it_holds_what_was_appended(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_buffer buffer = PROMO_BUFFER(arena, 100000);
	struct seeded seeded = { 8 };
	static char expected[100001];
	const char *text;
	size_t size = 0;

	(void)state;
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	assert_string_equal(text, "");
	while (size + 40 < sizeof(expected)) {
		char piece[40];
		size_t length = seeded_below(&seeded, sizeof(piece));

		memset(piece, (char)('a' + seeded_below(&seeded, 26)), length);
		piece[length] = '\0';
		memcpy(expected + size, piece, length);
		size += length;
		switch (seeded_below(&seeded, 3)) {
		case 0:
			promo_buffer_append(&buffer, piece, length);
			break;
		case 1:
			promo_buffer_text(&buffer, piece);
			break;
		default:
			promo_buffer_printf(&buffer, "%s", piece);
		}
		promo_buffer_char(&buffer, '.');
		expected[size++] = '.';
	}
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	assert_int_equal(buffer.size, size);
	assert_string_equal(text, expected);
	promo_buffer_clear(&buffer);
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	assert_string_equal(text, "");
}

static void test_failures_stick(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *small = promo_arena_new(1024);
	struct promo_buffer buffer = PROMO_BUFFER(arena, 10);
	struct promo_buffer starved = PROMO_BUFFER(small, 100000);
	const char *text = "untouched";

	(void)state;
	promo_buffer_text(&buffer, "0123456789");
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	promo_buffer_char(&buffer, 'x');
	promo_buffer_text(&buffer, "");
	text = "untouched";
	assert_true(promo_buffer_end(&buffer, &text) < 0);
	assert_string_equal(text, "untouched");
	promo_buffer_clear(&buffer);
	promo_buffer_printf(&buffer, "%d", 1234567890);
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	promo_buffer_append(&buffer, "x", SIZE_MAX);
	assert_true(promo_buffer_end(&buffer, &text) < 0);

	promo_buffer_clear(&buffer);
	promo_buffer_fail(&buffer, -5);
	promo_buffer_fail(&buffer, -6);
	assert_int_equal(promo_buffer_end(&buffer, &text), -5);

	promo_buffer_printf(&starved, "%*s", 5000, "");
	assert_true(promo_buffer_end(&starved, &text) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_holds_what_was_appended),
		cmocka_unit_test(test_failures_stick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
