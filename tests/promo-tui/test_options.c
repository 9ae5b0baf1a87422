/* SPDX-License-Identifier: MIT */
/*
 * Proven here: an argument counts more than the environment, and that more than tui.conf; what is wrong in
 * any of them is said with its place; help lists every option.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "libpromo/base/error.h"
#include "promo-tui/options.h"
#include "tests/lib/test.h"
#include "tests/promo-tui/folder.h"

static char folder[] = "/tmp/promo-test-options-XXXXXX";
static struct promo_arena *arena;
static struct promo_problem problem;
static struct tui_options options;

static void write_file(const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/promo", folder);
	(void)mkdir(path, 0700);
	(void)snprintf(path, sizeof(path), "%s/promo/tui.conf", folder);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int read_all(const struct tui_environment *environment, const char *const *arguments)
{
	char *argv[8] = { (char *)(uintptr_t) "promo-tui" };
	int argc = 1;

	for (; arguments && arguments[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
	problem = (struct promo_problem){ 0 };
	return tui_options_read(argc, argv, environment, arena, &problem, &options);
}

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void nothing_said_means_the_defaults(void **state)
{
	const struct tui_environment environment = { 0 };

	(void)state;
	assert_int_equal(read_all(&environment, NULL), 0);
	assert_int_equal(options.idle_lock_minutes, 5);
	assert_null(options.server);
	assert_false(options.ascii || options.plain || options.mute || options.no_color);
}

static void arguments_come_before_the_environment_before_the_file(void **state)
{
	const struct tui_environment environment = {
		.server = "https://environment.example",
		.profile = "environment",
		.no_color = "1",
		.config_home = folder,
	};

	(void)state;
	write_file("server = https://file.example\nprofile = file\ntheme = light\nmute = yes\n"
		   "idle_lock_minutes = 0\nscanner_suffix = %\n\n[servers]\nshop = "
		   "https://shop.example\n");
	assert_int_equal(read_all(&environment, ARGUMENTS("--server=https://argument.example",
							"--theme", "mono", "--ascii")),
		0);
	assert_string_equal(options.server, "https://argument.example");
	assert_string_equal(options.profile, "environment");
	assert_string_equal(options.theme, "mono");
	assert_string_equal(options.scanner_suffix, "%");
	assert_true(options.mute && options.ascii && options.no_color);
	assert_int_equal(options.idle_lock_minutes, 0);
	assert_int_equal(options.server_count, 1);
	assert_string_equal(options.servers[0].name, "shop");
	assert_string_equal(options.servers[0].address, "https://shop.example");
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *file, *argument, *said;
	} cases[] = {
		{ "", "--frob", "--frob" },
		{ "", "shop", "shop" },
		{ "", "--theme", "takes NAME" },
		{ "", "--ascii=yes", "takes no value" },
		{ "", "--theme=plaid", "plaid" },
		{ "", "--scanner_prefix=x", "--scanner_prefix" },
		{ "frob = 1\n", NULL, "tui.conf:1: there is no setting frob" },
		{ "\nhelp = yes\n", NULL, "tui.conf:2: there is no setting help" },
		{ "mute = perhaps\n", NULL, "mute is yes or no" },
		{ "idle_lock_minutes = 1441\n", NULL, "from 0 to 1440" },
		{ "idle_lock_minutes = -1\n", NULL, "from 0 to 1440" },
		{ "scanner_prefix = 1234567890123456\n", NULL, "at most 15 bytes" },
		{ "[frob]\nx = y\n", NULL, "frob.x" },
	};
	const struct tui_environment environment = { .config_home = folder };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_file(cases[i].file);
		assert_int_equal(read_all(&environment, ARGUMENTS(cases[i].argument)),
			PROMO_E_INVALID_INPUT);
		assert_non_null(problem.detail);
		if (!strstr(problem.detail, cases[i].said))
			fail_msg("\"%s\" does not say \"%s\"", problem.detail, cases[i].said);
	}
}

static void help_comes_whatever_the_file_says(void **state)
{
	const struct tui_environment environment = { .config_home = folder };
	const char *help = tui_options_help(arena);

	(void)state;
	write_file("frob = 1\n");
	assert_int_equal(read_all(&environment, ARGUMENTS("--help")), 0);
	assert_true(options.help);
	for (const struct tui_option_row *row = tui_option_rows; row->name; row++)
		assert_int_equal(row->option, strstr(help, row->help) != NULL);
}

static int set_up(void **state)
{
	(void)state;
	arena = promo_arena_new(1024 * 1024);
	return arena && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	promo_arena_free(arena);
	folder_remove(folder);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_means_the_defaults),
		cmocka_unit_test(arguments_come_before_the_environment_before_the_file),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(help_comes_whatever_the_file_says),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
