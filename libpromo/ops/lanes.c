/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/lanes.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/lane.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/suspects.h"
#include "libpromo/rules/code.h"

/*
 * The queue, and who may be in which group. A key is worked on once in the process: who comes with one
 * that is taken waits beside the queue until its group is over (holds.h). A code may stand in a group
 * any number of times and in several groups: who is refused shares the group with all others, and of
 * those who would redeem it one does (group_write.c), the others are overtaken.
 */

enum {
	WAIT_MS = 5 * 1000,
	OVERTAKEN_MAX = 8, /* then a worker does it, which knows when to give up */
	SHARE_MIN = 32,    /* below it a group's fixed cost outweighs what its parts cost */
};

struct promo_lanes {
	struct promo_lanes_config config;
	struct promo_lane_shared shared;
	struct promo_holds *holds;
	struct promo_holders queue;
	struct promo_suspects suspects;
	uint64_t turns;
	bool served;             /* since the last outage */
	int64_t outage_until_ms; /* until then who waits goes on waiting; monotonic */
	struct promo_lane lanes[PROMO_LANES_MAX];
};

/* A group that is over, in the hands of this file. */
struct finished {
	struct promo_lane_item *items[PROMO_GROUP_MAX];
	size_t count;
};

static struct promo_lane_item *item_of(struct promo_holder *holder)
{
	return (struct promo_lane_item *)((char *)holder -
					  offsetof(struct promo_lane_item, holder));
}

int promo_lanes_new(const struct promo_lanes_config *config, struct promo_lanes **ret)
{
	struct promo_lanes *lanes = calloc(1, sizeof(*lanes));
	int r;

	if (!lanes)
		return promo_fault(-ENOMEM, "could not make the lanes");
	assert(config->count > 0 && config->count <= PROMO_LANES_MAX && config->runner->auth_cache);
	lanes->config = *config;
	lanes->shared.config = lanes->shared.desk.config = config->runner;
	promo_holders_init(&lanes->queue);
	r = promo_settings_new(&lanes->shared.desk.settings);
	if (!r)
		r = promo_holds_new(&lanes->holds);
	for (int i = 0; !r && i < config->count; i++)
		r = promo_lane_open(&lanes->lanes[i], &lanes->shared);
	if (r) {
		promo_lanes_free(lanes);
		return r;
	}
	*ret = lanes;
	return 0;
}

bool promo_lanes_take(const struct promo_op *op)
{
	return op == &promo_op_code_verify || op == &promo_op_redemption_create;
}

/*
 * Who is let in.
 */

static const char *code_of(const struct promo_call *call)
{
	const struct promo_redemption_create_in *redeem = call->in;
	const struct promo_code_verify_in *verify = call->in;

	return call->ctx.op == &promo_op_redemption_create ? redeem->code : verify->code;
}

/* No clock but the database's decides anything: what is implausible by ours goes to a worker. */
static bool is_plausible(const char *code)
{
	char today[PROMO_DATE_SIZE];

	promo_date_format(promo_time_days(promo_now_ms()), today);
	return promo_code_plausible(code, today);
}

static bool admit(struct promo_lanes *lanes, struct promo_lane_item *item)
{
	struct promo_lane_request *request = item->request;
	struct promo_call *call = &item->item.call;

	if (promo_call_start(call, &lanes->shared.desk, &request->request, request->arena))
		return false;
	call->actor = item->known.actor;
	if (promo_call_admit_known(call) || !is_plausible(code_of(call)))
		return false;
	item->settings_version = promo_settings_version(lanes->shared.desk.settings);
	if (!call->ctx.key)
		return true;
	item->holder.text =
		promo_arena_printf(request->arena, "%s/%s", call->actor.user_id, call->ctx.key);
	return item->holder.text != NULL;
}

/* What was decoded by settings that have changed meanwhile is decoded again. */
static bool is_current(struct promo_lanes *lanes, struct promo_lane_item *item)
{
	return item->settings_version == promo_settings_version(lanes->shared.desk.settings) ||
	       admit(lanes, item);
}

/*
 * Ends.
 */

static void hand_back(struct promo_lane_request *request)
{
	request->own = NULL;
	request->done(request, true);
}

static void tell(struct promo_lanes *lanes, struct promo_lane_item *item)
{
	struct promo_lane_request *request = item->request;

	switch (item->item.end) {
	case PROMO_GROUP_ANSWERED:
		request->answer = item->item.call.answer;
		request->own = NULL;
		request->done(request, false);
		return;
	case PROMO_GROUP_SUSPECT:
		if (!promo_suspects_add(&lanes->suspects, item->known.actor.user_id, &item->holder))
			hand_back(request);
		return;
	case PROMO_GROUP_OPEN:
	case PROMO_GROUP_AGAIN:
	case PROMO_GROUP_ALONE:
		break;
	}
	hand_back(request);
}

