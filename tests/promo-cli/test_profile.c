/* SPDX-License-Identifier: MIT */
/* Proves that a session is kept for its owner's eyes only, that a file which others can use is not
 * used, and that the token never goes to another server than the one that gave it. */
#include "promo-cli/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static const char *file_of(struct harness *harness, const char *name)
{
	return promo_arena_printf(harness->cli.arena, "%s/promo/profiles/%s", harness->state, name);
}

static struct cli_profile load(struct harness *harness, const char *name)
{
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	assert_int_equal(
		cli_profile_load(&harness->cli.env, name, harness->cli.arena, &problem, &profile),
		0);
	return profile;
}

static void save(struct harness *harness, const char *name, const char *server)
{
	struct promo_problem problem = { 0 };
	struct cli_profile profile = load(harness, name);

	profile.token = "pmo_s_token";
	profile.user = "aline@example.com";
	profile.server = server;
	assert_int_equal(cli_profile_save(&profile, harness->cli.arena, &problem), 0);
}

static void test_saved_and_loaded(void **state)
{
	struct harness *harness = *state;
	struct cli_profile profile = load(harness, NULL);
	struct stat stat_;

	assert_string_equal(profile.name, "default");
	assert_null(profile.token);
	save(harness, NULL, "unix:/a path/with blanks");
	profile = load(harness, NULL);
	assert_string_equal(profile.token, "pmo_s_token");
	assert_string_equal(profile.user, "aline@example.com");
	assert_string_equal(profile.server, "unix:/a path/with blanks");
	assert_int_equal(stat(file_of(harness, "default"), &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	assert_int_equal(
		stat(promo_arena_printf(harness->cli.arena, "%s/promo", harness->state), &stat_),
		0);
	assert_int_equal(stat_.st_mode & 07777, 0700);
	assert_null(load(harness, "other").token);
}

static void test_wider_modes_are_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0666, 0620 };
	struct harness *harness = *state;
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	save(harness, NULL, "http://localhost");
	for (size_t i = 0; i < PROMO_COUNT(modes); i++) {
		assert_int_equal(chmod(file_of(harness, "default"), modes[i]), 0);
		assert_int_equal(cli_profile_load(&harness->cli.env, NULL, harness->cli.arena,
					 &problem, &profile),
			PROMO_E_FORBIDDEN);
		assert_non_null(problem.detail);
		assert_int_equal(harness_run(harness, NULL, "batch list"), CLI_FAILED);
		assert_lacks(harness->talk, "pmo_s_token");
	}
}

static void test_strange_content_is_refused(void **state)
{
	static const char *const contents[] = { "nonsense\n", "a\tb\n", "a\tb\tc\td\n", "" };
	struct harness *harness = *state;
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	save(harness, NULL, "http://localhost");
	for (size_t i = 0; i < PROMO_COUNT(contents); i++) {
		FILE *file = fopen(file_of(harness, "default"), "w");

		assert_non_null(file);
		assert_true(fputs(contents[i], file) >= 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(cli_profile_load(&harness->cli.env, NULL, harness->cli.arena,
					 &problem, &profile),
			PROMO_E_INVALID_INPUT);
	}
}

static void test_names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", ".hidden", "a b", "a\nb" };
	struct harness *harness = *state;
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		assert_int_equal(cli_profile_load(&harness->cli.env, bad[i], harness->cli.arena,
					 &problem, &profile),
			PROMO_E_INVALID_INPUT);
	assert_null(load(harness, "shop-2.till_1").token);
}

static void test_forgotten(void **state)
{
	struct harness *harness = *state;
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	save(harness, NULL, "http://localhost");
	profile = load(harness, NULL);
	assert_int_equal(cli_profile_forget(&profile, harness->cli.arena, &problem), 0);
	assert_int_equal(access(file_of(harness, "default"), F_OK), -1);
	assert_int_equal(cli_profile_forget(&profile, harness->cli.arena, &problem), 0);
}

static void test_token_stays_with_its_server(void **state)
{
	struct harness *harness = *state;

	save(harness, NULL, "unix:/nonexistent/one");
	assert_int_equal(harness_run(harness, NULL, "--server unix:/nonexistent/two batch list"),
		CLI_NOT_SIGNED_IN);
	assert_holds(
		harness->talk, "is one of unix:/nonexistent/one, not of unix:/nonexistent/two");
	assert_holds(harness->talk, "promo login --server unix:/nonexistent/two");
	harness->cli.env.server = "unix:/nonexistent/three";
	assert_int_equal(harness_run(harness, NULL, "batch list"), CLI_NOT_SIGNED_IN);
	harness->cli.env.server = NULL;
	assert_int_equal(harness_run(harness, NULL, "batch list"), CLI_UNREACHABLE);
}

static void test_logout_without_the_server(void **state)
{
	struct harness *harness = *state;

	save(harness, NULL, "unix:/nonexistent/one");
	assert_int_equal(harness_run(harness, NULL, "logout"), CLI_UNREACHABLE);
	assert_holds(harness->talk, "promo logout --local");
	assert_int_equal(access(file_of(harness, "default"), F_OK), 0);
	assert_int_equal(harness_run(harness, NULL, "logout --local"), CLI_DONE);
	assert_int_equal(access(file_of(harness, "default"), F_OK), -1);
	assert_int_equal(harness_run(harness, NULL, "logout"), CLI_DONE);
	assert_holds(harness->talk, "nobody is signed in");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_saved_and_loaded, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_wider_modes_are_refused, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_strange_content_is_refused, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_names, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_forgotten, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_token_stays_with_its_server, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_logout_without_the_server, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
