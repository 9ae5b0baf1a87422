/* SPDX-License-Identifier: MIT */
/* Proves the life of an idempotency key on disk: the same request gets the same key until it was
 * answered, another request another one, and neither code nor phone is written down. */
#include "promo-cli/pending.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static struct cli_pending begin(
	struct harness *harness, const char *user, const char *server, const char *request)
{
	struct promo_problem problem = { 0 };
	struct cli_profile profile;
	struct cli_pending pending;

	assert_int_equal(
		cli_profile_load(&harness->cli.env, NULL, harness->cli.arena, &problem, &profile),
		0);
	profile.user = user;
	assert_int_equal(cli_pending_begin(
				 &profile, server, request, harness->cli.arena, &problem, &pending),
		0);
	return pending;
}

static void test_same_until_answered(void **state)
{
	struct harness *harness = *state;
	struct cli_pending first = begin(harness, "u", "http://s", "redeem A for 1");
	struct cli_pending again = begin(harness, "u", "http://s", "redeem A for 1");
	struct stat stat_;

	assert_string_equal(first.key, again.key);
	assert_false(first.again);
	assert_true(again.again);
	assert_true(promo_uuid_valid(first.key));
	assert_int_equal(stat(first.path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	cli_pending_end(&first);
	assert_int_equal(access(first.path, F_OK), -1);
	again = begin(harness, "u", "http://s", "redeem A for 1");
	assert_false(again.again);
	assert_string_not_equal(first.key, again.key);
}

static void test_others_get_others(void **state)
{
	struct harness *harness = *state;
	struct cli_pending one = begin(harness, "u", "http://s", "redeem A for 1");

	assert_string_not_equal(one.key, begin(harness, "v", "http://s", "redeem A for 1").key);
	assert_string_not_equal(one.key, begin(harness, "u", "http://t", "redeem A for 1").key);
	assert_string_not_equal(one.key, begin(harness, "u", "http://s", "redeem A for 2").key);
	assert_string_not_equal(one.key, begin(harness, "u", "http://s", "redeem B for 1").key);
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
	struct promo_problem problem = { 0 };
	struct cli_profile profile;

	assert_int_equal(
		cli_profile_load(&harness->cli.env, NULL, harness->cli.arena, &problem, &profile),
		0);
	profile.token = "pmo_s_x";
	profile.user = "u";
	profile.server = "unix:/nonexistent/socket";
	assert_int_equal(cli_profile_save(&profile, harness->cli.arena, &problem), 0);
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
			test_same_until_answered, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_others_get_others, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_redeem_without_an_answer, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
