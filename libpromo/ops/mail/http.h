/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/model/field.h"

/*
 * One request to somebody else's HTTP server, for messages that go out (SMS gateways, webhooks). What is
 * at the other end is a stranger's: no redirect is followed, nothing is taken from the environment (no
 * proxy), everything has a bound, and addresses are judged before they are connected to (address.h). It
 * blocks the calling thread until its timeout, so it never runs in a transaction. Not installed.
 */

enum {
	PROMO_HTTP_ERROR_SIZE = 300,
};

struct promo_http_request {
	const char *method;         /* "POST", "GET" */
	const char *url;            /* http or https */
	struct promo_texts headers; /* "name: value" */
	const char *body;           /* NULL: none */
	size_t body_size;
	bool private_addresses;   /* may be connected to as well */
	int64_t timeout_ms;       /* of the whole */
	const atomic_bool *hurry; /* it gives up where this becomes true; NULL: it never does */
};

struct promo_http_answer {
	int status;            /* 0: there was no answer, `error` says why */
	int64_t retry_after_s; /* of Retry-After; 0: none */
	/* For people, in printable ASCII: why there was no answer ("could not connect to ..."), or
	 * "answered 503: " and the beginning of what it said. "" after 2xx. */
	char error[PROMO_HTTP_ERROR_SIZE];
};

/* Whatever becomes of it is in *ret. */
void promo_http_send(const struct promo_http_request *request, struct promo_http_answer *ret);

/* Whether it is a URL that may be kept for such requests: http or https, a host, no name and password in
 * it (they would be shown to whoever reads it), no fragment. */
bool promo_http_url_fits(const char *url);
