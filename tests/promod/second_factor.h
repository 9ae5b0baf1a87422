/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/ops/till.h"
#include "tests/promod/api.h"

/* What the operations of the second factor refuse, and what all others do where one has to be enrolled
 * first; for test_errors.c. `till` is of the same database. */
void second_factor_errors(struct api *api, struct till *till, const char *boss_token);
