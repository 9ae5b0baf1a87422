/* SPDX-License-Identifier: MIT */
#include "tests/promo-tui/canned.h"

#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"

enum {
	BYTES_MAX = 64 * 1024 * 1024,
	CALLS_MAX = 64
};

struct canned {
	struct tui_remote base; /* first: see canned_of() */
	struct promo_arena *arena;
	struct tui_reply waiting[CALLS_MAX], ready[CALLS_MAX];
	size_t waiting_count, ready_count;
	const char *sent;
	const char *last_key; /* NULL: none yet */
	bool struggles;
};

static struct canned *canned_of(struct tui_remote *base)
{
	return (struct canned *)base;
}

static int canned_connect(struct tui_remote *base, const char *server, const char *token)
{
	(void)base;
	(void)token;
	return strncmp(server, "http", 4) == 0 || strncmp(server, "unix:", 5) == 0
		       ? 0
		       : PROMO_E_INVALID_INPUT;
}

static int canned_set_token(struct tui_remote *base, const char *token)
{
	(void)base;
	(void)token;
	return 0;
}

static bool canned_is_clear(const struct tui_remote *base, const char *server)
{
	(void)base;
	return server && strncmp(server, "http:", 5) == 0;
}

/* The key is another one in each run; whether there is one, and the one of before, is what matters. */
static const char *say_key(struct canned *canned, const char *key)
{
	const char *before = canned->last_key;

	if (!key)
		return "";
	canned->last_key = promo_arena_strdup(canned->arena, key);
	return before && strcmp(before, key) == 0 ? " (with the same key)" : " (with a key)";
}

static int canned_begin(struct tui_remote *base, const struct tui_call *call)
{
	struct canned *canned = canned_of(base);
	const char *path, *body;
	struct tui_reply *reply = &canned->waiting[canned->waiting_count];

	if (call->server && canned_connect(base, call->server, NULL))
		return PROMO_E_INVALID_INPUT;
	if (canned->waiting_count == CALLS_MAX ||
		promo_encode_input(call->op, call->in, canned->arena, &path, &body))
		return PROMO_E_UNAVAILABLE;
	canned->sent = promo_arena_printf(canned->arena, "%s--> %s%s%s%s %s%s%s%s\n", canned->sent,
		call->server ? "(" : "", call->server ? call->server : "", call->server ? ") " : "",
		promo_method_name(call->op->method), path, body ? " " : "", body ? body : "",
		say_key(canned, call->idempotency_key));
	*reply = (struct tui_reply){
		.tag = call->tag,
		.generation = call->generation,
		.session = call->session,
		.elsewhere = call->server,
		.op = call->op,
		.idempotency_key = promo_arena_strdup(canned->arena, call->idempotency_key),
	};
	canned->waiting_count++;
	return canned->sent ? 0 : PROMO_E_UNAVAILABLE;
}

static void take_out(struct canned *canned, size_t index)
{
	canned->waiting_count--;
	memmove(&canned->waiting[index], &canned->waiting[index + 1],
		(canned->waiting_count - index) * sizeof(canned->waiting[0]));
}

static void canned_cancel(struct tui_remote *base, uint64_t generation)
{
	struct canned *canned = canned_of(base);

	for (size_t i = canned->waiting_count; i-- > 0;)
		if (canned->waiting[i].generation == generation &&
			!canned->waiting[i].idempotency_key)
			take_out(canned, i);
}

static bool canned_is_struggling(const struct tui_remote *base)
{
	return ((const struct canned *)base)->struggles;
}

void canned_struggle(struct canned *canned, bool struggles)
{
	canned->struggles = struggles;
}

static bool canned_next(struct tui_remote *base, struct tui_reply *ret)
{
	struct canned *canned = canned_of(base);

	if (!canned->ready_count)
		return false;
	*ret = canned->ready[0];
	canned->ready_count--;
	memmove(&canned->ready[0], &canned->ready[1],
		canned->ready_count * sizeof(canned->ready[0]));
	return true;
}

static int decode(struct canned *canned, struct tui_reply *reply, const char *json)
{
	const struct promo_op *op = reply->op;
	struct promo_list *list;

	if (op->shape == PROMO_SHAPE_NONE)
		return 0;
	if (op->shape == PROMO_SHAPE_LIST) {
		list = reply->reply.out = promo_arena_alloc(canned->arena, sizeof(*list));
		return promo_decode_list(op, json, canned->arena, list);
	}
	reply->reply.out = promo_arena_alloc(canned->arena, op->out->size);
	return promo_decode_output(op->out, json, canned->arena, reply->reply.out);
}

/* As client/answer.c puts them together. */
static bool fill(struct canned *canned, struct tui_reply *reply, int status, const char *json)
{
	struct promo_problem *problem = &reply->reply.problem;

	reply->reply.http_status = status;
	reply->reply.json = promo_arena_strdup(canned->arena, json);
	if (status == 0)
		reply->error = promo_refuse(problem, canned->arena, PROMO_E_UNAVAILABLE,
			"the server could not be reached");
	else if (status < 300)
		return decode(canned, reply, json) == 0;
	else if (promo_decode_problem(json, reply->op, status, canned->arena, problem) < 0)
		return false;
	else
		reply->error = problem->error;
	return true;
}

bool canned_answer(
	struct canned *canned, const char *op, int status, int retry_after_s, const char *json)
{
	for (size_t i = 0; i < canned->waiting_count; i++) {
		struct tui_reply *reply = &canned->ready[canned->ready_count];

		if (strcmp(canned->waiting[i].op->name, op) != 0)
			continue;
		*reply = canned->waiting[i];
		take_out(canned, i);
		canned->ready_count++;
		if (!fill(canned, reply, status, json))
			return false;
		reply->reply.problem.retry_after_s = retry_after_s;
		return true;
	}
	return false;
}

const char *canned_sent(struct canned *canned)
{
	const char *sent = canned->sent;

	canned->sent = "";
	return sent;
}

const char *canned_waiting(struct canned *canned)
{
	const char *text = "";

	for (size_t i = 0; i < canned->waiting_count && text; i++)
		text = promo_arena_printf(
			canned->arena, "%s %s", text, canned->waiting[i].op->name);
	return text;
}

int canned_new(struct canned **ret)
{
	struct canned *canned = calloc(1, sizeof(*canned));

	if (!canned)
		return -1;
	canned->arena = promo_arena_new(BYTES_MAX);
	canned->sent = "";
	canned->base = (struct tui_remote){
		.connect = canned_connect,
		.set_token = canned_set_token,
		.is_clear = canned_is_clear,
		.begin = canned_begin,
		.cancel = canned_cancel,
		.next = canned_next,
		.is_struggling = canned_is_struggling,
	};
	*ret = canned;
	return canned->arena ? 0 : -1;
}

void canned_free(struct canned *canned)
{
	promo_arena_free(canned->arena);
	free(canned);
}

struct tui_remote *canned_remote(struct canned *canned)
{
	return &canned->base;
}
