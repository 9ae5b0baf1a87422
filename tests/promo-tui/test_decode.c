/* SPDX-License-Identifier: MIT */
/*
 * Whatever a terminal sends, in one piece or byte by byte, becomes the keys that were meant: clusters
 * stay whole, pastes lose their controls and are bounded, sequences that nobody knows are not typed.
 */
#include "promo-tui/decode.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

enum {
	SAID_BYTES = 1 << 14
};

/* Units that are handed out until the limit, and what came of them in words. */
struct line {
	const struct tui_unit *units;
	size_t at, limit;
	struct tui_decoder decoder;
	char said[SAID_BYTES];
};

static bool next(void *context, struct tui_unit *ret)
{
	struct line *line = context;

	if (line->at == line->limit)
		return false;
	*ret = line->units[line->at++];
	return true;
}

static void say(struct line *line, const struct tui_key *key)
{
	static const char *const kinds[] = { "none", "text", "named", "paste", "mouse", "resize",
		"end" };
	const char *what = key->kind == TUI_KEY_TEXT    ? key->text
			   : key->kind == TUI_KEY_NAMED ? key->name
			   : key->kind == TUI_KEY_PASTE ? key->paste
							: "";
	const size_t length = strlen(line->said);

	(void)snprintf(line->said + length, sizeof(line->said) - length, "%s %s\n",
		kinds[key->kind], what);
}

static void read_all(struct line *line)
{
	struct tui_key key;

	while (tui_decode(&line->decoder, next, line, &key))
		say(line, &key);
}

#define NAME(text)                                                                                 \
	{                                                                                          \
		.kind = TUI_UNIT_NAME, .name = (text)                                              \
	}
#define CH(c)                                                                                      \
	{                                                                                          \
		.kind = TUI_UNIT_CHARACTER, .character = (c)                                       \
	}
#define BEGIN                                                                                      \
	{                                                                                          \
		.kind = TUI_UNIT_PASTE_BEGIN                                                       \
	}
#define END                                                                                        \
	{                                                                                          \
		.kind = TUI_UNIT_PASTE_END                                                         \
	}

/* All at once. */
static void check(const struct tui_unit *units, size_t count, const char *expected)
{
	static struct line line;

	memset(&line, 0, sizeof(line));
	line.units = units;
	line.limit = count;
	read_all(&line);
	assert_string_equal(line.said, expected);
}

/* All at once, and each after a pause. */
static void check_slow(const struct tui_unit *units, size_t count, const char *expected)
{
	static struct line line;

	check(units, count, expected);
	memset(&line, 0, sizeof(line));
	line.units = units;
	for (line.limit = 1; line.limit <= count; line.limit++)
		read_all(&line);
	assert_string_equal(line.said, expected);
}

#define COUNT(units) (sizeof(units) / sizeof((units)[0]))

static void test_characters_and_names(void **state)
{
	static const struct tui_unit units[] = { CH('a'), CH(0xeb), NAME("up"), CH(0x5ddd), CH(13),
		CH(10), CH(9), CH(8), CH(127), CH(3), CH(0), CH(31), CH(0x9b), CH(0x202e),
		CH('z') };

	(void)state;
	check_slow(units, COUNT(units),
		"text a\ntext \u00eb\nnamed up\ntext \u5ddd\nnamed enter\nnamed enter\nnamed tab\n"
		"named backspace\nnamed backspace\nnamed ctrl-c\ntext z\n");
}

static void test_clusters(void **state)
{
	static const struct tui_unit joined[] = { CH('e'), CH(0x301), CH('x'), CH(0x1f468),
		CH(0x200d), CH(0x1f469), CH(0x1f1f7), CH(0x1f1fc), CH(0x1f1f7), CH(0x915),
		CH(0x93e) };
	static const struct tui_unit late[] = { CH('e'), CH(0x301) };
	static struct line line;

	(void)state;
	check(joined, COUNT(joined),
		"text e\u0301\ntext x\ntext \U0001F468\u200D\U0001F469\n"
		"text \U0001F1F7\U0001F1FC\ntext \U0001F1F7\ntext \u0915\u093e\n");
	line.units = late;
	for (line.limit = 1; line.limit <= 2; line.limit++)
		read_all(&line);
	assert_string_equal(line.said, "text e\ntext \u0301\n");
}

static void test_marks_without_end(void **state)
{
	static struct tui_unit units[200];
	static struct line line;

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++)
		units[i] = (struct tui_unit)CH(i == 0 ? 'a' : 0x301);
	line.units = units;
	line.limit = COUNT(units);
	read_all(&line);
	assert_true(promo_utf8_valid(line.said, strlen(line.said)));
}

