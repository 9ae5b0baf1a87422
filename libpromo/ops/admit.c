/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/log.h"
#include "libpromo/base/utf8.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/auth_cache.h"
#include "libpromo/ops/call.h"
#include "libpromo/ops/fence.h"
#include "libpromo/ops/idempotency.h"
#include "libpromo/ops/upload.h"

enum {
	USER_AGENT_MAX = 250, /* columns; what is longer says no more */
	RETRY_AFTER_MAINTENANCE_S = 60,
};

static bool is_address(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

int promo_call_clean(struct promo_call *call)
{
	struct promo_request *request = &call->request;
	const char *agent;
	int r;

	/* A unix socket has none, and PostgreSQL takes no zone (fe80::1%eth0). */
	if (request->ip && !is_address(request->ip))
		request->ip = NULL;
	if (!request->user_agent)
		return 0;
	r = promo_utf8_strip_controls(call->ctx.arena, request->user_agent, &agent);
	if (r)
		return r;
	request->user_agent =
		promo_arena_strndup(call->ctx.arena, agent, promo_utf8_fit(agent, USER_AGENT_MAX));
	return request->user_agent ? 0 : promo_fault(-ENOMEM, "could not keep a user agent");
}

/*
 * Who asks.
 */

static int read_facts(struct promo_call *call, struct promo_auth_facts *ret)
{
	struct promo_runner *runner = call->runner;
	bool anonymous = call->ctx.op->access == PROMO_ACCESS_PUBLIC;
	int r;

	r = promo_runner_ready(runner, call->ctx.arena);
	if (r)
		return r;
	r = promo_auth_read(
		runner->store, call->ctx.arena, anonymous ? NULL : call->request.token, ret);
	if (r)
		return r;
	r = promo_settings_load(runner->settings, runner->store, ret->settings_version);
	if (!r)
		ret->must_enrol =
			promo_auth_must_enrol(runner->settings, ret->mfa_enabled, &ret->roles);
	return r;
}

int promo_call_read_settings(struct promo_call *call)
{
	struct promo_auth_facts facts = { 0 };

	return read_facts(call, &facts);
}

/* Notes that the session or key is in use. Whether that worked is not the request's concern. */
static void touch(struct promo_call *call, const struct promo_auth_limits *limits,
	struct promo_auth_facts *facts)
{
	const struct promo_actor *actor = &call->actor;
	const int64_t seen_ms = promo_auth_seen_ms(actor, limits);
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);

	if (!actor->user_id || facts->at - facts->last_seen_at <= seen_ms)
		return;
	promo_param_text(&params, actor->api_key_id ? actor->api_key_id : actor->session_id);
	promo_param_int(&params, seen_ms);
	if (promo_store_exec(call->runner->store,
		    actor->api_key_id ? PROMO_Q_API_KEY_TOUCH : PROMO_Q_SESSION_TOUCH, &params,
		    NULL))
		promo_log(PROMO_LOG_DEBUG, "could not note that a session or key is in use");
	else
		facts->last_seen_at = facts->at;
}

/* For the lanes. A public operation looks at no token, so nothing was read about one. */
static void keep_facts(const struct promo_call *call, const struct promo_auth_facts *facts)
{
	struct promo_auth_cache *cache = call->runner->config->auth_cache;

	if (cache && call->ctx.op->access != PROMO_ACCESS_PUBLIC)
		promo_auth_cache_put(cache, call->request.token, facts);
}

