/* SPDX-License-Identifier: MIT */
#include "libpromo/client/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/client/transfer.h"

enum {
	TIMEOUT_MS = 30000,
	RETRIES_MAX = 3,      /* of what certainly did nothing */
	PAUSE_FIRST_MS = 100, /* doubled for each retry, and half of it left to chance */
	DOUBLINGS_MAX = 4,
	SHARES = 3, /* of the time of a call: one try may take no more where another may follow */
};

struct promo_client {
	struct transfer *transfer;
	char *server; /* as configured, for messages */
	char *token;
	int64_t timeout_ms;
};

static void forget_token(struct promo_client *client)
{
	if (client->token)
		explicit_bzero(client->token, strlen(client->token));
	free(client->token);
	client->token = NULL;
}

int promo_client_new(const struct promo_client_config *config, struct promo_client **ret)
{
	struct promo_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return promo_fault(-ENOMEM, "could not make a client");
	client->timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : TIMEOUT_MS;
	r = promo_base_init();
	if (!r)
		r = transfer_new(config, &client->transfer);
	if (!r)
		r = promo_client_set_token(client, config->token);
	if (!r) {
		client->server = strdup(config->server);
		if (!client->server)
			r = promo_fault(-ENOMEM, "could not make a client");
	}
	if (r) {
		promo_client_free(client);
		return r;
	}
	*ret = client;
	return 0;
}

void promo_client_free(struct promo_client *client)
{
	if (!client)
		return;
	transfer_free(client->transfer);
	forget_token(client);
	free(client->server);
	free(client);
}

int promo_client_set_token(struct promo_client *client, const char *token)
{
	char *copy = NULL;

	if (token) {
		copy = strdup(token);
		if (!copy)
			return promo_fault(-ENOMEM, "could not keep a token");
	}
	forget_token(client);
	client->token = copy;
	return 0;
}

bool promo_client_is_clear(const struct promo_client *client)
{
	return transfer_is_clear(client->transfer);
}

/* Whether sending it twice does no more than sending it once. */
static bool is_safe(const struct promo_op *op, const struct transfer_request *request)
{
	return !(op->flags & PROMO_OP_WRITES) ||
	       ((op->flags & PROMO_OP_KEY) && request->idempotency_key);
}

/* What a call has come to over all its tries. */
struct course {
	int tries;    /* before this one */
	bool silent;  /* this one may have done it and did not tell */
	bool unknown; /* this one or an earlier one */
};

/* False when a signal wanted to be heard before the time was over. */
static bool pause_ms(int64_t ms)
{
	return poll(NULL, 0, (int)ms) == 0;
}

/* Whether an answer says what became of the request. A gateway that got none (502, 504) knows no more
 * than we do, nor does a 503 that is not a promo server's, or a server without memory for a word. */
static int tells_nothing(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, bool *ret)
{
	struct promo_problem problem = { 0 };
	int r;

	*ret = answer->status == 502 || answer->status == 504 ||
	       (answer->status == 500 && !answer->body);
	if (answer->status != 503)
		return 0;
	/* By its code alone. */
	r = promo_decode_problem(answer->body, op, 0, arena, &problem);
	*ret = problem.error != PROMO_E_UNAVAILABLE;
	return r;
}

/* Whether this try may have done what was asked, though nobody said so. */
static int may_be_done(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, bool *ret)
{
	*ret = false;
	if (!(op->flags & PROMO_OP_WRITES))
		return 0;
	if (answer->complete)
		return tells_nothing(op, answer, arena, ret);
	*ret = answer->sent;
	return 0;
}

