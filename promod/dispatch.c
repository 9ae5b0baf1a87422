/* SPDX-License-Identifier: MIT */
#include "promod/dispatch.h"

#include <assert.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/route.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/live.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/upload.h"
#include "promod/call.h"
#include "promod/log.h"
#include "promod/receive.h"
#include "promod/reply.h"

enum {
	WORK_ARENA_BYTES = 64 * 1024 * 1024,
	LIVE_BLOCK_BYTES = 2048,
};

static void call_release(struct promod_call *call)
{
	if (call->working || !call->ended)
		return;
	promo_arena_free(TAKE_PTR(call->arena));
	promo_upload_free(TAKE_PTR(call->upload));
}

const char promod_call_too_many[] = "too many requests are waiting, try again soon";

/*
 * Answers.
 */

static void wake_by_source(void *context)
{
	struct promod_call *call = context;

	promod_loop_post(call->dispatch->config.loop, &call->more);
}

static void deliver_more(struct promod_mail *mail)
{
	struct promod_call *call =
		(struct promod_call *)((char *)mail - offsetof(struct promod_call, more));

	promod_http_wake(call->exchange);
}

static ptrdiff_t read_spool(void *context, uint64_t offset, void *buffer, size_t size)
{
	struct promod_call *call = context;

	return promo_spool_read(call->spool, offset, buffer, size);
}

static void close_spool(void *context)
{
	struct promod_call *call = context;

	promo_spool_close(TAKE_PTR(call->spool));
	promod_loop_recall(call->dispatch->config.loop, &call->more);
}

static ptrdiff_t read_live(void *context, uint64_t offset, void *buffer, size_t size)
{
	struct promod_call *call = context;

	(void)offset;
	return promo_live_read(call->live, buffer, size);
}

static void close_live(void *context)
{
	struct promod_call *call = context;

	promo_live_close(TAKE_PTR(call->live));
	promod_loop_recall(call->dispatch->config.loop, &call->more);
}

static size_t tell_manifest(void *context, struct promod_field *fields)
{
	struct promod_call *call = context;

	return promod_reply_manifest(call->spool, call->exchange->arena, fields);
}

void promod_call_tell(struct promod_call *call, const struct promo_answer *answer)
{
	const struct promod_reply_extra extra = {
		.request_id = call->request_id,
		.allow = answer->error == PROMO_E_METHOD_NOT_ALLOWED ? call->route.allow : NULL,
		.origin = call->browser.origin,
		.preflight = call->preflight ? call->route.allow : NULL,
		.varies = call->dispatch->config.allowed_origin_count > 0,
	};
	struct promod_reply reply;

	if (promod_reply_may_look_whole(answer, call->is_http_1_0)) {
		promo_spool_close(answer->spool);
		promod_call_refuse(call, PROMO_E_MALFORMED_REQUEST,
			"this file is sent while it is made, which takes HTTP/1.1; let the proxy "
			"in between speak it");
		return;
	}
	promod_reply_make(answer, &extra, call->exchange->arena, &reply);
	if (answer->spool) {
		call->spool = answer->spool;
		call->more.deliver = deliver_more;
		promo_spool_set_wake(call->spool, wake_by_source, call);
		reply.source = (struct promod_source){ .read = read_spool,
			.close = close_spool,
			.context = call,
			.size = (uint64_t)answer->spool_bytes,
			.trailers = answer->manifest ? tell_manifest : NULL };
	}
	if (answer->live) {
		call->live = answer->live;
		call->more.deliver = deliver_more;
		promo_live_set_wake(call->live, wake_by_source, call);
		reply.source = (struct promod_source){ .read = read_live,
			.close = close_live,
			.context = call,
			.block_bytes = LIVE_BLOCK_BYTES,
			.ends_with_client = true };
	}
	if (!promod_http_answer(call->exchange, &reply))
		return;
	call->error = answer->error;
	call->user_id = answer->user_id;
	/* It stays for hours, and what it was made with does not. */
	if (call->live && call->user_id)
		call->user_id = promo_arena_strdup(call->exchange->arena, call->user_id);
}

/*
 * What workers do.
 */

bool promod_call_begin_work(struct promod_call *call)
{
	call->arena = promo_arena_new_secret(WORK_ARENA_BYTES);
	if (!call->arena)
		return false;
	call->working = true;
	promod_http_keep(call->exchange);
	return true;
}

void promod_call_end_work(struct promod_call *call)
{
	struct promod_exchange *exchange = call->exchange;

	call->working = false;
	if (call->live)
		promo_arena_free(TAKE_PTR(call->arena));
	call_release(call);
	promod_http_let_go(exchange);
}

void promod_call_give_back(struct promod_call *call)
{
	promo_arena_free(TAKE_PTR(call->arena));
	promod_call_end_work(call);
}

