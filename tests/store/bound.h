/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/store.h"

/*
 * What PostgreSQL makes of bound parameters, for the tests that make them: one connection of the test,
 * past the store.
 */

/* A group's setup and teardown. */
int bound_setup(void **state);
int bound_teardown(void **state);

/* Whether SQL over the parameters gives true. */
bool bound_holds(const struct promo_params *params, const char *sql);
