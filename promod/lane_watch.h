/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/lanes.h"
#include "promod/loop.h"

/*
 * The lanes' connections on the event loop: what each of them wants watched may be another
 * descriptor, or the same number for another socket, after every turn.
 */

struct promod_lane_watch;

/* One lane on the loop. */
struct promod_lane_watches {
	struct promod_loop *loop;
	struct promo_lanes *lanes; /* NULL: none */
	int count;
	struct promod_lane_watch {
		struct promod_watch watch; /* fd -1: not watched */
		struct promod_lane_watches *all;
		uint32_t events;
		unsigned version;
	} each[PROMO_LANES_MAX];
};

void promod_lane_watches_init(struct promod_lane_watches *watches, struct promod_loop *loop,
	struct promo_lanes *lanes, int count);

/* The end of a turn of the loop: lanes go on, and then they are watched as they want to be. */
int promod_lane_watches_turn(struct promod_lane_watches *watches) PROMO_CHECK;

/* The shorter of a timeout (-1: none) and the lanes'. */
int promod_lane_watches_timeout_ms(const struct promod_lane_watches *watches, int timeout_ms);

/* Watches nothing any more. */
void promod_lane_watches_end(struct promod_lane_watches *watches);
