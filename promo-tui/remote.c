/* SPDX-License-Identifier: MIT */
#include "promo-tui/remote.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"

enum {
	TIMEOUT_MS = 15000,               /* of a call with its retries */
	VISIT_MS = 20,                    /* between looks at a server that is visited */
	CALL_BYTES_MAX = 64 * 1024 * 1024 /* its answer and what is decoded of it */
};

/* A call under way, or the one that was handed out last. */
struct item {
	struct item *next;
	struct promo_client_call *call;
	struct promo_arena *arena;
	struct tui_reply reply; /* elsewhere: the call is the visit's */
};

/* A server, and the client that talks to it. */
struct line {
	char *server;
	struct promo_client *client; /* NULL: not connected yet */
};

struct remote {
	struct tui_remote base; /* first: see remote_of() */
	const char *ca_file;
	struct line line, visit;
	struct item *items; /* in the order in which they began */
	struct item *handed_out;
};

static struct remote *remote_of(struct tui_remote *base)
{
	return (struct remote *)base;
}

static void free_item(struct item *item)
{
	if (!item)
		return;
	if (item->call)
		promo_client_cancel(item->call);
	promo_arena_free(item->arena);
	free(item);
}

static void free_items(struct remote *remote, bool elsewhere)
{
	struct item **at = &remote->items;

	while (*at) {
		struct item *item = *at;

		if (item->reply.elsewhere != elsewhere) {
			at = &item->next;
			continue;
		}
		*at = item->next;
		free_item(item);
	}
}

static void hang_up(struct remote *remote, bool elsewhere)
{
	struct line *line = elsewhere ? &remote->visit : &remote->line;

	free_items(remote, elsewhere);
	promo_client_free(line->client);
	free(line->server);
	*line = (struct line){ 0 };
}

static bool leads_to(const struct line *line, const char *server)
{
	return line->server && strcmp(line->server, server) == 0;
}

static int dial(
	const struct remote *remote, const char *server, const char *token, struct line *ret)
{
	const struct promo_client_config config = {
		.server = server,
		.token = token,
		.ca_file = remote->ca_file,
		.user_agent = "promo-tui/" PROMO_VERSION,
		.timeout_ms = TIMEOUT_MS,
		.impatient = true,
	};
	struct promo_client *client;
	char *copy;
	int r = promo_client_new(&config, &client);

	if (r)
		return r;
	copy = strdup(server);
	if (!copy) {
		promo_client_free(client);
		return promo_fault(-ENOMEM, "could not keep the server's address");
	}
	*ret = (struct line){ copy, client };
	return 0;
}

static int remote_connect(struct tui_remote *base, const char *server, const char *token)
{
	struct remote *remote = remote_of(base);
	struct line line;
	int r;

	if (leads_to(&remote->line, server))
		return promo_client_set_token(remote->line.client, token);
	r = dial(remote, server, token, &line);
	if (r)
		return r;
	hang_up(remote, true);
	hang_up(remote, false);
	remote->line = line;
	return 0;
}

/* Turns to a server that is visited; one at a time. */
static int visit(struct remote *remote, const char *server)
{
	struct line line;
	int r;

	if (leads_to(&remote->visit, server))
		return 0;
	r = dial(remote, server, NULL, &line);
	if (r)
		return r;
	hang_up(remote, true);
	remote->visit = line;
	return 0;
}

static int remote_set_token(struct tui_remote *base, const char *token)
{
	struct remote *remote = remote_of(base);

	return remote->line.client ? promo_client_set_token(remote->line.client, token)
				   : PROMO_E_UNAVAILABLE;
}

static bool remote_is_clear(const struct tui_remote *base, const char *server)
{
	const struct remote *remote = (const struct remote *)base;

	if (server)
		return promo_client_address_is_clear(server);
	return remote->line.client && promo_client_is_clear(remote->line.client);
}

/* The arena and what it holds of the call. */
static int prepare(struct item *item, const struct tui_call *call)
{
	item->arena = promo_arena_new_secret(CALL_BYTES_MAX);
	if (!item->arena)
		return promo_fault(-ENOMEM, "could not begin a call");
	item->reply = (struct tui_reply){
		.tag = call->tag,
		.generation = call->generation,
		.session = call->session,
		.op = call->op,
		.idempotency_key = promo_arena_strdup(item->arena, call->idempotency_key),
	};
	return call->idempotency_key && !item->reply.idempotency_key
		       ? promo_fault(-ENOMEM, "could not begin a call")
		       : 0;
}

