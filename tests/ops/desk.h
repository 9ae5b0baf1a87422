/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/lanes.h"
#include "tests/ops/till.h"

/*
 * A till with lanes in front of its runner, as a daemon has them, on one thread: a request goes to the
 * lanes, and what they hand back is done by the till's runner.
 */

struct desk {
	struct till *till;
	struct promo_lanes *lanes;
	int count;    /* of lanes */
	bool by_lane; /* the last request was answered by a lane */
	bool unknown; /* the lane handed it back as one that was perhaps done */
};

/* The till is borrowed; its configuration gets the cache that lanes need, so it has to be the only
 * one that uses it. */
struct desk *desk_new(struct till *till, int lanes);
void desk_free(struct desk *desk);

/* As till_ask(): the answer is in the till. */
int desk_ask(struct desk *desk, const struct ask *ask);
#define DESK(desk, ...) desk_ask((desk), &(struct ask){ __VA_ARGS__ })

/* Asks until a lane answers, so that one is connected and knows who asks; fails the test after a
 * minute. */
void desk_get_ready(struct desk *desk, const struct ask *ask);