/* How long to wait before another try; -1: there is to be none. */
static int64_t pause_before_retry(const struct promo_op *op, const struct transfer_request *request,
	const struct transfer_answer *answer, const struct course *course)
{
	const struct promo_random random = promo_random_system();
	const int doublings = course->tries < DOUBLINGS_MAX ? course->tries : DOUBLINGS_MAX;
	const int64_t pause = PAUSE_FIRST_MS << doublings;
	const int64_t backoff =
		pause / 2 + (int64_t)promo_random_below(&random, (uint32_t)(pause / 2) + 1);
	const bool turned_away = answer->status == 503 || answer->status == 429;

	/* What was perhaps done is asked for as long as there is time. */
	if ((course->tries >= RETRIES_MAX && !course->unknown) || answer->hopeless ||
		answer->written || answer->bytes > 0)
		return -1;
	if (!answer->complete)
		return is_safe(op, request) || !answer->sent ? backoff : -1;
	if (!is_safe(op, request))
		return -1;
	if (turned_away && answer->retry_after_s > 0)
		return answer->retry_after_s * 1000 + backoff / 2;
	return course->silent || (course->unknown && turned_away) ? backoff : -1;
}

/* Sends until an answer came that is one, or nothing more may be tried. */
static int run(struct promo_client *client, const struct promo_op *op,
	struct transfer_request *request, struct promo_arena *arena, struct transfer_answer *ret,
	bool *ret_unknown)
{
	const int64_t whole_ms = client->timeout_ms + request->prefer_wait_s * 1000;
	const int64_t deadline_ms = promo_monotonic_ms() + whole_ms;
	/* A try that is never answered must leave time for the one that is. */
	const bool shares = (op->flags & PROMO_OP_WRITES) && is_safe(op, request);
	struct course course = { 0 };

	for (;; course.tries++) {
		const int64_t left_ms = deadline_ms - promo_monotonic_ms();
		const int64_t most_ms = shares ? whole_ms / SHARES : whole_ms;
		int64_t pause;
		int r;

		request->timeout_ms = left_ms < most_ms ? left_ms : most_ms;
		if (request->timeout_ms < 1)
			request->timeout_ms = 1;
		r = transfer_run(client->transfer, request, arena, ret);
		if (!r)
			r = may_be_done(op, ret, arena, &course.silent);
		if (r)
			return r;
		course.unknown = course.unknown || course.silent;
		*ret_unknown = course.unknown;
		pause = pause_before_retry(op, request, ret, &course);
		if (pause < 0 || promo_monotonic_ms() + pause >= deadline_ms || !pause_ms(pause))
			return 0;
	}
}

/* No answer, or none that can be understood. Who wrote something cannot know now whether it was
 * done; a request that never left did nothing. */
static int refuse_unanswered(const struct promo_client *client, const char *why, bool unknown,
	struct promo_arena *arena, struct promo_problem *problem)
{
	if (unknown)
		return promo_refuse(problem, arena, PROMO_E_OUTCOME_UNKNOWN,
			"it is not known whether this was done, since no answer came from %s: %s",
			client->server, why);
	return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
		"could not get an answer from %s: %s", client->server, why);
}

static int decode_noun(
	const struct promo_schema *schema, const char *body, struct promo_arena *arena, void **ret)
{
	void *out = promo_arena_alloc(arena, schema->size);
	int r;

	if (!out)
		return promo_fault(-ENOMEM, "could not read an answer");
	r = promo_decode_output(schema, body ? body : "", arena, out);
	if (!r)
		*ret = out;
	return r;
}

static int decode_page(
	const struct promo_schema *schema, const char *body, struct promo_arena *arena, void **ret)
{
	struct promo_list *list = promo_arena_alloc(arena, sizeof(*list));
	int r;

	if (!list)
		return promo_fault(-ENOMEM, "could not read an answer");
	r = promo_decode_list(schema, body ? body : "", arena, list);
	if (!r)
		*ret = list;
	return r;
}

static int decode_success(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, struct promo_reply *reply)
{
	if (op->other_status && answer->status == op->other_status)
		return decode_noun(op->other_out, answer->body, arena, &reply->other);
	if (op->shape == PROMO_SHAPE_LIST)
		return decode_page(op->out, answer->body, arena, &reply->out);
	if (op->shape == PROMO_SHAPE_ONE)
		return decode_noun(op->out, answer->body, arena, &reply->out);
	return 0;
}

/* Whether a refusal of the last try says that no earlier one did anything. Those that only say that
 * one may not ask now do not; the others come from a server that knows the key, or whose answer
 * depends on the request alone. */
