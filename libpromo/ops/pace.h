/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * Bulk work lets the counters go first. The lanes of a process say here how long their groups took; who
 * fills a table in the same process does so in small pieces while lanes are at work, and rests between two
 * of them, the longer the busier they were. Where they are idle nobody rests, and nobody rests for so long
 * that a job would not end: a floor of rows a second is left to it. The lanes of other daemons are not
 * seen. docs/decisions/0026 says what was measured.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PACE_ROWS = 200, /* of a piece beside busy lanes, a few ms of work: when to ask */
};

/* How busy the lanes of a process are; shared by its threads. */
struct promo_pace;

int promo_pace_new(struct promo_pace **ret) PROMO_CHECK;
void promo_pace_free(struct promo_pace *pace); /* NULL is fine */
/* A group was under way for so long. NULL is fine. */
void promo_pace_add(struct promo_pace *pace, int64_t busy_us);

/* One who goes at that pace; of one thread. */
struct promo_pacer {
	struct promo_pace *pace; /* NULL: nobody goes first */
	int64_t looked_us;       /* monotonic; until then the lanes had worked for: */
	int64_t busy_us;
	int64_t share;     /* of the time they had something to do when last looked at, per mille */
	int64_t worked_us; /* since when its own piece of work goes on, monotonic */
};

/* Begins a piece of work; *pacer is zeroed before the first one, and kept for the next. What the lanes did
 * before the first one is not known. */
void promo_pacer_begin(struct promo_pacer *pacer, struct promo_pace *pace);
/* Whether the piece is to end here, since lanes are at work. Cheap. */
bool promo_pacer_is_due(struct promo_pacer *pacer);
/* Rests after a piece of so many rows, for a few hundredths of a second at most, and begins the next. */
void promo_pacer_rest(struct promo_pacer *pacer, int64_t rows);

/* How long to rest after `rows` rows that took work_us beside lanes that were busy for `share` of 1,000. */
int64_t promo_pacer_rest_us(int64_t rows, int64_t work_us, int64_t share);

PROMO_END_DECLS