/* False where too many wait already, and where nobody works any more. */
static bool push(struct promod_call *call, void (*work)(struct promod_task *task, void *own),
	void (*done)(struct promod_task *task))
{
	struct promod_pool *workers = call->dispatch->config.workers;

	call->task.work = work;
	call->task.done = done;
	return workers && promod_pool_push(workers, &call->task);
}

bool promod_call_hand_over(struct promod_call *call,
	void (*work)(struct promod_task *task, void *own), void (*done)(struct promod_task *task))
{
	if (!promod_call_begin_work(call))
		return false;
	if (push(call, work, done))
		return true;
	promod_call_give_back(call);
	return false;
}

static void note_refusal(struct promod_task *task, void *own)
{
	struct promod_call *call = (struct promod_call *)task;

	promo_run_note_refusal(own, &call->request, call->refused, call->arena);
}

static void refusal_noted(struct promod_task *task)
{
	promod_call_end_work((struct promod_call *)task);
}

void promod_call_refuse(struct promod_call *call, int error, const char *why)
{
	struct promo_problem problem = { .error = error, .detail = why };
	struct promo_answer answer = { 0 };

	promo_run_refuse(
		&problem, call->route.op, call->request_id, call->exchange->arena, &answer);
	promod_call_tell(call, &answer);
	/* A worker that is at it writes down what becomes of it. */
	if (!call->route.op || call->working)
		return;
	call->request = promod_call_request(call);
	call->refused = error;
	(void)promod_call_hand_over(call, note_refusal, refusal_noted);
}

/* Without memory for anything better. */
static void answer_bare(struct promod_exchange *exchange)
{
	struct promod_reply reply = { .status = 500, .close = true };

	(void)promod_http_answer(exchange, &reply);
}

/*
 * The calls of the HTTP layer.
 */

static struct promod_call *call_new(
	struct promod_dispatch *dispatch, struct promod_exchange *exchange)
{
	struct promod_call *call = promo_arena_alloc(exchange->arena, sizeof(*call));

	if (!call)
		return NULL;
	call->dispatch = dispatch;
	call->exchange = exchange;
	call->method = promod_log_method(exchange->head.method);
	call->request_id = promod_call_request_id(exchange);
	if (!call->request_id ||
		!promod_browser_read(&exchange->head, dispatch->config.allowed_origins,
			dispatch->config.allowed_origin_count, exchange->arena, &call->browser))
		return NULL;
	exchange->data = call;
	return call;
}

static void on_begin(void *context, struct promod_exchange *exchange)
{
	struct promod_call *call = call_new(context, exchange);
	int r;

	if (!call) {
		answer_bare(exchange);
		return;
	}
	call->is_http_1_0 = strcmp(exchange->head.version, "HTTP/1.0") == 0;
	call->prefers_wait_s = promod_call_prefers_wait(call);
	exchange->body_max_bytes = PROMO_BODY_MAX_BYTES;
	r = promo_route(exchange->head.method, exchange->path, exchange->arena, &call->route);
	if (r == PROMO_E_METHOD_NOT_ALLOWED && promod_call_is_preflight(call)) {
		call->preflight = true;
		promod_call_tell(call, &(struct promo_answer){ .status = 204 });
		return;
	}
	if (!r && promod_call_is_of_another_page(call))
		r = PROMO_E_ORIGIN_NOT_ALLOWED;
	if (r) {
		promod_call_refuse(call, r, NULL);
		return;
	}
	exchange->body_max_bytes = (size_t)promo_op_body_max(call->route.op);
	exchange->asks = call->route.op->body == PROMO_BODY_UPLOAD;
}

static void on_admit(void *context, struct promod_exchange *exchange)
{
	(void)context;
	promod_receive_admit(exchange->data);
}

/*
 * What a worker or a lane answers.
 */

static void work(struct promod_task *task, void *own)
{
	struct promod_call *call = (struct promod_call *)task;

	promo_run(own, &call->request, call->arena, &call->answer);
}

void promod_call_done(struct promod_call *call)
{
	if (promod_call_wait_for_job(call))
		return;
	promod_call_tell(call, &call->answer);
	promod_call_end_work(call);
}

static void done(struct promod_task *task)
{
	promod_call_done((struct promod_call *)task);
}

static void alone_over(struct promod_call *call)
{
	if (call->dispatch->config.lanes)
		promo_lanes_alone_over(call->dispatch->config.lanes, &call->lane);
}

static void done_alone(struct promod_task *task)
{
	alone_over((struct promod_call *)task);
	done(task);
}

/* Nobody can take it from the lanes. What they perhaps did must not be called undone. */
static void refuse_alone(struct promod_call *call)
{
	const bool unknown =
		call->request.resolve_until_ms && (call->route.op->flags & PROMO_OP_WRITES);

	alone_over(call);
	promod_call_refuse(call, unknown ? PROMO_E_OUTCOME_UNKNOWN : PROMO_E_UNAVAILABLE,
		promod_call_too_many);
	promod_call_end_work(call);
}

