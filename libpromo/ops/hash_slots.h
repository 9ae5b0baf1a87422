/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * Bounds how many passwords are hashed at once in a process: Argon2id takes 64 MiB and a core for
 * tens of milliseconds (design section 7), so a flood of sign-ins may neither fill the memory nor
 * starve redemptions. A few wait in a short queue, the others are told to come back. Shared by all
 * threads. What else would hold many threads at once is bounded by slots of its own (notice_test.h).
 */

PROMO_BEGIN_DECLS

struct promo_hash_slots;

/* `slots` at once, `queue` waiting; -ENOMEM. The caller frees. */
int promo_hash_slots_new(int slots, int queue, struct promo_hash_slots **ret) PROMO_CHECK;
void promo_hash_slots_free(struct promo_hash_slots *slots); /* NULL is fine; nobody may hold one */

/* Waits for a slot; PROMO_E_TOO_MANY_REQUESTS if the queue is full. */
int promo_hash_slots_enter(struct promo_hash_slots *slots) PROMO_CHECK;
void promo_hash_slots_leave(struct promo_hash_slots *slots);

PROMO_END_DECLS
