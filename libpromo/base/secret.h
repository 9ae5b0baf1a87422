/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"
#include "libpromo/base/problem.h"

/*
 * Files that hold a secret: keys of the daemon, passwords handed over in a file, the token of the
 * command. They are regular files that belong to the user who runs the program (or to root) and
 * that nobody else may read or write; a file that is not so is refused, not repaired. Writing is
 * atomic: a reader sees the old content or the new one, after a crash too.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_SECRET_TEXT_MAX = 4096
};

/* Reads exactly `size` bytes. PROMO_E_NOT_FOUND if there is no such file; PROMO_E_FORBIDDEN if
 * others may use it, PROMO_E_INVALID_INPUT if its size is another, both with the reason in
 * problem->detail. */
int promo_secret_file_read(const char *path, void *ret, size_t size, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* Makes a file of `size` random bytes, 0600; where it exists already (another process was faster)
 * that one is read. So whoever calls it gets the one secret of that path. */
int promo_secret_file_create(const char *path, void *ret, size_t size, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* A secret that is one line of text, without its line end. Errors as above; a text that is longer
 * than PROMO_SECRET_TEXT_MAX, empty, or holds a NUL is PROMO_E_INVALID_INPUT. */
int promo_secret_text_read(const char *path, struct promo_arena *arena,
	struct promo_problem *problem, const char **ret) PROMO_CHECK;

/* Writes text and a line end, 0600, over what stood there. The folder has to exist. */
int promo_secret_text_write(const char *path, const char *text, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

PROMO_END_DECLS
