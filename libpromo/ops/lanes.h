/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"

/*
 * The group lanes: what waits when a lane becomes free goes to the database as one group, in one
 * transaction (group.h); nothing is delayed to fill a group. Everything here happens on the thread of
 * one event loop, which watches the lanes' descriptors; nothing blocks.
 *
 * When all lanes lose their connections at once, what has not been sent waits in the queue for one to
 * come back; workers have enough to do then with what perhaps was committed. What has waited for too
 * long is answered 503 unavailable: nothing was done for it.
 *
 * A lane takes the ordinary case only: a known session, a well-formed input, a user who is not under
 * suspicion of guessing. All else, and whatever fails as a group, is handed back as ALONE: the
 * program lets promo_run() do it on a worker's thread, one by one, so every refusal has one place
 * where it is made.
 */

PROMO_BEGIN_DECLS

struct promo_lanes;

enum {
	PROMO_LANES_MAX = 16
};

struct promo_lanes_config {
	const struct promo_runner_config *runner;
	int count;     /* of lanes, each with a connection: one a core; at most PROMO_LANES_MAX */
	int queue_max; /* requests that may wait */
	/* Once no lane is up any more: how long requests wait for one to come back; 0: 5 s. */
	int wait_ms;
};

/* Connects in the background; until a lane is up, nothing is taken. The configuration of the runners
 * has a cache of actors, which they fill. */
int promo_lanes_new(const struct promo_lanes_config *config, struct promo_lanes **ret) PROMO_CHECK;
/* Whoever is still waiting, or under way, is handed back ALONE first. NULL is fine. */
void promo_lanes_free(struct promo_lanes *lanes);

/* Whether the operation is one for lanes. */
bool promo_lanes_take(const struct promo_op *op);

/* A request on its way through a lane; part of a larger object, zeroed before. */
struct promo_lane_request {
	struct promo_request request; /* its resolve_until_ms may be set when it is handed back */
	struct promo_arena *arena;
	struct promo_answer answer;
	/* On the loop's thread, once, from any call of this file but promo_lanes_submit(). `alone`: there
	 * is no answer, promo_run() has to make one. */
	void (*done)(struct promo_lane_request *request, bool alone);
	void *own; /* the lanes' */
};

/* False: not for a lane now (full, down, unknown session, malformed): promo_run() has to do it. */
bool promo_lanes_submit(struct promo_lanes *lanes, struct promo_lane_request *request);
/* Takes a request back that is still in the queue: nothing of it was or will be done, and done() is not
 * called. False if it is under way, waits for another request with its key, or is not here. */
bool promo_lanes_recall(struct promo_lanes *lanes, struct promo_lane_request *request);
/* A request that was handed back as ALONE is over: of a user under suspicion the next one may go. */
void promo_lanes_alone_over(struct promo_lanes *lanes, struct promo_lane_request *request);

/* How many lanes serve, and how many requests wait for one. */
struct promo_lanes_state {
	int64_t up, queued;
};
struct promo_lanes_state promo_lanes_measure(const struct promo_lanes *lanes);

/* For the event loop: what lane `index` wants watched, level-triggered (fd -1: nothing; may change
 * with every call of this file), and that something happened to it. */
struct promo_lane_watch {
	int fd;
	bool write;       /* beside reading */
	unsigned version; /* another one: another socket, even where it has the same number */
};
struct promo_lane_watch promo_lanes_watch(const struct promo_lanes *lanes, int index);
void promo_lanes_ready(struct promo_lanes *lanes, int index);
/* When promo_lanes_turn() has to be called at the latest, in ms from now; -1: no matter when. */
int promo_lanes_timeout_ms(const struct promo_lanes *lanes);
/* After each turn of the loop: idle lanes take what waits, what is overdue goes on. */
void promo_lanes_turn(struct promo_lanes *lanes);

PROMO_END_DECLS