int promo_call_identify(struct promo_call *call)
{
	struct promo_auth_facts facts = { 0 };
	struct promo_auth_limits limits;
	int r;

	for (;;) {
		r = read_facts(call, &facts);
		if (r >= 0)
			break;
		r = promo_runner_recover(call->runner, r, promo_runner_failure(call->runner, false),
			true, &call->attempts);
		if (r)
			break;
	}
	if (r)
		return r;
	call->ctx.now_ms = facts.at;
	call->maintenance = facts.maintenance;
	if (call->actor.kind == PROMO_ACTOR_SYSTEM)
		return 0;
	limits = promo_auth_limits(call->runner->settings);
	r = promo_auth_judge(&facts, call->ctx.op->access == PROMO_ACCESS_PUBLIC, &limits,
		call->request.ip, &call->actor);
	if (!r)
		touch(call, &limits, &facts);
	keep_facts(call, &facts);
	return r;
}

/*
 * What he says.
 */

static int check_key(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;
	const char *key = call->request.idempotency_key;

	if (!(ctx->op->flags & PROMO_OP_KEY))
		return 0;
	if (!key)
		return ctx->op->flags & PROMO_OP_KEY_REQUIRED ? PROMO_E_IDEMPOTENCY_KEY_REQUIRED
							      : 0;
	if (!promo_idempotency_valid(key))
		return promo_ctx_refuse(ctx, PROMO_E_MALFORMED_REQUEST,
			"Idempotency-Key has to be 1 to 255 visible ASCII characters");
	ctx->key = key;
	return 0;
}

static int check_if_match(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;
	const char *text = call->request.if_match;
	char *end;

	if (!(ctx->op->flags & PROMO_OP_IF_MATCH))
		return 0;
	if (!text)
		return PROMO_E_PRECONDITION_REQUIRED;
	errno = 0;
	ctx->if_match = text[0] == '"' ? strtoll(text + 1, &end, 10) : 0;
	if (text[0] != '"' || errno || end == text + 1 || strcmp(end, "\"") != 0)
		return promo_ctx_refuse(ctx, PROMO_E_VERSION_MISMATCH,
			"If-Match has to be the ETag of what was read, such as \"3\"");
	return 0;
}

/* What has no body needs no type. */
static int check_content_type(struct promo_call *call)
{
	const struct promo_op *op = call->ctx.op;
	const bool has_body = call->request.input.body && call->request.input.body_size > 0;

	if ((op->body == PROMO_BODY_JSON && !has_body) ||
		promo_op_takes_type(op, call->request.content_type))
		return 0;
	return promo_ctx_refuse(&call->ctx, PROMO_E_UNSUPPORTED_MEDIA_TYPE, "it has to be %s",
		op->body == PROMO_BODY_JSON ? "application/json" : op->media_types[0]);
}

int promo_call_decode(struct promo_call *call)
{
	const struct promo_decode_env env = {
		.country_code =
			promo_settings_text(call->runner->settings, PROMO_SETTING_COUNTRY_CODE),
	};
	struct promo_ctx *ctx = &call->ctx;

	if (call->in)
		return 0;
	if (ctx->op->in) {
		call->in = promo_arena_alloc(ctx->arena, ctx->op->in->size);
		if (!call->in)
			return promo_fault(-ENOMEM, "could not decode an input");
	}
	return promo_decode_input(
		ctx->op, &call->request.input, &env, ctx->arena, &ctx->problem, call->in);
}

int promo_call_make_room(struct promo_call *call)
{
	if (call->out_size == 0)
		return 0;
	call->out = promo_arena_alloc(call->ctx.arena, call->out_size);
	return call->out ? 0 : promo_fault(-ENOMEM, "could not make room for an answer");
}

/* What is done before the transaction; a lost connection costs only time (bind.h). */
static int prepare(struct promo_call *call, promo_before_fn *work)
{
	const size_t named = call->ctx.problem.field_count;
	int r;

	if (!work)
		return 0;
	for (;;) {
		r = work(&call->ctx, call->in);
		if (r >= 0)
			return r;
		r = promo_runner_recover(call->runner, r, promo_runner_failure(call->runner, false),
			true, &call->attempts);
		if (r)
			return r;
		call->ctx.problem.field_count = named;
	}
}

