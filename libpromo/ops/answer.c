/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/answer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char json_type[] = "application/json";
static const char problem_type[] = "application/problem+json";

enum {
	RETRY_AFTER_BUSY_S = 1,        /* 429: a password takes a tenth of a second to hash */
	RETRY_AFTER_UNAVAILABLE_S = 2, /* 503: a database that restarts is back in seconds */
};

static int encode_etag(
	const struct promo_op *op, const void *out, struct promo_arena *arena, const char **ret)
{
	const struct promo_field *field = promo_schema_field(op->out, "version");

	if (!field)
		return promo_fault(-EINVAL, "%s has no version for its ETag", op->name);
	*ret = promo_arena_printf(
		arena, "\"%" PRId64 "\"", *(const int64_t *)((const char *)out + field->offset));
	return *ret ? 0 : promo_fault(-ENOMEM, "could not write an ETag");
}

static int encode_body(const struct promo_ctx *ctx, const void *out, struct promo_answer *answer)
{
	const struct promo_op *op = ctx->op;

	if (ctx->other)
		return promo_encode(op->other_out, ctx->other, ctx->arena, &answer->body);
	switch (op->shape) {
	case PROMO_SHAPE_NONE:
		return 0;
	case PROMO_SHAPE_ONE:
		return promo_encode(op->out, out, ctx->arena, &answer->body);
	case PROMO_SHAPE_LIST:
		return promo_encode_list(op, out, ctx->arena, &answer->body);
	case PROMO_SHAPE_STREAM:
		answer->body = ctx->body;
		return 0;
	}
	return promo_fault(-EINVAL, "%s has no shape", op->name);
}

int promo_answer_success(const struct promo_ctx *ctx, const void *out, struct promo_answer *ret)
{
	const struct promo_op *op = ctx->op;
	struct promo_answer answer = {
		.status = ctx->other ? op->other_status : op->status,
		.location = ctx->location,
		.set_cookie = ctx->set_cookie,
		.replayed = ctx->replayed,
		.spool = ctx->spool,
		.live = ctx->live,
		.spool_bytes = ctx->stream_bytes,
		.takes_ranges = op->flags & PROMO_OP_RANGES,
		.content_range = ctx->content_range,
		.etag = ctx->etag,
		.content_encoding = ctx->content_encoding,
		.manifest = ctx->manifest,
		.filename = ctx->filename,
		.user_id = ctx->actor->user_id,
	};
	int r;

	if (ctx->content_range)
		answer.status = 206;
	r = encode_body(ctx, out, &answer);
	if (!r && (op->flags & PROMO_OP_ETAG) && !ctx->other)
		r = encode_etag(op, out, ctx->arena, &answer.etag);
	if (r)
		return r;
	if (answer.body)
		answer.body_size = strlen(answer.body);
	if (answer.body || answer.spool || answer.live)
		answer.content_type = op->shape != PROMO_SHAPE_STREAM ? json_type
				      : ctx->media_type               ? ctx->media_type
								      : op->media_type;
	*ret = answer;
	return 0;
}

void promo_answer_problem(int error, const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, struct promo_answer *ret)
{
	struct promo_problem told = { 0 };
	struct promo_answer answer = { 0 };

	/* Particulars that were noted for another refusal than the one that came are not told. */
	if (problem && error > 0 && (problem->error == 0 || problem->error == error))
		told = *problem;
	told.error = error < 0 ? PROMO_E_INTERNAL : error;
	answer.error = told.error;
	answer.status = promo_error_info(told.error)->http_status;
	if (answer.status == 429 && told.retry_after_s == 0)
		told.retry_after_s = RETRY_AFTER_BUSY_S;
	if (answer.status == 503 && told.retry_after_s == 0)
		told.retry_after_s = RETRY_AFTER_UNAVAILABLE_S;
	answer.retry_after_s = told.retry_after_s;
	if (promo_encode_problem(&told, op, request_id, arena, &answer.body) == 0) {
		answer.content_type = problem_type;
		answer.body_size = strlen(answer.body);
	} else if (answer.status < 500) {
		/* Without its code nobody knows what it says. */
		answer.error = PROMO_E_INTERNAL;
		answer.status = promo_error_info(answer.error)->http_status;
	}
	*ret = answer;
}

void promo_answer_replay(const struct promo_kept_answer *kept, const struct promo_op *op,
	struct promo_arena *arena, struct promo_answer *ret)
{
	struct promo_answer answer = {
		.status = (int)kept->status,
		.body = kept->answer,
		.body_size = strlen(kept->answer),
		.content_type = kept->status < 400 ? json_type : problem_type,
		.etag = kept->etag,
		.location = kept->location,
		.replayed = true,
	};
	struct promo_problem problem = { 0 };

	if (kept->status >= 400 &&
		promo_decode_problem(kept->answer, op, (int)kept->status, arena, &problem) == 0)
		answer.error = problem.error;
	*ret = answer;
}

struct promo_kept_answer promo_answer_keep(
	const struct promo_ctx *ctx, const struct promo_answer *answer)
{
	const char *body = ctx->kept_body ? ctx->kept_body : answer->body;

	return (struct promo_kept_answer){
		.request_hash = ctx->in_hash,
		.status = answer->status,
		.answer = body ? body : "",
		.etag = answer->etag,
		.location = answer->location,
	};
}

void promo_run_refuse(const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, struct promo_answer *ret)
{
	promo_answer_problem(problem->error, problem, op, request_id, arena, ret);
}
