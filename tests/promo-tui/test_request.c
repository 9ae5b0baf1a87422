/* SPDX-License-Identifier: MIT */
/*
 * Proven here: every action has a help text and, where it has a name, that name to itself; names are
 * found by their beginnings; the program's own keys are no letters, and keys are written as people
 * know them.
 */
#include <string.h>

#include "promo-tui/keymap.h"
#include "tests/lib/test.h"

static void names_are_unique_and_found(void **state)
{
	(void)state;
	for (enum tui_request i = TUI_REQ_NONE + 1; i < TUI_REQ_COUNT; i++) {
		const struct tui_request_info *info = tui_request_info(i);

		assert_true(info->help && *info->help);
		if (info->command)
			assert_int_equal(tui_request_find(info->command), i);
	}
	assert_int_equal(tui_request_find("no such thing"), TUI_REQ_NONE);
	assert_int_equal(tui_request_find(""), TUI_REQ_NONE);
}

static void beginnings_match_in_order(void **state)
{
	enum tui_request found[TUI_REQ_COUNT];

	(void)state;
	assert_int_equal(tui_request_match("prof", found), 1);
	assert_int_equal(found[0], TUI_REQ_PROFILE);
	assert_true(tui_request_match("re", found) > 2);
	assert_int_equal(found[0], TUI_REQ_REDRAW);
	assert_int_equal(found[1], TUI_REQ_REDEEM);
	assert_int_equal(tui_request_match("zzz", found), 0);
}

static void no_letter_does_anything_everywhere(void **state)
{
	(void)state;
	for (const struct tui_binding *row = tui_global_keys; row->key; row++) {
		if (strlen(row->key) == 1)
			assert_null(strpbrk(row->key, "abcdefghijklmnopqrstuvwxyz"
						      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
		assert_int_equal(tui_keymap_find(tui_global_keys, row->key), row->request);
		assert_non_null(tui_binding_help(row));
	}
	assert_int_equal(tui_keymap_find(tui_global_keys, "q"), TUI_REQ_NONE);
	assert_int_equal(tui_keymap_find(NULL, "f1"), TUI_REQ_NONE);
	assert_string_equal(tui_keymap_key(tui_global_keys, TUI_REQ_HELP), "f1");
}

static void keys_are_written_as_people_know_them(void **state)
{
	static const char *const cases[][2] = {
		{ "enter", "Enter" },
		{ "ctrl-c", "Ctrl-C" },
		{ "f1", "F1" },
		{ "pgup", "PgUp" },
		{ "backtab", "Shift-Tab" },
		{ "?", "?" },
		{ "r", "r" },
		{ " ", "Space" },
	};
	char name[TUI_KEY_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tui_key_format(cases[i][0], name);
		assert_string_equal(name, cases[i][1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_and_found),
		cmocka_unit_test(beginnings_match_in_order),
		cmocka_unit_test(no_letter_does_anything_everywhere),
		cmocka_unit_test(keys_are_written_as_people_know_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