static bool settles(int status)
{
	return status == 400 || status == 404 || status == 409 || status == 422;
}

static int take_problem(const struct promo_client *client, const struct promo_op *op,
	const struct transfer_answer *answer, bool unknown, struct promo_arena *arena,
	struct promo_reply *reply)
{
	struct promo_problem *problem = &reply->problem;
	int r;

	if (answer->status < 400 && !unknown)
		return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
			"%s does not answer as a promo server does: it sent status %d, check the "
			"address",
			client->server, answer->status);
	r = promo_decode_problem(answer->body, op, answer->status, arena, problem);
	if (r)
		return r;
	problem->retry_after_s = answer->retry_after_s;
	if (unknown && !settles(answer->status) && problem->error != PROMO_E_OUTCOME_UNKNOWN)
		return promo_refuse(problem, arena, PROMO_E_OUTCOME_UNKNOWN,
			"it is not known whether this was done: no answer came, and when it was "
			"asked for again, %s said: %s",
			client->server,
			problem->detail ? problem->detail : promo_error_info(problem->error)->text);
	return problem->error;
}

static int take_answer(const struct promo_client *client, const struct promo_op *op,
	const struct transfer_answer *answer, bool unknown, struct promo_arena *arena,
	struct promo_reply *reply)
{
	int r;

	reply->http_status = answer->status;
	reply->json = answer->body;
	reply->request_id = answer->request_id;
	reply->location = answer->location;
	reply->etag = answer->etag;
	/* That a lost answer is read back is no repetition by the caller. */
	reply->replayed = answer->replayed && !unknown;
	if (answer->written)
		return answer->written;
	if (!answer->complete)
		return refuse_unanswered(client, answer->why ? answer->why : "no memory", unknown,
			arena, &reply->problem);
	if (answer->status < 200 || answer->status >= 300)
		return take_problem(client, op, answer, unknown, arena, reply);
	r = decode_success(op, answer, arena, reply);
	if (r > 0)
		return refuse_unanswered(client, "what it sent is not an answer of a promo server",
			op->flags & PROMO_OP_WRITES, arena, &reply->problem);
	return r;
}

static int call(struct promo_client *client, const struct promo_op *op, const void *in,
	struct transfer_request *request, struct promo_arena *arena, struct promo_reply *reply,
	struct transfer_answer *answer)
{
	bool unknown = false;
	int r;

	*reply = (struct promo_reply){ 0 };
	if (op->in && !in) {
		in = promo_arena_alloc(arena, op->in->size);
		if (!in)
			return promo_fault(-ENOMEM, "could not compose a request");
	}
	r = promo_encode_input(op, in, arena, &request->path, &request->body);
	if (r)
		return r;
	request->method = promo_method_name(op->method);
	request->token = client->token;
	request->only_once = !is_safe(op, request);
	r = run(client, op, request, arena, answer, &unknown);
	if (r > 0)
		return promo_refuse(&reply->problem, arena, r,
			"the token, the idempotency key or the version cannot stand in a header");
	return r ? r : take_answer(client, op, answer, unknown, arena, reply);
}

int promo_client_call(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, struct promo_arena *arena, struct promo_reply *ret)
{
	struct transfer_answer answer;
	struct transfer_request request = { 0 };

	if (options) {
		request.idempotency_key = options->idempotency_key;
		request.if_match = options->if_match;
		request.prefer_wait_s = options->prefer_wait_s;
	}
	return call(client, op, in, &request, arena, ret, &answer);
}

int promo_client_download(struct promo_client *client, const struct promo_op *op, const void *in,
	promo_write_fn *write, void *context, struct promo_arena *arena,
	struct promo_reply *ret_reply, struct promo_download *ret)
{
	struct transfer_request request = { .write = write, .context = context };
	struct transfer_answer answer;
	int r = call(client, op, in, &request, arena, ret_reply, &answer);

	if (r)
		return r;
	*ret = (struct promo_download){ .filename = answer.filename, .bytes = answer.bytes };
	return 0;
}
