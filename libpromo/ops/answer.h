/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"
#include "libpromo/store/rows_access.h"

/*
 * The last step of the runner: what an operation left, as an answer in bytes. For run.c only; not
 * installed.
 */

/* A success: status, body, ETag and Location of `out` (a struct of op->out, a struct promo_list, or
 * NULL) or of ctx->other. */
int promo_answer_success(
	const struct promo_ctx *ctx, const void *out, struct promo_answer *ret) PROMO_CHECK;

/* A refusal or a fault as a problem. Never fails: without memory it is an answer without a body. */
void promo_answer_problem(int error, const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, struct promo_answer *ret);

/* The answer that a key is bound to, and what is kept of an answer. */
void promo_answer_replay(const struct promo_kept_answer *kept, const struct promo_op *op,
	struct promo_arena *arena, struct promo_answer *ret);
struct promo_kept_answer promo_answer_keep(
	const struct promo_ctx *ctx, const struct promo_answer *answer);
