/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "promod/guard.h"

/*
 * What a browser adds to a request, and what it has to be told: cookies, origins (RFC 6454) and CORS
 * (the Fetch standard). A browser sends its cookie with whatever request a page makes, so what comes with
 * one has to say which page that is before it may change anything. Pure functions over the head.
 */

struct promod_browser {
	/* http to this machine itself: without TLS there is no Secure, and no name that begins with
	 * __Host-. A name that was planted by another host must not do anywhere else. */
	bool is_plain;
	const char *cookie; /* the token in the cookie of a session; NULL: none, or more than one */
	bool is_foreign;    /* it is of a page of an origin that is neither our own nor allowed */
	bool is_trusted;    /* it is of a page of one that is */
	const char *origin; /* of a page elsewhere that may read the answer; NULL: none */
};

/* Looks at a head. `allowed` are origins as promod_origin_valid() takes them. False without memory. */
bool promod_browser_read(const struct promod_head *head, const char *const *allowed, size_t count,
	struct promo_arena *arena, struct promod_browser *ret);

/* Whether text is an origin as browsers send it: scheme, host and port where it is not the usual one,
 * in lower case, with nothing behind it. */
bool promod_origin_valid(const char *text);
/* Whether all of them are; PROMO_E_INVALID_INPUT names the first that is none. */
int promod_origins_check(const char *const *texts, size_t count, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;
