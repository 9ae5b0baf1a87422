/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * The servers that can be chosen at sign-in, each with who is signed in there. An interface: behind
 * it stand the files that `promo` shares (profiles.c over libpromo/client/profile.h), or canned rows
 * in the tests. Texts last until something is saved or forgotten.
 */

struct tui_profile {
	const char *name;
	const char *server; /* NULL: it has to be asked for */
	const char *user;   /* how he signed in last, or NULL */
	const char *token;  /* of his session; NULL: nobody is signed in */
};

struct tui_profiles {
	size_t (*count)(const struct tui_profiles *profiles);
	struct tui_profile (*get)(const struct tui_profiles *profiles, size_t index);
	/* Keeps the session of get(index). */
	int (*save)(struct tui_profiles *profiles, size_t index, const struct tui_profile *profile);
	/* Forgets the session, not the profile. */
	int (*forget)(struct tui_profiles *profiles, size_t index);
};
