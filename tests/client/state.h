/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "libpromo/base/random.h"
#include "libpromo/client/profile.h"

/* A state folder of its own for each test, removed in the end. */

struct state {
	char path[64];
	struct promo_profile_home home;
	struct promo_arena *arena;
	struct promo_problem problem;
};

static inline int state_setup(void **ret)
{
	struct state *state = calloc(1, sizeof(*state));

	assert_non_null(state);
	assert_int_equal(promo_base_init(), 0);
	(void)snprintf(state->path, sizeof(state->path), "/tmp/promo-state-test.XXXXXX");
	assert_non_null(mkdtemp(state->path));
	state->home.state_home = state->path;
	state->arena = promo_arena_new(64 * 1024 * 1024);
	assert_non_null(state->arena);
	*ret = state;
	return 0;
}

static inline int state_remove_one(
	const char *path, const struct stat *stat, int type, struct FTW *walk)
{
	(void)stat;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int state_teardown(void **ret)
{
	struct state *state = *ret;

	(void)nftw(state->path, state_remove_one, 8, FTW_DEPTH | FTW_PHYS);
	promo_arena_free(state->arena);
	free(state);
	return 0;
}

/* The profile of this name; NULL: the default one. */
static inline struct promo_profile state_profile(struct state *state, const char *name)
{
	struct promo_profile profile;

	assert_int_equal(
		promo_profile_load(&state->home, name, state->arena, &state->problem, &profile), 0);
	return profile;
}

#define STATE_TEST(name) cmocka_unit_test_setup_teardown(name, state_setup, state_teardown)
