/* SPDX-License-Identifier: MIT */
#include "libpromo/api/route.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* NULL in *ret: the text is no valid escape, or has a NUL in it. */
static int percent_decode(const char *text, size_t length, bool plus_is_blank,
	struct promo_arena *arena, const char **ret)
{
	char *decoded = promo_arena_alloc(arena, length + 1);
	size_t used = 0;

	if (!decoded)
		return promo_fault(-ENOMEM, "could not decode a part of the address");
	*ret = NULL;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '+' && plus_is_blank) {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

			if (low < 0 || (high == 0 && low == 0))
				return 0;
			c = (char)(high * 16 + low);
			i += 2;
		}
		decoded[used++] = c;
	}
	*ret = decoded;
	return 0;
}

/* One segment after the slash that `at` points to; at the end, length 0 and next NULL. */
struct segment {
	const char *text;
	size_t length;
	const char *next;
};

static struct segment segment_at(const char *at)
{
	struct segment segment = { .text = at + 1 };

	segment.length = strcspn(segment.text, "/");
	if (segment.text[segment.length] == '/')
		segment.next = segment.text + segment.length;
	return segment;
}

static bool is_name(const struct segment *segment)
{
	return segment->length > 2 && segment->text[0] == '{';
}

/* How well a pattern fits a path: -1 not at all, else one bit a segment, the first the highest,
 * set where the segment is literal. So the greater number is the better fit. */
static int fit(const char *pattern, const char *path)
{
	int score = 1;

	/* Told apart by the first letter behind the slash, as most are. */
	if (pattern[1] != path[1] && pattern[1] != '{')
		return -1;
	while (pattern && path) {
		struct segment want = segment_at(pattern);
		struct segment have = segment_at(path);

		if (is_name(&want)) {
			if (have.length == 0)
				return -1;
			score = score * 2;
		} else {
			if (want.length != have.length ||
				memcmp(want.text, have.text, want.length) != 0)
				return -1;
			score = score * 2 + 1;
		}
		pattern = want.next;
		path = have.next;
	}
	return pattern || path ? -1 : score;
}

static const char *below_base(const struct promo_op *op, const char *path)
{
	static const char base[] = PROMO_API_BASE "/";

	if (op->flags & PROMO_OP_ROOT)
		return path;
	return strncmp(path, base, sizeof(base) - 1) == 0 ? path + sizeof(base) - 2 : NULL;
}

static int op_fit(const struct promo_op *op, const char *path)
{
	const char *rest = below_base(op, path);

	return rest ? fit(op->path, rest) : -1;
}

static int take_names(const struct promo_op *op, const char *path, struct promo_arena *arena,
	struct promo_route *route)
{
	const char *at = below_base(op, path);

	for (const char *pattern = op->path; pattern && at;) {
		struct segment want = segment_at(pattern);
		struct segment have = segment_at(at);

		if (is_name(&want) && route->path_count < PROMO_PATH_NAMES_MAX) {
			struct promo_pair *pair = &route->path[route->path_count++];
			int r = percent_decode(have.text, have.length, false, arena, &pair->value);

			if (r)
				return r;
			if (!pair->value)
				return PROMO_E_NOT_FOUND;
			pair->name = promo_arena_strndup(arena, want.text + 1, want.length - 2);
			if (!pair->name)
				return promo_fault(-ENOMEM, "could not note a name of the path");
		}
		pattern = want.next;
		at = have.next;
	}
	route->op = op;
	return 0;
}

static int method_not_allowed(
	const char *path, struct promo_arena *arena, struct promo_route *route)
{
	char allow[64];
	size_t used = 0;

	for (enum promo_method method = PROMO_GET; method <= PROMO_DELETE; method++) {
		bool there = false;

		for (size_t i = 0; promo_ops[i] && !there; i++)
			there = promo_ops[i]->method == method && op_fit(promo_ops[i], path) >= 0;
		if (there)
			used += (size_t)snprintf(allow + used, sizeof(allow) - used, "%s%s%s",
				used ? ", " : "", promo_method_name(method),
				method == PROMO_GET ? ", HEAD" : "");
	}
	route->allow = promo_arena_strdup(arena, allow);
	if (!route->allow)
		return promo_fault(-ENOMEM, "could not list the methods of a path");
	return PROMO_E_METHOD_NOT_ALLOWED;
}

int promo_route(
	const char *method, const char *path, struct promo_arena *arena, struct promo_route *ret)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	const struct promo_op *found = NULL;
	bool any = false;
	int best = -1;

	*ret = (struct promo_route){ 0 };
	if (path[0] != '/')
		return PROMO_E_NOT_FOUND;
	for (size_t i = 0; promo_ops[i]; i++) {
		const int score = op_fit(promo_ops[i], path);

		any = any || score >= 0;
		if (score <= best || strcmp(promo_method_name(promo_ops[i]->method), wanted) != 0)
			continue;
		best = score;
		found = promo_ops[i];
	}
	if (found)
		return take_names(found, path, arena, ret);
	return any ? method_not_allowed(path, arena, ret) : PROMO_E_NOT_FOUND;
}

int promo_query_parse(const char *query, struct promo_arena *arena,
	const struct promo_pair **ret_pairs, size_t *ret_count)
{
	struct promo_pair *pairs;
	size_t count = 0;

	pairs = promo_arena_alloc_array(arena, PROMO_QUERY_MAX, sizeof(*pairs));
	if (!pairs)
		return promo_fault(-ENOMEM, "could not read the query");
	for (const char *at = query ? query : ""; *at;) {
		size_t length = strcspn(at, "&");
		size_t name_length = strcspn(at, "=&");
		size_t value_at = name_length < length ? name_length + 1 : length;
		struct promo_pair *pair = &pairs[count];
		int r;

		if (length > 0) {
			if (count++ == PROMO_QUERY_MAX)
				return PROMO_E_MALFORMED_REQUEST;
			r = percent_decode(at, name_length, true, arena, &pair->name);
			if (r)
				return r;
			r = percent_decode(
				at + value_at, length - value_at, true, arena, &pair->value);
			if (r)
				return r;
			if (!pair->name || !pair->value)
				return PROMO_E_MALFORMED_REQUEST;
		}
		at += length + (at[length] == '&');
	}
	*ret_pairs = pairs;
	*ret_count = count;
	return 0;
}
