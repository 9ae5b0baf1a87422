/* SPDX-License-Identifier: MIT */
/* Proves what `promo` does with the session and the keys on disk: a session that others can read is
 * not used, the token never goes to another server than the one that gave it, and a key stays until
 * its request was answered, while neither code nor phone is written down. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "libpromo/client/profile.h"

static const char *file_of(struct harness *harness, const char *name)
{
	return promo_arena_printf(harness->cli.arena, "%s/promo/profiles/%s", harness->state, name);
}

static void save(struct harness *harness, const char *server)
{
	struct promo_problem problem = { 0 };
	struct promo_profile profile;

	assert_int_equal(promo_profile_load(&harness->cli.env.home, NULL, harness->cli.arena,
				 &problem, &profile),
		0);
	profile.token = "pmo_s_token";
	profile.user = "aline@example.com";
	profile.server = server;
	assert_int_equal(promo_profile_save(&profile, harness->cli.arena, &problem), 0);
}

static void test_open_to_others(void **state)
{
	struct harness *harness = *state;

	save(harness, "http://localhost");
	assert_int_equal(chmod(file_of(harness, "default"), 0644), 0);
	assert_int_equal(harness_run(harness, NULL, "batch list"), CLI_FAILED);
	assert_lacks(harness->talk, "pmo_s_token");
}

static void test_token_stays_with_its_server(void **state)
{
	struct harness *harness = *state;

	save(harness, "unix:/nonexistent/one");
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

	save(harness, "unix:/nonexistent/one");
	assert_int_equal(harness_run(harness, NULL, "logout"), CLI_UNREACHABLE);
	assert_holds(harness->talk, "promo logout --local");
	assert_int_equal(access(file_of(harness, "default"), F_OK), 0);
	assert_int_equal(harness_run(harness, NULL, "logout --local"), CLI_DONE);
	assert_int_equal(access(file_of(harness, "default"), F_OK), -1);
	assert_int_equal(harness_run(harness, NULL, "logout"), CLI_DONE);
	assert_holds(harness->talk, "nobody is signed in");
}

static int count_files(struct harness *harness)
{
	DIR *folder =
		opendir(promo_arena_printf(harness->cli.arena, "%s/promo/pending", harness->state));
	int count = 0;

	if (!folder)
		return 0;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		assert_null(strstr(entry->d_name, "A1U2"));
		assert_null(strstr(entry->d_name, "0788"));
		count += entry->d_name[0] != '.';
	}
	assert_int_equal(closedir(folder), 0);
	return count;
}

/* A server that does not answer leaves the key where the next run finds it. */
static void test_redeem_without_an_answer(void **state)
{
	static const char line[] = "redeem A1U2-C325-5X09-6E21 --phone 0788123456";
	struct harness *harness = *state;

	save(harness, "unix:/nonexistent/socket");
	assert_int_equal(harness_run(harness, NULL, line), CLI_UNREACHABLE);
	assert_int_equal(count_files(harness), 1);
	assert_int_equal(harness_run(harness, NULL, line), CLI_UNREACHABLE);
	assert_int_equal(count_files(harness), 1);
	assert_int_equal(
		harness_run(harness, NULL, "redeem A1U2-C325-5X09-6E21 --phone 0788123457"),
		CLI_UNREACHABLE);
	assert_int_equal(count_files(harness), 2);
	assert_int_equal(harness_run(harness, NULL,
				 "redeem 0000-0000-0000-0001 --phone 1 --idempotency-key mine"),
		CLI_UNREACHABLE);
	assert_int_equal(count_files(harness), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_open_to_others, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_token_stays_with_its_server, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_logout_without_the_server, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_redeem_without_an_answer, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests_name("promo-cli/session", tests, NULL, NULL);
}
