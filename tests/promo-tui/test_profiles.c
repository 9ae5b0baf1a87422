/* SPDX-License-Identifier: MIT */
/*
 * Proven here: the profiles to choose from are the one that was asked for, those of tui.conf and those on
 * the disk, each once; a token is given for the server that gave it only; what is saved is there for the
 * next run, and what is forgotten is not.
 */
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "promo-tui/profiles_disk.h"
#include "tests/lib/test.h"
#include "tests/promo-tui/folder.h"

static char folder[] = "/tmp/promo-test-profiles-XXXXXX";
static const struct promo_profile_home home = { .state_home = folder };
static struct promo_arena *arena;

static struct tui_profiles *open_with(const struct tui_options *options)
{
	struct promo_problem problem = { 0 };
	struct tui_profiles *profiles = NULL;

	assert_int_equal(tui_profiles_new(options, &home, arena, &problem, &profiles), 0);
	return profiles;
}

static void save(struct tui_profiles *profiles, size_t index, const char *server, const char *token)
{
	struct tui_profile profile = profiles->get(profiles, index);

	profile.server = server;
	profile.user = "aline@example.com";
	profile.token = token;
	assert_int_equal(profiles->save(profiles, index, &profile), 0);
}

static void where_nothing_is_there_is_the_default(void **state)
{
	const struct tui_options options = { 0 };
	struct tui_profiles *profiles = open_with(&options);

	(void)state;
	assert_int_equal(profiles->count(profiles), 1);
	assert_string_equal(profiles->get(profiles, 0).name, "default");
	assert_null(profiles->get(profiles, 0).server);
	assert_null(profiles->get(profiles, 0).token);
}

static void what_is_saved_is_there_next_time(void **state)
{
	struct tui_options options = { .profile = "shop" };
	struct tui_profiles *profiles = open_with(&options);

	(void)state;
	save(profiles, 0, "https://a.example", "token-1");
	assert_string_equal(profiles->get(profiles, 0).token, "token-1");
	options = (struct tui_options){
		.servers = { { "market", "https://m.example" }, { "shop", "https://a.example" } },
		.server_count = 2,
	};
	profiles = open_with(&options);
	assert_int_equal(profiles->count(profiles), 3);
	assert_string_equal(profiles->get(profiles, 0).name, "default");
	assert_string_equal(profiles->get(profiles, 1).server, "https://m.example");
	assert_string_equal(profiles->get(profiles, 2).name, "shop");
	assert_string_equal(profiles->get(profiles, 2).user, "aline@example.com");
	assert_string_equal(profiles->get(profiles, 2).token, "token-1");
	assert_int_equal(profiles->forget(profiles, 2), 0);
	assert_null(profiles->get(profiles, 2).token);
	profiles = open_with(&options);
	assert_null(profiles->get(profiles, 2).token);
}

static void a_token_is_for_the_server_that_gave_it(void **state)
{
	struct tui_options options = { .profile = "shop" };
	struct tui_profiles *profiles = open_with(&options);

	(void)state;
	save(profiles, 0, "https://a.example", "token-1");
	options.server = "https://evil.example";
	profiles = open_with(&options);
	assert_string_equal(profiles->get(profiles, 0).server, "https://evil.example");
	assert_null(profiles->get(profiles, 0).token);
}

static void a_name_that_is_no_file_name_is_refused(void **state)
{
	const struct tui_options options = { .profile = "../shop" };
	struct promo_problem problem = { 0 };
	struct tui_profiles *profiles;

	(void)state;
	assert_int_equal(tui_profiles_new(&options, &home, arena, &problem, &profiles),
		PROMO_E_INVALID_INPUT);
	assert_non_null(problem.detail);
}

static int set_up(void **state)
{
	(void)state;
	arena = promo_arena_new(4 * 1024 * 1024);
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
		cmocka_unit_test(where_nothing_is_there_is_the_default),
		cmocka_unit_test(what_is_saved_is_there_next_time),
		cmocka_unit_test(a_token_is_for_the_server_that_gave_it),
		cmocka_unit_test(a_name_that_is_no_file_name_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
