/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/auth_cache.h"
#include "libpromo/ops/group.h"
#include "libpromo/ops/holds.h"
#include "libpromo/ops/lanes.h"
#include "libpromo/store/pipeline.h"

/*
 * One lane: a connection, and the group that is under way on it. Before it takes groups, and after
 * every loss of its connection, it registers as a writer of the audit trail (the old backend may
 * still be at work) and reads the settings of the shop. For lanes.c alone; not installed.
 */

/* What all lanes share; of lanes.c. */
struct promo_lane_shared {
	const struct promo_runner_config *config;
	/* A runner without a store: its settings are those of all lanes. */
	struct promo_runner desk;
	int64_t settings_wanted; /* the version that the database was seen at last */
};

/* A request on its way. Lives in the arena of the request. */
struct promo_lane_item {
	struct promo_group_item item; /* first: a group's pointer is ours */
	struct promo_holder holder;
	struct promo_lane_request *request;
	struct promo_auth_key bearer;
	struct promo_auth_known known;
	int64_t settings_version; /* at which its input was decoded */
	int overtaken;            /* how often */
};

enum promo_lane_phase {
	PROMO_LANE_OUT = 0, /* not connected, or not registered */
	PROMO_LANE_OPENING, /* registering, or reading the settings */
	PROMO_LANE_IDLE,
	PROMO_LANE_READING, /* trip one of a group */
	PROMO_LANE_WRITING, /* trip two */
	PROMO_LANE_TIDYING, /* trip three, where there is one: the items have their ends */
	PROMO_LANE_OVER,    /* the group is over: its items have their ends */
};

struct promo_lane {
	struct promo_lane_shared *shared;
	struct promo_pipeline *pipeline;
	enum promo_lane_phase phase;
	unsigned generation;       /* of the connection that `writer` is of */
	int64_t writer;            /* 0: not registered */
	int64_t not_before_ms;     /* after a failure: when to try again to register */
	struct promo_arena *arena; /* of the group */
	struct promo_group group;
	int64_t begun_us; /* the group, monotonic */
	struct promo_group_trip trip;
};

/* Begins to connect. */
int promo_lane_open(struct promo_lane *lane, struct promo_lane_shared *shared) PROMO_CHECK;
void promo_lane_close(struct promo_lane *lane);

/* Whether it may get a group now, whether it has a connection to get one soon, and whether it has come
 * so far that it had one, or could have had. */
bool promo_lane_is_idle(const struct promo_lane *lane);
bool promo_lane_is_up(const struct promo_lane *lane);
bool promo_lane_serves(const struct promo_lane *lane);
/* When promo_lane_work() has to be called at the latest; monotonic, INT64_MAX: never. */
int64_t promo_lane_deadline_ms(const struct promo_lane *lane);

/* Sends a group on its way: the items stand in lane->group, which was emptied by
 * promo_lane_clear(). */
void promo_lane_start(struct promo_lane *lane);
/* Goes on with what can go on. In PROMO_LANE_OVER the caller takes the items and clears. */
void promo_lane_work(struct promo_lane *lane);
void promo_lane_clear(struct promo_lane *lane);
/* The group under way will not end: its items are ALONE, or AGAIN where nothing was done for them. */
void promo_lane_give_up(struct promo_lane *lane);
