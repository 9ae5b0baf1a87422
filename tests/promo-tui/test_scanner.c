/* SPDX-License-Identifier: MIT */
/*
 * Whatever the pace and the ending, a scan reaches the counter as one code and as nothing else, and
 * what a person types is handed on letter by letter, at once and complete.
 */
#include "promo-tui/scanner.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

#define CODE "A1U2-C325-5X09-6E21"

/* What came out of a scanner: the text of the focus, the keys, the codes. */
struct heard {
	struct tui_scanner scanner;
	char text[2048];
	char keys[256];
	char codes[512];
	int64_t now_ms;
	bool echo;
};

static void append(char *list, size_t size, const char *end, const char *text)
{
	size_t at = strlen(list);

	assert_true((size_t)snprintf(list + at, size - at, "%s%s", text, end) < size - at);
}

static void hear(struct heard *heard, struct tui_scanned scanned, const char *key)
{
	size_t length = strlen(heard->text);

	assert_true((size_t)scanned.take_back <= length);
	heard->text[length - (size_t)scanned.take_back] = '\0';
	append(heard->text, sizeof(heard->text), "", scanned.typed);
	if (scanned.code)
		append(heard->codes, sizeof(heard->codes), "|", scanned.code);
	if (scanned.key && key)
		append(heard->keys, sizeof(heard->keys), "|", key);
}

static void start(struct heard *heard, const char *prefix, const char *suffix)
{
	*heard = (struct heard){ .now_ms = 1000, .echo = true };
	assert_int_equal(tui_scanner_init(&heard->scanner, prefix, suffix), 0);
}

/* Characters one by one, gap_ms apart. */
static void type(struct heard *heard, const char *text, int64_t gap_ms)
{
	for (; *text; text++) {
		char cluster[2] = { *text, '\0' };

		heard->now_ms += gap_ms;
		hear(heard, tui_scanner_tick(&heard->scanner, heard->now_ms), NULL);
		hear(heard, tui_scanner_text(&heard->scanner, cluster, heard->echo, heard->now_ms),
			NULL);
	}
}

static void press(struct heard *heard, const char *key, int64_t gap_ms)
{
	heard->now_ms += gap_ms;
	hear(heard, tui_scanner_key(&heard->scanner, key, heard->now_ms), key);
}

static void wait_ms(struct heard *heard, int64_t ms)
{
	heard->now_ms += ms;
	hear(heard, tui_scanner_tick(&heard->scanner, heard->now_ms), NULL);
}

static void is(const struct heard *heard, const char *text, const char *keys, const char *codes)
{
	assert_string_equal(heard->text, text);
	assert_string_equal(heard->keys, keys);
	assert_string_equal(heard->codes, codes);
}

static void test_a_burst_is_a_scan(void **state)
{
	static const char *const ends[] = { "enter", "tab" };

	(void)state;
	for (int echo = 0; echo < 2; echo++)
		for (int64_t gap = 0; gap < TUI_SCAN_GAP_MS; gap++)
			for (size_t i = 0; i < PROMO_COUNT(ends); i++) {
				struct heard heard;

				start(&heard, NULL, NULL);
				heard.echo = echo;
				type(&heard, CODE, gap);
				press(&heard, ends[i], gap);
				is(&heard, "", "", CODE "|");
			}
}

static void test_typing_is_echoed_at_once(void **state)
{
	struct heard heard;
	const char *code = CODE;

	(void)state;
	start(&heard, NULL, NULL);
	for (size_t i = 0; code[i]; i++) {
		char one[2] = { code[i], '\0' };

		type(&heard, one, TUI_SCAN_GAP_MS);
		assert_int_equal(strlen(heard.text), i + 1);
	}
	press(&heard, "enter", TUI_SCAN_GAP_MS);
	is(&heard, CODE, "enter|", "");
}

static void test_fast_typing_arrives_late_but_whole(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, "078812", 5);
	is(&heard, "0", "", "");
	assert_int_equal(tui_scanner_due_ms(&heard.scanner), heard.now_ms + TUI_SCAN_GAP_MS);
	wait_ms(&heard, TUI_SCAN_GAP_MS);
	is(&heard, "078812", "", "");
	assert_true(tui_scanner_due_ms(&heard.scanner) == INT64_MAX);
	press(&heard, "enter", 0);
	is(&heard, "078812", "enter|", "");
}

static void test_too_short_is_no_scan(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, "A1U2C32", 1);
	press(&heard, "enter", 1);
	is(&heard, "A1U2C32", "enter|", "");
	start(&heard, NULL, NULL);
	type(&heard, "A1U2C325", 1);
	press(&heard, "enter", 1);
	is(&heard, "", "", "A1U2C325|");
}

static void test_letters_of_a_scan_are_no_keys(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	heard.echo = false;
	type(&heard, "rrrrrrrr", 1);
	is(&heard, "", "", "");
	press(&heard, "enter", 1);
	is(&heard, "", "", "rrrrrrrr|");
	wait_ms(&heard, 1000);
	type(&heard, "r", 0);
	is(&heard, "", "", "rrrrrrrr|");
	wait_ms(&heard, TUI_SCAN_GAP_MS);
	is(&heard, "r", "", "rrrrrrrr|");
}

static void test_further_enters_of_a_scanner(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, CODE, 2);
	press(&heard, "enter", 2);
	for (int i = 0; i < 9; i++)
		press(&heard, i % 2 ? "enter" : "tab", 33);
	is(&heard, "", "", CODE "|");
	press(&heard, "enter", 3);
	is(&heard, "", "enter|", CODE "|");
}

