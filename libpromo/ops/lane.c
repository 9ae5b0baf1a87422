/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/lane.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/settings.h"

enum {
	GROUP_ARENA_BYTES = 64 * 1024 * 1024,
	RETRY_MS = 1000,
	TOTALS = 16, /* rows of totals that connections spread over */
};

static const enum promo_query statements[] = {
	PROMO_Q_AUTH_STATE,
	PROMO_Q_THROTTLE_READ,
	PROMO_Q_CODE_FIND,
	PROMO_Q_REDEMPTION_BY_KEY,
	PROMO_Q_CUSTOMER_FIND,
	PROMO_Q_AUDIT_LOCK,
	PROMO_Q_CUSTOMER_KNOW,
	PROMO_Q_CODE_REDEEM,
	PROMO_Q_REDEMPTION_REFUSE,
	PROMO_Q_AUDIT_FOLD,
	PROMO_Q_CUSTOMER_FORGET,
	PROMO_Q_AUDIT_INSERT,
	PROMO_Q_SETTING_LIST,
	PROMO_Q_AUDIT_OPEN,
	PROMO_Q_COUNT,
};

/* What a lane asks beside its groups. */
enum {
	OPEN_STATE = 0, /* before the settings: they are at least as new as their version */
	OPEN_SETTINGS,
	OPEN_WRITER,
};

int promo_lane_open(struct promo_lane *lane, struct promo_lane_shared *shared)
{
	const struct promo_pipeline_config config = {
		.uri = shared->config->database,
		.no_prepare = shared->config->no_prepare,
		.statements = statements,
	};

	*lane = (struct promo_lane){ .shared = shared };
	lane->arena = promo_arena_new(GROUP_ARENA_BYTES);
	if (!lane->arena)
		return promo_fault(-ENOMEM, "could not make a lane");
	return promo_pipeline_new(&config, &lane->pipeline);
}

void promo_lane_close(struct promo_lane *lane)
{
	promo_pipeline_free(lane->pipeline);
	promo_arena_free(lane->arena);
}

/*
 * Opening.
 */

static bool needs_settings(const struct promo_lane *lane)
{
	const struct promo_lane_shared *shared = lane->shared;

	return promo_settings_version(shared->desk.settings) != shared->settings_wanted ||
	       promo_settings_version(shared->desk.settings) == 0;
}

static void failed_to_open(struct promo_lane *lane)
{
	lane->phase = PROMO_LANE_OUT;
	lane->not_before_ms = promo_monotonic_ms() + RETRY_MS;
	(void)promo_pipeline_clear(lane->pipeline);
	promo_arena_clear(lane->arena);
}

static void begin_to_open(struct promo_lane *lane)
{
	struct promo_params none = PROMO_PARAMS(lane->arena), epoch = none, name = none;
	char text[PROMO_RUNNER_NAME_SIZE];
	int r;

	if (promo_monotonic_ms() < lane->not_before_ms)
		return;
	promo_runner_name(lane->shared->config, text);
	promo_param_text(&name, text);
	lane->group.epoch = promo_auth_cache_epoch(lane->shared->config->auth_cache);
	promo_param_int(&epoch, lane->group.epoch);
	r = promo_pipeline_add(lane->pipeline, PROMO_Q_AUTH_STATE, &epoch);
	if (!r)
		r = promo_pipeline_add(lane->pipeline, PROMO_Q_SETTING_LIST, &none);
	if (!r && !lane->writer)
		r = promo_pipeline_add(lane->pipeline, PROMO_Q_AUDIT_OPEN, &name);
	if (!r)
		r = promo_pipeline_send(lane->pipeline, true);
	if (r)
		failed_to_open(lane);
	else
		lane->phase = PROMO_LANE_OPENING;
}

/* What the database says about its versions now. Mostly they grow, but a standby that was promoted may
 * have lost the last ones; what was known by those is known no more. */
static void take_versions(struct promo_lane *lane, const struct promo_auth_state_row *state)
{
	if (state->epoch < lane->group.epoch)
		promo_auth_cache_restart(lane->shared->config->auth_cache, state->epoch);
	lane->shared->settings_wanted = state->settings_version;
}

