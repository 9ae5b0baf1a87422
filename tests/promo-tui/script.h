/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"

/* Runs one script on an app of its own, in one size (see screens.c), and returns what it showed; NULL
 * if a line could not be done, which was said. */
const char *script_run(
	const char *path, const char *script, const int size[2], struct promo_arena *arena);
