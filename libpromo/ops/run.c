/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/run.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/answer.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/call.h"
#include "libpromo/ops/cookie.h"
#include "libpromo/ops/fence.h"
#include "libpromo/ops/idempotency.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/live.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/throttle.h"

enum {
	LANES = 16 /* rows of totals that connections spread over */
};

static bool keeps_key_here(const struct promo_call *call)
{
	return call->ctx.key && !(call->binding->flags & PROMO_BIND_KEEPS_KEY);
}

static void drop_stream(struct promo_ctx *ctx)
{
	promo_spool_close(ctx->spool);
	ctx->spool = NULL;
	promo_live_close(ctx->live);
	ctx->live = NULL;
}

/*
 * The transaction.
 */

static int write_audit(struct promo_call *call, int error)
{
	struct promo_audit_row row;

	if (!promo_audit_of_call(call, call->runner->writer, error, &row))
		return 0;
	return promo_audit_write(
		call->runner->store, call->ctx.arena, call->runner->config->audit_folds, &row);
}

/* Every attempt starts from the same point. */
static void start_over(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;

	drop_stream(ctx);
	ctx->lane = call->runner->writer % LANES;
	ctx->problem = (struct promo_problem){ 0 };
	ctx->audit = call->note;
	ctx->commit_refusal = ctx->replayed = ctx->overtaken = ctx->wake_jobs = false;
	ctx->other = NULL;
	ctx->set_cookie = NULL;
	ctx->location = ctx->body = ctx->filename = ctx->media_type = NULL;
	ctx->content_encoding = ctx->kept_body = NULL;
	ctx->manifest = false;
	ctx->stream_bytes = 0;
	ctx->etag = ctx->content_range = NULL;
	call->answered = call->key_settled = false;
	if (call->out)
		memset(call->out, 0, call->out_size);
}

/* Takes the key: *ret_done tells that it is bound to an answer, which is now call->answer. */
static int take_key(struct promo_call *call, bool *ret_done)
{
	const struct promo_kept_answer *kept = NULL;
	int r = 0;

	if (keeps_key_here(call))
		r = promo_idempotency_take(&call->ctx, &kept);
	if (r)
		return r;
	call->key_settled = keeps_key_here(call);
	if (kept) {
		promo_answer_replay(kept, call->ctx.op, call->ctx.arena, &call->answer);
		call->answer.user_id = call->actor.user_id;
		call->answered = call->ctx.replayed = true;
	}
	*ret_done = kept != NULL;
	return 0;
}

static int bind_key(struct promo_call *call, const struct promo_answer *answer)
{
	struct promo_kept_answer kept = promo_answer_keep(&call->ctx, answer);

	return keeps_key_here(call) ? promo_idempotency_bind(&call->ctx, &kept) : 0;
}

/* A refusal whose traces are committed binds the key with them, in the same transaction: a repeated
 * request must not leave them twice. */
static int keep_refusal(struct promo_call *call, int error)
{
	struct promo_answer problem = { 0 };

	if (!keeps_key_here(call))
		return 0;
	promo_answer_problem(error, &call->ctx.problem, call->ctx.op, call->request.request_id,
		call->ctx.arena, &problem);
	return bind_key(call, &problem);
}

/* A miss of somebody under suspicion is counted while his row is still locked, so that he learns of
 * one code at a time. Nothing was written by then but the key, which a miss does not bind. */
static int keep_miss(struct promo_call *call, int *ret_refused)
{
	int r = 0;

	if (keeps_key_here(call))
		r = promo_idempotency_release(&call->ctx);
	if (!r)
		r = promo_throttle_count_refusal(call, PROMO_E_CODE_NOT_FOUND, ret_refused);
	return r;
}

