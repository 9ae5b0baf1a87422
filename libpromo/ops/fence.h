/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/runner.h"

/*
 * How a batch is blocked at once and under any load. A redemption reads the state of a batch without
 * a lock, decides, and writes only while the batch's version is the same; what was compared just
 * before the block may be committed just after it. So every transaction that compares versions of
 * batches first locks the row of its own writer of the audit trail, which costs it nothing, since the
 * row is its own. Who changed a batch, and has committed, then locks the row of every other writer
 * once, one at a time, and only then answers: who held his row has ended by then, and who locks it
 * later reads the new version. Locking the batch's row instead would let a stream of redemptions keep
 * the blocker waiting (design section 3).
 *
 * Not installed.
 */

/* The first statement of a transaction that is FENCED (bind.h). */
int promo_fence_enter(
	struct promo_store *store, struct promo_arena *arena, int64_t writer) PROMO_CHECK;

/* After the commit of what FENCES: waits until whatever rested on the old state has ended, at most
 * 10 s, outside of any transaction. PROMO_E_OUTCOME_UNKNOWN where that cannot be had: something that
 * began before may still be committed. */
int promo_fence_pass(struct promo_runner *runner, struct promo_arena *arena) PROMO_CHECK;
