/* SPDX-License-Identifier: MIT */
/*
 * Text is taken only if it is UTF-8 by RFC 3629, normal forms and widths are Unicode's, and nothing
 * that steers a terminal survives being made harmless.
 */
#include "libpromo/base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static int with_arena(void **state)
{
	*state = promo_arena_new(64 << 20);
	return *state ? 0 : -1;
}

static int without_arena(void **state)
{
	promo_arena_free(*state);
	return 0;
}

static size_t encode(int32_t c, char ret[5])
{
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const int heads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = size - 1; i > 0; i--) {
		ret[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	ret[0] = (char)(heads[size] | c);
	ret[size] = '\0';
	return size;
}

static void test_every_character_is_valid_but_surrogates_and_nul(void **state)
{
	(void)state;
	for (int32_t c = 0; c <= 0x10ffff; c++) {
		char text[5];
		size_t size = encode(c, text);
		bool expected = c != 0 && !(c >= 0xd800 && c <= 0xdfff);
		int32_t again = -1;

		if (promo_utf8_valid(text, size) != expected)
			fail_msg("U+%04X", (unsigned)c);
		assert_int_equal(promo_utf8_next(text, &again), expected ? size : 0);
		if (expected)
			assert_int_equal(again, c);
	}
}

static void test_malformed_text_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t size;
	} bad[] = {
		{ "\x80", 1 },
		{ "a\xbf", 2 },
		{ "\xc0\x80", 2 }, /* overlong NUL */
		{ "\xc1\xbf", 2 },
		{ "\xe0\x80\xaf", 3 }, /* overlong / */
		{ "\xe0\x9f\xbf", 3 },
		{ "\xf0\x80\x80\xaf", 4 },
		{ "\xf0\x8f\xbf\xbf", 4 },
		{ "\xed\xa0\x80", 3 }, /* surrogates */
		{ "\xed\xbf\xbf", 3 },
		{ "\xf4\x90\x80\x80", 4 }, /* above U+10FFFF */
		{ "\xf8\x88\x80\x80\x80", 5 },
		{ "\xff", 1 },
		{ "\xc3", 1 }, /* cut off */
		{ "\xe2\x82", 2 },
		{ "\xf0\x9f\x98", 3 },
		{ "\xe2\x28\xa1", 3 },
		{ "a\0b", 3 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		if (promo_utf8_valid(bad[i].text, bad[i].size))
			fail_msg("case %zu", i);
	assert_true(promo_utf8_valid("", 0));
	/* The length counts, not a NUL behind it. */
	assert_false(promo_utf8_valid("\xc3\xa9", 1));
}

static void test_random_bytes_never_lead_too_far(void **state)
{
	struct seeded seeded = { 7 };

	for (int i = 0; i < 20000; i++) {
		size_t size = seeded_below(&seeded, 20);
		char *text = promo_arena_alloc(*state, size + 1);
		const char *out;

		assert_non_null(text);
		for (size_t j = 0; j < size; j++)
			text[j] = (char)(seeded_below(&seeded, 255) + 1);
		assert_true(promo_utf8_count(text) <= size);
		assert_true(promo_utf8_fit(text, 5) <= size);
		assert_int_equal(promo_utf8_strip_controls(*state, text, &out), 0);
		assert_true(promo_utf8_valid(out, strlen(out)));
		assert_true(
			promo_utf8_valid(text, size) == (promo_utf8_nfc(*state, text, &out) == 0));
		if (i % 1000 == 0)
			promo_arena_clear(*state);
	}
}

static void test_normal_forms(void **state)
{
	const char *out;

	assert_int_equal(promo_utf8_nfc(*state, "cafe\xcc\x81", &out), 0);
	assert_string_equal(out, "caf\xc3\xa9");
	assert_int_equal(promo_utf8_nfc(*state, "plain", &out), 0);
	assert_string_equal(out, "plain");
	assert_int_equal(promo_utf8_nfc(*state, "\xff", &out), PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_utf8_casefold(*state,
				 "Stra\xc3\x9f"
				 "E \xc3\x89",
				 &out),
		0);
	assert_string_equal(out, "strasse \xc3\xa9");
	assert_int_equal(promo_utf8_clean(*state, " \xc2\xa0 e\xcc\x81 a \t\n", &out), 0);
	assert_string_equal(out, "\xc3\xa9 a");
}

static void test_trimming(void **state)
{
	static const struct {
		const char *text, *trimmed;
	} cases[] = {
		{ "", "" }, { " \t\r\n", "" }, { "\u3000", "" }, { "a", "a" }, { "  a b  ", "a b" },
		{ "\u2009a\u3000", "a" }, { "\u200ba", "\u200ba" }, /* zero width is no blank */
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const char *out;

		assert_int_equal(promo_utf8_trim(*state, cases[i].text, &out), 0);
		assert_string_equal(out, cases[i].trimmed);
	}
}

static void test_widths(void **state)
{
	static const struct {
		const char *text;
		size_t count, width, fits_3;
	} cases[] = {
		{ "", 0, 0, 0 },
		{ "abc", 3, 3, 3 },
		{ "abcd", 4, 4, 3 },
		{ "e\xcc\x81"
		  "ab"
		  "e\xcc\x81",
			6, 4, 5 },                       /* combining */
		{ "\xe6\x97\xa5\xe6\x9c\xac", 2, 4, 3 }, /* wide: the second does not fit */
		{ "\xc3\xa9t\xc3\xa9", 3, 3, 5 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(promo_utf8_count(cases[i].text), cases[i].count);
		assert_int_equal(promo_utf8_width(cases[i].text), cases[i].width);
		assert_int_equal(promo_utf8_fit(cases[i].text, 3), cases[i].fits_3);
	}
}

static void test_nothing_that_steers_a_terminal_survives(void **state)
{
	static const char r[] = "\xef\xbf\xbd";

	for (int32_t c = 1; c <= 0x10ffff; c++) {
		bool steers = c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
			      c == 0x61c || c == 0x200e || c == 0x200f ||
			      (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
			      (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
		char text[5];
		const char *out;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		(void)encode(c, text);
		assert_int_equal(promo_utf8_strip_controls(*state, text, &out), 0);
		assert_string_equal(out, steers ? r : text);
		if (c % 4096 == 0)
			promo_arena_clear(*state);
	}
}

static void test_without_memory_there_is_a_fault(void **state)
{
	size_t limit = 0;
	int r;

	(void)state;
	do {
		PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(limit);
		const char *out = NULL;

		r = promo_utf8_clean(arena, " e\u0301 ", &out);
		if (!r)
			r = promo_utf8_strip_controls(arena, out, &out);
		assert_true(r <= 0);
		limit += 16;
	} while (r);
	assert_true(limit >= 64);
}

static void test_dashes_and_blanks(void **state)
{
	(void)state;
	assert_true(promo_utf8_is_dash('-') && promo_utf8_is_dash(0x2011) &&
		    promo_utf8_is_dash(0x2013) && promo_utf8_is_dash(0x2212));
	assert_false(promo_utf8_is_dash('_') || promo_utf8_is_dash('~'));
	assert_true(promo_utf8_is_space(' ') && promo_utf8_is_space(0xa0) &&
		    promo_utf8_is_space('\n') && promo_utf8_is_space(0x3000));
	assert_false(promo_utf8_is_space('a') || promo_utf8_is_space(0x200b));
}

/* GB3 .. GB999 of UAX #29, as far as people meet them in names. */
static void test_clusters(void **state)
{
	static const struct {
		const char *cluster, *rest;
		size_t columns;
	} cases[] = {
		{ "a", "b", 1 },
		{ "e\u0301", "e", 1 },
		{ "e\u0301\u0323", "", 1 },
		{ "\u5ddd", "\u672c", 2 },
		{ "\U0001F468\u200D\U0001F469\u200D\U0001F467", "a", 2 },
		{ "\U0001F44D\U0001F3FD", "\U0001F44D", 2 },
		{ "\U0001F1F7\U0001F1FC", "\U0001F1F7\U0001F1FC", 2 },
		{ "\u1100\u1161\u11a8", "\u1100", 2 },
		{ "\u0301", "a", 0 },
		{ "a", "\xff", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];
		size_t columns = 9;

		(void)snprintf(text, sizeof(text), "%s%s", cases[i].cluster, cases[i].rest);
		assert_int_equal(promo_utf8_cluster(text, &columns), strlen(cases[i].cluster));
		assert_int_equal(columns, cases[i].columns);
	}
	assert_int_equal(promo_utf8_cluster("", &(size_t){ 0 }), 0);
	assert_int_equal(promo_utf8_cluster("\xff", &(size_t){ 0 }), 0);
}

int main(void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, with_arena, without_arena)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character_is_valid_but_surrogates_and_nul),
		cmocka_unit_test(test_malformed_text_is_refused),
		WITH_ARENA(test_random_bytes_never_lead_too_far),
		WITH_ARENA(test_normal_forms),
		WITH_ARENA(test_trimming),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_clusters),
		WITH_ARENA(test_nothing_that_steers_a_terminal_survives),
		cmocka_unit_test(test_without_memory_there_is_a_fault),
		cmocka_unit_test(test_dashes_and_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