/* The operation and its answer in bytes, so that nothing can fail behind the commit. */
static int operate(struct promo_call *call)
{
	bool done = false;
	int r;

	r = promo_throttle_admit(call);
	if (!r)
		r = take_key(call, &done);
	if (r || done)
		return r;
	r = call->binding->adapter->run(&call->ctx, call->in, call->out);
	if (r)
		return r;
	r = promo_answer_success(&call->ctx, call->out, &call->answer);
	if (!r)
		r = bind_key(call, &call->answer);
	if (!r)
		r = promo_throttle_count_good(call);
	call->answered = r == 0;
	return r;
}

/* Commits what went well so far, else rolls back; *ret_failure says why a fault is one. */
static int end_transaction(struct promo_call *call, int r, enum promo_store_failure *ret_failure)
{
	struct promo_store *store = call->runner->store;
	bool committing = r == 0;

	if (committing)
		r = promo_store_commit(store);
	*ret_failure = r < 0 ? promo_runner_failure(call->runner, committing) : PROMO_STORE_FINE;
	if (r)
		promo_store_rollback(store);
	return r;
}

static int begin(struct promo_call *call)
{
	struct promo_runner *runner = call->runner;
	int r;

	r = promo_store_begin(runner->store);
	if (!r && (call->binding->flags & PROMO_BIND_FENCED))
		r = promo_fence_enter(runner->store, call->ctx.arena, runner->writer);
	return r;
}

static int attempt(struct promo_call *call, enum promo_store_failure *ret_failure)
{
	int r, refused = 0;

	r = promo_runner_ready(call->runner, call->ctx.arena);
	start_over(call);
	if (!r)
		r = begin(call);
	if (!r)
		r = operate(call);
	if (r > 0 && call->ctx.commit_refusal) {
		refused = r;
		r = keep_refusal(call, refused);
	} else if (r == PROMO_E_CODE_NOT_FOUND && call->guesses.held) {
		r = keep_miss(call, &refused);
	}
	if (!r)
		r = write_audit(call, call->answered ? call->answer.error : refused);
	r = end_transaction(call, r, ret_failure);
	call->committed = r == 0;
	if (r < 0 && call->ctx.overtaken)
		*ret_failure = PROMO_STORE_RETRY;
	return r ? r : refused;
}

/* A refusal's own transaction: what the operation did is rolled back, that it was refused is not.
 * A conflict (409) is bound to the key as well, unless somebody else bound it meanwhile. */
static int attempt_refusal(
	struct promo_call *call, int error, enum promo_store_failure *ret_failure)
{
	struct promo_answer problem = { 0 };
	bool done = false, bind = promo_error_info(error)->http_status == 409;
	int r;

	r = promo_runner_ready(call->runner, call->ctx.arena);
	if (!r)
		r = promo_store_begin(call->runner->store);
	if (!r)
		r = promo_throttle_count_refusal(call, error, &error);
	if (!r && bind && keeps_key_here(call))
		r = take_key(call, &done);
	if (!r && bind && !done && keeps_key_here(call)) {
		promo_answer_problem(error, &call->ctx.problem, call->ctx.op,
			call->request.request_id, call->ctx.arena, &problem);
		r = bind_key(call, &problem);
	}
	if (!r)
		r = write_audit(call, done ? call->answer.error : error);
	r = end_transaction(call, r, ret_failure);
	if (r)
		return r;
	return done ? 0 : error;
}

/* What is true of a request that an attempt ended with `r`, where an earlier attempt may have been
 * committed, or may still be at it: a refusal holds only if it follows from the key. Not to be let
 * in, or not to find something, proves nothing about what was done before. */
static int truth_of(const struct promo_call *call, int r)
{
	bool proven =
		call->key_settled || call->ctx.replayed || r == PROMO_E_IDEMPOTENCY_KEY_REUSED;

	/* Who only reads has no outcome that could be unknown. */
	if (!(call->ctx.op->flags & PROMO_OP_WRITES))
		return r == PROMO_E_OUTCOME_UNKNOWN ? PROMO_E_UNAVAILABLE : r;
	if (!call->attempts.deadline_ms || (r > 0 && proven))
		return r;
	return PROMO_E_OUTCOME_UNKNOWN;
}

