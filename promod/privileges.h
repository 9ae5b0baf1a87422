/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "promod/config.h"

/*
 * Nothing that listens or reads a request runs as root, and neither does PostgreSQL: started by
 * root, the program makes its state directory, hands it to the account of `run_as` and becomes that
 * account for good.
 */

/* Does nothing for an ordinary user. PROMO_E_INVALID_INPUT with the reason in *problem if there is
 * no such account or it is root itself. */
int promod_privileges_drop(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* Makes the state directory (0700) for ourselves where it is missing; its parents too. */
int promod_state_dir_make(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* Enough descriptors for the connections that were asked for. */
int promod_files_allow(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;