/* The input; where its form is bad, all that is wrong with it beside its form is named as well. */
static int take_input(struct promo_call *call)
{
	int r, checked;

	r = promo_call_decode(call);
	if (r != PROMO_E_INVALID_INPUT)
		return r;
	checked = prepare(call, call->binding->check);
	return checked && checked != PROMO_E_INVALID_INPUT ? checked : r;
}

/* What stands for the request beside its key; a file is the same where its hash is. */
static int hash_input(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;
	const char *both;
	char *hash;
	int r;

	r = promo_idempotency_hash(
		ctx->op, call->in, call->runner->config->hash_key, ctx->arena, &ctx->in_hash);
	if (r || !ctx->upload)
		return r;
	both = promo_arena_printf(
		ctx->arena, "%s %s", ctx->in_hash, promo_upload_sha256(ctx->upload));
	hash = promo_arena_alloc(ctx->arena, PROMO_HASH_HEX_SIZE);
	if (!both || !hash)
		return promo_fault(-ENOMEM, "could not hash an input");
	promo_hash_text(both, hash);
	ctx->in_hash = hash;
	return 0;
}

bool promo_call_rests(const struct promo_op *op, const struct promo_actor *actor)
{
	return promo_op_rests(op) &&
	       !promo_permissions_has(actor->permissions, PROMO_P_SYSTEM_SETTINGS_UPDATE);
}

/* Who works on the system keeps working; everybody else is told what the settings say. */
static int check_maintenance(struct promo_call *call)
{
	struct promo_ctx *ctx = &call->ctx;
	const char *message;
	int r;

	if (!call->maintenance || !promo_call_rests(ctx->op, &call->actor))
		return 0;
	message = promo_settings_text(call->runner->settings, PROMO_SETTING_MAINTENANCE_MESSAGE);
	r = promo_ctx_refuse(ctx, PROMO_E_MAINTENANCE, "%s",
		*message ? message : promo_error_info(PROMO_E_MAINTENANCE)->text);
	ctx->problem.retry_after_s = RETRY_AFTER_MAINTENANCE_S;
	return r;
}

/* Rights, headers, input, in the order in which refusals come. */
static int look_at(struct promo_call *call, int (*take)(struct promo_call *call))
{
	struct promo_ctx *ctx = &call->ctx;
	int r;

	r = promo_with_auth(ctx->op, &call->actor, NULL, ctx->arena, &ctx->problem);
	if (!r)
		r = check_maintenance(call);
	if (!r)
		r = check_content_type(call);
	if (!r)
		r = check_key(call);
	if (!r)
		r = check_if_match(call);
	if (!r)
		r = take(call);
	if (!r)
		r = promo_with_auth(ctx->op, &call->actor, call->in, ctx->arena, &ctx->problem);
	if (!r && ctx->key)
		r = hash_input(call);
	if (!r)
		r = promo_call_make_room(call);
	if (!r)
		ctx->own_only = promo_auth_own_only(ctx->op, &call->actor);
	return r;
}

int promo_call_admit_known(struct promo_call *call)
{
	return look_at(call, promo_call_decode);
}

int promo_call_admit_body(struct promo_call *call)
{
	int r;

	r = look_at(call, promo_call_decode);
	return r ? r : prepare(call, call->binding->check);
}

/* For what rests on nothing being under way upon an older state of a batch. */
static int pass_fence(struct promo_call *call)
{
	int r = promo_fence_pass(call->runner, call->ctx.arena);

	return r ? promo_ctx_refuse(&call->ctx, PROMO_E_UNAVAILABLE,
			   "what began before the batch was blocked may still go on; nothing was "
			   "changed, try again")
		 : 0;
}

int promo_call_admit(struct promo_call *call)
{
	int r;

	r = look_at(call, take_input);
	if (!r)
		r = prepare(call, call->binding->before);
	if (!r && call->ctx.pass_fence)
		r = pass_fence(call);
	call->note = call->ctx.audit;
	return r;
}
