/* SPDX-License-Identifier: MIT */
#include "libpromo/client/client.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/client/address.h"
#include "libpromo/client/answer.h"
#include "libpromo/client/transfer.h"

enum {
	TIMEOUT_MS = 30000,
	RETRIES_MAX = 3,      /* of what certainly did nothing */
	STRUGGLE_MS = 1000,   /* a try that failed so late is news by itself */
	PAUSE_FIRST_MS = 100, /* doubled for each retry, and half of it left to chance */
	DOUBLINGS_MAX = 4,
	SHARES = 3, /* of the time of a call: one try may take no more where another may follow */
};

struct promo_client {
	struct transfer *transfer;
	char *server; /* as configured, for messages */
	char *token;
	int64_t timeout_ms;
	bool impatient;
	struct promo_client_call *calls;
};

/* What a call has come to over all its tries. */
struct course {
	int tries;    /* before this one */
	bool silent;  /* this one may have done it and did not tell */
	bool unknown; /* this one or an earlier one */
};

/* A try is under way (exchange), or the next one begins at next_ms, or it is over. */
struct promo_client_call {
	struct promo_client_call *next;
	struct promo_client *client;
	const struct promo_op *op;
	struct promo_arena *arena;
	char *token; /* the client may be given another one meanwhile */
	struct transfer_request request;
	struct transfer_exchange *exchange;
	struct transfer_answer answer;
	struct promo_reply reply;
	struct course course;
	int64_t whole_ms, deadline_ms, next_ms;
	bool lost; /* the last try had no answer */
	bool over;
	int result;
};

static void forget_token(char **token)
{
	if (*token)
		explicit_bzero(*token, strlen(*token));
	free(*token);
	*token = NULL;
}

int promo_client_new(const struct promo_client_config *config, struct promo_client **ret)
{
	struct promo_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return promo_fault(-ENOMEM, "could not make a client");
	client->impatient = config->impatient;
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
	assert(!client->calls);
	transfer_free(client->transfer);
	forget_token(&client->token);
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
	forget_token(&client->token);
	client->token = copy;
	return 0;
}

bool promo_client_is_clear(const struct promo_client *client)
{
	return transfer_is_clear(client->transfer);
}

bool promo_client_address_is_clear(const char *server)
{
	struct address address;
	bool clear;

	if (address_parse(server, &address))
		return false;
	clear = address.clear;
	address_release(&address);
	return clear;
}

/* Whether sending it twice does no more than sending it once. */
static bool is_safe(const struct promo_op *op, const struct transfer_request *request)
{
	return !(op->flags & PROMO_OP_WRITES) ||
	       ((op->flags & PROMO_OP_KEY) && request->idempotency_key);
}

/* How long to wait before another try; -1: there is to be none. */
static int64_t pause_before_retry(const struct promo_client_call *call)
{
	const struct transfer_answer *answer = &call->answer;
	const struct course *course = &call->course;
	const bool safe = is_safe(call->op, &call->request);
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
		return safe || !answer->sent ? backoff : -1;
	if (!safe)
		return -1;
	if (turned_away && answer->retry_after_s > 0 && call->client->impatient && !course->unknown)
		return -1;
	if (turned_away && answer->retry_after_s > 0)
		return answer->retry_after_s * 1000 + backoff / 2;
	return course->silent || (course->unknown && turned_away) ? backoff : -1;
}

static void finish(struct promo_client_call *call, int r)
{
	if (r > 0)
		r = promo_refuse(&call->reply.problem, call->arena, r,
			"the token, the idempotency key or the version cannot stand in a header");
	else if (!r)
		r = answer_take(call->client->server, call->op, &call->answer, call->course.unknown,
			call->arena, &call->reply);
	call->result = r;
	call->over = true;
}

static void send_try(struct promo_client_call *call)
{
	const int64_t left_ms = call->deadline_ms - promo_monotonic_ms();
	/* A try that is never answered must leave time for the one that is. */
	const bool shares =
		(call->op->flags & PROMO_OP_WRITES) && is_safe(call->op, &call->request);
	const int64_t most_ms = shares ? call->whole_ms / SHARES : call->whole_ms;
	int r;

	call->request.timeout_ms = left_ms < most_ms ? left_ms : most_ms;
	if (call->request.timeout_ms < 1)
		call->request.timeout_ms = 1;
	r = transfer_begin(call->client->transfer, &call->request, call->arena, &call->answer,
		&call->exchange);
	if (r)
		finish(call, r);
}

