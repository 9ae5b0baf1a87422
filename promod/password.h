/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/* Reads a password: one line from stdin, or twice from the terminal without showing it. */
int promod_password_read(bool from_stdin, struct promo_arena *arena, struct promo_problem *problem,
	const char **ret) PROMO_CHECK;