static int remote_begin(struct tui_remote *base, const struct tui_call *call)
{
	struct remote *remote = remote_of(base);
	const struct promo_call options = { .idempotency_key = call->idempotency_key };
	const bool elsewhere = call->server && !leads_to(&remote->line, call->server);
	struct item **end = &remote->items;
	struct item *item;
	int r = elsewhere ? visit(remote, call->server) : 0;

	if (r)
		return r;
	if (!elsewhere && !remote->line.client)
		return PROMO_E_UNAVAILABLE;
	item = calloc(1, sizeof(*item));
	if (!item)
		return promo_fault(-ENOMEM, "could not begin a call");
	r = prepare(item, call);
	item->reply.elsewhere = elsewhere;
	if (!r)
		r = promo_client_begin(elsewhere ? remote->visit.client : remote->line.client,
			call->op, call->in, &options, item->arena, &item->call);
	if (r) {
		free_item(item);
		return r;
	}
	while (*end)
		end = &(*end)->next;
	*end = item;
	return 0;
}

static void remote_cancel(struct tui_remote *base, uint64_t generation)
{
	struct item **at = &remote_of(base)->items;

	while (*at) {
		struct item *item = *at;

		if (item->reply.generation != generation || item->reply.idempotency_key) {
			at = &item->next;
			continue;
		}
		*at = item->next;
		free_item(item);
	}
}

static bool remote_next(struct tui_remote *base, struct tui_reply *ret)
{
	struct remote *remote = remote_of(base);
	struct item **at = &remote->items;
	struct item *item;

	free_item(remote->handed_out);
	remote->handed_out = NULL;
	while (*at && !promo_client_is_over((*at)->call))
		at = &(*at)->next;
	item = *at;
	if (!item)
		return false;
	*at = item->next;
	item->reply.error = promo_client_end(TAKE_PTR(item->call), &item->reply.reply);
	remote->handed_out = item;
	*ret = item->reply;
	return true;
}

static bool remote_is_struggling(const struct tui_remote *base)
{
	const struct remote *remote = (const struct remote *)base;

	return remote->line.client && promo_client_is_struggling(remote->line.client);
}

static bool is_visiting(const struct remote *remote)
{
	for (const struct item *item = remote->items; item; item = item->next)
		if (item->reply.elsewhere)
			return true;
	return false;
}

/* Two clients cannot be waited for at once; a visit lasts for the moment of a sign-in, and is looked
 * after between short waits for all else. */
static int remote_wait(struct tui_remote *base, int fd, int timeout_ms, bool *ret_readable)
{
	struct remote *remote = remote_of(base);
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	int r = 0;

	*ret_readable = false;
	if (is_visiting(remote)) {
		r = promo_client_wait(remote->visit.client, NULL, 0, 0, NULL);
		timeout_ms = timeout_ms < 0 || timeout_ms > VISIT_MS ? VISIT_MS : timeout_ms;
	}
	if (r)
		return r;
	if (remote->line.client)
		return promo_client_wait(
			remote->line.client, &fd, fd >= 0 ? 1 : 0, timeout_ms, ret_readable);
	*ret_readable = poll(&polled, 1, timeout_ms) > 0;
	return 0;
}

static void remote_free(struct tui_remote *base)
{
	struct remote *remote = remote_of(base);

	hang_up(remote, true);
	hang_up(remote, false);
	free_item(remote->handed_out);
	free(remote);
}

int tui_remote_new(const char *ca_file, struct tui_remote **ret)
{
	struct remote *remote = calloc(1, sizeof(*remote));

	if (!remote)
		return promo_fault(-ENOMEM, "could not make a client");
	remote->ca_file = ca_file;
	remote->base = (struct tui_remote){
		.connect = remote_connect,
		.set_token = remote_set_token,
		.is_clear = remote_is_clear,
		.begin = remote_begin,
		.cancel = remote_cancel,
		.next = remote_next,
		.is_struggling = remote_is_struggling,
		.wait = remote_wait,
		.free = remote_free,
	};
	*ret = &remote->base;
	return 0;
}