/* A try is over: another one follows after a pause, or nothing more may be tried. */
static void take_try(struct promo_client_call *call)
{
	int64_t pause;
	int r = transfer_end(call->client->transfer, TAKE_PTR(call->exchange));

	if (!r)
		r = answer_may_be_done(call->op, &call->answer, call->arena, &call->course.silent);
	if (r) {
		finish(call, r);
		return;
	}
	call->lost = !call->answer.complete;
	call->course.unknown = call->course.unknown || call->course.silent;
	pause = pause_before_retry(call);
	call->course.tries++;
	call->next_ms = promo_monotonic_ms() + pause;
	if (pause < 0 || call->next_ms >= call->deadline_ms)
		finish(call, 0);
}

/* Does what can be done now. */
static void advance(struct promo_client_call *call)
{
	if (call->exchange && transfer_is_over(call->exchange))
		take_try(call);
	if (!call->over && !call->exchange && call->next_ms <= promo_monotonic_ms())
		send_try(call);
}

/* Until when nothing happens by itself; -1: for good. */
static int next_timeout_ms(const struct promo_client *client, int timeout_ms)
{
	const int64_t now_ms = promo_monotonic_ms();

	for (const struct promo_client_call *call = client->calls; call; call = call->next) {
		int64_t left_ms = call->next_ms - now_ms;

		if (call->over)
			return 0;
		if (call->exchange)
			continue;
		left_ms = left_ms > 0 ? left_ms : 0;
		if (timeout_ms < 0 || left_ms < timeout_ms)
			timeout_ms = (int)left_ms;
	}
	return timeout_ms;
}

static int wait_once(struct promo_client *client, struct pollfd *fds, size_t count, int timeout_ms,
	bool *ret_interrupted)
{
	int r = transfer_wait(
		client->transfer, fds, count, next_timeout_ms(client, timeout_ms), ret_interrupted);

	for (struct promo_client_call *call = client->calls; call; call = call->next)
		advance(call);
	return r;
}

/* The texts of the request last as long as the call: they are encoded, or copied, into its arena. */
static int compose(struct promo_client_call *call, const void *in, const struct promo_call *options)
{
	struct transfer_request *request = &call->request;
	const struct promo_op *op = call->op;

	if (op->in && !in) {
		in = promo_arena_alloc(call->arena, op->in->size);
		if (!in)
			return promo_fault(-ENOMEM, "could not compose a request");
	}
	request->method = promo_method_name(op->method);
	if (call->client->token) {
		request->token = call->token = strdup(call->client->token);
		if (!call->token)
			return promo_fault(-ENOMEM, "could not compose a request");
	}
	if (options) {
		request->prefer_wait_s = options->prefer_wait_s;
		request->idempotency_key =
			promo_arena_strdup(call->arena, options->idempotency_key);
		request->if_match = promo_arena_strdup(call->arena, options->if_match);
		if ((options->idempotency_key && !request->idempotency_key) ||
			(options->if_match && !request->if_match))
			return promo_fault(-ENOMEM, "could not compose a request");
	}
	request->only_once = op->flags & PROMO_OP_WRITES;
	request->fresh = !is_safe(op, request);
	return promo_encode_input(op, in, call->arena, &request->path, &request->body);
}

static int begin(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, const struct promo_client_call *like,
	struct promo_client_call **ret)
{
	struct promo_client_call *call = calloc(1, sizeof(*call));
	int r;

	if (!call)
		return promo_fault(-ENOMEM, "could not begin a call");
	*call = *like;
	call->client = client;
	call->op = op;
	r = compose(call, in, options);
	if (r) {
		forget_token(&call->token);
		free(call);
		return r;
	}
	call->whole_ms = client->timeout_ms + call->request.prefer_wait_s * 1000;
	call->deadline_ms = promo_monotonic_ms() + call->whole_ms;
	call->next = client->calls;
	client->calls = call;
	advance(call);
	*ret = call;
	return 0;
}