static int take_settings(struct promo_lane *lane)
{
	struct promo_settings *settings = lane->shared->desk.settings;
	const struct promo_auth_state_row *state;
	struct promo_objects rows;
	int r;

	r = promo_pipeline_rows(lane->pipeline, OPEN_STATE, lane->arena, &rows);
	if (r || rows.count != 1)
		return r ? r : promo_fault(-EPROTO, "the state of rights is not one row");
	state = rows.items;
	take_versions(lane, state);
	r = promo_pipeline_rows(lane->pipeline, OPEN_SETTINGS, lane->arena, &rows);
	if (r || state->settings_version == promo_settings_version(settings))
		return r;
	return promo_settings_take(settings, &rows, state->settings_version);
}

static int take_writer(struct promo_lane *lane)
{
	const struct promo_writer_row *writer;
	struct promo_objects rows;
	int r;

	if (lane->writer)
		return 0;
	r = promo_pipeline_rows(lane->pipeline, OPEN_WRITER, lane->arena, &rows);
	if (r || rows.count != 1)
		return r ? r : promo_fault(-EPROTO, "a writer is not one row");
	writer = rows.items;
	lane->writer = writer->id;
	return 0;
}

static void opened(struct promo_lane *lane)
{
	int r;

	r = promo_pipeline_result(lane->pipeline);
	if (!r)
		r = take_settings(lane);
	if (!r)
		r = take_writer(lane);
	if (r) {
		failed_to_open(lane);
		return;
	}
	(void)promo_pipeline_clear(lane->pipeline);
	promo_arena_clear(lane->arena);
	lane->phase = PROMO_LANE_OUT;
}

/*
 * Groups.
 */

/* Has a worker find out what became of a request. */
static void resolve(struct promo_group_item *item)
{
	struct promo_lane_item *own = (struct promo_lane_item *)item;

	own->request->request.resolve_until_ms =
		promo_monotonic_ms() + promo_runner_resolve_ms(item->call.runner->config);
}

/* Whether the transaction was to do something for it: it was not left to somebody else before. */
static bool was_part(const struct promo_group_item *item)
{
	return item->end == PROMO_GROUP_OPEN || item->end == PROMO_GROUP_ANSWERED || item->untold;
}

/* Nothing of the group holds, or nobody knows. What was lost before anything was to be written has done
 * nothing, and goes into a later group as those do who were overtaken. */
static void fail(struct promo_lane *lane, enum promo_store_failure failure)
{
	for (size_t i = 0; i < lane->group.count; i++) {
		struct promo_lane_item *item = (struct promo_lane_item *)lane->group.items[i];

		item->request->request.resolve_until_ms = 0;
		if (failure == PROMO_STORE_UNKNOWN && was_part(&item->item))
			resolve(&item->item);
		if (failure == PROMO_STORE_LOST && item->item.end == PROMO_GROUP_OPEN)
			item->item.end = PROMO_GROUP_AGAIN;
		else if (item->item.end != PROMO_GROUP_SUSPECT &&
			 item->item.end != PROMO_GROUP_AGAIN)
			item->item.end = PROMO_GROUP_ALONE;
	}
	if (promo_pipeline_state(lane->pipeline) == PROMO_PIPELINE_DONE)
		(void)promo_pipeline_clear(lane->pipeline);
	lane->phase = PROMO_LANE_OVER;
}

static int send(struct promo_lane *lane, enum promo_lane_phase phase)
{
	int r = 0;

	for (size_t i = 0; !r && i < lane->trip.count; i++)
		r = promo_pipeline_add(lane->pipeline, lane->trip.statements[i].query,
			&lane->trip.statements[i].params);
	if (!r)
		r = promo_pipeline_send(lane->pipeline, phase == PROMO_LANE_WRITING);
	if (!r)
		lane->phase = phase;
	return r;
}

static void send_or_fail(struct promo_lane *lane, enum promo_lane_phase phase)
{
	if (send(lane, phase))
		fail(lane, promo_pipeline_failure(lane->pipeline));
}

/* The rows of the trip that came back; the pipeline is free again. */
static int take_trip(struct promo_lane *lane)
{
	int r;

	r = promo_pipeline_result(lane->pipeline);
	for (size_t i = 0; !r && i < lane->trip.count; i++)
		r = promo_pipeline_rows(
			lane->pipeline, i, lane->arena, &lane->trip.statements[i].rows);
	if (!r)
		(void)promo_pipeline_clear(lane->pipeline);
	return r;
}

