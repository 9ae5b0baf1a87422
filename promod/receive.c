/* SPDX-License-Identifier: MIT */
#include "promod/receive.h"

#include "libpromo/ops/upload.h"

enum {
	TURN_MS = 100
};

static int take(void *context, const char *bytes, size_t size)
{
	int r = promo_upload_write(context, bytes, size);

	return r < 0 ? PROMO_E_INTERNAL : r;
}

/* A file is made by the worker as well: to ask a disk for room may take a while. */
static void ask(struct promod_task *task, void *own)
{
	struct promod_call *call = (struct promod_call *)task;
	const struct promo_request *request = &call->request;
	struct promo_problem problem = { 0 };

	if (!promo_run_admit(own, request, call->arena, &call->answer))
		return;
	problem.error = promo_upload_new(call->dispatch->config.spool_dir,
		promod_http_announced(call->exchange), request->content_type, &call->upload);
	if (!problem.error)
		return;
	if (problem.error == PROMO_E_UNAVAILABLE)
		problem.detail = "there is no room for this file just now";
	else if (problem.error < 0)
		problem.error = PROMO_E_INTERNAL;
	promo_run_refuse(&problem, request->op, request->request_id, call->arena, &call->answer);
}

static void asked(struct promod_task *task)
{
	struct promod_call *call = (struct promod_call *)task;

	if (call->upload) {
		promo_arena_free(TAKE_PTR(call->arena));
		call->exchange->sink = (struct promod_sink){ take, call->upload };
		promod_http_go_on(call->exchange);
	} else {
		promod_call_tell(call, &call->answer);
	}
	promod_call_end_work(call);
}

void promod_receive_admit(struct promod_call *call)
{
	struct promo_input *input = &call->request.input;
	int r;

	call->request = promod_call_request(call);
	r = promo_query_parse(
		call->exchange->query, call->exchange->arena, &input->query, &input->query_count);
	if (r)
		promod_call_refuse(call, r, NULL);
	else if (!promod_call_hand_over(call, ask, asked))
		promod_call_refuse(call, PROMO_E_UNAVAILABLE, promod_call_too_many);
}

int promod_receive_end(struct promod_call *call)
{
	int r = promo_upload_finish(call->upload);

	if (r)
		return r < 0 ? PROMO_E_INTERNAL : r;
	call->request.upload = call->upload;
	return 0;
}

/*
 * The operation, in turns.
 */

static void work_turn(struct promod_task *task, void *own)
{
	struct promod_call *call = (struct promod_call *)task;

	promo_arena_clear(call->arena);
	call->request.turn_ms = TURN_MS;
	promo_run(own, &call->request, call->arena, &call->answer);
}

static bool push_turn(struct promod_call *call);

static void turn_done(struct promod_task *task)
{
	struct promod_call *call = (struct promod_call *)task;

	if (!call->answer.again) {
		promod_call_done(call);
		return;
	}
	/* Who went away wants nothing any more, and nothing is done that anybody would find. */
	if (!call->ended && push_turn(call))
		return;
	if (!call->ended)
		promod_call_refuse(call, PROMO_E_UNAVAILABLE, "the server is being stopped");
	promod_call_end_work(call);
}

static bool push_turn(struct promod_call *call)
{
	struct promod_pool *workers = call->dispatch->config.workers;

	call->task.work = work_turn;
	call->task.done = turn_done;
	return workers && promod_pool_push_piece(workers, &call->task);
}

bool promod_receive_run(struct promod_call *call)
{
	if (!promod_call_begin_work(call))
		return false;
	if (push_turn(call))
		return true;
	promod_call_give_back(call);
	return false;
}
