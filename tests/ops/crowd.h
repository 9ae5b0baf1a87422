/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/group.h"
#include "tests/ops/till.h"

/*
 * A group of requests on a connection of its own, step by step: what a lane does, without its queue
 * and its event loop. The till's database, one thread.
 */

struct crowd {
	struct till *till;
	struct promo_store *store;
	struct promo_runner runner; /* what a lane has of one: no store, the writer */
	struct promo_arena *arena;
	struct promo_group group;
	struct promo_group_trip read, write;
	struct promo_group_item items[PROMO_GROUP_MAX];
};

struct crowd *crowd_new(struct till *till, int lane);
void crowd_free(struct crowd *crowd);

/* Adds a request, admitted as a lane does; its number. */
size_t crowd_add(struct crowd *crowd, const struct ask *ask);
#define ADD(crowd, ...) crowd_add((crowd), &(struct ask){ __VA_ARGS__ })

/* Trip one and the decisions. */
void crowd_read(struct crowd *crowd);
/* Trip two: 0 once it is committed and settled, else it was rolled back. */
int crowd_write(struct crowd *crowd);
/* Both, which have to succeed. */
void crowd_run(struct crowd *crowd);
/* Another group. */
void crowd_clear(struct crowd *crowd);

/* The answer of a request becomes the till's, as if it had been asked; its status, 0 without one. */
int crowd_tell(struct crowd *crowd, size_t item);
