/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/lanes.h"
#include "tests/ops/stock.h"

/* Requests to lanes on a poll loop of the test's own: what promod does, without HTTP. What the lanes
 * hand back stays with the test, which lets a till do it or not. */

enum {
	TRAFFIC_MAX = 1024 /* requests of a test */
};

enum traffic_state {
	TRAFFIC_OUTSIDE = 0,
	TRAFFIC_UNDER_WAY,
	TRAFFIC_ANSWERED,
	TRAFFIC_ALONE,
};

struct traffic_request {
	struct promo_lane_request lane; /* first: a pointer to it is one to this */
	struct traffic *traffic;
	enum traffic_state state;
	int rank; /* how many came to an end before */
	char key[64], body[1024];
};

struct traffic {
	struct till *till;
	struct promo_lanes *lanes;
	int lane_count;
	size_t count;
	int under_way, ended;
	struct traffic_request requests[TRAFFIC_MAX];
};

/* Lanes beside the till's runner, which fills their cache of actors. Waits until the first one is
 * up; `known` is somebody whom the cache then knows. */
struct traffic *traffic_new(
	struct till *till, int lanes, int queue_max, const struct person *known);
void traffic_free(struct traffic *traffic);

/* A request; NULL if the lanes do not take it. */
struct traffic_request *traffic_try(struct traffic *traffic, const struct ask *ask);
/* The same, which has to be taken. */
struct traffic_request *traffic_send(struct traffic *traffic, const struct ask *ask);
#define SEND(traffic, ...) traffic_send((traffic), &(struct ask){ __VA_ARGS__ })
#define TRY(traffic, ...)  traffic_try((traffic), &(struct ask){ __VA_ARGS__ })

/* The body of a verification. Good until the next call. */
const char *traffic_verify_body(char letter, int serial);

/* One turn of the loop, waiting at most this long. */
void traffic_turn(struct traffic *traffic, int wait_ms);
/* Turns until everything has come to an end; fails the test if that takes too long. */
void traffic_run(struct traffic *traffic);

/* Does by the till what was handed back, as a worker does: the status. */
int traffic_alone(struct traffic *traffic, struct traffic_request *request);

/* The status of an answered request, 0 for one that was handed back. */
int traffic_status(const struct traffic_request *request);
