/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/codec.h"

/* What the tests of decoding share: memory, and an input in one call. */

#define ID "0190a1b2-c3d4-7abc-8def-0123456789ab"

static const struct promo_decode_env env = { .country_code = "250" };

/* Every test has its own memory and the last problem. */
struct bench {
	struct promo_arena *arena;
	struct promo_problem problem;
};

static inline int set_up(void **state)
{
	static struct bench bench;

	bench = (struct bench){ .arena = promo_arena_new(64 * 1024 * 1024) };
	*state = &bench;
	return bench.arena ? 0 : -1;
}

static inline int tear_down(void **state)
{
	struct bench *bench = *state;

	promo_arena_free(bench->arena);
	return 0;
}

static inline int decode(
	struct bench *bench, const struct promo_op *op, const char *body, void *ret)
{
	const struct promo_pair id = { "id", ID };
	const struct promo_input input = {
		.path = &id,
		.path_count = strchr(op->path, '{') ? 1 : 0,
		.body = body,
		.body_size = body ? strlen(body) : 0,
	};

	bench->problem = (struct promo_problem){ 0 };
	return promo_decode_input(op, &input, &env, bench->arena, &bench->problem, ret);
}

static inline int decode_query(struct bench *bench, const struct promo_op *op,
	const struct promo_pair *pairs, size_t count, void *ret)
{
	const struct promo_input input = { .query = pairs, .query_count = count };

	bench->problem = (struct promo_problem){ 0 };
	return promo_decode_input(op, &input, &env, bench->arena, &bench->problem, ret);
}

static inline bool names(const struct bench *bench, const char *pointer, const char *code)
{
	for (size_t i = 0; i < bench->problem.field_count; i++)
		if (strcmp(bench->problem.fields[i].pointer, pointer) == 0 &&
			strcmp(bench->problem.fields[i].code, code) == 0)
			return true;
	return false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