/* A refusal leaves its row before it is answered; where that cannot be written, that is what is
 * answered. What went wrong by itself is written down as well, if the database lets us. */
static int refuse(struct promo_call *call, int error)
{
	struct promo_attempts attempts = { 0 };
	enum promo_store_failure failure;
	int r;

	drop_stream(&call->ctx);
	if (call->ctx.op->flags & PROMO_OP_UNAUDITED)
		return error;
	for (;;) {
		r = attempt_refusal(call, error, &failure);
		if (promo_error_info(error)->http_status >= 500)
			return error;
		/* Somebody bound the key to something else meanwhile: that is now the refusal. */
		if (r == PROMO_E_IDEMPOTENCY_KEY_REUSED && error != r) {
			error = r;
			continue;
		}
		if (r >= 0)
			return r;
		r = promo_runner_recover(call->runner, r, failure, true, &attempts);
		/* Only of its trace: the request itself has done nothing. */
		if (r)
			return r == PROMO_E_OUTCOME_UNKNOWN ? PROMO_E_UNAVAILABLE : r;
	}
}

/* Whether doing the whole twice is as good as once: nothing is written, or a key makes it one. */
static bool repeatable(const struct promo_call *call)
{
	return !(call->ctx.op->flags & PROMO_OP_WRITES) || call->ctx.key;
}

static int transact(struct promo_call *call)
{
	enum promo_store_failure failure;
	int r;

	for (;;) {
		r = attempt(call, &failure);
		if (r >= 0)
			break;
		if (failure == PROMO_STORE_UNKNOWN && !call->replay_known) {
			call->replay_known = true;
			call->was_replay = call->ctx.replayed;
		}
		r = promo_runner_recover(
			call->runner, r, failure, repeatable(call), &call->attempts);
		if (r)
			break;
	}
	if (!call->committed)
		r = truth_of(call, r);
	/* That the first answer is read back after a lost commit is no repetition by the client. */
	if (call->replay_known)
		call->ctx.replayed = call->answer.replayed = call->was_replay;
	if (!call->committed)
		return refuse(call, r);
	if (call->ctx.wake_jobs)
		promo_jobs_wake();
	/* Also for an answer that is replayed: the first may not have come so far. */
	if (!r && (call->binding->flags & PROMO_BIND_FENCES)) {
		r = promo_fence_pass(call->runner, call->ctx.arena);
		if (r)
			return promo_ctx_refuse(&call->ctx, r,
				"it is done, but what began before it may still go on");
	}
	return r;
}

/* The time to find out about an earlier attempt went by in a queue. */
static bool is_too_late(const struct promo_call *call)
{
	return call->attempts.deadline_ms && promo_monotonic_ms() >= call->attempts.deadline_ms;
}

static int serve(struct promo_call *call)
{
	int r;

	if (call->binding->flags & PROMO_BIND_NO_STORE)
		return promo_call_run_bare(call);
	if (is_too_late(call))
		return refuse(call, PROMO_E_OUTCOME_UNKNOWN);
	r = promo_call_identify(call);
	if (!r)
		r = promo_call_admit(call);
	if (r)
		return refuse(call, truth_of(call, r));
	if (call->ctx.again) {
		call->answer = (struct promo_answer){ .again = true };
		return 0;
	}
	return transact(call);
}

