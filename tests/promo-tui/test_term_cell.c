/* SPDX-License-Identifier: MIT */
/*
 * What is sent for a cell always takes the columns that the canvas gave it, whatever is in it, in a
 * locale that has it all and in one that has ASCII only.
 */
#include "promo-tui/term_cell.h"

#include <locale.h>
#include <string.h>

#include "tests/lib/test.h"

static const struct {
	const char *text;
	int columns;
	const wchar_t *pieces[2]; /* in UTF-8 */
} cases[] = {
	{ "a", 1, { L"a" } },
	{ "\u00eb", 1, { L"\u00eb" } },
	{ "e\u0301", 1, { L"e\u0301" } },
	{ "e\u0301\u0302\u0303\u0304\u0305\u0306", 1, { L"e\u0301\u0302\u0303\u0304" } },
	{ "\u5ddd", 2, { L"\u5ddd" } },
	{ "\U0001F468\u200D\U0001F469", 2, { L"\U0001F468" } },
	{ "\U0001F44D\U0001F3FD", 2, { L"\U0001F44D" } },
	{ "\U0001F1F7\U0001F1FC", 2, { L"\U0001F1F7", L"\U0001F1FC" } },
	{ "1\ufe0f\u20e3", 1, { L"1\u20e3" } },
	/* One that the canvas takes for wide and the locale for narrow, and the other way round. */
	{ "a", 2, { L"a", L" " } },
	{ "\u5ddd", 1, { L"?" } },
	{ "\u0301", 1, { L"?" } },
};

static size_t pieces_of(size_t i, struct tui_piece ret[2])
{
	struct tui_cell cell = { .columns = (uint8_t)cases[i].columns };

	memcpy(cell.text, cases[i].text, strlen(cases[i].text) + 1);
	return tui_cell_pieces(&cell, ret);
}

static void test_pieces(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tui_piece pieces[2];
		const size_t count = pieces_of(i, pieces);

		assert_int_equal(count, cases[i].pieces[1] ? 2 : 1);
		for (size_t j = 0; j < count; j++)
			if (wcscmp(pieces[j].text, cases[i].pieces[j]) != 0)
				fail_msg("piece %zu of case %zu", j, i);
	}
}

static void test_columns_are_right_in_ascii_too(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tui_piece pieces[2];
		const size_t count = pieces_of(i, pieces);
		int columns = 0;

		for (size_t j = 0; j < count; j++) {
			columns += wcwidth(pieces[j].text[0]);
			for (const wchar_t *c = pieces[j].text; *c; c++)
				assert_true(*c < 128);
		}
		assert_int_equal(columns, cases[i].columns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_columns_are_right_in_ascii_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