/* Takes the group from its lane: what it held is free, who was overtaken waits again. */
static void finish(struct promo_lanes *lanes, struct promo_lane *lane, struct finished *ret)
{
	ret->count = 0;
	if (lane->group.count > 0)
		promo_pace_add(lanes->config.runner->pace, promo_monotonic_us() - lane->begun_us);
	for (size_t i = 0; i < lane->group.count; i++) {
		struct promo_lane_item *item = (struct promo_lane_item *)lane->group.items[i];

		promo_holds_release(lanes->holds, &item->holder, &lanes->queue);
		if (item->item.end == PROMO_GROUP_AGAIN && item->overtaken++ < OVERTAKEN_MAX) {
			item->holder.next = NULL;
			promo_holders_return(&lanes->queue, &item->holder);
		} else {
			ret->items[ret->count++] = item;
		}
	}
	promo_lane_clear(lane);
}

/* How many an idle lane takes at most: its part, beside the other lanes that serve, of all that is on its
 * way. If one took whatever waits, the others would find nothing, and whoever stands in the large group
 * would wait for all of it. */
static size_t share(const struct promo_lanes *lanes, const struct promo_lane *idle)
{
	size_t all = lanes->queue.count, count = 0;

	for (int i = 0; i < lanes->config.count; i++) {
		const struct promo_lane *lane = &lanes->lanes[i];

		all += lane->group.count;
		count += lane == idle || promo_lane_serves(lane);
	}
	all = (all + count - 1) / count;
	if (all < SHARE_MIN)
		return SHARE_MIN;
	return all < PROMO_GROUP_MAX ? all : PROMO_GROUP_MAX;
}

static void fill(struct promo_lanes *lanes, struct promo_lane *lane)
{
	struct promo_group *group = &lane->group;
	struct promo_holder *holder;
	size_t most;

	if (!promo_lane_is_idle(lane))
		return;
	most = share(lanes, lane);
	while (group->count < most && (holder = promo_holders_take(&lanes->queue))) {
		struct promo_lane_item *item = item_of(holder);
		const char *user_id = item->known.actor.user_id;

		/* While one of his requests may be a guess, all of them may. */
		if (promo_suspects_has(&lanes->suspects, user_id) &&
			promo_suspects_add(&lanes->suspects, user_id, holder))
			continue;
		if (!is_current(lanes, item))
			hand_back(item->request);
		else if (promo_holds_take(lanes->holds, holder))
			group->items[group->count++] = &item->item;
	}
	if (group->count == 0)
		return;
	lane->begun_us = promo_monotonic_us();
	promo_lane_start(lane);
}

/* The next group goes out before the last one is told, so that the database has work meanwhile. */
static void go_on(struct promo_lanes *lanes, struct promo_lane *lane)
{
	while (lane->phase == PROMO_LANE_OVER) {
		struct finished finished;

		finish(lanes, lane, &finished);
		fill(lanes, lane);
		for (size_t i = 0; i < finished.count; i++)
			tell(lanes, finished.items[i]);
	}
}

static void let_suspects_go(struct promo_lanes *lanes)
{
	struct promo_holder *holder;
	struct promo_suspect *user;

	while ((holder = promo_suspects_next(&lanes->suspects, &user))) {
		struct promo_lane_request *request = item_of(holder)->request;

		request->own = user;
		request->done(request, true);
	}
}

/* Nothing was done for them, and nothing will be. */
static void refuse_queue(struct promo_lanes *lanes)
{
	const struct promo_problem problem = { .error = PROMO_E_UNAVAILABLE,
		.detail = "the database cannot be reached; nothing was done, try again soon" };
	struct promo_holder *holder;

	while ((holder = promo_holders_take(&lanes->queue))) {
		struct promo_lane_request *request = item_of(holder)->request;

		promo_run_refuse(&problem, request->request.op, request->request.request_id,
			request->arena, &request->answer);
		request->answer.user_id = item_of(holder)->known.actor.user_id;
		request->own = NULL;
		request->done(request, false);
	}
}

static void give_up_queue(struct promo_lanes *lanes)
{
	struct promo_holder *holder;

	while ((holder = promo_holders_take(&lanes->queue)))
		hand_back(item_of(holder)->request);
}

void promo_lanes_free(struct promo_lanes *lanes)
{
	struct promo_holder *holder;

	if (!lanes)
		return;
	for (int i = 0; i < lanes->config.count; i++) {
		struct promo_lane *lane = &lanes->lanes[i];
		struct finished finished;

		if (!lane->arena)
			continue;
		promo_lane_give_up(lane);
		finish(lanes, lane, &finished);
		promo_lane_close(lane);
		for (size_t k = 0; k < finished.count; k++)
			hand_back(finished.items[k]->request);
	}
	give_up_queue(lanes);
	while ((holder = promo_suspects_give_up(&lanes->suspects)))
		hand_back(item_of(holder)->request);
	promo_suspects_free(&lanes->suspects);
	promo_holds_free(lanes->holds);
	promo_settings_free(lanes->shared.desk.settings);
	free(lanes);
}

