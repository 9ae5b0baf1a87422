/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * Floods in the audit trail: anonymous refusals, refusals because of too many requests, and reads of
 * one thing by one person, where they repeat within a minute. The first of a minute is an ordinary
 * row; the others are counted in the table audit_folds, in the transaction of their answers, and
 * moved into the trail as one row with a count when the minute is over. The sum of all counts is
 * exact, whoever dies: a row is either in the one table or in the other.
 *
 * Only whether something is a repetition is known from memory, of a fixed size and shared by all
 * threads. Forgetting is harmless, it makes an ordinary row. So is remembering what was rolled back:
 * then the first is counted as well.
 */

PROMO_BEGIN_DECLS

struct promo_arena;
struct promo_audit_folds;
struct promo_store;

struct promo_audit_fold_key {
	unsigned char bytes[16];
};

/* Equal rows of a batch. */
struct promo_audit_fold {
	struct promo_audit_fold_key key;
	int64_t count;
};

/* Remembers at most `slots` keys, 0: as many as a busy shop has in a minute. */
int promo_audit_folds_new(size_t slots, struct promo_audit_folds **ret) PROMO_CHECK;
void promo_audit_folds_free(struct promo_audit_folds *folds); /* NULL is fine */

/* Whether this key was asked for before within this minute. It has been now. */
bool promo_audit_folds_repeated(
	struct promo_audit_folds *folds, const struct promo_audit_fold_key *key);

/* Moves what was counted in minutes that are over into the trail, as rows of `writer`; with `all`
 * also what was counted in this minute. Of this process or another. */
int promo_audit_folds_flush(
	struct promo_store *store, struct promo_arena *arena, int64_t writer, bool all) PROMO_CHECK;

PROMO_END_DECLS
