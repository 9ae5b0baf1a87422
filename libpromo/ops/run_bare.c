/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/answer.h"
#include "libpromo/ops/call.h"
#include "libpromo/store/store.h"

static int run_once(struct promo_call *call)
{
	const struct promo_binding *binding = call->binding;
	int r = 0;

	if (call->ctx.store && (binding->flags & PROMO_BIND_SETTINGS))
		r = promo_call_read_settings(call);
	return r ? r : binding->adapter->run(&call->ctx, call->in, call->out);
}

int promo_call_run_bare(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;
	int r;

	r = promo_call_decode(call);
	if (r)
		return r;
	r = promo_call_make_room(call);
	if (r)
		return r;
	for (;;) {
		r = run_once(call);
		if (r >= 0)
			break;
		r = promo_runner_recover(call->runner, r, promo_runner_failure(call->runner, false),
			true, &call->attempts);
		if (r)
			break;
	}
	if (r == PROMO_E_UNAVAILABLE && (call->binding->flags & PROMO_BIND_BLIND)) {
		ctx->store = NULL;
		r = run_once(call);
	}
	return r ? r : promo_answer_success(ctx, call->out, &call->answer);
}
