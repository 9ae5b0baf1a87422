/* SPDX-License-Identifier: MIT */
/* Proves that a session is kept for its owner's eyes only, and that a file which others can use, or
 * which is none of ours, is not used. */
#include "libpromo/base/error.h"
#include "libpromo/client/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/client/state.h"

static const char *file_of(struct state *state, const char *name)
{
	return promo_arena_printf(state->arena, "%s/promo/profiles/%s", state->path, name);
}

static void save(struct state *state, const char *name, const char *server)
{
	struct promo_problem problem = { 0 };
	struct promo_profile profile = state_profile(state, name);

	profile.token = "pmo_s_token";
	profile.user = "aline@example.com";
	profile.server = server;
	assert_int_equal(promo_profile_save(&profile, state->arena, &problem), 0);
}

static void test_saved_and_loaded(void **context)
{
	struct state *state = *context;
	struct promo_profile profile = state_profile(state, NULL);
	struct stat stat_;

	assert_string_equal(profile.name, "default");
	assert_null(profile.token);
	save(state, NULL, "unix:/a path/with blanks");
	profile = state_profile(state, NULL);
	assert_string_equal(profile.token, "pmo_s_token");
	assert_string_equal(profile.user, "aline@example.com");
	assert_string_equal(profile.server, "unix:/a path/with blanks");
	assert_int_equal(stat(file_of(state, "default"), &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	assert_int_equal(
		stat(promo_arena_printf(state->arena, "%s/promo", state->path), &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0700);
	assert_null(state_profile(state, "other").token);
}

static void test_wider_modes_are_refused(void **context)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0666, 0620 };
	struct state *state = *context;
	struct promo_problem problem = { 0 };
	struct promo_profile profile;

	save(state, NULL, "http://localhost");
	for (size_t i = 0; i < PROMO_COUNT(modes); i++) {
		assert_int_equal(chmod(file_of(state, "default"), modes[i]), 0);
		assert_int_equal(
			promo_profile_load(&state->home, NULL, state->arena, &problem, &profile),
			PROMO_E_FORBIDDEN);
		assert_non_null(problem.detail);
	}
}

static void test_strange_content_is_refused(void **context)
{
	static const char *const contents[] = { "nonsense\n", "a\tb\n", "a\tb\tc\td\n", "" };
	struct state *state = *context;
	struct promo_problem problem = { 0 };
	struct promo_profile profile;

	save(state, NULL, "http://localhost");
	for (size_t i = 0; i < PROMO_COUNT(contents); i++) {
		FILE *file = fopen(file_of(state, "default"), "w");

		assert_non_null(file);
		assert_true(fputs(contents[i], file) >= 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(
			promo_profile_load(&state->home, NULL, state->arena, &problem, &profile),
			PROMO_E_INVALID_INPUT);
	}
}

static void test_names(void **context)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", ".hidden", "a b", "a\nb" };
	struct state *state = *context;
	struct promo_problem problem = { 0 };
	struct promo_profile profile;

	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		assert_int_equal(
			promo_profile_load(&state->home, bad[i], state->arena, &problem, &profile),
			PROMO_E_INVALID_INPUT);
	assert_null(state_profile(state, "shop-2.till_1").token);
}

static void test_forgotten(void **context)
{
	struct state *state = *context;
	struct promo_problem problem = { 0 };
	struct promo_profile profile;

	save(state, NULL, "http://localhost");
	profile = state_profile(state, NULL);
	assert_int_equal(promo_profile_forget(&profile, state->arena, &problem), 0);
	assert_int_equal(access(file_of(state, "default"), F_OK), -1);
	assert_int_equal(promo_profile_forget(&profile, state->arena, &problem), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(test_saved_and_loaded),
		STATE_TEST(test_wider_modes_are_refused),
		STATE_TEST(test_strange_content_is_refused),
		STATE_TEST(test_names),
		STATE_TEST(test_forgotten),
	};

	return cmocka_run_group_tests_name("client/profile", tests, NULL, NULL);
}
