/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/codec.h"
#include "libpromo/api/op.h"

/*
 * From a request line to the row of its operation, and from a query string to its parameters. The
 * rows are the only routing table there is. Works on the text as it came: segments are split first
 * and percent-decoded then, so that %2F never makes a new segment.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PATH_NAMES_MAX = 4
}; /* {names} in one path */

struct promo_route {
	const struct promo_op *op; /* NULL unless the result was 0 */
	struct promo_pair path[PROMO_PATH_NAMES_MAX];
	size_t path_count;
	const char *allow; /* for the header of that name: set with PROMO_E_METHOD_NOT_ALLOWED */
};

/* Finds the operation of a method ("GET"; HEAD is answered where GET is) and a path without its
 * query. A literal segment wins over a parameter, where both have the method: a row for one method of
 * /settings/codes takes nothing away from another one of /settings/{category}. PROMO_E_NOT_FOUND where no path is like this one,
 * PROMO_E_METHOD_NOT_ALLOWED where there is but not for this method, and ret->allow says for which
 * (RFC 9110 15.5.6). Texts in ret live in the arena. *ret is always written. */
int promo_route(const char *method, const char *path, struct promo_arena *arena,
	struct promo_route *ret) PROMO_CHECK;

/* Splits "a=1&b=x%20y" (NULL or "": none) and decodes both sides; + is a blank, as forms send it.
 * PROMO_E_MALFORMED_REQUEST for a broken or a NUL escape, and for more than PROMO_QUERY_MAX. */
enum {
	PROMO_QUERY_MAX = 200
};
int promo_query_parse(const char *query, struct promo_arena *arena,
	const struct promo_pair **ret_pairs, size_t *ret_count) PROMO_CHECK;

PROMO_END_DECLS
