/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/*
 * The files of the outbox: written whole or not at all, and locked (flock) by the program that has
 * them in hand from before they can be seen until it closes them or dies.
 */

/* Makes the file with this text, 0600, durable. It must not exist. PROMO_E_FORBIDDEN and the like
 * with the reason in problem. */
int tui_outbox_file_create(const char *path, const char *text, struct promo_arena *arena,
	struct promo_problem *problem, int *ret_fd) PROMO_CHECK;

/* Makes the names in a folder durable; other than 0 with errno. */
int tui_outbox_file_sync(const char *folder) PROMO_CHECK;

/* A descriptor that holds the lock; -1 if a living program has it, or the file is gone. */
int tui_outbox_file_lock(const char *path);

/* Removes what a program that died while it wrote left beside the real files. */
void tui_outbox_file_sweep(const char *path);
