/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * How fast somebody may guess codes (design section 7; docs/decisions/0011-guessing.md has the
 * arithmetic). A miss is a code that could be one and was never issued. Everybody has PROMO_GUESS_MISSES
 * of them in a window of ten minutes; with the last of these begins a delay of 2 s, and each miss
 * after it doubles the delay. Ten good codes in a row end the suspicion, and so does an hour of rest
 * after the delay. The misses of an hour are counted as well, whatever comes between them: at
 * PROMO_GUESS_HOUR_MISSES somebody has to know, and for the rest of that hour good codes no longer
 * help, or a thief with one good code of his own would start afresh for ever.
 *
 * All of it is pure: states go in and come out. A state of zeros is that of somebody without misses.
 * Windows begin with their first miss, so nothing is written for those who have none.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_GUESS_MISSES = 5,            /* in a window; design section 7 */
	PROMO_GUESS_WINDOW_MS = 600000,    /* 10 minutes; likewise */
	PROMO_GUESS_DELAY_MS = 2000,       /* the first delay; likewise */
	PROMO_GUESS_DELAY_MAX_MS = 900000, /* 15 minutes; likewise */
	PROMO_GUESS_GOOD = 10,             /* in a row; likewise */
	PROMO_GUESS_HOUR_MISSES = 20,      /* raise an alert; likewise */
	PROMO_GUESS_HOUR_MS = 3600000,
	PROMO_GUESS_REST_MS = 3600000, /* after the last delay; docs/decisions/0011-guessing.md */
};

/* Times are milliseconds since the epoch, by the database's clock. */
struct promo_guesses {
	int64_t misses, since; /* of the window, and when it began */
	int64_t step;          /* delays so far; 0: none */
	int64_t blocked_until; /* end of the last delay; 0: none */
	int64_t good;          /* codes in a row, while it matters */
	int64_t hour_misses, hour_since;
	bool hour_alerted; /* the misses of this hour are known to somebody */
};

/* What is left of a state at this moment: windows, hours and delays that are over are forgotten. */
struct promo_guesses promo_guesses_now(const struct promo_guesses *state, int64_t now);

/* For how long every request that brings a code is refused: milliseconds, 0: it is let in. */
int64_t promo_guesses_wait_ms(const struct promo_guesses *state, int64_t now);

/* Whether a good code would change nothing, and nothing is refused: nobody has to look closer. */
bool promo_guesses_neutral(const struct promo_guesses *state, int64_t now);

/* After a miss, and after a good code. Neither may be counted while promo_guesses_wait_ms() is above
 * 0: what was refused told nothing about a code. */
struct promo_guesses promo_guesses_miss(const struct promo_guesses *state, int64_t now);
struct promo_guesses promo_guesses_good(const struct promo_guesses *state, int64_t now);

/* How many misses there may be until requests are refused (0 while they are), and in how many
 * milliseconds there are more again. */
struct promo_guesses_left {
	int64_t misses, reset_ms;
};
struct promo_guesses_left promo_guesses_left(const struct promo_guesses *state, int64_t now);

PROMO_END_DECLS
