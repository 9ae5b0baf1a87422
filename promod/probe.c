/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_system.h"
#include "libpromo/ops/live.h"
#include "promod/call.h"

/* What is asked by programs that watch this one. */

void promod_call_answer_health(struct promod_call *call)
{
	static const struct promo_decode_env env = { 0 };
	const struct promo_health_answer health = { .status = "ok" };
	const struct promo_op *op = call->route.op;
	struct promo_arena *arena = call->exchange->arena;
	struct promo_problem problem = { 0 };
	struct promo_answer answer = { .status = op->status, .content_type = "application/json" };
	int r;

	r = promo_decode_input(op, &call->request.input, &env, arena, &problem, NULL);
	if (!r)
		r = promo_encode(op->out, &health, arena, &answer.body);
	if (r) {
		problem.error = r;
		promo_run_refuse(&problem, op, call->request_id, arena, &answer);
	} else {
		answer.body_size = strlen(answer.body);
	}
	promod_call_tell(call, &answer);
}

int promod_metrics_allow_read(const struct promod_list *list, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_network *ret)
{
	for (size_t i = 0; i < list->count; i++)
		if (!promo_network_parse(list->items[i], &ret[i]))
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"metrics_allow: '%s' is no address and no network such as "
				"10.0.0.0/8",
				list->items[i]);
	return 0;
}

/* Whom a proxy lets in nobody can tell by the address, which is the proxy's own. Who came by a unix socket
 * was let in by its permissions. */
bool promod_call_may_read_metrics(const struct promod_call *call)
{
	const struct promod_dispatch_config *config = &call->dispatch->config;
	const char *peer = call->exchange->peer;
	bool allowed = !peer;
	struct promod_text text;

	if (promod_head_find(&call->exchange->head, "forwarded", &text) ||
		promod_head_find(&call->exchange->head, "x-forwarded-for", &text))
		return false;
	for (size_t i = 0; i < config->metrics_allow_count && !allowed; i++)
		allowed = promo_network_holds(&config->metrics_allow[i], peer);
	return allowed;
}

void promod_call_measure(const struct promod_call *call)
{
	const struct promod_dispatch_config *config = &call->dispatch->config;
	struct promo_lanes_state lanes = { 0 };
	int busy = 0, queued = 0;

	if (config->workers)
		promod_pool_measure(config->workers, &busy, &queued);
	if (config->lanes)
		lanes = promo_lanes_measure(config->lanes);
	promo_meter_set(config->meter, PROMO_GAUGE_WORKERS_BUSY, busy);
	promo_meter_set(config->meter, PROMO_GAUGE_WORKERS_QUEUED, queued);
	promo_meter_set(config->meter, PROMO_GAUGE_LANES_UP, lanes.up);
	promo_meter_set(config->meter, PROMO_GAUGE_LANES_QUEUED, lanes.queued);
	promo_meter_set(
		config->meter, PROMO_GAUGE_EVENT_STREAMS, (int64_t)promo_live_count(config->live));
}
