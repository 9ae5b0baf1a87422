/* SPDX-License-Identifier: MIT */
/* Proves that a line falls into the words that sh would make of it, and that what is not ended is known. */
#include "promo-cli/words.h"

#include <string.h>

#include "harness.h"

static void assert_words(const char *line, const char *expected, char open, bool ended)
{
	struct promo_arena *arena = promo_arena_new(65536);
	char joined[200] = "";
	struct cli_words words;

	assert_true(cli_words_split(arena, line, &words));
	for (size_t i = 0; i < words.count; i++)
		(void)snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "[%s]",
			words.items[i]);
	assert_string_equal(joined, expected);
	assert_int_equal(words.open, open);
	assert_int_equal(words.ended, ended);
	assert_null(words.items[words.count]);
	promo_arena_free(arena);
}

static void test_words(void **state)
{
	(void)state;
	assert_words("", "", 0, true);
	assert_words(" \t", "", 0, true);
	assert_words("batch  show\tX", "[batch][show][X]", 0, false);
	assert_words("batch show ", "[batch][show]", 0, true);
	assert_words("a 'b  c' d", "[a][b  c][d]", 0, false);
	assert_words("--name='it'\\''s'\"s own\"", "[--name=it'ss own]", 0, false);
	assert_words("\"a \\\"b\\\" \\c $x\"", "[a \"b\" \\c $x]", 0, false);
	assert_words("a '' \"\"", "[a][][]", 0, false);
	assert_words("a\\ b", "[a b]", 0, false);
	assert_words("'\\'", "[\\]", 0, false);
	assert_words("a;b|c $(d) `e` #f", "[a;b|c][$(d)][`e`][#f]", 0, false);
}

static void test_what_is_open(void **state)
{
	(void)state;
	assert_words("a 'b c", "[a][b c]", '\'', false);
	assert_words("a \"b ", "[a][b ]", '"', false);
	assert_words("a b\\", "[a][b]", '\\', false);
}

static void test_limits(void **state)
{
	struct promo_arena *arena = promo_arena_new(65536);
	char line[2 * CLI_LINE_WORDS_MAX + 3];
	struct cli_words words;

	(void)state;
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = i % 2 ? ' ' : 'a';
	line[sizeof(line) - 1] = '\0';
	assert_false(cli_words_split(arena, line, &words));
	line[2 * CLI_LINE_WORDS_MAX] = '\0';
	assert_true(cli_words_split(arena, line, &words));
	assert_int_equal(words.count, CLI_LINE_WORDS_MAX);
	promo_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_what_is_open),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