static void test_escape(void **state)
{
	static const struct tui_unit alone[] = { CH(27) };
	static const struct tui_unit twice[] = { CH(27), CH(27) };
	static const struct tui_unit alt[] = { CH(27), CH('x'), CH(27), CH('B'), CH(27), CH(13) };
	static const struct tui_unit unknown[] = { CH(27), CH('['), CH('1'), CH(';'), CH('9'),
		CH('Q'), CH('a'), CH(27), CH('O'), CH('q'), CH('b') };
	static const struct tui_unit broken[] = { CH(27), CH('['), CH('1'), NAME("up"), CH(27),
		CH('['), CH('2'), CH(13), CH('c') };

	(void)state;
	check_slow(alone, 1, "named esc\n");
	check_slow(twice, 2, "named esc\nnamed esc\n");
	check(alt, COUNT(alt), "named alt-x\nnamed alt-b\nnamed esc\nnamed enter\n");
	check(unknown, COUNT(unknown), "text a\ntext b\n");
	check(broken, COUNT(broken), "named up\nnamed enter\ntext c\n");
}

/* The rest of a sequence that arrives late is still no text. */
static void test_slow_sequence(void **state)
{
	static const struct tui_unit units[] = { CH(27), CH('['), CH('1'), CH(';'), CH('9'),
		CH('Q'), CH('a') };
	static struct line line;

	(void)state;
	line.units = units;
	for (line.limit = 2; line.limit <= COUNT(units); line.limit++)
		read_all(&line);
	assert_string_equal(line.said, "text a\n");
}

static void test_paste(void **state)
{
	static const struct tui_unit units[] = { CH('a'), BEGIN, CH(' '), CH('\t'), CH('R'),
		CH('W'), CH('\r'), CH('\n'), CH(27), CH('['), CH('1'), CH(0x9b), CH(0x202e),
		NAME("up"), NAME("enter"), CH(0xeb), CH('\n'), CH('\n'), END, CH('b') };
	static const struct tui_unit nothing[] = { BEGIN, CH('\n'), END, END, CH('b') };

	(void)state;
	check_slow(units, COUNT(units), "text a\npaste RW [1 \u00eb\ntext b\n");
	check_slow(nothing, COUNT(nothing), "text b\n");
}

static void test_paste_is_bounded(void **state)
{
	static struct tui_unit units[3000 + 2];
	static struct line line;
	struct tui_key key;

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++)
		units[i] = (struct tui_unit)CH(0x5ddd);
	units[0] = (struct tui_unit)BEGIN;
	units[COUNT(units) - 1] = (struct tui_unit)END;
	line.units = units;
	line.limit = COUNT(units);
	assert_true(tui_decode(&line.decoder, next, &line, &key));
	assert_int_equal(key.kind, TUI_KEY_PASTE);
	assert_int_equal(strlen(key.paste), TUI_PASTE_BYTES_MAX / 3 * 3);
	assert_true(promo_utf8_valid(key.paste, strlen(key.paste)));
}

static void test_paste_without_end(void **state)
{
	static const struct tui_unit units[] = { BEGIN, CH('a'), CH('b') };
	static struct line line;
	struct tui_key key;

	(void)state;
	line.units = units;
	line.limit = COUNT(units);
	read_all(&line);
	assert_string_equal(line.said, "");
	assert_true(tui_decode_end_paste(&line.decoder, &key));
	assert_string_equal(key.paste, "ab");
	assert_false(tui_decode_end_paste(&line.decoder, &key));
}

static void test_click(void **state)
{
	static const struct tui_unit units[] = { CH('a'),
		{ .kind = TUI_UNIT_MOUSE, .x = 7, .y = 3 } };
	static struct line line;
	struct tui_key key;

	(void)state;
	line.units = units;
	line.limit = COUNT(units);
	assert_true(tui_decode(&line.decoder, next, &line, &key));
	assert_int_equal(key.kind, TUI_KEY_TEXT);
	assert_true(tui_decode(&line.decoder, next, &line, &key));
	assert_int_equal(key.kind, TUI_KEY_MOUSE);
	assert_int_equal(key.x, 7);
	assert_int_equal(key.y, 3);
	assert_false(tui_decode(&line.decoder, next, &line, &key));
}

static void test_anything(void **state)
{
	static struct tui_unit units[64];
	static struct line line;
	struct seeded random = { 11 };

	(void)state;
	for (int round = 0; round < 5000; round++) {
		for (size_t i = 0; i < COUNT(units); i++) {
			units[i] = (struct tui_unit){
				.kind = seeded_below(&random, 8)
						? TUI_UNIT_CHARACTER
						: (enum tui_unit_kind)seeded_below(&random, 5),
				.character = (int32_t)seeded_below(
					&random, seeded_below(&random, 2) ? 128 : 0x120000),
				.name = "up",
			};
		}
		memset(&line, 0, sizeof(line));
		line.units = units;
		while (line.limit < COUNT(units)) {
			line.limit += 1 + seeded_below(&random, 8);
			if (line.limit > COUNT(units))
				line.limit = COUNT(units);
			read_all(&line);
		}
		assert_true(promo_utf8_valid(line.said, strlen(line.said)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters_and_names),
		cmocka_unit_test(test_clusters),
		cmocka_unit_test(test_marks_without_end),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_slow_sequence),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_paste_is_bounded),
		cmocka_unit_test(test_paste_without_end),
		cmocka_unit_test(test_click),
		cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
