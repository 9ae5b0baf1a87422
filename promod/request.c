/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "libpromo/base/uuid.h"
#include "promod/call.h"
#include "promod/coding.h"

enum {
	REQUEST_ID_MAX = 64
};

static const char *header(const struct promod_exchange *exchange, const char *name)
{
	struct promod_text text;

	if (!promod_head_find(&exchange->head, name, &text))
		return NULL;
	return promo_arena_strndup(exchange->arena, text.at, text.size);
}

static bool is_sane_id(const char *id)
{
	size_t length = strlen(id);

	return length >= 1 && length <= REQUEST_ID_MAX &&
	       strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-") ==
		       length;
}

const char *promod_call_request_id(const struct promod_exchange *exchange)
{
	const char *sent = header(exchange, "x-request-id");
	char made[PROMO_UUID_SIZE];

	if (sent && is_sane_id(sent))
		return sent;
	promo_uuid_new(made);
	return promo_arena_strdup(exchange->arena, made);
}

/* RFC 6750, 2.1. NULL for every other scheme: then nobody is signed in. */
static const char *bearer_token(const char *authorization)
{
	static const char scheme[] = "Bearer ";

	if (strncasecmp(authorization, scheme, strlen(scheme)) != 0)
		return NULL;
	authorization += strlen(scheme);
	return authorization + strspn(authorization, " ");
}

struct promo_request promod_call_request(const struct promod_call *call)
{
	const struct promod_exchange *exchange = call->exchange;
	const char *authorization = header(exchange, "authorization");

	/* RFC 9110, 14.2: in a HEAD it means nothing. */
	const bool in_parts = strcmp(call->method, "GET") == 0;

	return (struct promo_request){
		.op = call->route.op,
		.request_id = call->request_id,
		.ip = exchange->peer,
		.user_agent = header(exchange, "user-agent"),
		/* Who says who he is means that, whatever cookie came along. */
		.token = authorization ? bearer_token(authorization) : call->browser.cookie,
		.by_cookie = !authorization && call->browser.cookie,
		.is_plain = call->browser.is_plain,
		.foreign_origin = call->browser.is_foreign,
		.idempotency_key = header(exchange, "idempotency-key"),
		.if_match = header(exchange, "if-match"),
		.range = in_parts ? header(exchange, "range") : NULL,
		.if_range = in_parts ? header(exchange, "if-range") : NULL,
		.content_type = header(exchange, "content-type"),
		.last_event_id = header(exchange, "last-event-id"),
		.takes_gzip = promod_takes_gzip(header(exchange, "accept-encoding")),
		.answer_until_ms = exchange->answer_until_ms,
		.input = {
			.path = call->route.path,
			.path_count = call->route.path_count,
			.body = exchange->body,
			.body_size = exchange->body_size,
		},
	};
}

bool promod_call_is_of_another_page(const struct promod_call *call)
{
	struct promod_text text;

	return call->route.op && call->route.op->access != PROMO_ACCESS_PUBLIC &&
	       call->route.op->method != PROMO_GET && call->browser.cookie &&
	       !call->browser.is_trusted &&
	       !promod_head_find(&call->exchange->head, "authorization", &text);
}

bool promod_call_is_preflight(const struct promod_call *call)
{
	struct promod_text text;

	return call->browser.origin && strcmp(call->exchange->head.method, "OPTIONS") == 0 &&
	       promod_head_find(&call->exchange->head, "access-control-request-method", &text);
}