/* Whether the actor is still who he was, and may still do it, at the moment of trip one. Whose use
 * of the session is to be noted goes to a worker, which does that. */
static bool is_let_in(struct promo_lane *lane, struct promo_lane_item *item)
{
	const struct promo_lane_shared *shared = lane->shared;
	const struct promo_settings *settings = shared->desk.settings;
	const int64_t at = lane->group.state->at;
	const struct promo_auth_limits limits = promo_auth_limits(settings);
	struct promo_call *call = &item->item.call;
	struct promo_problem problem = { 0 };
	struct promo_auth_known known;

	if (!promo_auth_cache_get(
		    shared->config->auth_cache, &item->bearer, call->ctx.arena, &known))
		return false;
	/* Other settings may ask more of him: a worker looks. */
	if (known.settings_version != promo_settings_version(settings))
		return false;
	/* A worker has the words for it. */
	if (lane->group.state->maintenance && promo_call_rests(call->ctx.op, &known.actor))
		return false;
	if (promo_auth_judge_known(&known, at, &limits, call->request.ip) ||
		promo_with_auth(call->ctx.op, &known.actor, call->in, call->ctx.arena, &problem) ||
		promo_auth_cache_is_stale(shared->config->auth_cache, &item->bearer, at,
			promo_auth_seen_ms(&known.actor, &limits)))
		return false;
	call->actor = known.actor;
	call->ctx.now_ms = at;
	return true;
}

/* Whether its input was read by the settings of this moment. */
static bool is_current(const struct promo_lane *lane, const struct promo_lane_item *item)
{
	return !needs_settings(lane) &&
	       item->settings_version == promo_settings_version(lane->shared->desk.settings);
}

static void look_at_actors(struct promo_lane *lane)
{
	struct promo_lane_shared *shared = lane->shared;
	const struct promo_auth_state_row *state = lane->group.state;

	promo_auth_cache_renew(
		shared->config->auth_cache, state->epoch, state->changed_all, &state->changed);
	take_versions(lane, state);
	for (size_t i = 0; i < lane->group.count; i++) {
		struct promo_lane_item *item = (struct promo_lane_item *)lane->group.items[i];

		if (!is_current(lane, item))
			item->item.end = PROMO_GROUP_AGAIN;
		else if (!is_let_in(lane, item))
			item->item.end = PROMO_GROUP_ALONE;
	}
}

static void was_read(struct promo_lane *lane)
{
	enum promo_store_failure failure = promo_pipeline_failure(lane->pipeline);
	int r;

	r = take_trip(lane);
	if (!r)
		r = promo_group_take_state(&lane->group, &lane->trip);
	if (!r) {
		look_at_actors(lane);
		r = promo_group_decide(&lane->group, &lane->trip);
	}
	if (!r)
		r = promo_group_write(&lane->group, &lane->trip);
	if (r)
		fail(lane, failure);
	else if (lane->trip.count > 0)
		send_or_fail(lane, PROMO_LANE_WRITING);
	else
		lane->phase = PROMO_LANE_OVER;
}

/* Answers stand by now, whatever becomes of this. */
static void tidy(struct promo_lane *lane)
{
	if (promo_group_forget(&lane->group, &lane->trip) == 0 && lane->trip.count > 0 &&
		send(lane, PROMO_LANE_TIDYING) == 0)
		return;
	if (promo_pipeline_state(lane->pipeline) == PROMO_PIPELINE_DONE)
		(void)promo_pipeline_clear(lane->pipeline);
	lane->phase = PROMO_LANE_OVER;
}

static void was_written(struct promo_lane *lane)
{
	enum promo_store_failure failure = promo_pipeline_failure(lane->pipeline);
	int r;

	r = promo_pipeline_result(lane->pipeline);
	if (!r) {
		/* What cannot be told from here was done all the same. */
		failure = PROMO_STORE_UNKNOWN;
		r = take_trip(lane);
	}
	if (!r)
		r = promo_group_settle(&lane->group, &lane->trip);
	for (size_t i = 0; !r && i < lane->group.count; i++)
		if (lane->group.items[i]->untold)
			resolve(lane->group.items[i]);
	/* Perhaps the writer was closed for having been idle; another costs nothing. */
	if (failure == PROMO_STORE_RETRY)
		lane->writer = 0;
	if (r)
		fail(lane, failure);
	else
		tidy(lane);
}

