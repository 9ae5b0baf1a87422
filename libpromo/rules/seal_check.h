/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/rules/seal.h"

/*
 * Whether a trail is as it was sealed, computed from its seals and rows as they come, in a memory that
 * does not grow with their number (but with that of the writers). The seals may come from two places, the
 * trail itself and seals.log; the one that is signed counts, so that rows are still checked where a seal
 * was taken away or changed. Pure: whoever calls it reads, from the database or from a file.
 *
 * In the order of their numbers: promo_seal_check_take(), which says whether there is something to
 * compare rows with, and which; then promo_seal_check_open(), its rows in any order, and close.
 */

PROMO_BEGIN_DECLS

typedef void promo_seal_found_fn(
	void *context, enum promo_audit_problem_kind kind, int64_t writer_id, int64_t seq);

/* A seal that can be trusted. */
struct promo_seal_use {
	int64_t id, at;
	struct promo_seal_range *ranges;
	size_t range_count;
	size_t rows;        /* of all ranges */
	const char *leaves; /* hex, or NULL; as they stand there, so not trusted yet */
};

struct promo_seal_check {
	/* Set by the caller. */
	struct promo_arena *arena; /* for what lasts: the positions of the writers */
	const unsigned char (*keys)[PROMO_SIGN_PUBLIC_BYTES];
	size_t key_count;
	promo_seal_found_fn *found;
	void *context;
	/* The first seal is not the first of all: what is before it is taken as it says. */
	bool partial;
	int64_t dropped_to; /* see promo_seal_check_last() */
	/* What came out. */
	int64_t entries, sealed_until, last_id;
	int64_t dropped_until; /* the time of the last seal whose rows may be gone; 0: none may */
	/* Inside. */
	bool chain_known, begun;
	char previous[PROMO_SHA256_HEX_SIZE];
	unsigned gap; /* raised by every seal that is not known: what follows may begin anywhere */
	struct promo_seal_position *positions;
	size_t position_count, position_room;
	const struct promo_seal_use *use;
	unsigned char *leaves; /* of the rows of `use` */
	bool *there;
};

/* Allocates; the fields of the caller are set. */
int promo_seal_check_start(struct promo_seal_check *check) PROMO_CHECK;

/* Before the first seal: the last one of all. If it is signed, what it says counts: rows of seals up to its
 * dropped_to may be gone, being old. */
void promo_seal_check_last(struct promo_seal_check *check, const struct promo_audit_seal *last);

/* The next seal: as the trail has it, or the log, or both, with one number. `has_log`: there is a log
 * that goes at least as far. *ret is NULL where there is nothing to compare rows with. What it points to
 * is in `arena`. */
int promo_seal_check_take(struct promo_seal_check *check, const struct promo_audit_seal *trail,
	const struct promo_audit_seal *log, bool has_log, struct promo_arena *arena,
	struct promo_seal_use **ret) PROMO_CHECK;

void promo_seal_check_open(struct promo_seal_check *check, const struct promo_seal_use *use);
/* A row; one that is in no range of the open seal is after all seals, or does not belong there. */
void promo_seal_check_row(struct promo_seal_check *check, int64_t writer_id, int64_t seq,
	const unsigned char leaf[PROMO_SEAL_HASH_BYTES]);
void promo_seal_check_close(struct promo_seal_check *check);

/* At the end, of every writer that there is: how many rows it says to have written. Returns up to which
 * number they are sealed, 0: none. */
int64_t promo_seal_check_writer(struct promo_seal_check *check, int64_t writer_id, int64_t seq);
/* And then: writers whose rows were sealed and that are gone. */
void promo_seal_check_end(struct promo_seal_check *check);

PROMO_END_DECLS