/*
 * Beginnings.
 */

static bool is_up(const struct promo_lanes *lanes)
{
	for (int i = 0; i < lanes->config.count; i++)
		if (promo_lane_is_up(&lanes->lanes[i]))
			return true;
	return false;
}

/* Whether it is worth while to wait for a lane: one is up, or was so a moment ago. */
static bool is_worth_waiting(struct promo_lanes *lanes)
{
	const int64_t now_ms = promo_monotonic_ms();

	for (int i = 0; i < lanes->config.count; i++)
		if (promo_lane_serves(&lanes->lanes[i]))
			lanes->served = true;
	if (is_up(lanes))
		return true;
	if (lanes->served)
		lanes->outage_until_ms =
			now_ms + (lanes->config.wait_ms > 0 ? lanes->config.wait_ms : WAIT_MS);
	lanes->served = false;
	return now_ms < lanes->outage_until_ms;
}

static size_t waiting(const struct promo_lanes *lanes)
{
	return lanes->queue.count + promo_holds_waiting(lanes->holds) + lanes->suspects.waiting;
}

bool promo_lanes_submit(struct promo_lanes *lanes, struct promo_lane_request *request)
{
	struct promo_lane_item *item;

	if (waiting(lanes) >= (size_t)lanes->config.queue_max || !is_worth_waiting(lanes))
		return false;
	item = promo_arena_alloc(request->arena, sizeof(*item));
	if (!item)
		return false;
	item->request = request;
	if (!promo_auth_key(request->request.token, &item->bearer) ||
		!promo_auth_cache_get(lanes->config.runner->auth_cache, &item->bearer,
			request->arena, &item->known) ||
		!admit(lanes, item))
		return false;
	request->own = item;
	item->holder.turn = ++lanes->turns;
	promo_holders_append(&lanes->queue, &item->holder);
	return true;
}

bool promo_lanes_recall(struct promo_lanes *lanes, struct promo_lane_request *request)
{
	const struct promo_lane_item *item = request->own;

	/* Of a request that was handed back it is something else, which stands in no queue. */
	if (!item || !promo_holders_remove(&lanes->queue, &item->holder))
		return false;
	request->own = NULL;
	return true;
}

void promo_lanes_alone_over(struct promo_lanes *lanes, struct promo_lane_request *request)
{
	struct promo_suspect *user = request->own;

	request->own = NULL;
	if (user)
		promo_suspects_over(&lanes->suspects, user);
}

/*
 * The event loop.
 */

struct promo_lanes_state promo_lanes_measure(const struct promo_lanes *lanes)
{
	struct promo_lanes_state state = {
		.queued = (int64_t)(lanes->queue.count + promo_holds_waiting(lanes->holds)),
	};

	for (int i = 0; i < lanes->config.count; i++)
		state.up += promo_lane_serves(&lanes->lanes[i]);
	return state;
}

struct promo_lane_watch promo_lanes_watch(const struct promo_lanes *lanes, int index)
{
	const struct promo_pipeline *pipeline = lanes->lanes[index].pipeline;

	return (struct promo_lane_watch){
		.fd = promo_pipeline_fd(pipeline),
		.write = promo_pipeline_wants_write(pipeline),
		.version = promo_pipeline_watch_version(pipeline),
	};
}

void promo_lanes_ready(struct promo_lanes *lanes, int index)
{
	promo_lane_work(&lanes->lanes[index]);
	go_on(lanes, &lanes->lanes[index]);
}

int promo_lanes_timeout_ms(const struct promo_lanes *lanes)
{
	int64_t deadline_ms = INT64_MAX, left_ms;

	for (int i = 0; i < lanes->config.count; i++) {
		int64_t own_ms = promo_lane_deadline_ms(&lanes->lanes[i]);

		if (own_ms < deadline_ms)
			deadline_ms = own_ms;
	}
	if (lanes->queue.count > 0 && !is_up(lanes) && lanes->outage_until_ms < deadline_ms)
		deadline_ms = lanes->outage_until_ms;
	if (deadline_ms == INT64_MAX)
		return -1;
	left_ms = deadline_ms - promo_monotonic_ms();
	if (left_ms > INT32_MAX)
		return INT32_MAX;
	return left_ms > 0 ? (int)left_ms : 0;
}

void promo_lanes_turn(struct promo_lanes *lanes)
{
	const int64_t now_ms = promo_monotonic_ms();

	for (int i = 0; i < lanes->config.count; i++) {
		struct promo_lane *lane = &lanes->lanes[i];

		if (promo_lane_deadline_ms(lane) <= now_ms)
			promo_lane_work(lane);
		if (lanes->queue.count > 0)
			fill(lanes, lane);
		go_on(lanes, lane);
	}
	if (!is_worth_waiting(lanes))
		refuse_queue(lanes);
	let_suspects_go(lanes);
}
