/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/*
 * Who is signed in where: the file $XDG_STATE_HOME/promo/profiles/NAME (else ~/.local/state), one
 * line with the session's token, the user and the server that gave it, for this user's eyes only.
 * A file that others can read is not used. All programs of a user share his profiles.
 */

PROMO_BEGIN_DECLS

/* What the environment says of folders, from the program: a library does not look there. */
struct promo_profile_home {
	const char *state_home, *home; /* XDG_STATE_HOME, HOME; NULL where they are not set */
};

struct promo_profile {
	const char *name;
	const char *folder;                /* .../promo, made when something is written */
	const char *token, *user, *server; /* NULL: nobody is signed in */
};

/* Reads it; a profile without a file is one where nobody is signed in. PROMO_E_INVALID_INPUT for a
 * name that is no file name, or a file that is none of ours; PROMO_E_FORBIDDEN if others can use
 * the file. */
int promo_profile_load(const struct promo_profile_home *home, const char *name,
	struct promo_arena *arena, struct promo_problem *problem,
	struct promo_profile *ret) PROMO_CHECK;

/* Writes it, atomically. */
int promo_profile_save(const struct promo_profile *profile, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* Forgets the session here; that there was none is no failure. */
int promo_profile_forget(const struct promo_profile *profile, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* Makes the profile's folder and one below it, 0700, and returns the path of a file there. */
int promo_profile_file(const struct promo_profile *profile, const char *below, const char *name,
	struct promo_arena *arena, struct promo_problem *problem, const char **ret) PROMO_CHECK;

PROMO_END_DECLS