static void done_by_lane(struct promo_lane_request *lane, bool alone)
{
	struct promod_call *call =
		(struct promod_call *)((char *)lane - offsetof(struct promod_call, lane));

	if (!alone) {
		promod_call_tell(call, &lane->answer);
		promod_call_end_work(call);
		return;
	}
	call->request = lane->request;
	promo_arena_clear(call->arena);
	if (!push(call, work, done_alone))
		refuse_alone(call);
}

static bool hand_to_lane(struct promod_call *call)
{
	struct promo_lanes *lanes = call->dispatch->config.lanes;

	if (!lanes || !promo_lanes_take(call->route.op) || !promod_call_begin_work(call))
		return false;
	call->lane = (struct promo_lane_request){
		.request = call->request,
		.arena = call->arena,
		.done = done_by_lane,
	};
	if (promo_lanes_submit(lanes, &call->lane))
		return true;
	promod_call_give_back(call);
	return false;
}

static void on_run(void *context, struct promod_exchange *exchange)
{
	struct promod_call *call = exchange->data;
	struct promo_input *input = &call->request.input;
	int r;

	(void)context;
	if (call->route.op == &promo_op_server_metrics)
		promod_call_measure(call);
	call->request = promod_call_request(call);
	r = promo_query_parse(exchange->query, exchange->arena, &input->query, &input->query_count);
	if (!r && call->upload)
		r = promod_receive_end(call);
	if (r)
		promod_call_refuse(call, r, NULL);
	else if (call->route.op == &promo_op_server_metrics && !promod_call_may_read_metrics(call))
		promod_call_refuse(call, PROMO_E_FORBIDDEN,
			"metrics are for the addresses of the configuration key metrics_allow");
	else if (call->route.op == &promo_op_server_health)
		promod_call_answer_health(call);
	else if (call->upload ? !promod_receive_run(call)
			      : !hand_to_lane(call) && !promod_call_hand_over(call, work, done))
		promod_call_refuse(call, PROMO_E_UNAVAILABLE, promod_call_too_many);
}

/* Takes a call back that still waits for its turn: nothing of it was or will be done. What was perhaps
 * done before is not to be called undone. */
static bool recall(struct promod_call *call)
{
	const struct promod_dispatch_config *config = &call->dispatch->config;

	if (!call->working || call->request.resolve_until_ms)
		return false;
	if (!config->lanes || !promo_lanes_recall(config->lanes, &call->lane)) {
		if (!config->workers || !promod_pool_recall(config->workers, &call->task))
			return false;
		if (call->task.done == done_alone)
			alone_over(call);
	}
	return true;
}

static void on_refuse(void *context, struct promod_exchange *exchange, int error, const char *why)
{
	struct promod_call *call = exchange->data ? exchange->data : call_new(context, exchange);
	bool recalled;

	if (!call) {
		answer_bare(exchange);
		return;
	}
	recalled = error == PROMO_E_OUTCOME_UNKNOWN && recall(call);
	if (recalled ||
		(error == PROMO_E_OUTCOME_UNKNOWN && !(call->route.op->flags & PROMO_OP_WRITES)))
		error = PROMO_E_UNAVAILABLE;
	promod_call_refuse(call, error, why);
	if (recalled)
		promod_call_end_work(call);
}

static void on_end(void *context, struct promod_exchange *exchange, const struct promod_end *end)
{
	struct promod_call *call = exchange->data;
	const struct promo_op *op;

	(void)context;
	if (!call)
		return;
	op = call->route.op;
	promod_log_request(&(struct promod_log_request){
		.request_id = call->request_id,
		.method = call->method,
		.route = op ? promo_arena_printf(exchange->arena, "%s%s",
				      op->flags & PROMO_OP_ROOT ? "" : PROMO_API_BASE, op->path)
			    : NULL,
		.operation = op ? op->name : NULL,
		.user_id = call->user_id,
		.error = call->error ? promo_error_info(call->error)->wire : NULL,
		.status = end->status,
		.duration_us = promo_monotonic_us() - exchange->started_us,
		.bytes = strcmp(call->method, "HEAD") == 0 ? 0 : end->bytes,
		.complete = end->complete,
	});
	promo_meter_request(call->dispatch->config.meter, op, end->status,
		promo_monotonic_us() - exchange->started_us);
	call->ended = true;
	call_release(call);
}

void promod_dispatch_init(
	struct promod_dispatch *dispatch, const struct promod_dispatch_config *config)
{
	*dispatch = (struct promod_dispatch){
		.config = *config,
		.handler = { .begin = on_begin,
			.admit = on_admit,
			.run = on_run,
			.refuse = on_refuse,
			.end = on_end,
			.context = dispatch },
	};
}
