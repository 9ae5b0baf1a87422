/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "promod/options.h"

/*
 * `promod admin create`: the way in before there is anybody who could sign in. Makes a user with
 * the role super-admin by the operation user.create itself, into the same audit trail. The password
 * comes from the terminal or from stdin, never from an argument, and there is no default one.
 */
int promod_admin_create(const struct promod_options *options, const struct promod_config *config,
	const char *version, struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;
