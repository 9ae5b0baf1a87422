/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

/*
 * malloc() and its like that fail when they are told. Linked into a program it takes the place of the
 * C library's for everything in the process (and passes on to the sanitizer's where there is one);
 * as a library in LD_PRELOAD it does so in a program that knows nothing of it.
 *
 * What is to fail stands in a struct that a test writes to. In a preloaded program that is the file
 * named in the environment variable FAILING_MALLOC, which both map.
 */

struct failing_malloc {
	atomic_bool on;
	atomic_bool for_ever; /* all that come after it fail as well */
	atomic_long nth;      /* 0: none fails, they are only counted */
	atomic_long count;    /* since it was switched on */
	atomic_long failed;
};

/* That of another process: makes the file and maps it; NULL if that fails. */
struct failing_malloc *failing_malloc_share(const char *path);
/* Of this process. */
struct failing_malloc *failing_malloc(void);

/* From now on the n-th allocation fails. */
void failing_malloc_arm(struct failing_malloc *control, long nth, bool for_ever);
/* No longer; whether one failed. */
bool failing_malloc_disarm(struct failing_malloc *control);
