/* SPDX-License-Identifier: MIT */
#include "tests/ops/traffic.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/auth_cache.h"
#include "tests/lib/test.h"

enum {
	PATIENCE_MS = 30000,
	ACTORS_MAX = 1000,
	ARENA_BYTES = 16 * 1024 * 1024,
};

static void on_done(struct promo_lane_request *lane, bool alone)
{
	struct traffic_request *request = (struct traffic_request *)lane;

	assert_int_equal(request->state, TRAFFIC_UNDER_WAY);
	request->state = alone ? TRAFFIC_ALONE : TRAFFIC_ANSWERED;
	request->rank = request->traffic->ended++;
	request->traffic->under_way--;
}

const char *traffic_verify_body(char letter, int serial)
{
	static char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code(letter, serial).text);
	return body;
}

struct traffic *traffic_new(struct till *till, int lanes, int queue_max, const struct person *known)
{
	const struct promo_lanes_config config = { &till->config, lanes, queue_max };
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	struct traffic *traffic = calloc(1, sizeof(*traffic));

	assert_non_null(traffic);
	traffic->till = till;
	traffic->lane_count = lanes;
	assert_int_equal(promo_auth_cache_new(ACTORS_MAX, &till->config.auth_cache), 0);
	assert_int_equal(promo_lanes_new(&config, &traffic->lanes), 0);
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = known->token), 200);
	while (!TRY(traffic, .op = &promo_op_code_verify, .token = known->token,
		.body = traffic_verify_body('Z', 1))) {
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_turn(traffic, 100);
	}
	traffic_run(traffic);
	assert_int_equal(traffic->requests[0].state, TRAFFIC_ALONE);
	promo_lanes_alone_over(traffic->lanes, &traffic->requests[0].lane);
	return traffic;
}

void traffic_free(struct traffic *traffic)
{
	promo_lanes_free(traffic->lanes);
	assert_int_equal(traffic->under_way, 0);
	promo_auth_cache_free(traffic->till->config.auth_cache);
	traffic->till->config.auth_cache = NULL;
	/* Those too that are not counted any more. */
	for (size_t i = 0; i < TRAFFIC_MAX; i++)
		promo_arena_free(traffic->requests[i].lane.arena);
	free(traffic);
}

struct traffic_request *traffic_try(struct traffic *traffic, const struct ask *ask)
{
	struct traffic_request *request = &traffic->requests[traffic->count];

	assert_true(traffic->count < TRAFFIC_MAX);
	promo_arena_free(request->lane.arena);
	*request = (struct traffic_request){ .traffic = traffic };
	(void)snprintf(request->body, sizeof(request->body), "%s", ask->body);
	(void)snprintf(request->key, sizeof(request->key), "%s", ask->key ? ask->key : "");
	request->lane = (struct promo_lane_request){
		.request = {
			.op = ask->op,
			.request_id = "test-request",
			.ip = "192.0.2.7",
			.user_agent = "traffic",
			.idempotency_key = ask->key ? request->key : NULL,
			.content_type = "application/json",
			.token = ask->token,
			.input = { .body = request->body, .body_size = strlen(request->body) },
		},
		.arena = promo_arena_new(ARENA_BYTES),
		.done = on_done,
	};
	request->state = TRAFFIC_UNDER_WAY;
	traffic->under_way++;
	if (promo_lanes_submit(traffic->lanes, &request->lane)) {
		traffic->count++;
		return request;
	}
	traffic->under_way--;
	request->state = TRAFFIC_OUTSIDE;
	promo_arena_free(TAKE_PTR(request->lane.arena));
	return NULL;
}

struct traffic_request *traffic_send(struct traffic *traffic, const struct ask *ask)
{
	struct traffic_request *request = traffic_try(traffic, ask);

	assert_non_null(request);
	return request;
}

void traffic_turn(struct traffic *traffic, int wait_ms)
{
	struct pollfd polled[PROMO_LANES_MAX];
	int timeout_ms = promo_lanes_timeout_ms(traffic->lanes);

	for (int i = 0; i < traffic->lane_count; i++) {
		struct promo_lane_watch watch = promo_lanes_watch(traffic->lanes, i);

		polled[i] = (struct pollfd){ watch.fd, watch.write ? POLLIN | POLLOUT : POLLIN, 0 };
	}
	if (timeout_ms < 0 || timeout_ms > wait_ms)
		timeout_ms = wait_ms;
	(void)poll(polled, (nfds_t)traffic->lane_count, timeout_ms);
	for (int i = 0; i < traffic->lane_count; i++)
		if (polled[i].revents)
			promo_lanes_ready(traffic->lanes, i);
	promo_lanes_turn(traffic->lanes);
}

void traffic_run(struct traffic *traffic)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;

	while (traffic->under_way > 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		traffic_turn(traffic, 1000);
	}
}

int traffic_alone(struct traffic *traffic, struct traffic_request *request)
{
	assert_int_equal(request->state, TRAFFIC_ALONE);
	promo_arena_clear(request->lane.arena);
	/* One till does what several workers do: what it comes to last has waited no longer. */
	if (request->lane.request.resolve_until_ms)
		request->lane.request.resolve_until_ms = promo_monotonic_ms() + PATIENCE_MS;
	promo_run(traffic->till->runner, &request->lane.request, request->lane.arena,
		&request->lane.answer);
	promo_lanes_alone_over(traffic->lanes, &request->lane);
	request->state = TRAFFIC_ANSWERED;
	return request->lane.answer.status;
}

int traffic_status(const struct traffic_request *request)
{
	return request->state == TRAFFIC_ANSWERED ? request->lane.answer.status : 0;
}
