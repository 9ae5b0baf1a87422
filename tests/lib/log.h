/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* What the libraries log, kept for a test to look at. */

/* Keeps the lines of this process from now on, forgetting earlier ones. */
void promo_test_log_keep(void);
/* Whether a kept line holds this text. */
bool promo_test_logged(const char *text);
/* The kept lines to stderr, for a test that fails. */
void promo_test_log_show(void);
