/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"
#include "libpromo/base/problem.h"

/*
 * Configuration files: [sections], "name = value", comments that begin with # or ; in a line of
 * their own, at most 4,096 bytes a line. Parsed by inih, of which packages differ in what else they
 * take (values over several lines, comments behind a value) and in how long a line may be: none of
 * that is let through.
 */

PROMO_BEGIN_DECLS

struct promo_ini_entry {
	const char *file;
	const char *section; /* "" before the first one */
	const char *name;
	const char *value; /* without blanks at its ends */
	int line;          /* from 1 */
};

/* Takes one entry; a result other than 0 ends the reading and is returned. The texts last as long
 * as the call. */
typedef int promo_ini_entry_fn(void *context, const struct promo_ini_entry *entry);

/* Reads a regular file of at most 1 MiB. PROMO_E_NOT_FOUND if there is none, PROMO_E_INVALID_INPUT
 * if it cannot be opened, is no regular file, or has a line that is no setting; problem->detail
 * names file and line. */
int promo_ini_read(const char *path, promo_ini_entry_fn *entry, void *context,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

PROMO_END_DECLS
