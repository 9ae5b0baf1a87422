/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>

#include "tests/fault/history.h"
#include "tests/fault/state.h"

/*
 * Whether what clients saw and what the database holds fit "a code is redeemed once, and nothing that
 * was said is untrue". A code is a register that is written once, so this takes one walk over the
 * attempts and one over the rows, whatever the number of clients. The rules:
 *	1 every redemption of a code that was answered, or is shown by a verification, is the same one
 *	2 what was answered is in the database, and what is in the database was answered or left
 *	  unknown: never refused, never asked for by nobody
 *	3 who asks after somebody was told that the code is redeemed never learns anything else
 *	4 nobody learns that the code is redeemed before its redemption was asked for
 *	5 one key has one answer, to the byte
 *	6 the books agree: redemptions, codes, totals, their sums, and the audit trail, which holds every
 *	  answered attempt and has no gaps
 */

enum {
	CHECK_RULES = 6
};

struct check_result {
	size_t violations[CHECK_RULES + 1]; /* by rule */
	size_t attempts, verifications, keys;
	size_t answered;            /* attempts that were answered by anything but "not now" */
	size_t not_now;             /* definitely not done: 503 unavailable, 429, 500 */
	size_t faults;              /* of those: 500 */
	size_t unknown;             /* attempts whose outcome was not told */
	size_t resolved;            /* keys with such an attempt that were answered later */
	size_t unresolved;          /* keys that never were */
	size_t unresolved_redeemed; /* of those: the database has the redemption */
	size_t redeemed, refused;   /* keys, as answered */
	size_t replays;
	size_t lost;    /* answered redemptions that the database does not hold */
	size_t doubled; /* codes with more than one redemption */
	size_t audit_rows;
	int64_t longest_gap_us; /* between two answers that were of use */
	int64_t slowest_us;     /* answer, whatever it said */
};

/* Writes each violation with the attempts concerned to `out` (of each rule the first few); how many
 * there are. */
size_t check_run(const struct history *history, const struct state *state, FILE *out,
	struct check_result *ret);

/*
 * Between check.c and books.c.
 */

struct check {
	const struct history *history;
	const struct state *state;
	FILE *out;
	struct check_result *result;
};

/* One violation, with up to two attempts that show it (or NULL). */
__attribute__((format(printf, 5, 6))) void check_violated(struct check *check, int rule,
	const struct attempt *first, const struct attempt *second, const char *format, ...);
/* Rule 6. */
void check_books(struct check *check);
