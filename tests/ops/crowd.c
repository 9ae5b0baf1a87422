/* SPDX-License-Identifier: MIT */
#include "tests/ops/crowd.h"

#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows.h"
#include "tests/lib/test.h"

enum {
	ARENA_SIZE = 64 * 1024 * 1024,
	LIMIT_MS = 3600000,
};

struct crowd *crowd_new(struct till *till, int lane)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	struct promo_store_config store = { .uri = till->config.database };

	assert_non_null(crowd);
	crowd->till = till;
	crowd->arena = promo_arena_new(ARENA_SIZE);
	assert_non_null(crowd->arena);
	crowd->runner.config = &till->config;
	assert_int_equal(promo_store_open(&store, &crowd->store), 0);
	assert_int_equal(promo_settings_new(&crowd->runner.settings), 0);
	assert_int_equal(
		promo_audit_open(crowd->store, crowd->arena, "crowd", &crowd->runner.writer), 0);
	crowd->group.lane = lane;
	crowd_clear(crowd);
	return crowd;
}

void crowd_free(struct crowd *crowd)
{
	promo_store_close(crowd->store);
	promo_settings_free(crowd->runner.settings);
	promo_arena_free(crowd->arena);
	free(crowd);
}

void crowd_clear(struct crowd *crowd)
{
	promo_arena_clear(crowd->arena);
	memset(crowd->items, 0, sizeof(crowd->items));
	crowd->group = (struct promo_group){
		.arena = crowd->arena,
		.writer = crowd->runner.writer,
		.lane = crowd->group.lane,
		.epoch = crowd->group.epoch,
	};
}

size_t crowd_add(struct crowd *crowd, const struct ask *ask)
{
	const size_t number = crowd->group.count;
	struct promo_group_item *item = &crowd->items[number];
	const struct promo_request request = {
		.op = ask->op,
		.request_id = "test-request",
		.ip = "192.0.2.7",
		.user_agent = "till",
		.token = ask->token,
		.idempotency_key = promo_arena_strdup(crowd->arena, ask->key),
		.content_type = "application/json",
		.input = {
			.body = promo_arena_strdup(crowd->arena, ask->body),
			.body_size = strlen(ask->body),
		},
	};
	struct promo_call *call = &item->call;
	const struct promo_auth_limits limits = { LIMIT_MS, LIMIT_MS };
	struct promo_auth_facts facts;

	assert_true(number < PROMO_GROUP_MAX);
	assert_int_equal(promo_call_start(call, &crowd->runner, &request, crowd->arena), 0);
	assert_int_equal(promo_auth_read(crowd->store, crowd->arena, ask->token, &facts), 0);
	assert_int_equal(
		promo_settings_load(crowd->runner.settings, crowd->store, facts.settings_version),
		0);
	assert_int_equal(promo_auth_judge(&facts, false, &limits, NULL, &call->actor), 0);
	call->ctx.now_ms = facts.at;
	assert_int_equal(promo_call_admit_known(call), 0);
	crowd->group.epoch = facts.epoch;
	crowd->group.items[crowd->group.count++] = item;
	return number;
}

/* A lane's connection has this from its beginning. */
static void plan_as_lanes_do(struct crowd *crowd)
{
	struct promo_truth_row probes;

	assert_int_equal(
		promo_store_one(crowd->store, crowd->arena, PROMO_Q_PLAN_PROBE, NULL, &probes), 0);
	assert_true(probes.yes);
}

static int run(struct crowd *crowd, struct promo_group_trip *trip)
{
	int r = promo_store_begin(crowd->store);

	assert_int_equal(r, 0);
	plan_as_lanes_do(crowd);
	for (size_t i = 0; !r && i < trip->count; i++)
		r = promo_store_all(crowd->store, crowd->arena, trip->statements[i].query,
			&trip->statements[i].params, &trip->statements[i].rows);
	if (!r)
		r = promo_store_commit(crowd->store);
	if (r)
		promo_store_rollback(crowd->store);
	return r;
}

void crowd_read(struct crowd *crowd)
{
	assert_int_equal(promo_group_read(&crowd->group, &crowd->read), 0);
	assert_int_equal(run(crowd, &crowd->read), 0);
	assert_int_equal(promo_group_take_state(&crowd->group, &crowd->read), 0);
	assert_int_equal(promo_group_decide(&crowd->group, &crowd->read), 0);
}

int crowd_write(struct crowd *crowd)
{
	int r;

	assert_int_equal(promo_group_write(&crowd->group, &crowd->write), 0);
	r = run(crowd, &crowd->write);
	return r ? r : promo_group_settle(&crowd->group, &crowd->write);
}

void crowd_run(struct crowd *crowd)
{
	crowd_read(crowd);
	assert_int_equal(crowd_write(crowd), 0);
}

int crowd_tell(struct crowd *crowd, size_t item)
{
	crowd->till->answer = (struct promo_answer){ 0 };
	if (crowd->items[item].end == PROMO_GROUP_ANSWERED)
		crowd->till->answer = crowd->items[item].call.answer;
	return crowd->till->answer.status;
}