int promo_client_begin(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, struct promo_arena *arena, struct promo_client_call **ret)
{
	const struct promo_client_call like = { .arena = arena };

	return begin(client, op, in, options, &like, ret);
}

bool promo_client_is_over(const struct promo_client_call *call)
{
	return call->over;
}

bool promo_client_is_struggling(const struct promo_client *client)
{
	for (const struct promo_client_call *call = client->calls; call; call = call->next) {
		const int64_t left_ms = call->deadline_ms - promo_monotonic_ms();

		if (!call->over && call->lost &&
			(call->course.tries > 1 || call->whole_ms - left_ms >= STRUGGLE_MS))
			return true;
	}
	return false;
}

void promo_client_cancel(struct promo_client_call *call)
{
	struct promo_client_call **at = &call->client->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	if (call->exchange)
		transfer_cancel(call->client->transfer, call->exchange);
	forget_token(&call->token);
	free(call);
}

int promo_client_end(struct promo_client_call *call, struct promo_reply *ret)
{
	const int r = call->result;

	assert(call->over);
	*ret = call->reply;
	promo_client_cancel(call);
	return r;
}

int promo_client_wait(struct promo_client *client, const int *fds, size_t count, int timeout_ms,
	bool *ret_readable)
{
	struct pollfd polled[PROMO_CLIENT_FDS_MAX];
	bool interrupted;
	int r;

	assert(count <= PROMO_CLIENT_FDS_MAX);
	for (size_t i = 0; i < count; i++)
		polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	r = wait_once(client, polled, count, timeout_ms, &interrupted);
	for (size_t i = 0; i < count; i++)
		ret_readable[i] = !r && polled[i].revents;
	return r;
}

/* Waits for this one. A signal ends the pause before a retry, and with it the call. */
static int run(struct promo_client_call *call)
{
	bool interrupted;
	int r;

	while (!call->over) {
		r = wait_once(call->client, NULL, 0, -1, &interrupted);
		if (r)
			return r;
		if (interrupted && !call->over && !call->exchange)
			finish(call, 0);
	}
	return 0;
}

static int call_and_wait(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, const struct promo_client_call *like,
	struct promo_reply *ret, struct promo_download *ret_download)
{
	struct promo_client_call *call;
	int r;

	*ret = (struct promo_reply){ 0 };
	r = begin(client, op, in, options, like, &call);
	if (r)
		return r;
	r = run(call);
	if (r) {
		promo_client_cancel(call);
		return r;
	}
	*ret_download = (struct promo_download){ .filename = call->answer.filename,
		.bytes = call->answer.bytes,
		.rows = call->answer.rows,
		.size = call->answer.size,
		.sha256 = call->answer.sha256 };
	return promo_client_end(call, ret);
}

int promo_client_call(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, struct promo_arena *arena, struct promo_reply *ret)
{
	const struct promo_client_call like = { .arena = arena };
	struct promo_download nothing;

	return call_and_wait(client, op, in, options, &like, ret, &nothing);
}

int promo_client_upload(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *options, const struct promo_client_file *file,
	struct promo_arena *arena, struct promo_reply *ret)
{
	const struct promo_client_call like = { .arena = arena, .request = { .file = file } };
	struct promo_download nothing;

	return call_and_wait(client, op, in, options, &like, ret, &nothing);
}

int promo_client_download(struct promo_client *client, const struct promo_op *op, const void *in,
	promo_write_fn *write, void *context, struct promo_arena *arena,
	struct promo_reply *ret_reply, struct promo_download *ret)
{
	return promo_client_resume(client, op, in, NULL, write, context, arena, ret_reply, ret);
}

int promo_client_resume(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_resume *resume, promo_write_fn *write, void *context,
	struct promo_arena *arena, struct promo_reply *ret_reply, struct promo_download *ret)
{
	const struct promo_client_call like = { .arena = arena,
		.request = { .write = write, .context = context, .resume = resume } };
	struct promo_download download;
	int r = call_and_wait(client, op, in, NULL, &like, ret_reply, &download);

	if (r)
		return r;
	*ret = download;
	return 0;
}
