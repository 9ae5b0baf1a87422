/* SPDX-License-Identifier: MIT */
/*
 * A configuration file is read setting by setting with its lines; what is not plainly a setting, a
 * section or a comment is an error that names its line, and nothing is cut off in silence.
 */
#include "libpromo/base/ini.h"

#include "libpromo/base/error.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

struct seen {
	char text[8192];
	const char *refuse; /* the name that ends the reading */
};

static int note(void *context, const struct promo_ini_entry *entry)
{
	struct seen *seen = context;
	size_t length = strlen(seen->text);

	if (seen->refuse && strcmp(entry->name, seen->refuse) == 0)
		return PROMO_E_FORBIDDEN;
	(void)snprintf(seen->text + length, sizeof(seen->text) - length, "%d:%s.%s=%s|",
		entry->line, entry->section, entry->name, entry->value);
	return 0;
}

static int read_text(void **state, const char *text, size_t size, struct seen *seen,
	struct promo_arena *arena, struct promo_problem *problem)
{
	const char *path = scratch_file(*state, "promod.conf", text, size, 0600);

	*problem = (struct promo_problem){ 0 };
	seen->text[0] = '\0';
	return promo_ini_read(path, note, seen, arena, problem);
}

static void test_settings_come_with_their_lines(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	static const char text[] = "# a comment\n"
				   "first = 1\n"
				   "\n"
				   "[http]\n"
				   "listen = 127.0.0.1:8080\n"
				   "; another\n"
				   "   indented =  a b  c  \n"
				   "empty =\r\n"
				   "url = postgresql://u@h/db?a=b#c;d\n"
				   "[database]\n"
				   "last = x=y";
	struct promo_problem problem;
	struct seen seen = { 0 };

	assert_int_equal(read_text(state, text, sizeof(text) - 1, &seen, arena, &problem), 0);
	assert_string_equal(seen.text,
		"2:.first=1|5:http.listen=127.0.0.1:8080|"
		"7:http.indented=a b  c|8:http.empty=|"
		"9:http.url=postgresql://u@h/db?a=b#c;d|11:database.last=x=y|");
	assert_int_equal(read_text(state,
				 "\xef\xbb\xbf"
				 "a=1",
				 6, &seen, arena, &problem),
		0);
	assert_string_equal(seen.text, "1:.a=1|");
	assert_int_equal(read_text(state, "", 0, &seen, arena, &problem), 0);
	assert_string_equal(seen.text, "");
}

static void test_what_is_no_setting_names_its_line(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	static const struct {
		const char *text;
		size_t size; /* 0: up to the NUL */
		const char *where;
	} cases[] = {
		{ "a = 1\nnonsense\n", 0, "promod.conf:2: " },
		{ "a = 1\n[open\nb = 2\n", 0, "promod.conf:2: " },
		{ "a = 1\n  continued\n", 0, "promod.conf:2: " },
		{ "a = 1 ; note\n", 0, "promod.conf:1: " },
		{ "a = \xff\n", 0, "promod.conf:1: " },
		{ "a = 1\nb = 2\0 3\nc = 4\n", 19, "promod.conf:2: " },
	};
	struct promo_problem problem;
	struct seen seen = { 0 };

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		size_t size = cases[i].size ? cases[i].size : strlen(cases[i].text);

		assert_int_equal(read_text(state, cases[i].text, size, &seen, arena, &problem),
			PROMO_E_INVALID_INPUT);
		if (!strstr(problem.detail, cases[i].where))
			fail_msg("case %zu says \"%s\"", i, problem.detail);
	}
}

static void test_long_lines_are_whole_or_refused(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_problem problem;
	struct seen seen = { 0 };
	char text[8000];
	size_t name = strlen("# comments too\na = ");

	/* Around the buffer of inih, and up to the limit. */
	for (size_t size = 150; size < 4000; size += size < 250 ? 1 : 250) {
		memset(text, 'x', sizeof(text));
		memcpy(text, "# comments too\na = ", name);
		memcpy(text + size, "y \nb=2", 6);
		assert_int_equal(read_text(state, text, size + 6, &seen, arena, &problem), 0);
		assert_int_equal(strlen(seen.text), size - name + 1 + strlen("2:.a=|3:.b=2|"));
		assert_non_null(strstr(seen.text, "xy|3:.b=2|"));
		text[0] = 'x'; /* neither comment nor setting */
		assert_int_equal(read_text(state, text, size + 6, &seen, arena, &problem),
			PROMO_E_INVALID_INPUT);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text, "# comments too\na = ", name);
	assert_int_equal(read_text(state, text, sizeof(text), &seen, arena, &problem),
		PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, "promod.conf:2: the line is too long"));
	memset(text, 'x', 1000);
	assert_int_equal(
		read_text(state, text, 1000, &seen, arena, &problem), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, "promod.conf:1: "));
	text[0] = '#';
	assert_int_equal(read_text(state, text, 1000, &seen, arena, &problem), 0);
}

static void test_an_entry_can_end_it(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	static const char text[] = "a = 1\nb = 2\nc = 3\nnonsense\n";
	struct promo_problem problem;
	struct seen seen = { .refuse = "b" };

	assert_int_equal(read_text(state, text, sizeof(text) - 1, &seen, arena, &problem),
		PROMO_E_FORBIDDEN);
	assert_string_equal(seen.text, "1:.a=1|");
}

static void test_only_regular_files_are_read(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct scratch *scratch = *state;
	struct promo_problem problem = { 0 };
	struct seen seen = { 0 };

	assert_int_equal(
		promo_ini_read(scratch_path(scratch, "none"), note, &seen, arena, &problem),
		PROMO_E_NOT_FOUND);
	assert_int_equal(promo_ini_read(scratch->folder, note, &seen, arena, &problem),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(
		promo_ini_read("/dev/zero", note, &seen, arena, &problem), PROMO_E_INVALID_INPUT);
	assert_int_equal(mkfifo(scratch_path(scratch, "fifo"), 0600), 0);
	assert_int_equal(
		promo_ini_read(scratch->path, note, &seen, arena, &problem), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, "regular file"));
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		WITH_SCRATCH(test_settings_come_with_their_lines),
		WITH_SCRATCH(test_what_is_no_setting_names_its_line),
		WITH_SCRATCH(test_long_lines_are_whole_or_refused),
		WITH_SCRATCH(test_an_entry_can_end_it),
		WITH_SCRATCH(test_only_regular_files_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
