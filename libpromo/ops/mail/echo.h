/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Servers like to repeat what they were sent in the words of a refusal, and those words are kept where
 * more people read than the one whom a letter was written to. Pure. Not installed.
 */

enum {
	PROMO_ECHO_RUN = 12, /* bytes in a row that are no accident */
};

/* Whether the words of the other side repeat a piece of what was sent: PROMO_ECHO_RUN bytes of it, or the
 * whole where it is shorter. Nothing repeats what is empty or NULL. */
bool promo_echo_repeats(const char *said, const char *sent);