void promo_lane_start(struct promo_lane *lane)
{
	struct promo_group *group = &lane->group;
	int r;

	group->arena = lane->arena;
	group->writer = lane->writer;
	group->lane = lane->writer % TOTALS;
	group->epoch = promo_auth_cache_epoch(lane->shared->config->auth_cache);
	r = promo_group_read(group, &lane->trip);
	if (r)
		fail(lane, PROMO_STORE_FAULT);
	else
		send_or_fail(lane, PROMO_LANE_READING);
}

void promo_lane_clear(struct promo_lane *lane)
{
	lane->group = (struct promo_group){ 0 };
	promo_arena_clear(lane->arena);
	lane->phase = PROMO_LANE_OUT;
	if (lane->pipeline)
		promo_lane_work(lane);
}

void promo_lane_give_up(struct promo_lane *lane)
{
	if (lane->phase == PROMO_LANE_READING || lane->phase == PROMO_LANE_WRITING)
		fail(lane,
			lane->phase == PROMO_LANE_WRITING ? PROMO_STORE_UNKNOWN : PROMO_STORE_LOST);
	else if (lane->phase == PROMO_LANE_TIDYING)
		lane->phase = PROMO_LANE_OVER;
}

/*
 * States.
 */

static void work_on(struct promo_lane *lane)
{
	switch (lane->phase) {
	case PROMO_LANE_OPENING:
		opened(lane);
		return;
	case PROMO_LANE_READING:
		was_read(lane);
		return;
	case PROMO_LANE_WRITING:
		was_written(lane);
		return;
	case PROMO_LANE_TIDYING:
		lane->phase = PROMO_LANE_OVER;
		break;
	case PROMO_LANE_OUT:
	case PROMO_LANE_IDLE:
	case PROMO_LANE_OVER:
		break;
	}
	(void)promo_pipeline_clear(lane->pipeline);
}

/* Connected, and nothing is under way. */
static void get_ready(struct promo_lane *lane)
{
	if (lane->generation != promo_pipeline_generation(lane->pipeline)) {
		lane->generation = promo_pipeline_generation(lane->pipeline);
		lane->writer = 0;
	}
	lane->phase = PROMO_LANE_OUT;
	if (lane->writer && !needs_settings(lane))
		lane->phase = PROMO_LANE_IDLE;
	else
		begin_to_open(lane);
}

void promo_lane_work(struct promo_lane *lane)
{
	enum promo_pipeline_state state = promo_pipeline_work(lane->pipeline);

	if (lane->phase == PROMO_LANE_OVER)
		return;
	if (state == PROMO_PIPELINE_DONE) {
		work_on(lane);
		if (lane->phase == PROMO_LANE_OVER)
			return;
		state = promo_pipeline_state(lane->pipeline);
	}
	if (state == PROMO_PIPELINE_IDLE)
		get_ready(lane);
	else if (state != PROMO_PIPELINE_BUSY)
		lane->phase = PROMO_LANE_OUT;
}

bool promo_lane_is_idle(const struct promo_lane *lane)
{
	return lane->phase == PROMO_LANE_IDLE && !needs_settings(lane);
}

bool promo_lane_serves(const struct promo_lane *lane)
{
	return promo_lane_is_up(lane) && lane->phase != PROMO_LANE_OPENING;
}

bool promo_lane_is_up(const struct promo_lane *lane)
{
	return lane->phase != PROMO_LANE_OUT &&
	       promo_pipeline_state(lane->pipeline) >= PROMO_PIPELINE_IDLE;
}

int64_t promo_lane_deadline_ms(const struct promo_lane *lane)
{
	int64_t deadline_ms = promo_pipeline_deadline_ms(lane->pipeline);

	if (promo_pipeline_state(lane->pipeline) != PROMO_PIPELINE_IDLE || promo_lane_is_idle(lane))
		return deadline_ms;
	return lane->not_before_ms < deadline_ms ? lane->not_before_ms : deadline_ms;
}
