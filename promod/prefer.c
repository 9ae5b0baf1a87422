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

bool promod_call_wait_for_job(struct promod_call *call)
{
	const struct promod_dispatch_config *config = &call->dispatch->config;
	struct promod_text text;
	const char *prefer;
	int seconds;

	if (!promo_run_queued_job(&call->answer) ||
		!promod_head_find(&call->exchange->head, "prefer", &text))
		return false;
	prefer = promo_arena_strndup(call->exchange->arena, text.at, text.size);
	seconds = promod_job_wait_seconds(prefer);
	call->job_wait.look = look;
	call->job_wait.over = over;
	return seconds > 0 &&
	       promod_job_waits_take(config->job_waits, config->workers, &call->job_wait, seconds);
}