int promo_call_start(struct promo_call *call, struct promo_runner *runner,
	const struct promo_request *request, struct promo_arena *arena)
{
	const struct promo_op *op = request->op;

	*call = (struct promo_call){
		.runner = runner,
		.request = *request,
		.binding = promo_binding_find(op),
		.actor = { .kind = PROMO_ACTOR_ANONYMOUS },
		.ctx = {
			.config = runner->config,
			.store = runner->store,
			.arena = arena,
			.op = op,
			.settings = runner->settings,
		},
	};
	if (request->resolve_until_ms && (op->flags & PROMO_OP_WRITES)) {
		call->attempts.deadline_ms = request->resolve_until_ms;
		call->replay_known = true;
	}
	call->ctx.actor = &call->actor;
	call->ctx.request = &call->request;
	call->ctx.upload = request->upload;
	if (op->shape == PROMO_SHAPE_LIST)
		call->out_size = sizeof(struct promo_list);
	else if (op->shape == PROMO_SHAPE_ONE)
		call->out_size = op->out->size;
	if (!call->binding)
		return promo_fault(-ENOSYS, "%s is bound to nothing", op->name);
	return promo_call_clean(call);
}

void promo_run(struct promo_runner *runner, const struct promo_request *request,
	struct promo_arena *arena, struct promo_answer *ret)
{
	struct promo_call call;
	int r;

	promo_log_set_request(request->request_id);
	r = promo_call_start(&call, runner, request, arena);
	if (!r)
		r = serve(&call);
	if (r < 0)
		r = truth_of(&call, r);
	if (r) {
		promo_answer_problem(
			r, &call.ctx.problem, request->op, request->request_id, arena, ret);
		ret->replayed = call.ctx.replayed;
		ret->set_cookie = promo_cookie_of_refusal(&call.ctx, r);
		if (r == PROMO_E_RANGE_NOT_SATISFIABLE)
			ret->content_range = call.ctx.content_range;
	} else {
		*ret = call.answer;
	}
	ret->user_id = call.actor.user_id;
	promo_throttle_tell_call(&call, ret);
	if (call.ctx.rate_limit.name)
		ret->rate_limit = call.ctx.rate_limit;
	promo_log_set_request(NULL);
}

bool promo_run_admit(struct promo_runner *runner, const struct promo_request *request,
	struct promo_arena *arena, struct promo_answer *ret)
{
	struct promo_call call;
	int r;

	promo_log_set_request(request->request_id);
	r = promo_call_start(&call, runner, request, arena);
	if (!r) {
		r = promo_call_identify(&call);
		if (!r)
			r = promo_call_admit_body(&call);
		if (r)
			r = refuse(&call, r);
	}
	if (r)
		promo_answer_problem(
			r, &call.ctx.problem, request->op, request->request_id, arena, ret);
	ret->user_id = call.actor.user_id;
	promo_log_set_request(NULL);
	return r == 0;
}

void promo_run_note_refusal(struct promo_runner *runner, const struct promo_request *request,
	int error, struct promo_arena *arena)
{
	struct promo_call call;
	int r;

	promo_log_set_request(request->request_id);
	r = promo_call_start(&call, runner, request, arena);
	if (!r && !(request->op->flags & PROMO_OP_UNAUDITED))
		r = promo_call_identify(&call);
	/* Who could not be identified is nobody, and was refused all the same. */
	if (r >= 0)
		(void)refuse(&call, error);
	promo_log_set_request(NULL);
}

int promo_run_as_system(struct promo_runner *runner, const struct promo_op *op, const void *in,
	struct promo_arena *arena, struct promo_problem *problem, void *ret)
{
	const struct promo_request request = { .op = op };
	struct promo_call call;
	int r;

	r = promo_call_start(&call, runner, &request, arena);
	if (r)
		return r;
	call.actor = (struct promo_actor){
		.kind = PROMO_ACTOR_SYSTEM,
		.rank = INT64_MAX,
		.super_admin = true,
		.permissions = ~(promo_permissions)0,
	};
	if (op->in) {
		call.in = promo_arena_alloc(arena, op->in->size);
		if (!call.in)
			return promo_fault(-ENOMEM, "could not take an input");
		memcpy(call.in, in, op->in->size);
	}
	r = serve(&call);
	if (r) {
		*problem = call.ctx.problem;
		problem->error = r < 0 ? PROMO_E_INTERNAL : r;
		return r;
	}
	memcpy(ret, call.out, call.out_size);
	return 0;
}
