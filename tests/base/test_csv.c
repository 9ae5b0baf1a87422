/* SPDX-License-Identifier: MIT */
/*
 * Whatever stands in a cell, a reader of RFC 4180 gets it back, and no cell of typed text is taken
 * for a formula.
 */
#include "libpromo/base/csv.h"

#include <string.h>

#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void test_rows(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_buffer buffer = PROMO_BUFFER(arena, 10000);
	struct promo_csv csv = { .out = &buffer };
	const char *text;

	(void)state;
	promo_csv_text(&csv, "=1+1");
	promo_csv_text(&csv, "say \"hi\", twice");
	promo_csv_value(&csv, "+250788123456");
	promo_csv_text(&csv, NULL);
	promo_csv_value(&csv, NULL);
	promo_csv_row_end(&csv);
	promo_csv_text(&csv, "two\r\nlines");
	promo_csv_row_end(&csv);
	assert_int_equal(promo_buffer_end(&buffer, &text), 0);
	assert_string_equal(text,
		"\"'=1+1\",\"say \"\"hi\"\", twice\",\"+250788123456\",\"\",\"\"\r\n"
		"\"two\r\nlines\"\r\n");
}

static void test_formulas(void **state)
{
	static const char *const formulas[] = { "=a", "+1", "-1", "@sum", "\tx", "\rx", "=" };
	static const char *const texts[] = { "", "a=1", "1", "'=a", " =a", "\"=a\"" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(formulas); i++)
		assert_true(promo_csv_is_formula(formulas[i]));
	for (size_t i = 0; i < PROMO_COUNT(texts); i++)
		assert_false(promo_csv_is_formula(texts[i]));
}

/* Reads a quoted cell as RFC 4180 says; returns what stands behind it. */
static const char *read_cell(const char *csv, char *ret)
{
	assert_int_equal(*csv++, '"');
	for (;; csv++) {
		if (*csv == '"' && *++csv != '"')
			break;
		assert_int_not_equal(*csv, '\0');
		*ret++ = *csv;
	}
	*ret = '\0';
	return csv;
}

static void test_any_text_goes_round(void **state)
{
	struct seeded seeded = { 9 };

	(void)state;
	for (int i = 0; i < 5000; i++) {
		PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(65536);
		struct promo_buffer buffer = PROMO_BUFFER(arena, 10000);
		struct promo_csv csv = { .out = &buffer };
		static const char letters[] = "ab\",\r\n='+-@\t ";
		char cell[20] = "", got[40];
		const char *text;

		for (size_t j = seeded_below(&seeded, sizeof(cell)); j > 0; j--)
			cell[j - 1] = letters[seeded_below(&seeded, sizeof(letters) - 1)];
		promo_csv_text(&csv, cell);
		promo_csv_value(&csv, cell);
		promo_csv_row_end(&csv);
		assert_int_equal(promo_buffer_end(&buffer, &text), 0);
		text = read_cell(text, got);
		assert_false(promo_csv_is_formula(got));
		assert_string_equal(got + promo_csv_is_formula(cell), cell);
		assert_int_equal(*text++, ',');
		text = read_cell(text, got);
		assert_string_equal(got, cell);
		assert_string_equal(text, "\r\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_any_text_goes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
