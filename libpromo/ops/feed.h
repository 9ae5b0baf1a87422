/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/model/field.h"
#include "libpromo/store/rows_feed.h"

/*
 * The audit trail, read as it grows (docs/decisions/0037). A position says up to where each writer was
 * read. A writer's rows become visible in their order and without gaps, so whoever goes on from a
 * position sees each row once, whichever daemon wrote it, in whatever order they were committed, and
 * without a lock. Between two rows of different writers there is no order but that of their time.
 *
 * A position is a text: short, to be kept anywhere, checked when it is read, and of no meaning to others.
 * Writers that have come to their end leave it, so it grows with the connections that are open, not with
 * time.
 */

PROMO_BEGIN_DECLS

struct promo_store;
struct promo_feed_vector;

/* The end of the trail at this moment: what is written from now on is behind it. */
int promo_feed_now(struct promo_store *store, struct promo_arena *arena,
	const char **ret_position) PROMO_CHECK;

struct promo_feed_batch {
	const struct promo_feed_row *rows; /* in the order of time, and of each writer in its own */
	size_t count;
	const char *position; /* behind all that was looked at */
	bool more;            /* there is more to read at once */
	bool lost; /* rows behind the position are gone: they were taken away for their age */
	struct promo_feed_vector *vector; /* of promo_feed_step() */
	size_t stepped;
};

/* What was written since `position`, of these actions only (none: of all). Looks at about `limit` rows at
 * most, whether they fit or not; where nothing is new that is one cheap statement. Not necessarily in a
 * transaction. PROMO_E_INVALID_INPUT: `position` is none. */
int promo_feed_read(struct promo_store *store, struct promo_arena *arena, const char *position,
	struct promo_texts actions, int64_t limit, struct promo_feed_batch *ret) PROMO_CHECK;

/* The same, up to another position only, which is not behind this one: with `more` false all that lies
 * between the two was read, and one may go on from `until`. */
int promo_feed_read_until(struct promo_store *store, struct promo_arena *arena,
	const char *position, const char *until, struct promo_texts actions, int64_t limit,
	struct promo_feed_batch *ret) PROMO_CHECK;

/* Where there are rows behind a position, for a statement that reads them itself. */
struct promo_feed_range {
	int64_t writer, after, to; /* rows with after < seq <= to */
};
struct promo_feed_ranges {
	const struct promo_feed_range *items;
	size_t count;
	const char *position; /* behind all of them */
	bool more, lost;      /* as above */
};
int promo_feed_find(struct promo_store *store, struct promo_arena *arena, const char *position,
	int64_t limit, struct promo_feed_ranges *ret) PROMO_CHECK;

/* How long the oldest row behind a position has been there, in seconds; 0: there is none. */
int promo_feed_waiting(struct promo_store *store, struct promo_arena *arena, const char *position,
	int64_t *ret_seconds) PROMO_CHECK;

/* Whether a position is behind rows that another is not behind, or may be: of a writer that only the other one
 * still lists it is not known where it ended, until that one has been read on from. */
int promo_feed_is_ahead(struct promo_arena *arena, const char *position, const char *other,
	bool *ret_ahead) PROMO_CHECK;
/* Whether the other is surely behind all rows that a position is behind. */
int promo_feed_is_before(struct promo_arena *arena, const char *position, const char *other,
	bool *ret_before) PROMO_CHECK;

/* Which of its rows lie behind another position: ret[i] says it of rows[i], and from rows[*ret_rest] on all do. For
 * one before those, since who began earlier may commit later, promo_feed_step() gives a position that is not
 * behind the other one. */
int promo_feed_behind(const struct promo_feed_batch *batch, const char *position,
	struct promo_arena *arena, const bool **ret, size_t *ret_rest) PROMO_CHECK;

/* The position behind rows[index], and all that stand before it. To be called in the order of the rows;
 * any may be left out. */
int promo_feed_step(struct promo_feed_batch *batch, size_t index, struct promo_arena *arena,
	const char **ret_position) PROMO_CHECK;

/* For a position that others kept: whether it can be one of this database, as it cannot be of one that
 * was restored since, or where it is so old that nobody knows any more. PROMO_E_INVALID_INPUT: it is
 * none at all. */
int promo_feed_known(struct promo_store *store, struct promo_arena *arena, const char *position,
	bool *ret_known) PROMO_CHECK;

PROMO_END_DECLS
