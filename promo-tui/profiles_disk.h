/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/options.h"
#include "promo-tui/profiles.h"

/*
 * The profiles that `promo` keeps, and the servers of tui.conf. The one to begin with is the first.
 */

/* What is made lives in the arena, which has to outlive it. */
int tui_profiles_new(const struct tui_options *options, const struct promo_profile_home *home,
	struct promo_arena *arena, struct promo_problem *problem,
	struct tui_profiles **ret) PROMO_CHECK;

/* The file of a profile made by tui_profiles_new(), for the folder that it names. */
const struct promo_profile *tui_profiles_file(const struct tui_profiles *profiles, size_t index);
