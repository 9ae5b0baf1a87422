/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"
#include "promod/http.h"

/*
 * An answer of the runner as a reply of HTTP: status, header fields, body. The source of a stream is
 * left to the caller, who knows how it is woken.
 */

struct promod_reply_extra {
	const char *request_id;
	const char *allow; /* of 405; NULL: none */
	/* The page elsewhere that may read it, the methods of a path that a browser asked about for one
	 * (NULL: neither), and whether the answer to another page would be another. */
	const char *origin, *preflight;
	bool varies;
};

/* The texts live as long as the answer's and the arena. Without memory: a bare 500. */
void promod_reply_make(const struct promo_answer *answer, const struct promod_reply_extra *extra,
	struct promo_arena *arena, struct promod_reply *ret);

/* Before HTTP/1.1 the end of the connection is the end of an answer without a length: what breaks off in
 * the middle would look whole, so it is not to be begun. */
bool promod_reply_may_look_whole(const struct promo_answer *answer, bool is_http_1_0);

/* The trailers with the manifest of a spool that was read to its end; how many. */
size_t promod_reply_manifest(
	struct promo_spool *spool, struct promo_arena *arena, struct promod_field *fields);