static void test_enter_behind_typing_is_a_persons(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, CODE, 2);
	press(&heard, "enter", 2);
	type(&heard, "0788", 40);
	press(&heard, "enter", 40);
	is(&heard, "0788", "enter|", CODE "|");
}

static void test_other_keys_are_not_guarded(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, CODE, 2);
	press(&heard, "enter", 2);
	press(&heard, "esc", 2);
	type(&heard, "07", 2);
	press(&heard, "f2", 2);
	is(&heard, "07", "esc|f2|", CODE "|");
}

static void test_the_same_code_twice(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	for (int i = 0; i < 5; i++) {
		type(&heard, CODE, 1);
		press(&heard, "enter", TUI_SCAN_GAP_MS - 1);
		wait_ms(&heard, TUI_SCAN_SAME_MS - 100);
	}
	is(&heard, "", "", CODE "|");
	wait_ms(&heard, 200);
	type(&heard, CODE, 1);
	press(&heard, "enter", 1);
	is(&heard, "", "", CODE "|" CODE "|");
	type(&heard, "WXYZ-C325-5X09-6E21", 1);
	press(&heard, "enter", 1);
	is(&heard, "", "", CODE "|" CODE "|WXYZ-C325-5X09-6E21|");
}

static void test_what_was_typed_before_stays(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, NULL, NULL);
	type(&heard, "0788", 80);
	wait_ms(&heard, 40);
	type(&heard, CODE, 1);
	press(&heard, "enter", 1);
	is(&heard, "0788", "", CODE "|");
}

static void test_affixes(void **state)
{
	struct heard heard;

	(void)state;
	start(&heard, "~", "#");
	type(&heard, "~" CODE "#", 1);
	press(&heard, "enter", 1);
	is(&heard, "", "", CODE "|");
	wait_ms(&heard, 3000);
	type(&heard, CODE, 1);
	press(&heard, "enter", 1);
	is(&heard, CODE, "enter|", CODE "|");
	start(&heard, NULL, "#");
	type(&heard, CODE "#", 1);
	wait_ms(&heard, TUI_SCAN_GAP_MS);
	is(&heard, "", "", CODE "|");
	start(&heard, "~", NULL);
	type(&heard, "~", 1);
	press(&heard, "enter", 1);
	is(&heard, "~", "enter|", "");
	assert_int_equal(
		tui_scanner_init(&heard.scanner, "0123456789abcdef", NULL), PROMO_E_INVALID_INPUT);
}

static void test_pastes(void **state)
{
	static const struct {
		const char *paste, *codes;
		bool key;
	} cases[] = {
		{ CODE, CODE "|", false },
		{ CODE "\n", CODE "|", false },
		{ CODE "\r\n", CODE "|", false },
		{ "a1u2 c325 5x09 6e21", "a1u2 c325 5x09 6e21|", false },
		{ "SOMETHING\t", "SOMETHING|", false },
		{ "0788123456", "", true },
		{ "+250788123456", "", true },
		{ "Aline Uwase", "", true },
		{ CODE "\n" CODE "\n", "", true },
		{ "\n", "", true },
		{ "", "", true },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct heard heard;

		start(&heard, NULL, NULL);
		hear(&heard, tui_scanner_paste(&heard.scanner, cases[i].paste, 1000), "paste");
		is(&heard, "", cases[i].key ? "paste|" : "", cases[i].codes);
	}
}

static void test_a_long_burst_is_typing(void **state)
{
	char text[1024];
	struct heard heard;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	start(&heard, NULL, NULL);
	type(&heard, text, 1);
	press(&heard, "enter", 1);
	is(&heard, text, "enter|", "");
	wait_ms(&heard, 100);
	type(&heard, CODE, 1);
	press(&heard, "enter", 1);
	is(&heard, text, "enter|", CODE "|");
}

/* Nothing that is typed may be lost or doubled, whatever the rhythm. */
static void test_any_rhythm_loses_nothing(void **state)
{
	struct seeded seeded = { 4 };

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct heard heard;
		char all[64] = "", expected[4096];
		size_t at = 0;

		start(&heard, NULL, NULL);
		heard.echo = seeded_below(&seeded, 2);
		for (int i = 0; i < 40; i++) {
			char one[2] = { (char)('a' + seeded_below(&seeded, 26)), '\0' };

			type(&heard, one, (int64_t)seeded_below(&seeded, 60));
			all[at++] = one[0];
		}
		press(&heard, "enter", (int64_t)seeded_below(&seeded, 60));
		heard.codes[strcspn(heard.codes, "|")] = '\0';
		snprintf(expected, sizeof(expected), "%s%s", heard.text, heard.codes);
		assert_string_equal(expected, all);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_burst_is_a_scan),
		cmocka_unit_test(test_typing_is_echoed_at_once),
		cmocka_unit_test(test_fast_typing_arrives_late_but_whole),
		cmocka_unit_test(test_too_short_is_no_scan),
		cmocka_unit_test(test_letters_of_a_scan_are_no_keys),
		cmocka_unit_test(test_further_enters_of_a_scanner),
		cmocka_unit_test(test_enter_behind_typing_is_a_persons),
		cmocka_unit_test(test_other_keys_are_not_guarded),
		cmocka_unit_test(test_the_same_code_twice),
		cmocka_unit_test(test_what_was_typed_before_stays),
		cmocka_unit_test(test_affixes),
		cmocka_unit_test(test_pastes),
		cmocka_unit_test(test_a_long_burst_is_typing),
		cmocka_unit_test(test_any_rhythm_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
