/* SPDX-License-Identifier: MIT */
#include "tests/ops/desk.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/auth_cache.h"

enum {
	LANES_MAX = 8,
	QUEUE_MAX = 1000,
	SESSIONS_MAX = 100,
	WAIT_MS = 60 * 1000,
};

struct visit {
	struct promo_lane_request lane;
	bool over, alone;
};

struct desk *desk_new(struct till *till, int lanes)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	const struct promo_lanes_config config = {
		.runner = &till->config, .count = lanes, .queue_max = QUEUE_MAX
	};

	assert_non_null(desk);
	assert_in_range(lanes, 1, LANES_MAX);
	desk->till = till;
	desk->count = lanes;
	assert_int_equal(promo_auth_cache_new(SESSIONS_MAX, &till->config.auth_cache), 0);
	assert_int_equal(promo_lanes_new(&config, &desk->lanes), 0);
	return desk;
}

void desk_free(struct desk *desk)
{
	promo_lanes_free(desk->lanes);
	promo_auth_cache_free(desk->till->config.auth_cache);
	desk->till->config.auth_cache = NULL;
	free(desk);
}

static void wait_for_lanes(struct desk *desk)
{
	struct pollfd fds[LANES_MAX];
	int timeout_ms;

	for (int i = 0; i < desk->count; i++) {
		const struct promo_lane_watch watch = promo_lanes_watch(desk->lanes, i);

		fds[i] = (struct pollfd){ .fd = watch.fd,
			.events = (short)(watch.write ? POLLIN | POLLOUT : POLLIN) };
	}
	timeout_ms = promo_lanes_timeout_ms(desk->lanes);
	(void)poll(fds, (nfds_t)desk->count,
		timeout_ms < 0 || timeout_ms > WAIT_MS ? WAIT_MS : timeout_ms);
	for (int i = 0; i < desk->count; i++)
		if (fds[i].revents)
			promo_lanes_ready(desk->lanes, i);
}

static void done(struct promo_lane_request *request, bool alone)
{
	struct visit *visit = (struct visit *)request;

	visit->over = true;
	visit->alone = alone;
}

int desk_ask(struct desk *desk, const struct ask *ask)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	struct till *till = desk->till;
	struct promo_pair path[2];
	struct visit visit = {
		.lane = { .request = till_request(ask, path), .arena = till->arena, .done = done },
	};

	promo_arena_clear(till->arena);
	promo_arena_clear(till->texts);
	desk->unknown = false;
	desk->by_lane = promo_lanes_take(ask->op) && promo_lanes_submit(desk->lanes, &visit.lane);
	while (desk->by_lane && !visit.over) {
		assert_true(promo_monotonic_ms() < until_ms);
		promo_lanes_turn(desk->lanes);
		if (!visit.over)
			wait_for_lanes(desk);
	}
	if (desk->by_lane && !visit.alone) {
		till->answer = visit.lane.answer;
		return till->answer.status;
	}
	desk->by_lane = false;
	desk->unknown = visit.lane.request.resolve_until_ms != ask->resolve_until_ms;
	promo_arena_clear(till->arena);
	promo_run(till->runner, &visit.lane.request, till->arena, &till->answer);
	promo_lanes_alone_over(desk->lanes, &visit.lane);
	return till->answer.status;
}

void desk_get_ready(struct desk *desk, const struct ask *ask)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	for (;;) {
		(void)desk_ask(desk, ask);
		if (desk->by_lane)
			return;
		assert_true(promo_monotonic_ms() < until_ms);
		promo_lanes_turn(desk->lanes);
		wait_for_lanes(desk);
	}
}
