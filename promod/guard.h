/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Refuses request heads that another server in front of this one might read differently: what two
 * parsers can disagree on is how requests are smuggled (RFC 9112, 11.2). The HTTP library takes
 * several of them without a word, so this stands before everything else. A pure function over what
 * was parsed.
 */

enum {
	PROMOD_HEADERS_MAX = 64, /* fields of one request */
	PROMOD_TARGET_MAX = 8192,
};

/* A piece of a head as it came; any byte may stand in it. */
struct promod_text {
	const char *at;
	size_t size;
};

struct promod_header {
	struct promod_text name, value;
};

struct promod_head {
	const char *method, *target, *version;
	const struct promod_header *headers;
	size_t header_count; /* above PROMOD_HEADERS_MAX where more were sent than are kept */
	bool cut; /* a field went on behind the end of what was parsed, after a NUL or a bare LF */
};

/* How the body comes. */
struct promod_framing {
	uint64_t content_length; /* 0 also where there is no body */
	bool chunked;
	bool expects_continue; /* the client waits for a word before it sends the body */
};

/* 0 and *ret; PROMO_E_MALFORMED_REQUEST, or PROMO_E_HEADERS_TOO_LARGE where fields and target are
 * more than bytes_max or too many: *ret_why then says what is wrong. The connection has to be
 * closed, for nobody knows where the next request would begin. */
int promod_guard(const struct promod_head *head, size_t bytes_max, struct promod_framing *ret,
	const char **ret_why) PROMO_CHECK;

/* The value of the only field of this name (any case), without blanks at its ends; false if there
 * is none. Fields that decide something may stand only once: promod_guard() sees to it. */
bool promod_head_find(const struct promod_head *head, const char *name, struct promod_text *ret);
