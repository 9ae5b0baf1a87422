/* SPDX-License-Identifier: MIT */
#include "promod/call.h"

/* Requests that wait for the job that they started. */

static struct promod_call *call_of(struct promod_job_wait *wait)
{
	return (struct promod_call *)((char *)wait - offsetof(struct promod_call, job_wait));
}

static bool look(struct promod_job_wait *wait, void *own)
{
	struct promod_call *call = call_of(wait);

	return promo_run_await(own, &call->answer, call->arena, &call->answer);
}

static void over(struct promod_job_wait *wait)
{
	struct promod_call *call = call_of(wait);

	promod_call_tell(call, &call->answer);
	promod_call_end_work(call);
}

int promod_call_prefers_wait(const struct promod_call *call)
{
	struct promod_text text;

	if (!promod_head_find(&call->exchange->head, "prefer", &text))
		return 0;
	return promod_job_wait_seconds(
		promo_arena_strndup(call->exchange->arena, text.at, text.size));
}

bool promod_call_wait_for_job(struct promod_call *call)
{
	const struct promod_dispatch_config *config = &call->dispatch->config;

	if (call->prefers_wait_s <= 0 || !promo_run_queued_job(&call->answer))
		return false;
	call->job_wait.look = look;
	call->job_wait.over = over;
	return promod_job_waits_take(
		config->job_waits, config->workers, &call->job_wait, call->prefers_wait_s);
}
